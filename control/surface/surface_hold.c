/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lasts while a finger stays: momentary buttons, shifts, touches; and what
 * ends it when the finger will not be heard to leave. */
#include "control/surface/surface_own.h"
#include "control/surface/surface_target.h"
#include "control/surface/surface_echo.h"
#include "control/surface/surface_hold.h"
#include "control/surface/surface_move.h"
#include "control/surface/lights/surface_show.h"

void
surface_layer_update(struct surface *s)
{
	uint32_t layer = s->latched_layer, newest = 0;

	for (uint32_t i = 0; i < s->inputs; i++) {
		const struct input *in = &s->input[i];
		const struct mapping_control *c;

		if (in->pressed < 0 || in->pressed_order < newest)
			continue;
		c = &s->mapping->control[in->pressed];
		if (c->as != MAPPING_SHIFT)
			continue;
		newest = in->pressed_order;
		layer = c->to_layer;
	}
	if (layer != s->layer) {
		s->layer = layer;
		s->reflex_stale = true;
		surface_mark_all(s);
	}
}

static bool
is_in_bank(const struct mapping_control *c)
{
	for (uint32_t i = 0; i < c->targets; i++)
		if (c->target[i].strip > 0 && !c->target[i].fixed)
			return true;
	return false;
}

static void
input_let_go(struct surface *s, struct input *in, uint64_t frame)
{
	int32_t pressed = in->pressed;
	const struct control *k = &s->control[pressed];

	in->pressed = -1;
	s->reflex_stale = true;
	surface_press(s, pressed, false, frame);
	surface_mark(s, k->lamp);
}

/* Its release would go to another strip, and this one stay as it is. Those that
 * stay are left to the finger: programs that come and go rename strips. */
void
surface_let_go_of_names(struct surface *s)
{
	for (uint32_t i = 0; i < s->inputs; i++) {
		struct input *in = &s->input[i];

		if (in->pressed >= 0 &&
			s->mapping->control[in->pressed].as ==
				MAPPING_MOMENTARY &&
			surface_is_leaving(s, (uint32_t)in->pressed))
			input_let_go(s, in, 0);
	}
}

/* Likewise, at the frame of what moves the bank. */
void
surface_let_go_of_bank(struct surface *s, uint64_t frame)
{
	for (uint32_t i = 0; i < s->inputs; i++) {
		struct input *in = &s->input[i];
		const struct mapping_control *c;

		if (in->pressed < 0)
			continue;
		c = &s->mapping->control[in->pressed];
		if (c->as == MAPPING_MOMENTARY && is_in_bank(c))
			input_let_go(s, in, frame);
	}
}

void
surface_let_go(struct surface *s)
{
	for (uint32_t i = 0; i < s->inputs; i++)
		if (s->input[i].pressed >= 0)
			input_let_go(s, &s->input[i], 0);
	surface_layer_update(s);
}

void
surface_touch(struct surface *s, const struct input *in, uint16_t value)
{
	struct input *of = &s->input[in->touches];
	int32_t control = surface_in_force(s, of);

	of->touched = value > 0;
	of->doubt_ns = 0;
	if (control >= 0)
		surface_mark(s, s->control[control].lamp);
}

void
surface_feel(struct surface *s, const struct midi_event *e, uint64_t now_ns)
{
	struct input *in = surface_input(s, e);

	if (surface_echo_take(s, e, now_ns) || !in)
		return;
	if (in->touches >= 0)
		surface_touch(s, in, e->value);
	in->moved = true;
	in->moved_ns = now_ns;
	/* Its takeover did not see it pass anything. */
	in->way_known = false;
	in->spoke_for = -1;
}
