/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mapping file that is being read: what its parts hand each other. For
 * mapping*.c only. */
#ifndef MAPPING_READING_H
#define MAPPING_READING_H

#include "control/mapping/mapping.h"
#include "control/mapping/mapping_keys.h"

#define MAPPING_ROW_MAX	     128 /* controls of one entry */
#define MAPPING_LINE_MAX     512 /* bytes of a text with the NUL */
#define MAPPING_WORDS_MAX    192 /* bytes of a list of words for messages */
#define MAPPING_METER_MIN_DB (-120.0)
#define MAPPING_METER_MAX_DB 24.0

_Static_assert(MAPPING_WHY_MAX == TREE_WHY_MAX, "one line for people");

/* The messages of one entry, a range expanded. */
struct mapping_row {
	uint32_t count;
	struct mapping_message message[MAPPING_ROW_MAX];
};

/* One that has a single message has it for each control. */
static inline const struct mapping_message *
mapping_row_at(const struct mapping_row *row, uint32_t index)
{
	return &row->message[row->count > 1 ? index : 0];
}

struct mapping_reading {
	const struct tree *tree;
	struct mapping_top_keys top;
	const struct params *params;
	struct mapping *to;
	uint8_t channel; /* where a message names none */
	enum mapping_takeover takeover;
};

/* One entry of `controls:`, and which control of its row is read. */
struct mapping_entry {
	const struct mapping_reading *r;
	const struct tree *t;
	const struct tree_node *node;
	struct mapping_control_keys y;
	struct mapping_row on, light, touch;
	uint32_t index;
};

#endif
