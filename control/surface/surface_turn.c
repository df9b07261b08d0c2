/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes by steps: knobs without an end, and buttons that step. */
#include "control/surface/surface_turn.h"

#include <math.h>

#include "control/surface/effect.h"
#include "control/surface/lights/surface_lamp.h"
#include "control/surface/surface_input.h"
#include "control/surface/surface_value.h"

/* A press goes one further at least, where a parameter has steps of its own. */
static void
turn_by(struct surface *s, const struct control *k, double share, bool press,
	enum param_when when, uint64_t frame)
{
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		struct binding *b = &s->binding[i];
		double by = share;

		if (press && b->type != PARAM_FLOAT && b->high > b->low)
			by = copysign(
				fmax(fabs(share), 1.0 / (b->high - b->low)),
				share);
		if (!b->way_known || surface_number(s, b) != b->way_number)
			b->way = surface_way(s, b);
		b->way = fmin(fmax(b->way + by, 0.0), 1.0);
		surface_change_number(s, b, surface_number_at(s, b, b->way));
	}
	surface_change_apply(s, when, frame);
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		struct binding *b = &s->binding[i];

		b->way_number = surface_number(s, b);
		b->way_known = true;
	}
}

void
surface_step(struct surface *s, struct input *in, int32_t control, int ticks,
	uint64_t frame, uint64_t now_ns)
{
	const struct mapping_control *c = &s->mapping->control[control];
	double steps = acceleration_steps(
		&in->acceleration, ticks, c->acceleration, now_ns);

	turn_by(s, &s->control[control], steps * c->step,
		c->as != MAPPING_VALUE, surface_when(c), frame);
	surface_forget(s, s->control[control].lamp);
}

void
surface_turn(struct surface *s, struct input *in, int32_t control,
	uint16_t value, uint64_t frame, uint64_t now_ns)
{
	const struct mapping_control *c = &s->mapping->control[control];
	int ticks;

	if (in->message.kind == MIDI_NOTE)
		value = surface_is_press(&in->message, value) ? 127 : 0;
	ticks = encoding_steps(c->coding, (uint8_t)(value & 127));
	if (ticks != 0)
		surface_step(s, in, control, ticks, frame, now_ns);
}

bool
surface_turn_entry(struct surface *s, struct input *in,
	const struct midi_event *e, uint64_t frame, uint64_t now_ns)
{
	int32_t control = surface_in_force(s, in);
	const struct mapping_control *c =
		control >= 0 ? &s->mapping->control[control] : NULL;
	bool turns = c && c->as == MAPPING_VALUE;

	if (e->part == MIDI_UP || e->part == MIDI_DOWN) {
		if (turns)
			surface_step(s, in, control,
				e->part == MIDI_UP ? 1 : -1, frame, now_ns);
		return true;
	}
	if (e->part == MIDI_WHOLE || !turns || c->coding == ENCODING_ABSOLUTE)
		return false;
	if (e->part == MIDI_MSB)
		surface_turn(s, in, control, e->value >> 7, frame, now_ns);
	return true;
}
