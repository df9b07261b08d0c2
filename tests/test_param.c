/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/level.h"
#include "tests/param_rig.h"

static void
on_change(void *data, uint32_t id, uint32_t source)
{
	struct rig *r = data;

	assert_true(r->heard < 32);
	r->heard_id[r->heard] = id;
	r->heard_source[r->heard++] = source;
}

static bool
heard(const struct rig *r, const char *address)
{
	for (int i = 0; i < r->heard; i++) {
		if ((int)r->heard_id[i] == param_find(r->p, address))
			return true;
	}
	return false;
}

/* ---- the table ---- */

static void
every_parameter_is_found_by_its_address(void **state)
{
	struct rig *r = *state;

	/* 16 strips of gain, fader, mute, trim, route, its index, 2 sends, tap,
	 * name, app, width, 3 bands, their knobs, filter, resonance, side,
	 * cue, solo and pending; 2 buses of gain, fader, mute, limit, ceiling
	 * and release; 4 of the crossfader, 4 of cue and solo, 5 of scenes, 9
	 * of tempo */
	assert_int_equal(param_count(r->p), 16 * 24 + 2 * 6 + 22);
	for (uint32_t id = 0; id < param_count(r->p); id++) {
		struct param_info info;
		struct param_value v;
		uint32_t ids[2];

		param_info(r->p, id, &info);
		assert_int_equal(param_find(r->p, info.address), id);
		assert_int_equal(param_match(r->p, info.address, ids, 2), 1);
		assert_int_equal(ids[0], id);
		assert_non_null(info.unit);
		assert_true(info.help[0]);
		param_get(r->p, id, &v);
		assert_int_equal(v.type, info.type);
		assert_int_equal(info.initial.type, info.type);
		if (info.type == PARAM_TEXT)
			assert_string_equal(v.s, info.initial.s);
		else if (info.type == PARAM_INT)
			assert_int_equal(v.i, info.initial.i);
		else
			assert_true(v.f == info.initial.f);
	}
}

static void
what_is_no_address_is_not_found(void **state)
{
	static const char *const bad[] = {"", "/", "strip/1/gain", "/strip",
		"/strip/", "/strip/1", "/strip/1/", "/strip/0/gain",
		"/strip/01/gain", "/strip/17/gain", "/strip/-1/gain",
		"/strip/99999999999999999999/gain", "/strip/1/gain/",
		"/strip//gain", "//strip/1/gain", "/strip/1/send",
		"/strip/1/send/cue", "/strip/1/Gain", "/strip/x/gain",
		"/app/1/gain", "/app//gain", "/bus/cue/gain", "/bus/main",
		"/bus/main/trim", "/strip/*/gain", "/strip/1/gain,", "#bundle"};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(param_find(r->p, bad[i]), -ENOENT);
}

/* ---- numbers ---- */

static void
a_number_reads_as_it_was_set(void **state)
{
	struct rig *r = *state;
	static const char *const addresses[] = {
		"/strip/3/gain", "/strip/16/trim", "/bus/loop/gain"};
	static const double values[] = {-3.1, 0.0, -0.1, 7.77, -17.123456789};

	for (int a = 0; a < 3; a++) {
		for (int i = 0; i < 5; i++) {
			assert_int_equal(
				set(r, addresses[a], number(values[i])), 0);
			assert_number(r, addresses[a], (float)values[i]);
		}
	}
	assert_int_equal(set(r, "/strip/3/gain", whole(1)), 0);
	assert_number(r, "/strip/3/gain", 1.0f);
	assert_int_equal(set(r, "/strip/3/mute", whole(1)), 0);
	assert_whole(r, "/strip/3/mute", 1);
	assert_whole(r, "/strip/4/mute", 0);
	assert_int_equal(set(r, "/bus/main/mute", number(1.0)), 0);
	assert_whole(r, "/bus/main/mute", 1);
}

