/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lasts while a finger stays: momentary buttons, shifts, touches; and what
 * ends it when the finger will not be heard to leave. */
#include "control/surface_own.h"

void
surface_layer_update(struct surface *s)
{
	uint32_t layer = s->latched_layer, newest = 0;

	for (uint32_t i = 0; i < s->inlets; i++) {
		const struct inlet *in = &s->inlet[i];
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

/* Its release would go to another strip, and this one stay as it is. */
static void
let_go(struct surface *s, bool all, uint64_t frame)
{
	for (uint32_t i = 0; i < s->inlets; i++) {
		struct inlet *in = &s->inlet[i];
		const struct mapping_control *c;

		if (in->pressed < 0)
			continue;
		c = &s->mapping->control[in->pressed];
		if (c->as != MAPPING_MOMENTARY || (!all && !is_in_bank(c)))
			continue;
		surface_set_all(
			s, &s->control[in->pressed], NULL, false, frame);
		in->pressed = -1;
		s->reflex_stale = true;
	}
}

void
surface_let_go_of_bank(struct surface *s, uint64_t frame)
{
	let_go(s, false, frame);
}

void
surface_let_go(struct surface *s)
{
	let_go(s, true, 0);
}

void
surface_touch(struct surface *s, const struct inlet *in, uint16_t value)
{
	struct inlet *of = &s->inlet[in->touches];
	int32_t control = surface_in_force(s, of);

	of->touched = value > 0;
	of->doubt_ns = 0;
	if (control >= 0)
		surface_mark(s, s->control[control].lamp);
}
