/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from a row, whichever it is. */
#include "control/model/row.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "control/model/model_state.h"
#include "control/model/scene/fades.h"
#include "control/util/name.h"
#include "core/curve.h"
#include "core/level.h"

/* ---- where it is kept ---- */

enum row_name
row_name_of(const struct row *row)
{
	return (enum row_name)(row - rows);
}

static bool
is_text(const struct row *row)
{
	return row->type == PARAM_TEXT && !row_has_choices(row);
}

/* Has it one of its own? */
bool
row_keeps_number(const struct row *row)
{
	return !row->of && !is_text(row) && !row->asks;
}

bool
row_keeps_text(const struct row *row)
{
	return !row->told && !row->asks && is_text(row);
}

/* ---- reading ---- */

uint32_t
row_choices(const struct model *c, const struct row *row,
	const char *choice[PARAM_CHOICES_MAX])
{
	uint32_t n = 0;

	if (row->choices)
		return row->choices(c, choice);
	for (; row->words && row->words[n]; n++)
		choice[n] = row->words[n];
	return n;
}

double
row_shown(const struct model *c, const struct row *row, struct place at,
	double kept)
{
	if (row->scale == CURVE_FADER)
		return level_to_fader(kept);
	if (row->scale == CURVE_KNOB)
		return level_to_knob(kept);
	return row->show ? row->show(c, at, kept) : kept;
}

double
row_kept(const struct model *c, const struct row *row, struct place at,
	double now, double v)
{
	if (row->scale == CURVE_FADER)
		return level_from_fader(v);
	if (row->scale == CURVE_KNOB)
		return level_from_knob(v);
	return row->keep ? row->keep(c, at, now, v) : v;
}

double
row_first(const struct model *c, const struct row *row)
{
	return row->start ? row->start(c) : row->initial;
}

static void
number_say(const struct model *c, const struct row *row, double shown,
	struct param_value *out)
{
	const char *choice[PARAM_CHOICES_MAX];

	if (row->type == PARAM_FLOAT) {
		out->f = (float)shown;
	} else if (row->type == PARAM_INT) {
		out->i = (int64_t)shown;
	} else {
		row_choices(c, row, choice);
		name_copy(out->s, sizeof(out->s),
			shown < 0.0 ? row->no_choice : choice[(int)shown]);
	}
}

void
row_get(const struct model *c, const struct row *row, struct place at,
	struct param_value *out)
{
	const struct row *keeps = row_keeper(row);

	out->type = row->type;
	if (row->told)
		name_copy(out->s, sizeof(out->s),
			at.strip == PLACE_BUS ? c->scene.last
					      : c->told[at.strip]);
	else if (row_keeps_text(row))
		name_copy(out->s, sizeof(out->s),
			values_text(kept_text(
				&c->kept, row_name_of(row), at.strip)));
	else if (is_text(row))
		out->s[0] = '\0';
	else
		number_say(c, row,
			row->asks ? 0.0
				  : row_shown(c, row, at,
					    fades_number(
						    c, row_name_of(keeps), at)),
			out);
}

void
row_initial(const struct model *c, const struct row *row, struct place at,
	struct param_value *out)
{
	memset(out, 0, sizeof(*out));
	out->type = row->type;
	if (!is_text(row))
		number_say(c, row,
			row_shown(c, row, at, row_first(c, row_keeper(row))),
			out);
	else if (row->start_text)
		name_copy(out->s, sizeof(out->s), row->start_text(c, at));
}

/* ---- the mixer ---- */

/* The number that is shown of a checked value. */
static double
number_of(const struct model *c, const struct row *row,
	const struct param_value *v)
{
	const char *choice[PARAM_CHOICES_MAX];
	uint32_t i = 0, n;

	if (row->type != PARAM_TEXT)
		return row->type == PARAM_INT ? (double)v->i : v->f;
	n = row_choices(c, row, choice);
	while (i + 1 < n && strcmp(choice[i], v->s) != 0)
		i++;
	return i;
}