static void
numbers_are_clamped(void **state)
{
	struct {
		const char *address;
		double min, max;
	} rows[] = {{"/strip/1/gain", -90, 12}, {"/strip/1/fader", 0, 1},
		{"/strip/1/trim", -24, 24}, {"/bus/main/gain", -90, 12},
		{"/bus/main/fader", 0, 1}};
	const char *switches[] = {
		"/strip/1/mute", "/strip/1/send/loop", "/bus/main/mute"};
	struct rig *r = *state;

	for (int i = 0; i < 5; i++) {
		set(r, rows[i].address, number(1e30));
		assert_number(r, rows[i].address, (float)rows[i].max);
		set(r, rows[i].address, number(-1e30));
		assert_number(r, rows[i].address, (float)rows[i].min);
		assert_int_equal(
			set(r, rows[i].address, number((double)INFINITY)), 0);
		assert_number(r, rows[i].address, (float)rows[i].max);
		assert_int_equal(
			set(r, rows[i].address, number(-(double)INFINITY)), 0);
		assert_number(r, rows[i].address, (float)rows[i].min);
		set(r, rows[i].address, whole(INT64_MAX));
		assert_number(r, rows[i].address, (float)rows[i].max);
	}
	for (int i = 0; i < 3; i++) {
		set(r, switches[i], whole(INT64_MIN));
		assert_whole(r, switches[i], 0);
		set(r, switches[i], whole(127));
		assert_whole(r, switches[i], 1);
		set(r, switches[i], number(0.4));
		assert_whole(r, switches[i], 0);
		set(r, switches[i], number((double)INFINITY));
		assert_whole(r, switches[i], 1);
	}
}

static void
a_text_may_be_a_number(void **state)
{
	struct rig *r = *state;

	assert_int_equal(set(r, "/strip/1/gain", text("-7.5")), 0);
	assert_number(r, "/strip/1/gain", -7.5f);
	assert_int_equal(set(r, "/strip/1/mute", text("true")), 0);
	assert_whole(r, "/strip/1/mute", 1);
	assert_int_equal(set(r, "/strip/1/mute", text("False")), 0);
	assert_whole(r, "/strip/1/mute", 0);
	assert_int_equal(set(r, "/strip/1/mute", text("1")), 0);
	assert_whole(r, "/strip/1/mute", 1);
	assert_int_equal(set(r, "/strip/1/route", text("2")), 0);
	assert_text(r, "/strip/1/route", "loop");
	assert_int_equal(set(r, "/strip/1/name", text("808")), 0);
	assert_text(r, "/strip/1/name", "808");
	assert_int_equal(set(r, "/strip/1/gain", text("")), -EINVAL);
	assert_int_equal(set(r, "/strip/1/gain", text("inf")), -EINVAL);
	assert_int_equal(set(r, "/strip/1/gain", text("nan")), -EINVAL);
	assert_int_equal(set(r, "/strip/1/gain", text("-6 dB")), -EINVAL);
	assert_int_equal(set(r, "/strip/1/route", text("9")), -EINVAL);
	assert_number(r, "/strip/1/gain", -7.5f);
}

static void
what_is_no_number_is_refused(void **state)
{
	static const char *const addresses[] = {"/strip/2/gain",
		"/strip/2/fader", "/strip/2/mute", "/strip/2/trim",
		"/strip/2/send/main", "/bus/main/gain", "/bus/main/fader",
		"/bus/main/mute"};
	struct rig *r = *state;

	for (int i = 0; i < 8; i++) {
		struct param_value before = get(r, addresses[i]);
		struct param_value after;

		assert_int_equal(
			set(r, addresses[i], number((double)NAN)), -EINVAL);
		assert_int_equal(set(r, addresses[i], text("loud")), -EINVAL);
		after = get(r, addresses[i]);
		if (after.type == PARAM_INT)
			assert_int_equal(after.i, before.i);
		else
			assert_true(after.f == before.f);
	}
	set(r, "/strip/3/gain", text("loud"));
	assert_string_equal(r->why, "/strip/3/gain: \"loud\" is not a number; "
				    "a number from -90 to 12 dB");
	set(r, "/strip/3/mute", number((double)NAN));
	assert_string_equal(
		r->why, "/strip/3/mute: nan is not a number; 0 or 1");
}

