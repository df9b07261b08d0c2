/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters that a control is for. For mapping*.c only. */
#ifndef MAPPING_TARGET_H
#define MAPPING_TARGET_H

#include "control/mapping/mapping_reading.h"

/* One address more, which the node says. */
int mapping_target(const struct mapping_entry *e, const struct tree_node *node,
	const char *address, struct mapping_control *c);
int mapping_targets(const struct mapping_entry *e, struct mapping_control *c);
/* Is it /scene/NAME/recall or save, which says what it is by itself? */
bool mapping_is_scene(const struct mapping_entry *e, enum mapping_as *as);
/* c->value, range and curve fit the targets. */
int mapping_targets_fit(
	const struct mapping_entry *e, struct mapping_control *c);
/* A number, or a text where the first target is one. */
int mapping_value(const struct mapping_entry *e, const struct tree_node *node,
	const char *text, const struct mapping_control *c,
	struct param_value *out);

#endif
