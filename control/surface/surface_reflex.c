/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each message would do now, by effect.h, as curves that the audio thread
 * follows by itself. What cannot be said like that (encoders, takeover that has
 * not caught on, banks and layers) is left to the hand. */
#include "control/surface/effect.h"

#include <math.h>
#include <string.h>

#include "control/surface/surface_input.h"
#include "control/surface/surface_target.h"
#include "control/surface/surface_value.h"
#include "core/message.h"
#include "core/reflex.h"

#define NO_ENTRY 0

bool
surface_reflex_stale(const struct surface *s)
{
	return s->reflex_stale || s->rebind;
}

/* ---- entries ---- */

/* What the mixer would be told of a button; false: more would happen. */
static bool
target_of(
	const struct surface *s, const struct binding *b, bool on, double *out)
{
	struct param_value from, value;
	char why[PARAM_WHY_MAX];
	struct message m;

	*out = (double)NAN;
	if (!effect_value(s, b, on, &from))
		return true;
	if (param_check(s->params, b->id, &from, &value, why) < 0 ||
		!param_message(s->params, b->id, &value, &m))
		return false;
	*out = (double)m.target;
	return true;
}

/* A press counts while it is not held, and letting go while it is; a latch is
 * not held. */
static bool
button_curve(const struct surface *s, const struct input *in,
	const struct binding *b, uint16_t from, struct curve *out)
{
	bool latch = s->mapping->control[b->control].as == MAPPING_LATCH;

	memset(out, 0, sizeof(*out));
	out->shape = CURVE_SWITCH;
	out->full = from;
	out->low = out->high = (double)NAN;
	return (!(latch || in->pressed < 0) ||
		       target_of(s, b, true, &out->high)) &&
	       (!(latch || in->pressed >= 0) ||
		       target_of(s, b, false, &out->low)) &&
	       (out->high == out->high || out->low == out->low);
}

static bool
move_of(struct surface *s, struct reflex_table *t, const struct input *in,
	const struct binding *b, uint16_t from, struct reflex_move *move)
{
	const struct mapping_control *c = &s->mapping->control[b->control];
	struct curve curve;
	struct message to;
	int number;

	memset(&curve, 0, sizeof(curve)); /* see reflex_curve() */
	surface_curve(s, b, &curve);
	if (!param_curve(s->params, b->id, &to, &curve))
		return false;
	if (param_waits(s->params, b->id, surface_when(c)))
		return false;
	if (c->as == MAPPING_VALUE ? !effect_holds(s, in, b)
				   : !button_curve(s, in, b, from, &curve))
		return false;
	number = reflex_curve(t, &curve);
	*move = (struct reflex_move){.id = b->id,
		.parameter = to.parameter,
		.place = to.place,
		.curve = (uint16_t)number};
	return number >= 0;
}

static int
entry_add(struct surface *s, struct reflex_table *t, const struct input *in,
	int32_t control)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct control *k = &s->control[control];
	struct reflex_move moves[REFLEX_TARGETS_MAX];
	uint16_t from =
		c->as == MAPPING_LATCH || mapping_has_release(&in->message)
			? effect_on_from(&in->message)
			: 0;
	const struct reflex_entry entry = {.kind = REFLEX_MOVE,
		.once = effect_goes_on(c->as),
		.once_from = from};
	uint32_t count = 0;
	int ret;

	if (k->count > REFLEX_TARGETS_MAX)
		return NO_ENTRY;
	for (uint32_t i = k->first; i < k->first + k->count; i++)
		count += move_of(s, t, in, &s->binding[i], from, &moves[count]);
	ret = count > 0 ? reflex_add(t, &entry, moves, count) : NO_ENTRY;
	return ret > 0 ? ret : NO_ENTRY;
}

/* One that moves nothing. */
static int
bare_add(struct reflex_table *t, enum reflex_kind kind)
{
	const struct reflex_entry entry = {.kind = (uint8_t)kind};
	int ret = reflex_add(t, &entry, NULL, 0);

	return ret > 0 ? ret : NO_ENTRY;
}

