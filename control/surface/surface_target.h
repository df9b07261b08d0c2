/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_target.c is to its neighbours. */
#ifndef SURFACE_TARGET_H
#define SURFACE_TARGET_H

#include "control/surface/surface_own.h"

bool surface_same_message(
	const struct mapping_message *a, const struct mapping_message *b);

/* Inputs, lamps and room for targets. 0 or -ENOMEM. */
int surface_lay_out(struct surface *s);
/* Bound anew, it would not move all that it moves now. */
bool surface_is_leaving(struct surface *s, uint32_t control);
/* Looks the targets up for the bank of now. */
void surface_bind(struct surface *s);

#endif
