/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From messages to parameters: what the hand does. */
#include "control/surface/surface_own.h"

#include <math.h>
#include <string.h>

#define ANSWER_NS UINT64_C(600000000)

_Static_assert((int)MAPPING_JUMP == (int)TAKEOVER_JUMP &&
		       (int)MAPPING_PICKUP == (int)TAKEOVER_PICKUP &&
		       (int)MAPPING_SCALE == (int)TAKEOVER_SCALE,
	"one takeover by two names");

/* ---- changes ---- */

static void
change_put(struct surface *s, const struct bound *b,
	const struct param_value *value)
{
	struct param_change *change = &s->change[s->changes];
	char why[PARAM_WHY_MAX];

	change->id = b->id;
	if (param_check(s->params, b->id, value, &change->value, why) == 0)
		s->changes++;
}

struct param_value
surface_value(const struct bound *b, double number)
{
	struct param_value v = {.type = PARAM_FLOAT, .f = number};

	if (b->type != PARAM_FLOAT) {
		v.type = PARAM_INT;
		v.i = llround(number);
	}
	return v;
}

void
surface_change_number(struct surface *s, const struct bound *b, double number)
{
	struct param_value v = surface_value(b, number);

	change_put(s, b, &v);
}

void
surface_change_apply(struct surface *s, uint64_t frame)
{
	uint32_t n = s->changes;

	s->changes = 0;
	if (n > 0)
		param_apply(s->params, s->change, n, frame, s->source);
}

/* ---- faders and knobs ---- */

/* It is there already, finer than a message can say. */
static bool
is_shown(const struct surface *s, const struct bound *b, double way)
{
	const struct mapping_message *m =
		&s->mapping->control[b->control].message;
	double steps = surface_is_wide(m) ? 16383.0 : 127.0;

	return fabs(surface_way(s, b) - way) * steps <= 0.5;
}

/* stays: what is there already stays exact. */
static void
move_to(struct surface *s, const struct control *k,
	const struct mapping_control *c, double way, bool stays, uint64_t frame,
	uint64_t now_ns)
{
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		struct bound *b = &s->bound[i];
		double out;
		bool held = b->takeover.held;
		bool is_there = stays && is_shown(s, b, way);

		b->was = surface_number(s, b);
		if (takeover_move(&b->takeover, (enum takeover_mode)c->takeover,
			    way, surface_way(s, b), now_ns, &out) &&
			!is_there)
			surface_change_number(
				s, b, surface_number_at(s, b, out));
		s->reflex_stale |= b->takeover.held != held;
	}
	surface_change_apply(s, frame);
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		struct bound *b = &s->bound[i];

		b->put = surface_number(s, b);
		if (b->takeover.held)
			takeover_applied(&b->takeover, surface_way(s, b));
	}
}

void
surface_take_back(struct surface *s, struct inlet *in, uint64_t frame)
{
	const struct control *k =
		in->spoke_for >= 0 ? &s->control[in->spoke_for] : NULL;

	in->guess = false;
	if (!k)
		return;
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		const struct bound *b = &s->bound[i];

		if (b->was != b->put && surface_number(s, b) == b->put)
			surface_change_number(s, b, b->was);
	}
	surface_change_apply(s, frame);
	in->moved = in->way_known = false;
	in->spoke_for = -1;
	surface_mark(s, k->lamp);
}

/* ---- buttons ---- */

void
surface_set_all(struct surface *s, const struct control *k,
	const double *number, bool high, uint64_t frame)
{
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		const struct bound *b = &s->bound[i];

		surface_change_number(
			s, b, number ? *number : surface_end(s, b, high));
	}
	surface_change_apply(s, frame);
}

static void
bank_move(struct surface *s, int by, uint64_t frame)
{
	uint32_t of_bank = s->mapping->bank;
	int64_t last = (int64_t)s->strips - of_bank;
	int64_t bank = (int64_t)s->bank + by;

	if (of_bank == 0)
		return;
	if (bank > last)
		bank = last;
	if (bank < 0)
		bank = 0;
	if ((uint32_t)bank == s->bank)
		return;
	surface_let_go_of_bank(s, frame);
	s->bank = (uint32_t)bank;
	surface_bind(s);
}

static void
press(struct surface *s, struct inlet *in, int32_t control, uint64_t frame,
	uint64_t now_ns)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct control *k = &s->control[control];

	switch (c->as) {
	case MAPPING_UP:
	case MAPPING_DOWN:
		surface_step(s, in, control, c->as == MAPPING_UP ? 1 : -1,
			frame, now_ns);
		break;
	case MAPPING_TOGGLE:
		if (k->count > 0)
			surface_set_all(s, k, NULL,
				!surface_is_on(s, &s->bound[k->first]), frame);
		break;
	case MAPPING_MOMENTARY:
		surface_set_all(s, k, NULL, true, frame);
		break;
	case MAPPING_SET:
	case MAPPING_RADIO:
		for (uint32_t i = k->first; i < k->first + k->count; i++)
			change_put(s, &s->bound[i], &c->value);
		surface_change_apply(s, frame);
		break;
	case MAPPING_LAYER:
		s->latched_layer =
			s->latched_layer == c->to_layer ? 0 : c->to_layer;
		break;
	case MAPPING_BANK_LEFT:
		bank_move(s, -(int)c->strips, frame);
		break;
	case MAPPING_BANK_RIGHT:
		bank_move(s, c->strips, frame);
		break;
	case MAPPING_REPAINT:
		surface_repaint(s);
		break;
	case MAPPING_VALUE:
	case MAPPING_LATCH:
	case MAPPING_SHIFT:
	case MAPPING_SHOW:
		break;
	}
}