bool
row_message(const struct model *c, const struct row *row, struct place at,
	const struct param_value *v, struct message *out)
{
	const struct row *says = row->mix ? row : row_keeper(row);
	double value;

	if (!says->mix)
		return false;
	value = kept_number(&c->kept, row_name_of(row_keeper(row)), at);
	if (v)
		value = row_kept(c, row, at, value, number_of(c, row, v));
	if (says->of) /* its part of what is kept */
		value = row_shown(c, row, at, value);
	*out = (struct message){
		.parameter = (uint8_t)says->mix,
		.place = mix_place(says->mix, at.strip, at.bus),
		.target = says->law ? says->law(value) : (float)value,
	};
	return true;
}

bool
row_curve(const struct model *c, const struct row *row, struct place at,
	struct curve *out)
{
	const struct row *says = row->mix ? row : row_keeper(row);
	const char *choice[PARAM_CHOICES_MAX];
	struct message m;

	out->min = row->min;
	out->max = row->max;
	out->law = row->type == PARAM_INT ? CURVE_WHOLE : CURVE_SAME;
	if (says->law)
		out->law = row->of ? (uint8_t)row->scale : CURVE_DB;
	if (!row_has_choices(row))
		return says->mix && (!says->law || says->law == level_linear);
	out->law = CURVE_CHOICE;
	out->choices = (uint8_t)row_choices(c, row, choice);
	for (uint32_t i = 0; i < out->choices; i++) {
		struct param_value v = {.type = row->type, .i = i};

		if (row->type == PARAM_TEXT)
			name_copy(v.s, sizeof(v.s), choice[i]);
		if (!row_message(c, row, at, &v, &m))
			return false;
		out->choice[i] = m.target;
	}
	return true;
}

/* ---- changing ---- */

/* Whoever shows what was kept as `now` and is kept as `next`. */
static void
changed_sends(const struct model *c, const struct row *row, struct place at,
	double now, double next, struct changed *out)
{
	for (at.bus = 0; at.bus < c->config.buses; at.bus++)
		if (row_shown(c, row, at, now) != row_shown(c, row, at, next))
			changed_add(out, row_name_of(row), at);
}

void
row_move(struct model *c, enum row_name row, struct place at, double next,
	struct changed *out)
{
	double now = kept_number(&c->kept, row, at);

	values_put(kept_at(&c->kept, row, at), next);
	for (uint32_t i = 0; i < rows_count; i++) {
		if (row_keeper(&rows[i]) != &rows[row])
			continue;
		if (rows[i].scope == ROW_OF_SEND)
			changed_sends(c, &rows[i], at, now, next, out);
		else
			changed_add(out, (enum row_name)i, at);
	}
}

/* A hand on what fades ends that, also where it says what is there. */
void
row_keep(struct model *c, enum row_name row, struct place at, double next,
	struct changed *out)
{
	bool faded = fades_drop(c, row, at);

	if (faded || kept_number(&c->kept, row, at) != next)
		row_move(c, row, at, next, out);
}

static void
words_keep(struct model *c, const struct row *row, struct place at, double next,
	struct changed *out)
{
	struct row_word word[ROW_WORDS_MAX];
	uint32_t n = row->keeps(c, at, next, word);

	for (uint32_t i = 0; i < n; i++)
		row_keep(c, word[i].row, at, word[i].keep, out);
}

static void
number_set(struct model *c, const struct row *row, struct place at, double v,
	struct changed *out)
{
	enum row_name name = row_name_of(row_keeper(row));
	double now = fades_number(c, name, at);

	if (row->keeps)
		words_keep(c, row, at, row_kept(c, row, at, now, v), out);
	else if (row->again && now == v)
		changed_add(out, name, at);
	else if (fades_find(c, name, at) ||
		 (float)row_shown(c, row, at, now) != (float)v)
		/* What reads the same stays: an echo of a fader's gain moves
		 * nothing. */
		row_keep(c, name, at, row_kept(c, row, at, now, v), out);
}

void
row_set(struct model *c, const struct row *row, struct place at,
	const struct param_value *v, struct changed *out)
{
	if (row->asks && !row->again)
		scene_rows_want(c, row->scene, v);
	else if (row->set_text)
		row->set_text(c, at, v->s, out);
	else if (row->asks && v->i)
		changed_add(out, row_name_of(row), at);
	else if (!row->asks)
		number_set(c, row, at, number_of(c, row, v), out);
}