/* ---- fader ---- */

static void
the_fader_law_is_exact_where_it_must_be_and_rises(void **state)
{
	double last = -91.0;

	(void)state;
	assert_true(level_from_fader(0.0) == -90.0);
	assert_true(level_from_fader(0.75) == 0.0);
	assert_true(level_from_fader(1.0) == 12.0);
	assert_true(level_to_fader(-90.0) == 0.0);
	assert_true(level_to_fader(0.0) == 0.75);
	assert_true(level_to_fader(12.0) == 1.0);
	assert_true(level_linear(0.0) == 1.0f);
	assert_true(level_linear(-90.0) == 0.0f);
	assert_true(level_linear(-1000.0) == 0.0f);
	assert_true(level_linear(-89.9) > 0.0f);
	/* no step at 0 dB, where the law is cut out of the curve */
	assert_true(fabs(level_from_fader(0.75 + 1e-9)) < 1e-6);
	assert_true(fabs(level_from_fader(0.75 - 1e-9)) < 1e-6);
	for (int i = 0; i <= 100000; i++) {
		float way = (float)i / 100000.0f;
		double db = level_from_fader((double)way);

		assert_true(db > last);
		assert_true((float)level_to_fader(db) == way);
		last = db;
	}
}

static void
fader_and_gain_are_one_value(void **state)
{
	struct rig *r = *state;

	assert_number(r, "/strip/1/fader", 0.75f);
	set(r, "/strip/1/gain", number(-90));
	assert_number(r, "/strip/1/fader", 0.0f);
	set(r, "/strip/1/fader", number(1.0));
	assert_number(r, "/strip/1/gain", 12.0f);
	set(r, "/strip/1/fader", number(0.75));
	assert_number(r, "/strip/1/gain", 0.0f);
	set(r, "/strip/1/fader", number((double)0.3f));
	assert_number(r, "/strip/1/fader", 0.3f);
	assert_number(
		r, "/strip/1/gain", (float)level_from_fader((double)0.3f));
	set(r, "/bus/main/fader", number(0.0));
	assert_number(r, "/bus/main/gain", -90.0f);
}

/* ---- actions ---- */

static void
do_action(struct rig *r, const char *address, struct param_value v)
{
	struct param_change change;

	assert_int_equal(param_find(r->p, address), -ENOENT);
	assert_int_equal(param_match(r->p, address, &change.id, 1), 0);
	assert_int_equal(param_match_set(r->p, address, &change.id, 1), 1);
	assert_true(param_is_action(r->p, change.id));
	assert_int_equal(
		param_check(r->p, change.id, &v, &change.value, r->why), 0);
	param_apply(r->p, &change, 1, 0, 77);
}

static void
a_step_is_added_and_stays_in_the_range(void **state)
{
	struct rig *r = *state;

	do_action(r, "/strip/1/gain/step", number(-2.5));
	do_action(r, "/strip/1/gain/step", whole(-3));
	assert_number(r, "/strip/1/gain", -5.5f);
	do_action(r, "/strip/1/gain/step", number(1e9));
	assert_number(r, "/strip/1/gain", 12.0f);
	do_action(r, "/strip/1/gain/step", number(-1000));
	assert_number(r, "/strip/1/gain", -90.0f);
	do_action(r, "/strip/16/trim/step", number(3));
	assert_number(r, "/strip/16/trim", 3.0f);
	do_action(r, "/bus/loop/gain/step", number(-1));
	assert_number(r, "/bus/loop/gain", -1.0f);
}

