/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_move.c is to its neighbours. */
#ifndef SURFACE_MOVE_H
#define SURFACE_MOVE_H

#include "control/surface/surface_own.h"

/* The input of a message: the one for its own channel first; or NULL. */
struct input *surface_input(struct surface *s, const struct midi_event *e);
/* Of several inputs for one message the highest has it. */
#define SURFACE_RANKS 8
int surface_input_rank(const struct input *in);
/* The control that an input's messages go to now, or -1. */
int32_t surface_in_force(const struct surface *s, const struct input *in);
/* It says "on", of a message that also says "off". */
bool surface_is_press(const struct mapping_message *m, uint16_t value);
/* What a hand says, as one value. */
void surface_speak(struct surface *s, struct input *in, uint16_t value,
	uint64_t frame, uint64_t now_ns);
/* What was said last was no hand: what it did is undone, unless something else
 * has moved it since. */
void surface_take_back(struct surface *s, struct input *in, uint64_t frame);

/* As a change of the parameter is given; see param_check(). */
struct param_value surface_value(const struct binding *b, double number);
/* What the targets of a button are set to when it is pressed, or let go. */
void surface_press(struct surface *s, int32_t control, bool on, uint64_t frame);

/* One change more of this event, and all of them at once. */
void surface_change_number(
	struct surface *s, const struct binding *b, double number);
void surface_change_apply(struct surface *s, uint64_t frame);

#endif