void
row_act(struct model *c, const struct row *row, struct place at,
	const struct param_value *v, struct changed *out)
{
	double now = row_shown(
		c, row, at, fades_number(c, row_name_of(row_keeper(row)), at));

	if (row->action == ROW_STEP)
		number_set(c, row, at,
			fmin(fmax(now + v->f, row->min), row->max), out);
	else if (v->i)
		number_set(c, row, at, now == 0.0, out);
}

void
rows_renew(struct model *c, uint32_t strip, struct changed *out)
{
	for (uint32_t i = 0; i < rows_count; i++)
		if (rows[i].scope == ROW_OF_STRIP && !rows[i].stays &&
			row_keeps_number(&rows[i]))
			row_keep(c, (enum row_name)i, strip_place(strip),
				row_first(c, &rows[i]), out);
}

/* ---- the start ---- */

/* What was found, in the row's range. */
static void
number_check(const struct model *c, const struct row *row, struct place at)
{
	_Atomic double *kept = kept_at(&c->kept, row_name_of(row), at);
	double value = values_number(kept), in;
	double most = row->most ? row->most(c) : row->max;

	in = fmin(fmax(value, row->min), most);
	if (isnan(value) ||
		(row->type != PARAM_FLOAT && (in != value || in != floor(in))))
		in = row_first(c, row);
	if (in != value)
		values_put(kept, in);
}

static void
text_check(const struct model *c, const struct row *row, struct place at)
{
	struct values_text *t = kept_text(&c->kept, row_name_of(row), at.strip);

	if (!values_text_is_good(
		    t, row->max > 0.0 ? (size_t)row->max : PARAM_TEXT_MAX))
		values_put_text(t, "", false);
}

void
row_check(const struct model *c, const struct row *row, struct place at)
{
	if (row_keeps_text(row))
		text_check(c, row, at);
	else
		number_check(c, row, at);
}

static void
value_start(const struct model *c, const struct row *row, struct place at)
{
	const char *text = row->start_text ? row->start_text(c, at) : "";
	struct values_text *t;

	if (!row_keeps_text(row)) {
		values_put(kept_at(&c->kept, row_name_of(row), at),
			row_first(c, row));
		return;
	}
	t = kept_text(&c->kept, row_name_of(row), at.strip);
	memset(t, 0, sizeof(*t));
	values_put_text(t, text, text[0] != '\0');
}

static uint32_t
places(const struct model *c, const struct row *row)
{
	if (row->scope == ROW_OF_ALL)
		return 1;
	return row->scope == ROW_OF_BUS ? c->config.buses : c->config.strips;
}

static void
each_place(const struct model *c, const struct row *row,
	void (*visit)(
		const struct model *c, const struct row *row, struct place at))
{
	for (uint32_t i = 0; i < places(c, row); i++)
		visit(c, row,
			row_is_of_strip(row)
				? strip_place(i)
				: (struct place){PLACE_BUS, (uint8_t)i});
}

static const char *
scope_name(const struct row *row)
{
	if (row->scope == ROW_OF_ALL)
		return "all";
	return row->scope == ROW_OF_BUS ? "bus" : "strip";
}

struct own {
	char name[ROWS_MAX][VALUES_NAME_MAX];
	const char *at[ROWS_MAX];
};

static void
own_names(struct own *own)
{
	for (uint32_t i = 0; i < rows_count; i++) {
		snprintf(own->name[i], VALUES_NAME_MAX, "%s/%s",
			scope_name(&rows[i]), rows[i].name);
		own->at[i] = own->name[i];
	}
}

static int
row_open(struct model *c, const struct row *row, const struct own *own)
{
	struct values_slots in = row_keeps_text(row)
					 ? values_texts(c->kept.values)
					 : values_numbers(c->kept.values);
	const char *name = own->name[row - rows];
	int slot = values_find(in, name);
	bool found = slot >= 0;

	if (!found)
		slot = values_take(in, own->at, rows_count);
	if (slot < 0)
		return slot;
	c->kept.slot[row - rows] = (uint8_t)slot;
	each_place(c, row, found ? row_check : value_start);
	if (!found)
		values_name(in, slot, name);
	return 0;
}

int
rows_open(struct model *c)
{
	struct own own;
	int rc = 0;

	own_names(&own);
	for (uint32_t i = 0; rc == 0 && i < rows_count; i++)
		if (row_keeps_number(&rows[i]) || row_keeps_text(&rows[i]))
			rc = row_open(c, &rows[i], &own);
	return rc;
}
