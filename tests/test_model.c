/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model_rig.h"

/* ---- configuration ---- */

static void
a_configuration_that_cannot_be_is_refused(void **state)
{
	struct rig *r = *state;
	struct model_config bad[16];
	struct model *c;

	for (int i = 0; i < 16; i++)
		bad[i] = r->config;
	bad[0].strips = 0;
	bad[1].strips = STRIPS_MAX + 1;
	bad[2].buses = 0;
	bad[3].buses = BUSES_MAX + 1;
	strcpy(bad[4].bus_name[1], "main");
	strcpy(bad[5].bus_name[0], "a/b");
	bad[6].bus_name[0][0] = '\0';
	strcpy(bad[7].route[1].name, "custom");
	strcpy(bad[8].route[1].name, "both");
	bad[9].route[0].mask = 4;
	bad[10].rules = 1;
	bad[10].rule[0].strip = 4;
	bad[11].tap = (enum tap_mode)7;
	strcpy(bad[12].strip_name[2], "a\tb");
	memset(bad[13].bus_name[0], 'x', BUS_NAME_MAX);
	strcpy(bad[14].bus_name[1], "loopback");
	bad[15].rules = RULES_MAX + 1;
	for (int i = 0; i < 16; i++) {
		assert_int_equal(model_new(&c, &bad[i], r->memory), -EINVAL);
		assert_null(c);
	}
	assert_int_equal(
		model_new(&c, &r->config, (char *)r->memory + 1), -EINVAL);
}

static void
the_largest_model_fits(void **state)
{
	struct rig *r = *state;

	r->config.strips = STRIPS_MAX;
	r->config.buses = BUSES_MAX;
	for (uint32_t i = 0; i < BUSES_MAX; i++)
		snprintf(r->config.bus_name[i], BUS_NAME_MAX, "bus%u", i);
	r->config.routes = 0;
	rig_configure(r);
	assert_int_equal(param_count(r->p), 64 * (22 + 8) + 8 * 6 + 22);
	assert_true(param_find(r->p, "/strip/64/send/bus7") >= 0);
	assert_text(r, "/strip/1/route", "bus0");
}

/* ---- slugs ---- */

static void
a_slug_comes_from_the_name(void **state)
{
	static const char *const cases[][2] = {{"Spotify", "spotify"},
		{"Caf\u00e9 del M\u00e1r!", "cafe-del-mar"},
		{"\u00c6r\u00f8 Stra\u00dfe", "aero-strasse"},
		{"\u0141\u00f3d\u017a", "lodz"},
		{"  VLC  media  ", "vlc-media"},
		{"\u042f\u043d\u0434\u0435\u043a\u0441 Music", "yandeks-music"},
		{"\u0429\u0443\u043a\u0430 \u0401\u0436", "shchuka-yozh"},
		{"\u041a\u0438\u0457\u0432", "kiyiv"},
		{"\u03a8\u03c5\u03c7\u03ae", "psychi"},
		{"\u03ae\u03c7\u03bf\u03c2", "ichos"}, {"QQ\u97f3\u4e50", "qq"},
		{"808", "app-808"}, {"2nd deck", "2nd-deck"}};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char address[PARAM_ADDRESS_MAX];

		set(r, "/strip/2/name", cases[i][0], 0);
		snprintf(address, sizeof(address), "/strip/%s/gain",
			cases[i][1]);
		if (param_find(r->p, address) !=
			param_find(r->p, "/strip/2/gain"))
			fail_msg("%s", address);
	}
	/* none of it can be written: a number that it always has */
	set(r, "/strip/2/name", "\u97f3\u4e50", 0);
	assert_int_equal(param_find(r->p, "/strip/2nd-deck/gain"), -ENOENT);
	assert_int_equal(param_find(r->p, "/strip//gain"), -ENOENT);
	assert_int_equal(param_find(r->p, "/strip/app-a555aad7/gain"),
		param_find(r->p, "/strip/2/gain"));
}