/* What it does is that messages do other things. */
static bool
turns_round(const struct surface *s, int32_t control)
{
	switch (s->mapping->control[control].as) {
	case MAPPING_SHIFT:
	case MAPPING_LAYER:
	case MAPPING_BANK_LEFT:
	case MAPPING_BANK_RIGHT:
		return true;
	default:
		return false;
	}
}

static int
input_entry(struct surface *s, struct reflex_table *t, const struct input *in)
{
	const struct effect on = effect_of(s, in, UINT16_MAX);
	int32_t control = on.control;

	if ((control >= 0 && turns_round(s, control)) ||
		(in->pressed >= 0 && turns_round(s, in->pressed)))
		return bare_add(t, REFLEX_HALT);
	if (in->pressed >= 0)
		control = in->pressed;
	if (control < 0 || on.kind == EFFECT_TURN)
		return NO_ENTRY;
	return entry_add(s, t, in, control);
}

/* ---- which messages ---- */

static void
input_put(struct reflex_table *t, const struct input *in, int entry)
{
	static const enum reflex_message rows[] = {
		[MIDI_NOTE] = REFLEX_NOTE,
		[MIDI_POLY_PRESSURE] = REFLEX_POLY,
		[MIDI_CC] = REFLEX_CC,
		[MIDI_PROGRAM] = REFLEX_PROGRAM,
		[MIDI_CHANNEL_PRESSURE] = REFLEX_PRESSURE,
		[MIDI_BEND] = REFLEX_BEND,
	};
	const struct mapping_message *m = &in->message;
	uint32_t first = 0, last = REFLEX_CHANNELS - 1;
	enum reflex_message row;

	if (m->kind >= sizeof(rows) / sizeof(rows[0]))
		return;
	row = rows[m->kind];
	if (m->channel != MAPPING_CHANNEL_ANY)
		first = last = m->channel;
	for (uint32_t c = first; c <= last; c++) {
		uint16_t *at = t->at[row][c];

		if (m->kind == MIDI_PROGRAM && m->number == MAPPING_NUMBER_ANY)
			for (uint32_t i = 0; i < REFLEX_NUMBERS; i++)
				at[i] = (uint16_t)entry;
		else if (row == REFLEX_PRESSURE || row == REFLEX_BEND)
			at[0] = (uint16_t)entry;
		else
			at[m->number] = (uint16_t)entry;
	}
}

/* A value of two messages is done with the second one, which another control
 * may have for itself. */
static void
pair_put(struct surface *s, struct reflex_table *t, const struct input *in)
{
	const uint16_t number = in->message.low;
	int msb = NO_ENTRY, entry = NO_ENTRY;

	if (pair_is_msb_first(&in->pair))
		entry = input_entry(s, t, in);
	if (entry != NO_ENTRY && effect_of(s, in, 0).kind == EFFECT_PLACE)
		msb = bare_add(t, REFLEX_MSB);
	input_put(t, in, msb);
	if (msb == NO_ENTRY)
		return;
	t->entry[entry - 1].msb = (uint16_t)msb;
	for (uint8_t c = 0; c < REFLEX_CHANNELS; c++) {
		const struct midi_event lsb = {
			.kind = MIDI_CC, .channel = c, .number = number};

		if (surface_input(s, &lsb) == in)
			t->at[REFLEX_CC][c][number] = (uint16_t)entry;
	}
}

void
surface_reflex(struct surface *s, struct reflex_table *t)
{
	if (s->rebind)
		surface_bind(s);
	s->reflex_stale = false;
	/* What hears more is written first, and over by what hears less. */
	for (int rank = 0; rank < SURFACE_RANKS; rank++) {
		for (uint32_t i = 0; i < s->inputs; i++) {
			const struct input *in = &s->input[i];

			if (surface_input_rank(in) != rank)
				continue;
			if (in->message.fine)
				pair_put(s, t, in);
			else
				input_put(t, in, input_entry(s, t, in));
		}
	}
}
