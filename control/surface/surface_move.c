/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From messages to parameters: what the hand does. */
#include "control/surface/surface_move.h"

#include <math.h>

#include "control/surface/effect.h"
#include "control/surface/lights/surface_lamp.h"
#include "control/surface/surface_input.h"
#include "control/surface/surface_hold.h"
#include "control/surface/surface_target.h"
#include "control/surface/surface_turn.h"
#include "control/surface/surface_value.h"
#include "core/curve.h"

#define ANSWER_NS UINT64_C(600000000)

/* ---- faders and knobs ---- */

/* It is there already, finer than a message can say. */
static bool
is_shown(const struct surface *s, const struct binding *b, double way)
{
	int last = mapping_last(&s->mapping->control[b->control].message);

	return fabs(surface_way(s, b) - way) * last <= 0.5;
}

/* stays: what is there already stays exact. */
static void
move_to(struct surface *s, const struct control *k,
	const struct mapping_control *c, double way, bool stays, uint64_t frame,
	uint64_t now_ns)
{
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		struct binding *b = &s->binding[i];
		double out;
		bool held = b->takeover.held;
		bool is_there = stays && is_shown(s, b, way);

		b->was = surface_number(s, b);
		if (takeover_move(&b->takeover, c->takeover, way,
			    surface_way(s, b), now_ns, &out) &&
			!is_there)
			surface_change_number(
				s, b, surface_number_at(s, b, out));
		s->reflex_stale |= b->takeover.held != held;
	}
	surface_change_apply(s, PARAM_AT_ONCE, frame);
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		struct binding *b = &s->binding[i];

		b->put = surface_number(s, b);
		if (b->takeover.held)
			takeover_applied(&b->takeover, surface_way(s, b));
	}
}

void
surface_take_back(struct surface *s, struct input *in, uint64_t frame)
{
	const struct control *k =
		in->spoke_for >= 0 ? &s->control[in->spoke_for] : NULL;

	in->guess = false;
	if (!k)
		return;
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		const struct binding *b = &s->binding[i];

		if (b->was != b->put && surface_number(s, b) == b->put)
			surface_change_number(s, b, b->was);
	}
	surface_change_apply(s, PARAM_AT_ONCE, frame);
	in->moved = in->way_known = false;
	in->spoke_for = -1;
	surface_mark(s, k->lamp);
}

/* ---- buttons ---- */

static void
press(struct surface *s, struct input *in, int32_t control, uint64_t frame,
	uint64_t now_ns)
{
	const struct mapping_control *c = &s->mapping->control[control];

	surface_press(s, control, true, frame);
	switch (c->as) {
	case MAPPING_UP:
	case MAPPING_DOWN:
		surface_step(s, in, control, c->as == MAPPING_UP ? 1 : -1,
			frame, now_ns);
		break;
	case MAPPING_LAYER:
		s->latched_layer =
			s->latched_layer == c->to_layer ? 0 : c->to_layer;
		break;
	case MAPPING_BANK_LEFT:
		surface_bank_move(s, -(int)c->strips, frame);
		break;
	case MAPPING_BANK_RIGHT:
		surface_bank_move(s, c->strips, frame);
		break;
	case MAPPING_REPAINT:
		surface_repaint(s);
		break;
	default:
		break;
	}
}

/* ---- what arrived ---- */

static void
button(struct surface *s, struct input *in, const struct effect *e,
	uint64_t frame, uint64_t now_ns)
{
	bool stays = mapping_has_release(&in->message) ||
		     s->mapping->control[e->control].as == MAPPING_SHIFT;

	in->pressed = e->on && stays ? e->control : -1;
	if (e->on) {
		in->pressed_order = ++s->presses;
		press(s, in, e->control, frame, now_ns);
	} else {
		surface_press(s, e->control, false, frame);
	}
	surface_layer_update(s);
	surface_forget(s, s->control[e->control].lamp);
}

/* The first message after one that it was sent: a program that takes what it is
 * sent and says what it made of it. A motor that is touched is a hand. */
