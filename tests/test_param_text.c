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

#include "tests/param_rig.h"

/* ---- choices ---- */

static void
a_route_is_set_by_name_and_by_index(void **state)
{
	struct rig *r = *state;

	assert_text(r, "/strip/1/route", "both");
	assert_int_equal(set(r, "/strip/1/route", text("loop")), 0);
	assert_text(r, "/strip/1/route", "loop");
	assert_whole(r, "/strip/1/send/main", 0);
	assert_whole(r, "/strip/1/send/loop", 1);
	assert_int_equal(set(r, "/strip/1/route", whole(3)), 0);
	assert_text(r, "/strip/1/route", "none");
	assert_int_equal(set(r, "/strip/1/route", number(1.0)), 0);
	assert_text(r, "/strip/1/route", "main");
	assert_int_equal(set(r, "/strip/1/send/loop", whole(1)), 0);
	assert_text(r, "/strip/1/route", "both");
}

static void
a_route_is_its_index_as_well(void **state)
{
	struct rig *r = *state;

	assert_whole(r, "/strip/3/route/index", 0);
	assert_int_equal(set(r, "/strip/3/route/index", number(2.0)), 0);
	assert_text(r, "/strip/3/route", "loop");
	assert_int_equal(set(r, "/strip/3/route", text("main")), 0);
	assert_whole(r, "/strip/3/route/index", 1);
	assert_int_equal(set(r, "/strip/3/route/index", text("none")), 0);
	assert_whole(r, "/strip/3/send/loop", 0);
	assert_int_equal(set(r, "/strip/3/route/index", whole(4)), -EINVAL);
	assert_string_equal(r->why, "/strip/3/route/index: no route 4; "
				    "one of both, main, loop, none");
	assert_int_equal(set(r, "/strip/3/route/index", whole(-1)), -EINVAL);
	assert_whole(r, "/strip/3/route/index", 3);
}

static void
a_choice_that_is_none_is_refused_in_words(void **state)
{
	struct rig *r = *state;

	assert_int_equal(set(r, "/strip/3/route", text("bth")), -EINVAL);
	assert_string_equal(r->why, "/strip/3/route: no route \"bth\"; "
				    "one of both, main, loop, none");
	assert_int_equal(set(r, "/strip/3/route", text("custom")), -EINVAL);
	assert_int_equal(set(r, "/strip/3/route", text("")), -EINVAL);
	assert_int_equal(set(r, "/strip/3/route", whole(4)), -EINVAL);
	assert_string_equal(r->why, "/strip/3/route: no route 4; "
				    "one of both, main, loop, none");
	assert_int_equal(set(r, "/strip/3/route", whole(-1)), -EINVAL);
	assert_int_equal(
		set(r, "/strip/3/route", number((double)NAN)), -EINVAL);
	assert_int_equal(
		set(r, "/strip/3/route", number((double)INFINITY)), -EINVAL);
	assert_text(r, "/strip/3/route", "both");
	assert_int_equal(set(r, "/strip/3/tap", text("steal")), -EINVAL);
	assert_string_equal(r->why, "/strip/3/tap: no tap \"steal\"; "
				    "one of take, copy, off");
	assert_int_equal(set(r, "/strip/3/tap", text("copy")), 0);
	assert_text(r, "/strip/3/tap", "copy");
	assert_int_equal(set(r, "/strip/3/tap", whole(2)), 0);
	assert_text(r, "/strip/3/tap", "off");
}

