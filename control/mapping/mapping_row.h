/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of messages, one for each control of an entry. For mapping*.c only. */
#ifndef MAPPING_ROW_H
#define MAPPING_ROW_H

#include "control/mapping/mapping_reading.h"

#define MAPPING_PIECE_MAX 128 /* bytes of an element with the NUL */
#define MAPPING_BLANKS	  " \t"

struct mapping_reader {
	const struct tree *t;
	const struct tree_node *node; /* what is read */
	struct mapping_row *row;
};

/* One message, of nothing yet; and the node's text, to be taken apart. 0 or
 * -EINVAL. */
int mapping_row_begin(
	struct mapping_reader *m, uint8_t channel, char copy[MAPPING_LINE_MAX]);
/* The row has as many messages as its longest list; the others have one.
 * 0 or -EINVAL. */
int mapping_row_fill(struct mapping_reader *m, int count);
/* A list of numbers, one for each message of the row: out[MAPPING_ROW_MAX]. */
int mapping_numbers(struct mapping_reader *m, const char *text, unsigned base,
	uint32_t min, uint32_t max, uint32_t *out);

#endif
