/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/scene/fade.h"

#include <math.h>

#include "control/model/change.h"
#include "control/model/scene/fades.h"
#include "control/model/feed.h"
#include "control/model/schedule.h"
#include "control/util/name.h"
#include "core/level.h"
#include "core/mixer/mixer.h"

#define TICK_NS 20000000u

static void
note(struct model *c, const struct fade *f, double kept, bool say)
{
	struct changed changed = {.count = 0};

	row_move(c, f->row, f->at, kept, &changed);
	change_kept(c, &changed);
	if (say)
		change_say(c, params_id(&c->params, f->row, f->at));
}

/* ---- where it begins ---- */

/* The fader that a mute is of, or the other way round; none: the row. */
static enum row_name
partner(enum row_name row)
{
	static const enum row_name pairs[][2] = {
		{ROW_STRIP_MUTE, ROW_STRIP_GAIN},
		{ROW_BUS_MUTE, ROW_BUS_GAIN},
	};

	for (uint32_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		for (int k = 0; k < 2; k++)
			if (pairs[i][k] == row)
				return pairs[i][!k];
	return row;
}

static bool
is_mute(enum row_name row)
{
	return row == ROW_STRIP_MUTE || row == ROW_BUS_MUTE;
}

struct recall {
	struct model *model;
	const struct param_change *changes;
	uint32_t n;
};

/* What a recall sets of this row to here, or what is there. */
static double
wanted(const struct recall *r, enum row_name row, struct place at)
{
	struct model *c = r->model;
	uint32_t id = params_id(&c->params, row, at);
	const struct param_value *v = NULL;

	for (uint32_t i = 0; i < r->n; i++)
		if (r->changes[i].id == id)
			v = &r->changes[i].value;
	if (!v)
		return fades_number(c, row, at);
	return v->type == PARAM_INT ? (double)v->i : v->f;
}

static double
on_scale(const struct fade *f, double kept)
{
	return fade_is_on_scale(f) ? level_to_fader(kept) : kept;
}

/* The fader of what is mute rises from silence, and falls to it where it is to
 * be mute in the end. */
static void
for_mute(const struct recall *r, enum row_name row, struct fade *f)
{
	enum row_name mute = partner(row);
	bool is, will;

	if (mute == row)
		return;
	is = kept_number(&r->model->kept, mute, f->at) != 0.0;
	will = wanted(r, mute, f->at) != 0.0;
	if (is && !will && f->law == FADE_FADER)
		f->law = FADE_RISE;
	f->then = !is && will;
}

/* The kept value that it goes to, and how. */
static void
fade_to(const struct recall *r, enum row_name row, struct place at,
	double target, uint64_t length_ns, uint64_t frame)
{
	struct model *c = r->model;
	struct fade f = {.row = row,
		.at = at,
		.law = (uint8_t)fade_law_of(&rows[row]),
		.end = target,
		.length_ns = length_ns};
	double to;

	for_mute(r, row, &f);
	to = f.then ? LEVEL_MIN_DB : target;
	f.from = f.law == FADE_RISE ? 0.0
				    : on_scale(&f, fades_number(c, row, at));
	f.to = on_scale(&f, to);
	f.target = rows[row].law ? rows[row].law(to) : (float)to;
	fades_add(c, &f, frame);
	note(c, &f, fades_number(c, row, at), true);
}

/* Does it go there, or is it set? */
static bool
goes(const struct model *c, const struct param_change *change)
{
	return !param_is_action(&c->params, change->id) &&
	       change->value.type == PARAM_FLOAT &&
	       fade_law_of(row_keeper(
		       params_row(&c->params, change->id, NULL))) != FADE_NOT;
}

static void
go(const struct recall *r, const struct param_change *change,
	uint64_t length_ns, uint64_t frame)
{
	struct model *c = r->model;
	struct place at;
	const struct row *row = params_row(&c->params, change->id, &at);
	enum row_name keeps = row_name_of(row_keeper(row));
	double now = fades_number(c, keeps, at);

	fade_to(r, keeps, at, row_kept(c, row, at, now, change->value.f),
		length_ns, frame);
}

/* Is it set only in the end? */
static bool
waits(const struct model *c, const struct param_change *change)
{
	struct place at;
	enum row_name row;

	if (param_is_action(&c->params, change->id))
		return false;
	row = row_name_of(params_row(&c->params, change->id, &at));
	return is_mute(row) && change->value.i != 0 &&
	       kept_number(&c->kept, row, at) == 0.0;
}

static void
wait_for_it(struct model *c, const struct param_change *change,
	uint64_t length_ns, uint64_t frame)
{
	struct fade f = {.law = FADE_LATE,
		.end = (double)change->value.i,
		.length_ns = length_ns};

	f.row = row_name_of(params_row(&c->params, change->id, &f.at));
	fades_add(c, &f, frame);
}

void
param_fade(struct params *p, const struct param_change *changes, uint32_t n,
	uint64_t frame, uint64_t length_ns, uint32_t source)
{
	struct model *c = p->model;
	const struct recall r = {c, changes, n};
	uint64_t most_ns = (uint64_t)(FADE_MAX_S * 1e9);

	length_ns = length_ns < most_ns ? length_ns : most_ns;
	schedule_settle(c, 0);
	change_begin(c, source);
	/* Faders look at the mutes of before. */
	for (uint32_t i = 0; length_ns > 0 && i < n; i++)
		if (goes(c, &changes[i]))
			go(&r, &changes[i], length_ns, frame);
	for (uint32_t i = 0; i < n; i++) {
		if (length_ns > 0 && goes(c, &changes[i]))
			continue;
		if (length_ns > 0 && waits(c, &changes[i]))
			wait_for_it(c, &changes[i], length_ns, frame);
		else
			change_one(c, &changes[i], false);
	}
	change_end(c, frame);
	feed_wake(c);
}

/* ---- on the way ---- */

/* A hand has said that it is not to be mute after all. */
static void
aim_again(struct model *c, const struct fade *was)
{
	const struct recall nothing = {c, NULL, 0};

	fade_to(&nothing, was->row, was->at, was->end, fades_left_ns(c, was),
		0);
}

static bool
is_in_vain(const struct model *c, const struct fade *f)
{
	return f->then && !fades_find(c, partner(f->row), f->at);
}

/* The mixer may have stood still meanwhile, and have it all before it. */
static bool
lags(const struct model *c, const struct fade *f)
{
	double whole = (double)f->length_ns * 1e-9 * c->feed.rate_hz;

	return c->feed.mixer &&
	       (double)(mixer_frame(c->feed.mixer) - f->start_frame) <
		       whole - c->feed.rate_hz / 2.0;
}

static void
end(struct model *c, uint32_t i, bool say)
{
	const struct fade f = c->fades.fade[i];

	fades_drop(c, f.row, f.at);
	note(c, &f, f.end, say || f.law == FADE_LATE || f.then || lags(c, &f));
}

uint64_t
fade_run(struct model *c)
{
	struct fades *all = &c->fades;

	if (all->count == 0)
		return UINT64_MAX;
	change_begin(c, PARAM_SOURCE_NONE);
	for (uint32_t i = 0; i < all->count; i++) {
		const struct fade f = all->fade[i];

		if (is_in_vain(c, &f))
			aim_again(c, &f);
		else if (f.law != FADE_LATE && !fade_ends(c, &f))
			note(c, &f, fade_number(c, &f), false);
	}
	for (uint32_t i = all->count; i-- > 0;)
		if (fade_ends(c, &all->fade[i]))
			end(c, i, false);
	change_end(c, 0);
	return all->count > 0 ? TICK_NS : UINT64_MAX;
}

/* ---- all of them ---- */

void
param_fade_finish(struct params *p)
{
	struct model *c = p->model;

	change_begin(c, PARAM_SOURCE_NONE);
	for (uint32_t i = c->fades.count; i-- > 0;)
		end(c, i, true);
	change_end(c, 0);
}

void
param_fade_stop(struct params *p)
{
	struct model *c = p->model;

	change_begin(c, PARAM_SOURCE_NONE);
	while (c->fades.count > 0) {
		const struct fade f = c->fades.fade[c->fades.count - 1];
		double here = fade_number(c, &f);

		fades_drop(c, f.row, f.at);
		if (f.law != FADE_LATE)
			note(c, &f, here, true);
	}
	change_end(c, 0);
}

uint32_t
param_fades(const struct params *p)
{
	return p->model->fades.count;
}

void
model_scene_is(struct model *c, const char *name)
{
	struct changed changed = {.count = 0};

	name_copy(c->scene.last, sizeof(c->scene.last), name);
	changed_add(&changed, ROW_SCENE, (struct place){.strip = PLACE_BUS});
	change_begin(c, PARAM_SOURCE_NONE);
	change_kept(c, &changed);
	change_end(c, 0);
}
