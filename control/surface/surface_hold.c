/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lasts while a finger stays: momentary buttons, shifts, touches; and what
 * ends it when the finger will not be heard to leave. */
#include "control/surface/surface_hold.h"

#include "control/surface/effect.h"
#include "control/surface/lights/surface_lamp.h"
#include "control/surface/surface_input.h"
#include "control/surface/surface_value.h"

void
surface_press(struct surface *s, int32_t control, bool on, uint64_t frame)
{
	const struct control *k = &s->control[control];
	struct param_value value;

	for (uint32_t i = k->first; i < k->first + k->count; i++)
		if (effect_value(s, &s->binding[i], on, &value))
			surface_change_put(s, &s->binding[i], &value);
	surface_change_apply(
		s, surface_when(&s->mapping->control[control]), frame);
}

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

void
surface_input_let_go(struct surface *s, struct input *in, uint64_t frame)
{
	int32_t pressed = in->pressed;
	const struct control *k = &s->control[pressed];

	in->pressed = -1;
	s->reflex_stale = true;
	surface_press(s, pressed, false, frame);
	surface_mark(s, k->lamp);
}

void
surface_let_go(struct surface *s)
{
	for (uint32_t i = 0; i < s->inputs; i++)
		if (s->input[i].pressed >= 0)
			surface_input_let_go(s, &s->input[i], 0);
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
