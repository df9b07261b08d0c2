/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is true of a row of faders, knobs or buttons of any device. */
#ifndef FACTORY_ROWS_H
#define FACTORY_ROWS_H

#include "core/level.h"
#include "tests/factory_rig.h"

/* Numbers that count up. */
#define FOUR(n)	 (n), (n) + 1, (n) + 2, (n) + 3
#define EIGHT(n) FOUR(n), FOUR((n) + 4)

/* How many, what is sent, and the numbers. */
#define FADERS(count, bytes, ...)                                              \
	{                                                                      \
		.to = "/strip/%u/fader", .level = "/strip/%u/gain",            \
		.on = (bytes), .columns = (count), .number = {                 \
			__VA_ARGS__                                            \
		}                                                              \
	}
#define TRIMS(count, bytes, ...)                                               \
	{                                                                      \
		.to = "/strip/%u/trim", .on = (bytes), .columns = (count),     \
		.number = {                                                    \
			__VA_ARGS__                                            \
		}                                                              \
	}
/* A band of the EQ. */
#define BANDS(count, band, bytes, ...)                                         \
	{                                                                      \
		.to = "/strip/%u/eq/" band "/knob",                            \
		.level = "/strip/%u/eq/" band, .on = (bytes),                  \
		.columns = (count), .number = {                                \
			__VA_ARGS__                                            \
		}                                                              \
	}
#define FILTERS(count, bytes, ...)                                             \
	{                                                                      \
		.to = "/strip/%u/filter", .on = (bytes), .columns = (count),   \
		.number = {                                                    \
			__VA_ARGS__                                            \
		}                                                              \
	}
#define BUS_FADER(bus, bytes)                                                  \
	{                                                                      \
		.to = "/bus/" bus "/fader", .level = "/bus/" bus "/gain",      \
		.on = (bytes), .columns = 1                                    \
	}
/* Likewise pressed, let go, and the lamp at 1 and at 0. */
#define BUTTONS(count, what, press_, release_, lit_, dark_, ...)               \
	{                                                                      \
		.to = "/strip/%u/" what, .on = (press_), .off = (release_),    \
		.lit = (lit_), .dark = (dark_), .columns = (count),            \
		.number = {                                                    \
			__VA_ARGS__                                            \
		}                                                              \
	}
#define ROUTES(count, name, press_, release_, lit_, dark_, ...)                \
	{                                                                      \
		.to = "/strip/%u/route", .choice = (name), .on = (press_),     \
		.off = (release_), .lit = (lit_), .dark = (dark_),             \
		.columns = (count), .number = {                                \
			__VA_ARGS__                                            \
		}                                                              \
	}

static inline double
way_of(const struct row *r, uint32_t value)
{
	return strstr(r->on, "ww") ? value / (double)TOP : (value >> 7) / 127.0;
}

static inline void
row_is_at_way(
	struct machine *m, const struct row *r, uint32_t column, uint32_t value)
{
	double way = way_of(r, value);
	struct param_info info;

	if (strstr(r->to, "/knob")) /* it rests in the middle */
		way = level_to_knob(level_from_knob(way));
	param_info(m->rig->p, find(m->rig, row_to(r, column)), &info);
	is_at(m, row_to(r, column), info.min + way * (info.max - info.min));
}

/* Where a knob clicks in: 0 dB, and the EQ may rest. */
static inline void
row_is_flat_in_the_middle(struct machine *m, const struct row *r)
{
	for (uint32_t i = 0; i < r->columns; i++) {
		const char *level = row_address(r, r->level, i);

		somebody(m, level, number(-6.0));
		for (uint32_t v = 0; v <= TOP / 2; v += TOP / 64)
			row_sends(m, r->on, r, i, v);
		row_sends(m, r->on, r, i, 8192);
		assert_true(value_of(m, level) == 0.0);
	}
}

static inline double
row_way(struct machine *m, const struct row *r, uint32_t column)
{
	struct param_info info;

	param_info(m->rig->p, find(m->rig, row_to(r, column)), &info);
	return (value_of(m, row_to(r, column)) - info.min) /
	       (info.max - info.min);
}

/* Faders and knobs with two ends: with takeover, dead until they come by; then
 * from the one end, in dB, to the other. */