static void
slugs_differ(void **state)
{
	struct rig *r = *state;

	for (int i = 1; i <= 3; i++) {
		char address[PARAM_ADDRESS_MAX];

		snprintf(address, sizeof(address), "/strip/%d/name", i);
		set(r, address, "Deck", 0);
	}
	assert_int_equal(param_find(r->p, "/strip/deck/gain"),
		param_find(r->p, "/strip/1/gain"));
	assert_int_equal(param_find(r->p, "/strip/deck-2/gain"),
		param_find(r->p, "/strip/2/gain"));
	assert_int_equal(param_find(r->p, "/strip/deck-3/gain"),
		param_find(r->p, "/strip/3/gain"));
	set(r, "/strip/4/name", "Deck 2", 0);
	assert_int_equal(param_find(r->p, "/strip/deck-2-2/gain"),
		param_find(r->p, "/strip/4/gain"));
	set(r, "/strip/1/name", "Other", 0);
	assert_int_equal(param_find(r->p, "/strip/deck/gain"), -ENOENT);
}

static void
a_slug_stays_when_the_app_quits_and_app_does_not(void **state)
{
	struct rig *r = *state;
	uint32_t id = comes(r, "com.spotify", "Spotify");
	int gain = param_find(r->p, "/strip/1/gain");

	assert_int_equal(param_find(r->p, "/strip/spotify/gain"), gain);
	assert_int_equal(param_find(r->p, "/app/spotify/gain"), gain);
	assert_text(r, "/strip/1/app", "Spotify");
	model_app_gone(r->model, id);
	assert_int_equal(param_find(r->p, "/strip/spotify/gain"), gain);
	assert_int_equal(param_find(r->p, "/app/spotify/gain"), -ENOENT);
	assert_text(r, "/strip/1/app", "");
	assert_text(r, "/strip/1/name", "Spotify");
}

static void
a_name_of_the_users_stays_and_an_empty_one_is_the_apps(void **state)
{
	struct rig *r = *state;
	struct app app = app_of(50, "mpv", "mpv");

	model_app(r->model, &app);
	set(r, "/strip/1/name", "Deck A", 0);
	strcpy(app.name, "mpv 2");
	model_app(r->model, &app);
	assert_text(r, "/strip/1/name", "Deck A");
	assert_text(r, "/strip/1/app", "mpv 2");
	set(r, "/strip/1/name", "", 0);
	assert_text(r, "/strip/1/name", "mpv 2");
	strcpy(app.name, "mpv 3");
	model_app(r->model, &app);
	assert_text(r, "/strip/1/name", "mpv 3");
}

static void
names_from_programs_are_made_clean(void **state)
{
	struct rig *r = *state;

	comes(r, "bad\xffkey\n", "ev\033il\xff \u00fc");
	assert_text(r, "/strip/1/app", "ev?il? \u00fc");
	assert_text(r, "/strip/1/name", "ev?il? \u00fc");
	comes(r, "bad\xffkey\n", "again");
	assert_int_equal(strip_of(r, 2), 0); /* still the same identity */
}

/* ---- taps ---- */

static void
a_tap_is_asked_for_once_and_again_when_it_changes(void **state)
{
	struct rig *r = *state;
	struct app app = app_of(5, "mpv", "mpv");

	model_app(r->model, &app);
	assert_int_equal(r->taps, 1);
	assert_int_equal(r->tap[0].id, 5);
	assert_int_equal(r->tap[0].strip, 0);
	assert_int_equal(r->tap[0].mode, TAP_TAKE);
	app.streams = 2;
	app.strip = 0;
	model_app(r->model, &app);
	model_app(r->model, &app);
	assert_int_equal(r->taps, 1);
	set(r, "/strip/1/tap", "copy", 0);
	assert_int_equal(r->taps, 2);
	assert_int_equal(r->tap[1].mode, TAP_COPY);
	set(r, "/strip/1/tap", "copy", 0);
	set(r, "/strip/2/tap", "off", 0); /* nobody there */
	assert_int_equal(r->taps, 2);
	assert_int_equal(strip_of(r, comes(r, "b", "B")), 1);
	assert_int_equal(r->tap[2].mode, TAP_OFF);
}

