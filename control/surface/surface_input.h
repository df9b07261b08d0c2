/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_input.c is to its neighbours. */
#ifndef SURFACE_INPUT_H
#define SURFACE_INPUT_H

#include "control/surface/surface_own.h"

bool surface_same_message(
	const struct mapping_message *a, const struct mapping_message *b);
/* Its number; there is room for each control's message and touch. */
int32_t surface_input_add(struct surface *s, const struct mapping_message *m);
/* The one that hears just this; or NULL. */
struct input *surface_input_find(
	const struct surface *s, const struct mapping_message *m);
/* That of a control, or NULL; also for control -1. */
struct input *surface_input_of(const struct surface *s, int32_t control);
/* A hand is on it, or was just now. */
bool surface_hand_is_on(const struct input *in, uint64_t now_ns);
/* The input of a message: the one for its own channel first; or NULL. */
struct input *surface_input(struct surface *s, const struct midi_event *e);
/* Of several inputs for one message the highest has it. */
#define SURFACE_RANKS 8
int surface_input_rank(const struct input *in);
/* The control that an input's messages go to now, or -1. */
int32_t surface_in_force(const struct surface *s, const struct input *in);

#endif
