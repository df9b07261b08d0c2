/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIDI messages of a mapping file. For mapping*.c only. */
#ifndef MAPPING_MESSAGE_H
#define MAPPING_MESSAGE_H

#include "control/mapping/mapping_reading.h"

#define MAPPING_BLANKS " \t"

struct mapping_reader {
	const struct tree *t;
	const struct tree_node *node; /* what is read */
	struct mapping_row *row;
};

/* One message, of nothing yet. */
void mapping_row_begin(struct mapping_reader *m, uint8_t channel);
/* A list of numbers, one for each message of the row: out[MAPPING_ROW_MAX]. */
int mapping_numbers(struct mapping_reader *m, const char *text, unsigned base,
	uint32_t min, uint32_t max, uint32_t *out);

/* channel: where the node names none */
int mapping_messages(const struct tree *t, const struct tree_node *node,
	uint8_t channel, struct mapping_row *out);
/* Its values have 14 bits by data entry. */
bool mapping_is_numbered(const struct mapping_message *m);
/* "cc 7 of channel 1" */
void mapping_message_text(
	const struct mapping_message *m, char *out, size_t size_bytes);

#endif