static void
a_toggle_turns_over_when_pressed_and_not_when_let_go(void **state)
{
	struct rig *r = *state;

	do_action(r, "/strip/2/mute/toggle", number(1));
	do_action(r, "/strip/2/mute/toggle", number(0));
	assert_whole(r, "/strip/2/mute", 1);
	do_action(r, "/strip/2/mute/toggle", whole(127));
	do_action(r, "/strip/2/mute/toggle", whole(0));
	assert_whole(r, "/strip/2/mute", 0);
	do_action(r, "/strip/2/send/loop/toggle", whole(1));
	assert_text(r, "/strip/2/route", "main");
	do_action(r, "/bus/main/mute/toggle", whole(1));
	assert_whole(r, "/bus/main/mute", 1);
}

static void
every_action_is_found_behind_its_parameter(void **state)
{
	struct rig *r = *state;
	uint32_t count = param_count(r->p), id;

	/* steps of gain, trim and 3 bands, toggles of mute, 2 sends, cue and
	 * solo; of 2 buses 2 steps and 2 toggles; and of all */
	assert_int_equal(param_set_count(r->p) - count, 16 * 10 + 2 * 4 + 5);
	for (uint32_t i = count; i < param_set_count(r->p); i++) {
		struct param_info info;

		param_info(r->p, i, &info);
		assert_int_equal(
			param_match_set(r->p, info.address, &id, 1), 1);
		assert_int_equal(id, i);
		assert_true(param_names_action(info.address));
		*strrchr(info.address, '/') = '\0';
		assert_true(param_find(r->p, info.address) >= 0);
	}
}

static void
only_a_pattern_with_the_word_acts(void **state)
{
	struct rig *r = *state;
	uint32_t ids[64];

	assert_int_equal(
		param_match_set(r->p, "/strip/*/mute/toggle", ids, 64), 16);
	assert_true(param_is_action(r->p, ids[15]));
	assert_int_equal(param_match_set(r->p, "/strip/3/*/*", ids, 64), 6);
	for (int i = 0; i < 6; i++)
		assert_false(param_is_action(r->p, ids[i]));
	assert_int_equal(param_match(r->p, "/strip/*/mute/toggle", ids, 64), 0);
}

/* ---- listeners ---- */

static void
listeners_hear_every_value_that_changes_and_by_whom(void **state)
{
	struct rig *r = *state;

	assert_int_equal(param_listen(r->p, on_change, r), 0);
	set(r, "/strip/1/gain", number(-6));
	assert_int_equal(r->heard, 2);
	assert_true(heard(r, "/strip/1/gain") && heard(r, "/strip/1/fader"));
	assert_int_equal(r->heard_source[0], 77);
	r->heard = 0;
	set(r, "/strip/1/gain", number(-6)); /* as it was */
	assert_int_equal(r->heard, 0);
	set(r, "/strip/2/route", text("loop"));
	assert_int_equal(r->heard, 3);
	assert_true(
		heard(r, "/strip/2/route") && heard(r, "/strip/2/send/main"));
	assert_true(heard(r, "/strip/2/route/index"));
	r->heard = 0;
	set(r, "/strip/2/send/loop", whole(0));
	assert_true(
		heard(r, "/strip/2/route") && heard(r, "/strip/2/send/loop"));
	r->heard = 0;
	set(r, "/bus/loop/fader", number(0.5));
	assert_int_equal(r->heard, 2);
	assert_true(heard(r, "/bus/loop/gain"));
	r->heard = 0;
	param_unlisten(r->p, on_change, r);
	set(r, "/strip/1/gain", number(-7));
	assert_int_equal(r->heard, 0);
}

static uint32_t
source_heard(struct rig *r, const char *address)
{
	for (int i = 0; i < r->heard; i++)
		if ((int)r->heard_id[i] == param_find(r->p, address))
			return r->heard_source[i];
	fail_msg("%s was not told", address);
	return 0;
}