static inline void
row_moves(struct machine *m, const struct row *r, double low_db, double high_db)
{
	const char *level = r->level ? r->level : r->to;

	for (uint32_t i = 0; i < r->columns; i++) {
		double way = row_way(m, r, i), was = value_of(m, row_to(r, i));
		uint32_t near = (uint32_t)lround(way * TOP);

		assert_true(r->jumps || way > 0.1);
		if (!r->jumps) {
			row_sends(m, r->on, r, i, 0);
			is_at(m, row_to(r, i), was);
			row_sends(m, r->on, r, i, near);
			row_is_at_way(m, r, i, near);
		}
		row_sends(m, r->on, r, i, TOP);
		is_at(m, row_address(r, level, i), high_db);
		row_sends(m, r->on, r, i, 0);
		is_at(m, row_address(r, level, i), low_db);
		row_sends(m, r->on, r, i, 4000 + 700 * i);
	}
	for (uint32_t i = 0; i < r->columns; i++)
		row_is_at_way(m, r, i, 4000 + 700 * i);
}

/* Knobs without an end. One tick is this much, in the parameter's unit; many
 * at once count up to `acceleration` times. */
static inline void
row_turns(struct machine *m, const struct row *r, double tick,
	double acceleration)
{
	for (uint32_t i = 0; i < r->columns; i++) {
		double was = value_of(m, row_to(r, i)), now;

		row_sends(m, r->on, r, i, 0);
		is_at(m, row_to(r, i), was + tick);
		row_sends(m, r->off, r, i, 0);
		is_at(m, row_to(r, i), was);
		for (uint32_t k = 0; k < 5; k++)
			row_puts(m, r->off, r, i, 0);
		assert_true(machine_until(m, is_heard, WAIT_NS));
		now = value_of(m, row_to(r, i));
		if (acceleration > 1.0)
			assert_true(now < was - 5.5 * tick &&
				    now >= was - 5 * acceleration * tick);
		else
			is_at(m, row_to(r, i), was - 5 * tick);
		somebody(m, row_to(r, i), number(was));
	}
}

static inline void
row_presses(struct machine *m, const struct row *r, uint32_t column)
{
	row_sends(m, r->on, r, column, 0);
	if (r->off)
		row_sends(m, r->off, r, column, 0);
}

static inline void
row_lamp_is(struct machine *m, const struct row *r, uint32_t column, bool lit)
{
	if (r->lit)
		row_shows(m, lit ? r->lit : r->dark, r, column, 0);
}

/* Buttons that switch, and what they look like whoever switched. */
static inline void
row_toggles(struct machine *m, const struct row *r)
{
	double was[COLUMNS];

	for (uint32_t i = 0; i < r->columns; i++)
		was[i] = value_of(m, row_to(r, i));
	for (uint32_t i = 0; i < r->columns; i++) {
		row_lamp_is(m, r, i, was[i] > 0.5);
		row_presses(m, r, i);
		for (uint32_t k = 0; k < r->columns; k++)
			is_at(m, row_to(r, k), k <= i ? 1 - was[k] : was[k]);
	}
	for (uint32_t i = 0; i < r->columns; i++)
		row_lamp_is(m, r, i, was[i] < 0.5);
	for (uint32_t i = 0; i < r->columns; i++) {
		row_presses(m, r, i);
		is_at(m, row_to(r, i), was[i]);
	}
	for (uint32_t i = 0; i < r->columns; i++) {
		row_lamp_is(m, r, i, was[i] > 0.5);
		somebody(m, row_to(r, i), whole(was[i] < 0.5));
		row_lamp_is(m, r, i, was[i] < 0.5);
		somebody(m, row_to(r, i), whole(was[i] > 0.5));
		row_lamp_is(m, r, i, was[i] > 0.5);
	}
}

/* Rows of which each is a choice, and one per column is lit. */
static inline void
rows_choose(struct machine *m, const struct row *rows, uint32_t count)
{
	for (uint32_t k = 2 * count; k-- > 0;) {
		const struct row *r = &rows[k % count];

		for (uint32_t i = 0; i < r->columns; i++) {
			if (k >= count)
				row_presses(m, r, i);
			else
				somebody(m, row_to(r, i), text(r->choice));
			is_choice(m, row_to(r, i), r->choice);
		}
		for (uint32_t n = 0; n < count; n++)
			for (uint32_t i = 0; i < r->columns; i++)
				row_lamp_is(m, &rows[n], i, n == k % count);
	}
}

