/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the way of a control becomes a value: relative, takeover, range, curve.
 * For mapping*.c only. */
#ifndef MAPPING_MOVE_H
#define MAPPING_MOVE_H

#include "control/mapping/mapping_reading.h"

extern const char *const mapping_takeovers[]; /* by enum; ends in NULL */

/* Refuses a key that is there and does not fit: "only for WHAT". */
int mapping_only(const struct mapping_entry *e, const struct tree_node *key,
	bool fits, const char *what);
/* c->as and c->message are there. */
int mapping_move(const struct mapping_entry *e, struct mapping_control *c);

#endif
