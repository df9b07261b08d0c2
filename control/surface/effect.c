/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/surface/effect.h"

#include <math.h>

#include "control/surface/surface_input.h"
#include "control/surface/surface_value.h"

uint16_t
effect_on_from(const struct mapping_message *m)
{
	if (m->kind == MIDI_NOTE || midi_is_entry(m->kind))
		return 1;
	return mapping_is_wide(m) ? 8192 : 64;
}

bool
surface_is_press(const struct mapping_message *m, uint16_t value)
{
	return value >= effect_on_from(m);
}

/* Pressure that grows is one press; a button that says nothing when it is let
 * go says the same thing at every press. */
int
effect_press(const struct input *in, uint16_t value)
{
	bool on = surface_is_press(&in->message, value);

	if (!mapping_has_release(&in->message))
		return 1;
	if (on && in->message.kind != MIDI_NOTE && in->pressed >= 0 &&
		value != in->value)
		return -1;
	return on;
}

static struct effect
in_force(const struct surface *s, const struct input *in, uint16_t value)
{
	struct effect e = {EFFECT_NOTHING, surface_in_force(s, in), false};
	const struct mapping_control *c;

	if (e.control < 0) /* only in a layer that is not in force */
		return e;
	c = &s->mapping->control[e.control];
	if (c->as == MAPPING_VALUE) {
		e.kind = c->coding == ENCODING_ABSOLUTE ? EFFECT_PLACE
							: EFFECT_TURN;
	} else if (c->as == MAPPING_LATCH) {
		e.kind = EFFECT_LATCH;
		e.on = surface_is_press(&in->message, value);
	} else if (c->as == MAPPING_VELOCITY) {
		if (surface_is_press(&in->message, value))
			e.kind = EFFECT_HIT;
	} else if (effect_press(in, value) == 1) {
		e.kind = EFFECT_PRESS;
		e.on = true;
	}
	return e;
}

struct effect
effect_of(const struct surface *s, const struct input *in, uint16_t value)
{
	/* Let go: for the one that was pressed, in whatever layer. */
	if (in->pressed >= 0 && effect_press(in, value) == 0)
		return (struct effect){EFFECT_PRESS, in->pressed, false};
	return in_force(s, in, value);
}

static double
within(const struct binding *b, double number)
{
	return fmin(fmax(number, b->low), b->high);
}

/* Where a press takes it that goes on by so much. */
static double
number_on(const struct surface *s, const struct binding *b,
	const struct binding *first)
{
	const struct mapping_control *c = &s->mapping->control[b->control];
	double count = first->high - first->low + 1.0, on;

	if (c->as == MAPPING_STEP)
		return within(b, surface_number(s, b) + c->by);
	on = surface_number(s, first);
	/* None of the choices: to the first one, or back to the last one. */
	if (on < first->low || on > first->high)
		on = c->by > 0.0 ? first->low - 1.0 : first->high + 1.0;
	on = fmod(on - first->low + c->by, count);
	return within(b, first->low + on + (on < 0.0 ? count : 0.0));
}

bool
effect_value(const struct surface *s, const struct binding *b, bool on,
	struct param_value *out)
{
	const struct mapping_control *c = &s->mapping->control[b->control];
	const struct binding *first = &s->binding[s->control[b->control].first];
	bool is_on;

	switch (c->as) {
	case MAPPING_TOGGLE: /* all follow the first */
		is_on = surface_is_on(first, surface_number(s, first));
		*out = surface_value(b, surface_end(s, b, !is_on));
		return on;
	case MAPPING_STEP:
	case MAPPING_CYCLE:
		*out = surface_value(b, number_on(s, b, first));
		return on;
	case MAPPING_MOMENTARY:
	case MAPPING_LATCH:
		*out = surface_value(b, surface_end(s, b, on));
		return true;
	case MAPPING_SET:
	case MAPPING_RADIO:
		*out = c->value;
		return on;
	default:
		return false;
	}
}

bool
effect_holds(const struct surface *s, const struct input *in,
	const struct binding *b)
{
	const struct mapping_control *c = &s->mapping->control[b->control];

	if (c->message.kind == MIDI_PROGRAM)
		return true;
	/* The first message for it begins its takeover anew. */
	return (c->takeover == MAPPING_JUMP ||
		       in->spoke_for == (int32_t)b->control) &&
	       takeover_holds(&b->takeover, c->takeover, surface_way(s, b));
}

bool
effect_goes_on(enum mapping_as as)
{
	return as == MAPPING_TOGGLE || as == MAPPING_STEP ||
	       as == MAPPING_CYCLE;
}

bool
effect_lasts(const struct surface *s, const struct binding *b)
{
	const struct mapping_control *c = &s->mapping->control[b->control];

	return !effect_goes_on(c->as) &&
	       (!b->takeover.held || takeover_holds(&b->takeover, c->takeover,
					     surface_way(s, b)));
}
