/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_input.c is to its neighbours. */
#ifndef SURFACE_INPUT_H
#define SURFACE_INPUT_H

#include "control/surface/surface_own.h"

bool surface_same_message(
	const struct mapping_message *a, const struct mapping_message *b);
/* Its number; there is room for each control's message and touch. */
int32_t surface_input_add(struct surface *s, const struct mapping_message *m);
/* The input of a message: the one for its own channel first; or NULL. */
struct input *surface_input(struct surface *s, const struct midi_event *e);
/* Of several inputs for one message the highest has it. */
#define SURFACE_RANKS 8
int surface_input_rank(const struct input *in);
/* The control that an input's messages go to now, or -1. */
int32_t surface_in_force(const struct surface *s, const struct input *in);

#endif