static void
sends_that_are_no_route_read_as_custom(void **state)
{
	struct model_config config;
	struct rig *r = *state;
	void *memory = calloc(1, model_memory_bytes());
	struct model *c, *before = r->model;
	struct param_info info;

	model_config_init(&config);
	strcpy(config.bus_name[config.buses++], "cue");
	config.routes = 0;
	assert_int_equal(model_new(&c, &config, memory), 0);
	r->model = c;
	r->p = model_params(c);
	assert_text(r, "/strip/1/route", "both");
	assert_whole(r, "/strip/1/send/cue", 0);
	set(r, "/strip/1/send/cue", whole(1));
	assert_text(r, "/strip/1/route", "all");
	set(r, "/strip/1/send/main", whole(0));
	assert_text(r, "/strip/1/route", "custom");
	assert_whole(r, "/strip/1/route/index", -1);
	param_info(r->p, find(r, "/strip/1/route"), &info);
	assert_int_equal(info.choices, 6);
	assert_string_equal(info.choice[5], "none");
	assert_true(info.min == 0.0 && info.max == 5.0);
	set(r, "/strip/1/route", text("both"));
	assert_whole(r, "/strip/1/send/cue", 0);
	model_free(c);
	r->model = before;
	free(memory);
}

/* ---- text ---- */

static void
a_name_is_any_text_that_can_be_shown(void **state)
{
	struct rig *r = *state;
	char longest[PARAM_TEXT_MAX], longer[PARAM_TEXT_MAX + 1];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(
		set(r, "/strip/1/name", text("Plattenspieler \u00fc")), 0);
	assert_text(r, "/strip/1/name", "Plattenspieler \u00fc");
	assert_int_equal(set(r, "/strip/1/name", text(longest)), 0);
	assert_text(r, "/strip/1/name", longest);
	assert_int_equal(set(r, "/strip/1/name", text(longer)), -ERANGE);
	assert_int_equal(set(r, "/strip/1/name", text("a\nb")), -EINVAL);
	assert_string_equal(r->why,
		"/strip/1/name: \"a?b\" has control characters; UTF-8 text "
		"without control characters, at most 63 bytes");
	assert_int_equal(set(r, "/strip/1/name", text("a\x7f")), -EINVAL);
	assert_int_equal(set(r, "/strip/1/name", text("a\xc2\x85")), -EINVAL);
	assert_int_equal(set(r, "/strip/1/name", text("a\xff")), -EINVAL);
	assert_int_equal(set(r, "/strip/1/name", text("\xc0\xaf")), -EINVAL);
	assert_int_equal(
		set(r, "/strip/1/name", text("\xed\xa0\x80")), -EINVAL);
	assert_int_equal(set(r, "/strip/1/name", text("a\xe2\x82")), -EINVAL);
	assert_int_equal(set(r, "/strip/1/name", number(3)), -EINVAL);
	assert_text(r, "/strip/1/name", longest);
}

static void
what_is_read_only_cannot_be_set(void **state)
{
	struct rig *r = *state;
	struct param_info info;

	assert_int_equal(set(r, "/strip/1/app", text("x")), -EPERM);
	assert_string_equal(r->why, "/strip/1/app: read-only, \"x\" is not "
				    "taken; it tells the app that it holds");
	param_info(r->p, find(r, "/strip/1/app"), &info);
	assert_true(info.read_only);
	param_info(r->p, find(r, "/strip/1/name"), &info);
	assert_false(info.read_only);
}

/* ---- patterns ---- */

static uint32_t
count(struct rig *r, const char *pattern)
{
	uint32_t ids[256], n = param_match(r->p, pattern, ids, 256);

	assert_true(n <= 256);
	for (uint32_t i = 1; i < n; i++)
		assert_true(ids[i] > ids[i - 1]);
	return n;
}

