/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For mapping*.c only. */
#ifndef MAPPING_AS_H
#define MAPPING_AS_H

#include "control/mapping/mapping_reading.h"

extern const char *const mapping_as_words[]; /* by enum mapping_as */

/* What the control does, and whether its message can: 0 or -EINVAL. */
int mapping_as(const struct mapping_entry *e, struct mapping_control *c);

/* The layer of this name. */
int mapping_layer_name(const struct mapping_entry *e,
	const struct tree_node *node, const char *name, uint8_t *out);

/* All layers of the file. */
int mapping_layers(const struct mapping_reading *r);

#endif
