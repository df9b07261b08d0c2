/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each message would do now, as rows of values and switches that the audio
 * thread can look up. It has to be exactly what surface_event() would do: what
 * cannot be said like that (encoders, values of two messages, takeover that has
 * not caught on, banks and layers) is left to it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "control/surface/surface_own.h"
#include "core/message.h"
#include "core/reflex.h"

#define ROWS_MAX  256
#define ROW_WIDE  16384u /* values of 14 bits */
#define ROW_SHORT 128u
#define NO_ENTRY  0

/* What one control makes of each value, for all parameters of a kind: eight
 * faders share a row. */
struct reflex_row {
	uint32_t kind; /* param_kind() */
	double low, high;
	const struct mapping_control *law; /* curve and direction */
	bool program;			   /* its number is the value */
	uint32_t n;
	float *value; /* [n] */
	int at;	      /* in the table that is being made, or -1 */
};

void
surface_rows_free(struct surface *s)
{
	for (uint32_t i = 0; i < s->row_count; i++)
		free(s->rows[i].value);
	free(s->rows);
}

bool
surface_reflex_stale(const struct surface *s)
{
	return s->reflex_stale || s->rebind;
}

void
surface_reflex_changed(struct surface *s, const struct bound *b)
{
	const struct mapping_control *c = &s->mapping->control[b->control];

	if (c->as == MAPPING_TOGGLE ||
		(b->takeover.held && !takeover_holds(&b->takeover,
					     (enum takeover_mode)c->takeover,
					     surface_way(s, b))))
		s->reflex_stale = true;
}

/* ---- values ---- */

static bool
same_law(const struct mapping_control *a, const struct mapping_control *b)
{
	return a->invert == b->invert && a->curve == b->curve &&
	       a->points == b->points &&
	       !memcmp(a->point, b->point, a->points * sizeof(a->point[0]));
}

/* What the mixer would be told of a number; false: more would happen. */
static bool
message_of(const struct surface *s, const struct bound *b, double number,
	struct message *out)
{
	struct param_value from = surface_value(b, number), value;
	char why[PARAM_WHY_MAX];

	return param_check(s->params, b->id, &from, &value, why) == 0 &&
	       param_message(s->params, b->id, &value, out);
}

static bool
row_fill(const struct surface *s, const struct bound *b, struct reflex_row *row)
{
	const struct mapping_message *m =
		&s->mapping->control[b->control].message;

	for (uint32_t i = 0; i < row->n; i++) {
		struct message msg;
		double way = surface_position(m, (uint16_t)i);

		if (!message_of(s, b,
			    row->program ? i : surface_number_at(s, b, way),
			    &msg))
			return false;
		row->value[i] = msg.target;
	}
	return true;
}

static struct reflex_row *
row_new(struct surface *s, const struct reflex_row *like, const struct bound *b)
{
	struct reflex_row row = *like;

	if (!s->rows)
		s->rows = calloc(ROWS_MAX, sizeof(*s->rows));
	if (!s->rows || s->row_count == ROWS_MAX)
		return NULL;
	row.value = malloc(row.n * sizeof(*row.value));
	if (!row.value || !row_fill(s, b, &row)) {
		free(row.value);
		return NULL;
	}
	s->rows[s->row_count] = row;
	return &s->rows[s->row_count++];
}

static struct reflex_row *
row_of(struct surface *s, const struct bound *b)
{
	const struct mapping_control *c = &s->mapping->control[b->control];
	const struct reflex_row want = {
		.kind = param_kind(s->params, b->id),
		.low = b->low,
		.high = b->high,
		.law = c,
		.program = c->message.kind == MIDI_PROGRAM,
		.n = surface_is_wide(&c->message) ? ROW_WIDE : ROW_SHORT,
		.at = -1,
	};

	for (uint32_t i = 0; i < s->row_count; i++) {
		struct reflex_row *row = &s->rows[i];

		if (row->kind == want.kind && row->low == want.low &&
			row->high == want.high && row->n == want.n &&
			row->program == want.program &&
			same_law(row->law, want.law))
			return row;
	}
	return row_new(s, &want, b);
}

/* ---- entries ---- */

static bool
travel(struct surface *s, struct reflex_table *t, const struct bound *b,
	struct reflex_move *move)
{
	const struct mapping_control *c = &s->mapping->control[b->control];
	struct reflex_row *row;
	struct message msg;

	if (c->message.kind != MIDI_PROGRAM &&
		!takeover_holds(&b->takeover, (enum takeover_mode)c->takeover,
			surface_way(s, b)))
		return false;
	if (!message_of(s, b, b->low, &msg) || !(row = row_of(s, b)))
		return false;
	if (row->at < 0) {
		row->at = reflex_values(t, row->n);
		if (row->at < 0)
			return false;
		memcpy(&t->value[row->at], row->value,
			row->n * sizeof(*row->value));
	}
	*move = (struct reflex_move){.id = b->id,
		.parameter = msg.parameter,
		.place = msg.place,
		.values = (uint32_t)row->at};
	return true;
}

static bool
message_of_value(
	const struct surface *s, const struct bound *b, struct message *out)
{
	struct param_value value;
	char why[PARAM_WHY_MAX];

	return param_check(s->params, b->id,
		       &s->mapping->control[b->control].value, &value,
		       why) == 0 &&
	       param_message(s->params, b->id, &value, out);
}

/* first: the control's own first target, by which a toggle knows its state. A
 * press counts while it is not held, and letting go while it is; a latch is
 * not held. */
static bool
press(const struct surface *s, const struct bound *first, const struct bound *b,
	struct reflex_move *move)
{
	const struct mapping_control *c = &s->mapping->control[b->control];
	int32_t pressed = s->inlet[s->control[b->control].inlet].pressed;
	bool latch = c->as == MAPPING_LATCH;
	struct message on, off = {0};
	bool known;

