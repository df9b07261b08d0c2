/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_echo.c is to its neighbours. */
#ifndef SURFACE_ECHO_H
#define SURFACE_ECHO_H

#include "control/surface/surface_own.h"

void surface_echo_put(struct surface *s, const struct midi_event *e,
	enum echo_as as, uint32_t bytes, uint64_t now_ns);
/* It is one of ours: not to be heard as the hand. Never for the halves of a
 * fader or a knob with ends: there the value that they make is asked about. */
bool surface_echo_take(
	struct surface *s, const struct midi_event *e, uint64_t now_ns);
bool surface_echo_take_whole(
	struct surface *s, struct input *in, uint16_t value, uint64_t now_ns);
/* This upper half may be the first one of ours. */
bool surface_echo_may_begin(
	const struct surface *s, const struct midi_event *e);

#endif
