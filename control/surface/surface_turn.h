/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_turn.c is to its neighbours. */
#ifndef SURFACE_TURN_H
#define SURFACE_TURN_H

#include "control/surface/surface_own.h"

/* Ticks of a knob without an end; of a button that steps, presses. */
void surface_step(struct surface *s, struct input *in, int32_t control,
	int ticks, uint64_t frame, uint64_t now_ns);
/* The ticks that a value says. */
void surface_turn(struct surface *s, struct input *in, int32_t control,
	uint16_t value, uint64_t frame, uint64_t now_ns);
/* Data entry that says no position: a click of its own controllers, or a knob
 * whose bytes are ticks. Of those only the upper half counts: the lower one
 * would count twice. True: it is done. */
bool surface_turn_entry(struct surface *s, struct input *in,
	const struct midi_event *e, uint64_t frame, uint64_t now_ns);

#endif