static void
what_only_follows_from_a_change_is_nobodys(void **state)
{
	struct rig *r = *state;
	struct param_change both[2] = {
		{.id = find(r, "/strip/3/gain"), .value = number(-3)},
		{.id = find(r, "/strip/3/fader"), .value = number(0.5)}};

	param_listen(r->p, on_change, r);
	set(r, "/strip/1/gain", number(-6));
	assert_int_equal(source_heard(r, "/strip/1/gain"), 77);
	assert_int_equal(source_heard(r, "/strip/1/fader"), PARAM_SOURCE_NONE);
	r->heard = 0;
	set(r, "/strip/1/route/index", whole(1));
	assert_int_equal(source_heard(r, "/strip/1/route/index"), 77);
	assert_int_equal(source_heard(r, "/strip/1/route"), PARAM_SOURCE_NONE);
	r->heard = 0;
	do_action(r, "/strip/1/mute/toggle", whole(1));
	assert_int_equal(source_heard(r, "/strip/1/mute"), PARAM_SOURCE_NONE);
	r->heard = 0;
	param_apply(r->p, both, 2, 0, 77);
	assert_int_equal(source_heard(r, "/strip/3/gain"), 77);
	assert_int_equal(source_heard(r, "/strip/3/fader"), 77);
}

static void
an_echo_of_what_was_heard_changes_nothing(void **state)
{
	struct rig *r = *state;

	set(r, "/strip/1/fader", number((double)0.31f));
	param_listen(r->p, on_change, r);
	set(r, "/strip/1/gain", get(r, "/strip/1/gain"));
	set(r, "/strip/1/fader", get(r, "/strip/1/fader"));
	assert_int_equal(r->heard, 0);
	assert_number(r, "/strip/1/fader", 0.31f);
}

struct chain {
	struct rig *r;
	int depth;
};

/* Sets another parameter when one changes. */
static void
on_chain(void *data, uint32_t id, uint32_t source)
{
	struct chain *c = data;

	(void)source;
	assert_int_equal(c->depth++, 0);
	if ((int)id == param_find(c->r->p, "/strip/1/mute"))
		set(c->r, "/strip/2/mute", whole(1));
	c->depth--;
}

static void
a_listener_may_make_changes(void **state)
{
	struct rig *r = *state;
	struct chain c = {.r = r};

	param_listen(r->p, on_chain, &c);
	param_listen(r->p, on_change, r);
	set(r, "/strip/1/mute", whole(1));
	assert_whole(r, "/strip/2/mute", 1);
	assert_int_equal(r->heard, 2);
	assert_true(heard(r, "/strip/1/mute") && heard(r, "/strip/2/mute"));
}

static void
eight_can_listen_and_no_more(void **state)
{
	struct rig *r = *state;
	struct rig others[8] = {0};

	for (int i = 0; i < 8; i++)
		assert_int_equal(param_listen(r->p, on_change, &others[i]), 0);
	assert_true(param_listen(r->p, on_change, r) < 0);
	param_unlisten(r->p, on_change, &others[3]);
	assert_int_equal(param_listen(r->p, on_change, r), 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(every_parameter_is_found_by_its_address),
		TEST(what_is_no_address_is_not_found),
		TEST(a_number_reads_as_it_was_set),
		TEST(numbers_are_clamped),
		TEST(a_text_may_be_a_number),
		TEST(what_is_no_number_is_refused),
		TEST(the_fader_law_is_exact_where_it_must_be_and_rises),
		TEST(fader_and_gain_are_one_value),
		TEST(a_step_is_added_and_stays_in_the_range),
		TEST(a_toggle_turns_over_when_pressed_and_not_when_let_go),
		TEST(every_action_is_found_behind_its_parameter),
		TEST(only_a_pattern_with_the_word_acts),
		TEST(listeners_hear_every_value_that_changes_and_by_whom),
		TEST(what_only_follows_from_a_change_is_nobodys),
		TEST(an_echo_of_what_was_heard_changes_nothing),
		TEST(a_listener_may_make_changes),
		TEST(eight_can_listen_and_no_more),
	};

	return cmocka_run_group_tests_name("param", tests, NULL, NULL);
}
