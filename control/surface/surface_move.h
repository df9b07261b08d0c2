/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_move.c is to its neighbours. */
#ifndef SURFACE_MOVE_H
#define SURFACE_MOVE_H

#include "control/surface/surface_own.h"

/* What a hand says, as one value. */
void surface_speak(struct surface *s, struct input *in, uint16_t value,
	uint64_t frame, uint64_t now_ns);
/* What was said last was no hand: what it did is undone, unless something else
 * has moved it since. */
void surface_take_back(struct surface *s, struct input *in, uint64_t frame);

#endif