static void
patterns_name_what_they_match(void **state)
{
	struct {
		const char *pattern;
		uint32_t want;
	} cases[] = {
		{"/strip/*/mute", 16},
		{"/strip/?/mute", 9},
		{"/strip/?"
		 "?/mute",
			7} /* no trigraph */,
		{"/strip/[1-4]/gain", 4},
		{"/strip/[14]/gain", 2},
		{"/strip/[!1-4]/gain", 5},
		{"/strip/1[0-9]/gain", 7},
		{"/strip/{1,3,16,17}/gain", 3},
		{"/strip/{1,1*}/gain", 1},
		{"/strip/1{,0,2}/gain", 3},
		{"/strip/*/*", 16 * 15},
		{"/strip/*/send/*", 32},
		{"/strip/2/{gain,fader}", 2},
		{"/strip/2/*a*", 6}, /* gain fader tap name app */
		{"/*/*/gain", 18},
		{"/bus/*/mute", 2},
		{"/bus/m*n/mute", 1},
		{"/bus/*i*/mute", 1},
		{"/bus/*o*o*/mute", 1},
		{"/bus/*o*o*o*/mute", 0},
		{"/{strip,bus}/*/fader", 18},
		{"/strip/**/mute", 16},
		{"/strip/*?*/mute", 16},
		{"/*", 5}, /* crossfader, scene, tempo, beat, quantise */
		{"/strip/*", 0},
		{"/strip/*mute", 0},
		{"//mute", 0},
		{"/strip//*", 0},
		{"//*/mute", 0},
		{"/strip/[1-/gain", 0},
		{"/strip/[/gain", 0},
		{"/strip/{1,2/gain", 0},
		{"/strip/{}/gain", 0},
		{"/strip/[]/gain", 0},
		{"/strip/[4-1]/gain", 0},
		{"/strip/1]/gain", 0},
		{"/strip/*/gain/*", 0},
		{"strip/*/gain", 0},
		{"*", 0},
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (count(r, cases[i].pattern) != cases[i].want)
			fail_msg("%s: %u, not %u", cases[i].pattern,
				count(r, cases[i].pattern), cases[i].want);
	}
}

static void
a_parameter_matched_by_number_and_slug_counts_once(void **state)
{
	struct rig *r = *state;
	uint32_t ids[4] = {0, 0, 0, 4242};

	set(r, "/strip/3/name", text("1deck"));
	set(r, "/strip/1/name", text("Deck B"));
	assert_int_equal(count(r, "/strip/*/gain"), 16);
	assert_int_equal(count(r, "/strip/*d*/gain"), 2);
	assert_int_equal(count(r, "/strip/{deck-b,3}/gain"), 2);
	/* 1, 10 to 16, and 3, whose slug begins with 1 */
	assert_int_equal(count(r, "/strip/1*/gain"), 9);
	assert_int_equal(param_match(r->p, "/strip/*/gain", ids, 3), 16);
	assert_int_equal(ids[0], find(r, "/strip/1/gain"));
	assert_int_equal(ids[2], find(r, "/strip/3/gain"));
	assert_int_equal(ids[3], 4242); /* no more than there is room for */
	assert_int_equal(param_match(r->p, "/strip/1/gain", NULL, 0), 1);
	assert_int_equal(param_match(r->p, "/strip/*/gain", NULL, 0), 16);
	/* /app only for what holds one */
	assert_int_equal(count(r, "/app/*/gain"), 0);
	assert_int_equal(model_assign(r->model, "x", "X"), 1);
	assert_int_equal(count(r, "/app/*/gain"), 1);
	assert_int_equal(count(r, "/{app,strip}/x/gain"), 1);
}

static void
no_pattern_takes_long(void **state)
{
	struct rig *r = *state;
	char pattern[1000] = "/strip/";

	/* Backtracking would take years. */
	set(r, "/strip/1/name", text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
	for (int i = 0; i < 300; i++)
		strcat(pattern, "*a*");
	strcat(pattern, "b/gain");
	assert_int_equal(count(r, pattern), 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_route_is_set_by_name_and_by_index),
		TEST(a_route_is_its_index_as_well),
		TEST(a_choice_that_is_none_is_refused_in_words),
		TEST(sends_that_are_no_route_read_as_custom),
		TEST(a_name_is_any_text_that_can_be_shown),
		TEST(what_is_read_only_cannot_be_set),
		TEST(patterns_name_what_they_match),
		TEST(a_parameter_matched_by_number_and_slug_counts_once),
		TEST(no_pattern_takes_long),
	};

	return cmocka_run_group_tests_name("param_text", tests, NULL, NULL);
}
