/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every row, by a loop over the table: a new one is tested by being there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "control/model/feed.h"
#include "tests/model_rig.h"

static bool
is_set_by_people(const struct row *row)
{
	return !row->inner && !row->read_only && !row->asks;
}

/* One that is not the value of now. */
static struct param_value
another(struct rig *r, uint32_t id)
{
	struct param_value v = {0}, now;
	struct param_info info;

	param_info(r->p, id, &info);
	param_get(r->p, id, &now);
	v.type = info.type;
	if (info.choices)
		snprintf(v.s, sizeof(v.s), "%s",
			info.choice[strcmp(now.s, info.choice[1]) ? 1 : 2]);
	else if (info.type == PARAM_TEXT)
		snprintf(v.s, sizeof(v.s), "Deck %u", id);
	if (info.type == PARAM_INT)
		v.i = now.i == (int64_t)info.min ? now.i + 1
						 : (int64_t)info.min;
	if (info.type == PARAM_FLOAT) {
		v.f = info.min + 0.375 * (info.max - info.min);
		v.f = v.f == now.f ? info.min + 0.25 : v.f;
	}
	return v;
}

static void
put(struct rig *r, uint32_t id, const struct param_value *v)
{
	struct param_change change = {.id = id};
	char why[PARAM_WHY_MAX];

	assert_int_equal(param_check(r->p, id, v, &change.value, why), 0);
	param_apply(r->p, &change, 1, 0, PARAM_SOURCE_NONE);
}

static bool
is_same(const struct param_value *a, const struct param_value *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == PARAM_TEXT)
		return !strcmp(a->s, b->s);
	return a->type == PARAM_INT ? a->i == b->i : (float)a->f == (float)b->f;
}

static bool
has_value(struct rig *r, uint32_t id, const struct param_value *want)
{
	struct param_value v;

	param_get(r->p, id, &v);
	return is_same(&v, want);
}

static struct param_value
initial_of(struct rig *r, uint32_t id)
{
	struct param_info info;

	param_info(r->p, id, &info);
	return info.initial;
}

/* The second of its places; the first is left alone. */
static struct place
second(const struct row *row)
{
	if (row->scope == ROW_OF_ALL)
		return (struct place){PLACE_BUS, 0};
	return (struct place){row->scope == ROW_OF_BUS ? PLACE_BUS : 1, 1};
}

static struct place
first(const struct row *row)
{
	return (struct place){row_is_of_strip(row) ? 0 : PLACE_BUS, 0};
}

static uint32_t
id_of(struct rig *r, uint32_t row, struct place at)
{
	return params_id(r->p, (enum row_name)row, at);
}

static void
the_table_is_one(void **state)
{
	uint32_t said[MIX_COUNT] = {0};

	(void)state;
	for (uint32_t i = 0; i < rows_count; i++) {
		const struct row *row = &rows[i];

		assert_true(row->name && strlen(row->name) > 0);
		for (uint32_t k = 0; k < i; k++)
			assert_false(!strcmp(rows[k].name, row->name) &&
				     (rows[k].scope == ROW_OF_BUS) ==
					     (row->scope == ROW_OF_BUS));
		assert_true(!row->of || !row->of->of);
		assert_true(row->inner || row->help);
		assert_true(row->type == PARAM_TEXT || row->choices ||
			    row->min < row->max);
		if (row->mix)
			assert_int_equal(said[row->mix]++, 0);
	}
}

static void
each_is_got_as_it_was_set_at_its_place_alone(void **state)
{
	struct rig *r = *state;

	for (uint32_t i = 0; i < rows_count; i++) {
		uint32_t here, there;
		struct param_value v, other;

		if (!is_set_by_people(&rows[i]))
			continue;
		here = id_of(r, i, second(&rows[i]));
		there = id_of(r, i, first(&rows[i]));
		other = initial_of(r, there);
		assert_true(has_value(r, there, &other));
		v = another(r, here);
		put(r, here, &v);
		assert_true(has_value(r, here, &v));
		assert_true(there == here || has_value(r, there, &other));
		v = initial_of(r, here);
		put(r, here, &v);
		assert_true(has_value(r, here, &v));
	}
}