static bool
is_answer(const struct surface *s, const struct lamp *lamp,
	const struct input *in, const struct mapping_control *c,
	uint64_t now_ns)
{
	return c->light.kind == MAPPING_LIGHT_WAY && lamp->ever &&
	       surface_same_message(&lamp->message, &in->message) &&
	       !in->touched &&
	       now_ns - lamp->sent_ns <= ANSWER_NS + s->late_ns &&
	       !(in->moved && in->moved_ns >= lamp->sent_ns);
}

static void
absolute(struct surface *s, struct input *in, int32_t control, uint16_t value,
	uint64_t frame, uint64_t now_ns)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct control *k = &s->control[control];
	struct lamp *lamp = k->lamp >= 0 ? &s->lamp[k->lamp] : NULL;
	uint8_t fill[MAPPING_FILL_MAX];
	bool answer, told, stays;
	struct curve curve;
	double way;

	if (c->message.kind == MIDI_PROGRAM) {
		for (uint32_t i = k->first; i < k->first + k->count; i++)
			surface_change_number(s, &s->binding[i], value);
		surface_change_apply(s, PARAM_AT_ONCE, frame);
		return;
	}
	mapping_curve(c, &curve);
	way = curve_way(&curve, value);
	/* The hand spoke for another control meanwhile; this one's takeover
	 * has not seen where it went. */
	if (in->spoke_for != control) {
		s->reflex_stale = true;
		for (uint32_t i = k->first; i < k->first + k->count; i++) {
			struct takeover *t = &s->binding[i].takeover;

			takeover_reset(t);
			t->known = in->way_known;
			t->control = in->way;
			t->moved_ns = in->moved_ns;
		}
	}
	in->spoke_for = control;
	answer = lamp && is_answer(s, lamp, in, c, now_ns);
	told = lamp && lamp->last == value &&
	       c->light.kind == MAPPING_LIGHT_WAY;
	/* One message alone may be a hand's, which is to catch on. */
	stays = told &&
		(in->backs > 1 || (answer && c->takeover == MAPPING_JUMP));
	move_to(s, k, c, way, stays, frame, now_ns);
	in->way = way;
	in->value = value;
	in->moved_ns = now_ns;
	in->way_known = in->moved = true;
	/* Where it was sent to, it stands: nothing to say. That also lets what
	 * goes round in a circle die. Nor is an answer answered: it stands
	 * where it says, and the parameter does. */
	if (told)
		lamp->sent = value;
	else if (answer && surface_lamp_value(s, lamp, control, fill) == value)
		lamp->sent = lamp->last = value;
	else
		surface_forget(s, k->lamp);
	surface_mark(s, k->lamp);
}

/* Nothing is held, and nothing is caught. */
static void
hit(struct surface *s, const struct input *in, int32_t control, uint16_t value,
	uint64_t frame)
{
	const struct control *k = &s->control[control];
	double way = value / (double)mapping_last(&in->message);

	for (uint32_t i = k->first; i < k->first + k->count; i++)
		surface_change_number(s, &s->binding[i],
			surface_number_at(s, &s->binding[i], way));
	surface_change_apply(
		s, surface_when(&s->mapping->control[control]), frame);
	surface_forget(s, k->lamp);
}

void
surface_speak(struct surface *s, struct input *in, uint16_t value,
	uint64_t frame, uint64_t now_ns)
{
	const struct effect e = effect_of(s, in, value);

	switch (e.kind) {
	case EFFECT_PLACE:
		absolute(s, in, e.control, value, frame, now_ns);
		return;
	case EFFECT_TURN:
		surface_turn(s, in, e.control, value, frame, now_ns);
		return;
	case EFFECT_HIT:
		hit(s, in, e.control, value, frame);
		return;
	case EFFECT_LATCH: /* nothing is held */
		surface_press(s, e.control, e.on, frame);
		surface_forget(s, s->control[e.control].lamp);
		return;
	case EFFECT_PRESS:
		button(s, in, &e, frame, now_ns);
		break;
	case EFFECT_NOTHING:
		break;
	}
	if (e.control < 0)
		return;
	in->value = value;
	s->reflex_stale = true;
}