	if (c->as == MAPPING_SET || c->as == MAPPING_RADIO)
		known = message_of_value(s, b, &on);
	else if (c->as == MAPPING_TOGGLE)
		known = message_of(
			s, b, surface_end(s, b, !surface_is_on(s, first)), &on);
	else
		known = message_of(s, b, surface_end(s, b, true), &on) &&
			message_of(s, b, surface_end(s, b, false), &off);
	if (!known)
		return false;
	*move = (struct reflex_move){.id = b->id,
		.parameter = on.parameter,
		.place = on.place,
		.on = latch || pressed < 0 ? on.target : NAN,
		.off = latch || (c->as == MAPPING_MOMENTARY && pressed >= 0)
			       ? off.target
			       : NAN};
	return true;
}

static uint8_t
on_from(enum midi_kind kind)
{
	if (kind == MIDI_PROGRAM)
		return 0;
	return kind == MIDI_NOTE ? 1 : 64;
}

static int
entry_add(struct surface *s, struct reflex_table *t, int32_t control)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct control *k = &s->control[control];
	struct reflex_move moves[REFLEX_TARGETS_MAX];
	const struct reflex_entry entry = {
		.kind = c->as == MAPPING_VALUE ? REFLEX_TRAVEL : REFLEX_SWITCH,
		.on_from = on_from(c->message.kind),
		.once = c->as == MAPPING_TOGGLE,
	};
	uint32_t count = 0;
	int ret;

	if (k->count > REFLEX_TARGETS_MAX)
		return NO_ENTRY;
	for (uint32_t i = k->first; i < k->first + k->count; i++) {
		const struct bound *b = &s->bound[i];

		count += c->as == MAPPING_VALUE ? travel(s, t, b, &moves[count])
						: press(s, &s->bound[k->first],
							  b, &moves[count]);
	}
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

static int
inlet_entry(struct surface *s, struct reflex_table *t, const struct inlet *in)
{
	int32_t control = surface_in_force(s, in);
	const struct mapping_control *c;

	if (control < 0)
		return NO_ENTRY;
	c = &s->mapping->control[control];
	switch (c->as) {
	case MAPPING_SHIFT:
	case MAPPING_LAYER:
	case MAPPING_BANK_LEFT:
	case MAPPING_BANK_RIGHT:
		return bare_add(t, REFLEX_HALT);
	case MAPPING_SHOW:
	case MAPPING_UP:
	case MAPPING_DOWN:
		return NO_ENTRY;
	case MAPPING_VALUE:
		/* The first message for it begins its takeover anew. */
		if (c->coding != MAPPING_ABSOLUTE ||
			(in->spoke_for != control &&
				c->takeover != MAPPING_JUMP))
			return NO_ENTRY;
		break;
	default:
		if (in->pressed >= 0 && in->pressed != control)
			return NO_ENTRY;
		break;
	}
	if (c->as != MAPPING_VALUE && surface_is_wide(&c->message))
		return NO_ENTRY;
	return entry_add(s, t, control);
}

/* ---- which messages ---- */

/* False: it has none. */
static bool
message_row(enum midi_kind kind, enum reflex_message *out)
{
	switch (kind) {
	case MIDI_NOTE:
		*out = REFLEX_NOTE;
		return true;
	case MIDI_POLY_PRESSURE:
		*out = REFLEX_POLY;
		return true;
	case MIDI_CC:
		*out = REFLEX_CC;
		return true;
	case MIDI_PROGRAM:
		*out = REFLEX_PROGRAM;
		return true;
	case MIDI_CHANNEL_PRESSURE:
		*out = REFLEX_PRESSURE;
		return true;
	case MIDI_BEND:
		*out = REFLEX_BEND;
		return true;
	default:
		return false;
	}
}

static void
inlet_put(struct reflex_table *t, const struct inlet *in, int entry)
{
	const struct mapping_message *m = &in->message;
	uint32_t first = 0, last = REFLEX_CHANNELS - 1;
	enum reflex_message row;

	if (!message_row(m->kind, &row))
		return;
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
pair_put(struct surface *s, struct reflex_table *t, const struct inlet *in)
{
	const uint16_t number = in->message.low;
	int msb = NO_ENTRY, entry = NO_ENTRY;

	if (pair_is_msb_first(&in->pair))
		entry = inlet_entry(s, t, in);
	if (entry != NO_ENTRY && t->entry[entry - 1].kind == REFLEX_TRAVEL)
		msb = bare_add(t, REFLEX_MSB);
	inlet_put(t, in, msb);
	if (msb == NO_ENTRY)
		return;
	t->entry[entry - 1].msb = (uint16_t)msb;
	for (uint8_t c = 0; c < REFLEX_CHANNELS; c++) {
		const struct midi_event lsb = {
			.kind = MIDI_CC, .channel = c, .number = number};

		if (surface_inlet(s, &lsb) == in)
			t->at[REFLEX_CC][c][number] = (uint16_t)entry;
	}
}

void
surface_reflex(struct surface *s, struct reflex_table *t)
{
	if (s->rebind)
		surface_bind(s);
	s->reflex_stale = false;
	for (uint32_t i = 0; i < s->row_count; i++)
		s->rows[i].at = -1;
	/* What hears more is written first, and over by what hears less. */
	for (int rank = 0; rank < SURFACE_RANKS; rank++) {
		for (uint32_t i = 0; i < s->inlets; i++) {
			const struct inlet *in = &s->inlet[i];

			if (surface_inlet_rank(in) != rank)
				continue;
			if (in->message.fine)
				pair_put(s, t, in);
			else
				inlet_put(t, in, inlet_entry(s, t, in));
		}
	}
}