/* Said ahead of its moment or when it was set, it is the same message. */
static void
each_says_its_parameter_its_place_and_its_value(void **state)
{
	struct rig *r = *state;

	for (uint32_t i = 0; i < rows_count; i++) {
		const struct row *row = &rows[i];
		struct place at = second(row);
		struct message before, after;
		struct param_value v;
		uint32_t id;

		if (!is_set_by_people(row))
			continue;
		id = id_of(r, i, at);
		v = another(r, id);
		if (!param_message(r->p, id, &v, &before)) {
			assert_false(row->mix || (row->of && row->of->mix));
			continue;
		}
		put(r, id, &v);
		assert_true(feed_message(r->model, id, 0, &after));
		assert_memory_equal(&before, &after, sizeof(after));
		assert_int_equal(
			after.parameter, row->mix ? row->mix : row->of->mix);
		assert_int_equal(after.place,
			mix_place((enum mix)after.parameter, at.strip, at.bus));
		if (!row->of && row->type == PARAM_INT)
			assert_true(after.target == (float)v.i);
		if (!row->of && row->type == PARAM_FLOAT)
			assert_true(after.target ==
				    (row->law ? row->law(v.f) : (float)v.f));
	}
}

/* ---- what outlives the process ---- */

/* Every value that is kept is another one than at the start, and goes into
 * want[]. */
static void
change_all(struct rig *r, struct param_value want[ROWS_MAX])
{
	for (uint32_t i = 0; i < rows_count; i++) {
		if (is_set_by_people(&rows[i]) && !rows[i].of) {
			uint32_t id = id_of(r, i, second(&rows[i]));
			struct param_value v = another(r, id);

			put(r, id, &v);
		}
	}
	for (uint32_t i = 0; i < rows_count; i++)
		if (is_set_by_people(&rows[i]))
			param_get(
				r->p, id_of(r, i, second(&rows[i])), &want[i]);
}

/* All but those of this row, which have their first value. */
static void
assert_all(struct rig *r, const struct param_value want[ROWS_MAX],
	const struct row *but)
{
	for (uint32_t i = 0; i < rows_count; i++) {
		uint32_t id;
		struct param_value v;

		if (!is_set_by_people(&rows[i]))
			continue;
		id = id_of(r, i, second(&rows[i]));
		v = &rows[i] == but || (but && rows[i].of == but)
			    ? initial_of(r, id)
			    : want[i];
		assert_true(has_value(r, id, &v));
	}
}

static char *
kept_name(struct rig *r, const struct row *row)
{
	struct values *v = r->memory;
	struct values_slots in =
		row_keeps_text(row) ? values_texts(v) : values_numbers(v);
	char name[VALUES_NAME_MAX];
	int slot;

	snprintf(name, sizeof(name), "%s/%s",
		row->scope == ROW_OF_ALL   ? "all"
		: row->scope == ROW_OF_BUS ? "bus"
					   : "strip",
		row->name);
	slot = values_find(in, name);
	assert_true(slot >= 0);
	return in.name[slot];
}

static bool
is_kept(const struct row *row)
{
	return is_set_by_people(row) && !row->of;
}

static void
each_outlives_the_process(void **state)
{
	struct rig *r = *state;
	struct param_value want[ROWS_MAX];

	change_all(r, want);
	rig_crash(r);
	assert_all(r, want, NULL);
}

/* Each row in its turn is one that the program before did not have. */
static void
an_older_state_has_fewer_names_and_is_read(void **state)
{
	struct rig *r = *state;
	struct param_value want[ROWS_MAX];

	for (uint32_t i = 0; i < rows_count; i++) {
		if (!is_kept(&rows[i]))
			continue;
		rig_configure(r);
		change_all(r, want);
		memset(kept_name(r, &rows[i]), 0, VALUES_NAME_MAX);
		rig_crash(r);
		assert_all(r, want, &rows[i]);
	}
}