/* ---- what arrived ---- */

bool
surface_is_press(const struct mapping_message *m, uint16_t value)
{
	if (m->kind == MIDI_NOTE || m->kind == MIDI_RPN || m->kind == MIDI_NRPN)
		return value > 0;
	return value >= (surface_is_wide(m) ? 8192 : 64);
}

/* Pressure that grows is one press; a button that says nothing when it is let
 * go says the same thing at every press. */
int
surface_press_state(const struct inlet *in, uint16_t value)
{
	bool on = surface_is_press(&in->message, value);

	switch (in->message.kind) {
	case MIDI_NOTE:
		return on;
	case MIDI_PROGRAM:
	case MIDI_START:
	case MIDI_CONTINUE:
	case MIDI_STOP:
	case MIDI_SYSEX:
		return 1;
	default:
		if (on && in->pressed >= 0 && value != in->value)
			return -1;
		return on;
	}
}

/* It says nothing when it is let go. */
static bool
has_release(const struct inlet *in)
{
	switch (in->message.kind) {
	case MIDI_PROGRAM:
	case MIDI_START:
	case MIDI_CONTINUE:
	case MIDI_STOP:
	case MIDI_SYSEX:
		return false;
	default:
		return true;
	}
}

static void
button(struct surface *s, struct inlet *in, int32_t control, uint16_t value,
	uint64_t frame, uint64_t now_ns)
{
	int state = surface_press_state(in, value);
	int32_t pressed = in->pressed;

	s->reflex_stale = true;
	if (state == 1) {
		const struct mapping_control *c = &s->mapping->control[control];

		in->pressed = has_release(in) || c->as == MAPPING_SHIFT
				      ? control
				      : -1;
		in->pressed_order = ++s->presses;
		press(s, in, control, frame, now_ns);
		surface_layer_update(s);
		surface_forget(s, s->control[control].lamp);
	} else if (state == 0 && pressed >= 0) {
		const struct mapping_control *c = &s->mapping->control[pressed];

		in->pressed = -1;
		if (c->as == MAPPING_MOMENTARY)
			surface_set_all(
				s, &s->control[pressed], NULL, false, frame);
		surface_layer_update(s);
		surface_forget(s, s->control[pressed].lamp);
	}
	in->value = value;
}

/* The message says what the button is, not what a finger does. */
static void
latch(struct surface *s, const struct inlet *in, int32_t control,
	uint16_t value, uint64_t frame)
{
	surface_set_all(s, &s->control[control], NULL,
		surface_is_press(&in->message, value), frame);
	surface_forget(s, s->control[control].lamp);
}

/* The first message after one that it was sent: a program that takes what it is
 * sent and says what it made of it. A motor that is touched is a hand. */
static bool
is_answer(const struct surface *s, const struct lamp *lamp,
	const struct inlet *in, const struct mapping_control *c,
	uint64_t now_ns)
{
	return c->light.kind == MAPPING_LIGHT_WAY && lamp->ever &&
	       surface_same_message(&lamp->message, &in->message) &&
	       !in->touched &&
	       now_ns - lamp->sent_ns <= ANSWER_NS + s->late_ns &&
	       !(in->moved && in->moved_ns >= lamp->sent_ns);
}

static void
absolute(struct surface *s, struct inlet *in, int32_t control, uint16_t value,
	uint64_t frame, uint64_t now_ns)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct control *k = &s->control[control];
	struct lamp *lamp = k->lamp >= 0 ? &s->lamp[k->lamp] : NULL;
	double way = surface_position(&in->message, value);
	uint8_t fill[MAPPING_FILL_MAX];
	bool answer, told, stays;

	if (c->message.kind == MIDI_PROGRAM) {
		double number = value;

		surface_set_all(s, k, &number, false, frame);
		return;
	}
	/* The hand spoke for another control meanwhile; this one's takeover
	 * has not seen where it went. */
	if (in->spoke_for != control) {
		s->reflex_stale = true;
		for (uint32_t i = k->first; i < k->first + k->count; i++) {
			struct takeover *t = &s->bound[i].takeover;

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

int32_t
surface_in_force(const struct surface *s, const struct inlet *in)
{
	int32_t base = -1;

	for (uint32_t i = in->first; i; i = s->control[i - 1].next_of_inlet) {
		uint32_t layer = s->mapping->control[i - 1].layer;

		if (layer == s->layer)
			return (int32_t)i - 1;
		if (layer == 0 && base < 0)
			base = (int32_t)i - 1;
	}
	return base;
}

void
surface_speak(struct surface *s, struct inlet *in, uint16_t value,
	uint64_t frame, uint64_t now_ns)
{
	int32_t control = surface_in_force(s, in);
	const struct mapping_control *c;

	/* Let go: for the one that was pressed, in whatever layer. */
	if (in->pressed >= 0 && surface_press_state(in, value) == 0) {
		button(s, in, in->pressed, value, frame, now_ns);
		return;
	}
	if (control < 0) /* only in a layer that is not in force */
		return;
	c = &s->mapping->control[control];
	if (c->as == MAPPING_LATCH)
		latch(s, in, control, value, frame);
	else if (c->as != MAPPING_VALUE)
		button(s, in, control, value, frame, now_ns);
	else if (c->coding == MAPPING_ABSOLUTE)
		absolute(s, in, control, value, frame, now_ns);
	else
		surface_turn(s, in, control, value, frame, now_ns);
}