/* A push sets this. */
static inline void
row_sets(struct machine *m, const struct row *r, double other, double want)
{
	for (uint32_t i = 0; i < r->columns; i++) {
		somebody(m, row_to(r, i), number(other));
		row_presses(m, r, i);
		is_at(m, row_to(r, i), want);
	}
}

static inline struct row
row_at(const struct row *r, uint32_t first)
{
	struct row moved = *r;

	moved.first = first;
	return moved;
}

/* Every lamp of the rows is what its parameter is. */
static inline void
rows_are_shown(struct machine *m, const struct row *rows, uint32_t count)
{
	for (uint32_t n = 0; n < count; n++) {
		for (uint32_t i = 0; i < rows[n].columns; i++) {
			const char *to = row_to(&rows[n], i);
			struct param_value v = get(m->rig, to);

			row_lamp_is(m, &rows[n], i,
				v.type == PARAM_TEXT
					? !strcmp(v.s, rows[n].choice)
					: v.i == 1);
		}
	}
}

/* ---- scenes: f1, f2, ... ---- */

static struct {
	enum model_scene_ask what;
	char name[16];
	uint32_t count;
} asked;

static inline void
on_scene(void *data, enum model_scene_ask what, const char *name)
{
	struct machine *m = data;

	asked.what = what;
	snprintf(asked.name, sizeof(asked.name), "%s", name);
	asked.count++;
	if (what == MODEL_SCENE_RECALL)
		model_scene_is(m->rig->model, name);
}

static inline void
is_asked(enum model_scene_ask what, const char *name)
{
	assert_int_equal(asked.count, 1);
	assert_int_equal(asked.what, what);
	assert_string_equal(asked.name, name);
	asked.count = 0;
}

/* Each press recalls one, and its lamp alone is lit. */
static inline void
row_recalls(struct machine *m, const struct row *r)
{
	asked.count = 0;
	model_set_scenes(m->rig->model, on_scene, m);
	for (uint32_t i = 0; i < r->columns; i++) {
		char name[16];

		snprintf(name, sizeof(name), "f%u", i + 1);
		row_presses(m, r, i);
		is_asked(MODEL_SCENE_RECALL, name);
		for (uint32_t k = 0; k < r->columns; k++)
			row_lamp_is(m, r, k, k == i);
	}
}

static inline void
row_saves(struct machine *m, const struct row *r)
{
	asked.count = 0;
	model_set_scenes(m->rig->model, on_scene, m);
	for (uint32_t i = 0; i < r->columns; i++) {
		char name[16];

		snprintf(name, sizeof(name), "f%u", i + 1);
		row_presses(m, r, i);
		is_asked(MODEL_SCENE_SAVE, name);
	}
}

/* The button with these bytes brings the strips from `first` on, and their
 * lamps; the other one brings back those of before. */
static inline void
bank_moves(struct machine *m, const char *right[2], const char *left[2],
	const struct row *faders, const struct row *mutes, uint32_t first)
{
	struct row far_faders = row_at(faders, first);
	struct row far_mutes = row_at(mutes, first);

	somebody(m, row_to(&far_mutes, 1), whole(1));
	somebody(m, row_to(mutes, 0), whole(1));
	row_lamp_is(m, mutes, 0, true);
	row_lamp_is(m, mutes, 1, false);
	press(m, right[0], right[1]);
	row_lamp_is(m, mutes, 0, false);
	row_lamp_is(m, mutes, 1, true);
	row_moves(m, &far_faders, -90.0, 12.0);
	row_toggles(m, &far_mutes);
	for (uint32_t i = 0; i < faders->columns; i++)
		is_at(m, row_to(faders, i), 0.75);
	press(m, left[0], left[1]);
	row_lamp_is(m, mutes, 0, true);
	row_lamp_is(m, mutes, 1, false);
	row_presses(m, mutes, 0);
	is_at(m, row_to(mutes, 0), 0);
}

#endif