/* Each row in its turn is one that this program does not know, and another one
 * after it does. */
static void
a_name_that_is_unknown_stays_for_who_knows_it(void **state)
{
	struct rig *r = *state;
	struct param_value want[ROWS_MAX];

	for (uint32_t i = 0; i < rows_count; i++) {
		char was[VALUES_NAME_MAX], *name;

		if (!is_kept(&rows[i]))
			continue;
		rig_configure(r);
		change_all(r, want);
		name = kept_name(r, &rows[i]);
		memcpy(was, name, sizeof(was));
		strcpy(name, "strip/of tomorrow");
		rig_crash(r);
		assert_all(r, want, &rows[i]);
		memset(kept_name(r, &rows[i]), 0, VALUES_NAME_MAX);
		memcpy(name, was, sizeof(was));
		rig_crash(r);
		assert_all(r, want, NULL);
	}
}

/* Too much of it gives way. */
static void
a_state_full_of_unknown_names_is_read(void **state)
{
	struct rig *r = *state;
	struct values *v = r->memory;
	struct param_value want[ROWS_MAX];
	struct values_slots all[2] = {values_numbers(v), values_texts(v)};
	uint32_t trim = ROW_STRIP_TRIM;

	change_all(r, want);
	strcpy(kept_name(r, &rows[trim]), "strip/of tomorrow");
	for (int k = 0; k < 2; k++)
		for (uint32_t i = 0; i < all[k].count; i++)
			if (!all[k].name[i][0])
				snprintf(all[k].name[i], VALUES_NAME_MAX,
					"bus/unknown %u", i);
	rig_crash(r);
	assert_all(r, want, &rows[trim]);
	put(r, id_of(r, trim, second(&rows[trim])), &want[trim]);
	rig_crash(r);
	assert_all(r, want, NULL);
}

/* ---- another app ---- */

/* Whatever its user did to the one that was there. */
static void
an_app_that_comes_inherits_nothing(void **state)
{
	struct rig *r = *state;
	uint32_t a;

	r->config.strips = 1;
	rig_configure(r);
	a = comes(r, "a", "A");
	for (uint32_t i = 0; i < rows_count; i++) {
		struct param_value v;

		if (!is_kept(&rows[i]) || rows[i].scope != ROW_OF_STRIP ||
			i == ROW_STRIP_NAME)
			continue;
		v = another(r, id_of(r, i, strip_place(0)));
		put(r, id_of(r, i, strip_place(0)), &v);
	}
	set(r, "/strip/1/tap", "copy", 0); /* takes it off main */
	set(r, "/strip/1/tap", "take", 0); /* by hand */
	set(r, "/strip/1/tap", "copy", 0);
	model_app_gone(r->model, a);
	assert_int_equal(strip_of(r, comes(r, "b", "B")), 0);
	for (uint32_t i = 0; i < rows_count; i++) {
		struct place at = strip_place(0);
		struct param_value v;

		if (!row_is_of_strip(&rows[i]) || rows[i].stays)
			continue;
		if (!rows[i].inner) {
			v = initial_of(r, id_of(r, i, at));
			assert_true(has_value(r, id_of(r, i, at), &v));
		} else {
			assert_true(kept_number(&r->model->kept,
					    (enum row_name)i, at) ==
				    (rows[i].start ? rows[i].start(r->model)
						   : rows[i].initial));
		}
	}
	assert_text(r, "/strip/1/name", "B");
	assert_text(r, "/strip/1/app", "B");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_one),
		TEST(each_is_got_as_it_was_set_at_its_place_alone),
		TEST(each_says_its_parameter_its_place_and_its_value),
		TEST(each_outlives_the_process),
		TEST(an_older_state_has_fewer_names_and_is_read),
		TEST(a_name_that_is_unknown_stays_for_who_knows_it),
		TEST(a_state_full_of_unknown_names_is_read),
		TEST(an_app_that_comes_inherits_nothing),
	};

	return cmocka_run_group_tests_name("row", tests, NULL, NULL);
}
