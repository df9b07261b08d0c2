/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIDI messages of a mapping file. For mapping*.c only. */
#ifndef MAPPING_MESSAGE_H
#define MAPPING_MESSAGE_H

#include "control/mapping/mapping_reading.h"

/* channel: where the node names none */
int mapping_messages(const struct tree *t, const struct tree_node *node,
	uint8_t channel, struct mapping_row *out);
/* "cc 7 of channel 1" */
void mapping_message_text(
	const struct mapping_message *m, char *out, size_t size_bytes);

#endif