static void
copying_takes_a_strip_off_main_and_taking_puts_it_back(void **state)
{
	struct rig *r = *state;

	set(r, "/strip/1/tap", "copy", 0);
	assert_text(r, "/strip/1/route", "loop");
	set(r, "/strip/1/tap", "off", 0);
	assert_text(r, "/strip/1/route", "loop");
	set(r, "/strip/1/tap", "take", 0);
	assert_text(r, "/strip/1/route", "both");
	/* one that was not in main does not come into it */
	set(r, "/strip/1/route", "loop", 0);
	set(r, "/strip/1/tap", "copy", 0);
	set(r, "/strip/1/tap", "take", 0);
	assert_text(r, "/strip/1/route", "loop");
	/* the user's word counts */
	set(r, "/strip/2/tap", "copy", 0);
	set(r, "/strip/2/route", "both", 0);
	assert_text(r, "/strip/2/route", "both");
}

static void
what_must_not_be_tapped_gets_no_strip_until_it_may_be(void **state)
{
	struct rig *r = *state;
	struct app app = app_of(5, "daw", "DAW");
	struct model_app_view view;

	app.tappable = false;
	strcpy(app.note, "records the loop device");
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, 5), -1);
	assert_int_equal(r->taps, 0);
	model_apps(r->model, &view, 1);
	assert_string_equal(view.app.note, "records the loop device");
	app.tappable = true;
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, 5), 0);
	assert_int_equal(r->taps, 1);
	app.tappable = false;
	model_app(r->model, &app);
	assert_int_equal(r->taps, 1);
	assert_int_equal(strip_of(r, 5), -1);
	assert_text(r, "/strip/1/app", "");
	assert_text(r, "/strip/1/name", "DAW");
	/* its own strip waits for it, while there are others */
	assert_int_equal(strip_of(r, comes(r, "mpv", "mpv")), 1);
	app.tappable = true;
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, 5), 0);
	assert_int_equal(r->taps, 3);
}

struct echo {
	struct rig *r;
	struct app app;
	bool gone;
};

/* A driver that tells what came of it while it is asked. */
static int
on_tap_echo(void *data, uint32_t app_id, int strip, enum tap_mode mode,
	uint32_t pair)
{
	struct echo *e = data;

	on_tap(e->r, app_id, strip, mode, pair);
	e->app.id = app_id;
	e->app.strip = strip;
	e->app.tap = mode;
	if (e->gone)
		model_app_gone(e->r->model, app_id);
	else
		model_app(e->r->model, &e->app);
	return 0;
}

static void
the_driver_may_answer_while_it_is_asked(void **state)
{
	struct rig *r = *state;
	struct echo e = {.r = r, .app = app_of(1, "mpv", "mpv")};

	model_set_tap(r->model, on_tap_echo, &e);
	comes(r, "mpv", "mpv");
	assert_int_equal(r->taps, 1);
	set(r, "/strip/1/tap", "off", 0);
	assert_int_equal(r->taps, 2);
	e.gone = true;
	set(r, "/strip/1/tap", "take", 0);
	assert_int_equal(strip_of(r, 1), -2);
	assert_text(r, "/strip/1/app", "");
}

static void
when_the_driver_is_lost_every_app_is_gone_and_comes_back(void **state)
{
	struct rig *r = *state;

	comes(r, "a", "A");
	comes(r, "b", "B");
	set(r, "/strip/2/gain", NULL, -9);
	model_apps_gone(r->model);
	assert_int_equal(model_apps(r->model, NULL, 0), 0);
	assert_text(r, "/strip/1/app", "");
	assert_int_equal(strip_of(r, comes(r, "b", "B")), 1);
	assert_gain(r, "/app/b/gain", -9.0f);
	assert_int_equal(r->taps, 3);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_configuration_that_cannot_be_is_refused),
		TEST(the_largest_model_fits),
		TEST(a_slug_comes_from_the_name),
		TEST(slugs_differ),
		TEST(a_slug_stays_when_the_app_quits_and_app_does_not),
		TEST(a_name_of_the_users_stays_and_an_empty_one_is_the_apps),
		TEST(names_from_programs_are_made_clean),
		TEST(a_tap_is_asked_for_once_and_again_when_it_changes),
		TEST(copying_takes_a_strip_off_main_and_taking_puts_it_back),
		TEST(what_must_not_be_tapped_gets_no_strip_until_it_may_be),
		TEST(the_driver_may_answer_while_it_is_asked),
		TEST(when_the_driver_is_lost_every_app_is_gone_and_comes_back),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
