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

/* ---- which strip ---- */

static void
apps_take_the_lowest_free_strip_and_get_theirs_again(void **state)
{
	struct rig *r = *state;
	uint32_t a = comes(r, "a", "A"), b = comes(r, "b", "B");

	assert_int_equal(strip_of(r, a), 0);
	assert_int_equal(strip_of(r, b), 1);
	set(r, "/strip/1/gain", NULL, -7.5);
	set(r, "/strip/1/route", "loop", 0);
	model_app_gone(r->model, a);
	/* strip 1 is remembered as a's while there are others */
	assert_int_equal(strip_of(r, comes(r, "c", "C")), 2);
	assert_int_equal(strip_of(r, comes(r, "a", "A")), 0);
	assert_gain(r, "/strip/a/gain", -7.5f);
	assert_text(r, "/strip/a/route", "loop");
}

static void
when_none_is_new_the_strip_left_longest_ago_is_given(void **state)
{
	struct rig *r = *state;
	uint32_t id[4];

	for (int i = 0; i < 4; i++) {
		char key[16];

		snprintf(key, sizeof(key), "app%d", i);
		id[i] = comes(r, key, key);
	}
	set(r, "/strip/3/gain", NULL, -20);
	set(r, "/strip/3/mute", NULL, 1);
	set(r, "/strip/3/tap", "copy", 0);
	model_app_gone(r->model, id[2]);
	model_app_gone(r->model, id[1]);
	/* it sounds as a new strip does */
	assert_int_equal(strip_of(r, comes(r, "new", "New")), 2);
	assert_gain(r, "/strip/3/gain", 0.0f);
	assert_int_equal(get(r, "/strip/3/mute").i, 0);
	assert_text(r, "/strip/3/tap", "take");
	assert_text(r, "/strip/3/name", "New");
	assert_int_equal(r->tap[r->taps - 1].mode, TAP_TAKE);
	assert_int_equal(strip_of(r, comes(r, "newer", "Newer")), 1);
}

static void
a_strip_with_a_name_of_the_users_is_given_last_and_keeps_its_values(
	void **state)
{
	struct rig *r = *state;

	set(r, "/strip/1/name", "Turntable", 0);
	set(r, "/strip/1/gain", NULL, -3);
	assert_int_equal(strip_of(r, comes(r, "a", "A")), 1);
	assert_int_equal(strip_of(r, comes(r, "b", "B")), 2);
	model_app_gone(r->model, 2);
	assert_int_equal(strip_of(r, comes(r, "c", "C")), 3);
	assert_int_equal(strip_of(r, comes(r, "d", "D")), 2); /* b's */
	assert_int_equal(strip_of(r, comes(r, "e", "E")), 0);
	assert_gain(r, "/strip/1/gain", -3.0f);
	assert_text(r, "/strip/1/name", "Turntable");
	assert_text(r, "/strip/1/app", "E");
}

static void
without_a_free_strip_an_app_waits_and_says_so(void **state)
{
	struct rig *r = *state;
	struct model_app_view views[8];
	uint32_t id[5];

	for (int i = 0; i < 5; i++) {
		char key[16];

		snprintf(key, sizeof(key), "app%d", i);
		id[i] = comes(r, key, key);
	}
	assert_int_equal(strip_of(r, id[4]), -1);
	assert_int_equal(r->taps, 4);
	assert_int_equal(model_apps(r->model, views, 8), 5);
	assert_int_equal(views[0].app.id, id[0]);
	assert_string_equal(views[0].slug, "app0");
	assert_int_equal(views[4].app.id, id[4]);
	assert_string_equal(views[4].slug, "");
	assert_string_equal(
		views[4].app.note, "no strip is free: all 4 are taken");
	assert_int_equal(model_apps(r->model, views, 2), 2);
	model_app_gone(r->model, id[1]);
	assert_int_equal(strip_of(r, id[4]), 1);
	assert_int_equal(r->taps, 5);
	assert_int_equal(r->tap[4].id, id[4]);
	assert_int_equal(r->tap[4].strip, 1);
}

static void
a_rule_says_which_outputs_of_its_app(void **state)
{
	struct rig *r = *state;
	struct app app;

	r->config.rules = 2;
	r->config.rule[0].conditions = r->config.rule[1].conditions = 1;
	strcpy(r->config.rule[0].condition[0].pattern, "*mixxx");
	r->config.rule[0].pair = 2;
	strcpy(r->config.rule[1].condition[0].pattern, "*mix*");
	r->config.rule[1].pair = 3;
	rig_configure(r);
	app = app_of(comes(r, "app", "unnamed"), "mixbus", "Mixbus");
	assert_int_equal(r->tap[0].pair, 0);
	/* its identity came late */
	model_app(r->model, &app);
	assert_int_equal(r->taps, 2);
	assert_int_equal(r->tap[1].id, app.id);
	assert_int_equal(r->tap[1].pair, 3);
	comes(r, "org.mixxx", "DJ");
	assert_int_equal(r->tap[2].pair, 2);
}

static void
what_a_rule_or_the_rest_ignores_has_no_strip(void **state)
{
	struct rig *r = *state;
	struct model_app_view view[4];
	struct app app;

	r->config.rules = 3;
	for (int i = 0; i < 3; i++)
		r->config.rule[i].conditions = 1;
	strcpy(r->config.rule[0].condition[0].pattern, "bell");
	r->config.rule[0].ignore = true;
	r->config.rule[0].strip = RULE_NO_STRIP;
	r->config.rule[0].line = 7;
	strcpy(r->config.rule[1].condition[0].pattern, "deck");
	r->config.rule[1].strip = 2;
	strcpy(r->config.rule[2].condition[0].pattern, "any");
	r->config.rule[2].strip = RULE_NO_STRIP;
	r->config.rule[2].pair = 2;
	r->config.unlisted_ignore = true;
	rig_configure(r);
	assert_int_equal(strip_of(r, comes(r, "bell", "Bell")), -1);
	assert_int_equal(strip_of(r, comes(r, "other", "Other")), -1);
	assert_int_equal(strip_of(r, comes(r, "any", "Any")), 0);
	assert_int_equal(strip_of(r, comes(r, "deck", "Deck")), 2);
	assert_int_equal(r->taps, 2); /* nobody else is touched */
	assert_int_equal(model_apps(r->model, view, 4), 4);
	assert_string_equal(view[2].app.note,
		"ignored by the rule in line 7 of tapdeck.yaml");
	assert_string_equal(
		view[3].app.note, "no rule names it (unlisted: ignore)");
	/* the driver may ask by more than key and name */
	app = app_of(++r->next_id, "fox#3", "Fox");
	app.rule = 2;
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, app.id), 2);
	app.rule = 1;
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, app.id), -1);
	assert_int_equal(r->tap[r->taps - 1].strip, -1);
	assert_int_equal(r->tap[r->taps - 1].id, app.id);
}

/* What was on another strip before goes where a rule says, and leaves that as a
 * new one. */
static void
a_rule_beats_what_was_before(void **state)
{
	struct rig *r = *state;
	uint32_t a = comes(r, "a", "A");
	struct app app = app_of(a, "a", "A");

	set(r, "/strip/1/gain", NULL, -12);
	model_app_gone(r->model, a);
	r->config.rules = 1;
	r->config.rule[0].conditions = 1;
	strcpy(r->config.rule[0].condition[0].pattern, "a");
	r->config.rule[0].strip = 3;
	rig_crash(r); /* the next one has another rule */
	app.id = ++r->next_id;
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, app.id), 3);
	assert_gain(r, "/strip/4/gain", 0.0f);
	assert_gain(r, "/strip/1/gain", -12.0f);
}

static void
rules_send_apps_to_their_strip(void **state)
{
	struct rig *r = *state;
	uint32_t a, b;

	r->config.rules = 2;
	r->config.rule[0].conditions = r->config.rule[1].conditions = 1;
	strcpy(r->config.rule[0].condition[0].pattern, "*spotify*");
	r->config.rule[0].strip = 2;
	strcpy(r->config.rule[1].condition[0].pattern, "Deck ?");
	r->config.rule[1].strip = 0;
	rig_configure(r);
	a = comes(r, "com.Spotify.Client", "Music");
	b = comes(r, "mpv.a", "deck a");
	assert_int_equal(strip_of(r, a), 2);
	assert_int_equal(strip_of(r, b), 0);
	/* several by one rule share its strip; others keep off it */
	assert_int_equal(strip_of(r, comes(r, "mpv.b", "Deck B")), 0);
	assert_text(r, "/strip/1/app", "deck a, Deck B");
	assert_text(r, "/strip/1/name", "deck a");
	assert_int_equal(strip_of(r, comes(r, "x", "X")), 1);
	assert_int_equal(strip_of(r, comes(r, "y", "Y")), 3);
	model_app_gone(r->model, a);
	assert_int_equal(strip_of(r, comes(r, "z", "Z")), -1);
	assert_int_equal(strip_of(r, comes(r, "spotify", "S")), 2);
	/* it holds an app until the last is gone */
	model_app_gone(r->model, b);
	assert_text(r, "/strip/1/app", "Deck B");
}

static void
strip_names_of_the_configuration_are_the_users(void **state)
{
	struct rig *r = *state;

	strcpy(r->config.strip_name[1], "Deck B");
	rig_configure(r);
	assert_text(r, "/strip/2/name", "Deck B");
	assert_int_equal(param_find(r->p, "/strip/deck-b/gain"),
		param_find(r->p, "/strip/2/gain"));
	assert_int_equal(strip_of(r, comes(r, "a", "A")), 0);
	assert_int_equal(strip_of(r, comes(r, "b", "B")), 2);
}

static void
an_identity_that_comes_late_moves_the_app_to_its_strip(void **state)
{
	struct rig *r = *state;
	uint32_t known = comes(r, "known", "Known");
	struct app app = app_of(90, "audio-src", "audio-src");

	model_app_gone(r->model, known);
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, 90), 1);
	strcpy(app.key, "known");
	strcpy(app.name, "Known");
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, 90), 0);
	assert_int_equal(r->tap[r->taps - 1].strip, 0);
	/* and one that nobody knows stays where it is */
	app = app_of(91, "audio-src", "audio-src");
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, 91), 1);
	strcpy(app.key, "fresh");
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, 91), 1);
	model_app_gone(r->model, 91);
	assert_int_equal(strip_of(r, comes(r, "fresh", "F")), 1);
}

static void
assign_puts_an_app_on_a_strip_without_a_driver(void **state)
{
	struct rig *r = *state;

	model_set_tap(r->model, NULL, NULL);
	assert_int_equal(model_assign(r->model, "deck", "deck"), 0);
	assert_int_equal(model_assign(r->model, "spotify", "Spotify"), 1);
	assert_int_equal(model_assign(r->model, "", "x"), -EINVAL);
	assert_true(param_find(r->p, "/app/spotify/gain") >= 0);
	model_assign(r->model, "c", "c");
	model_assign(r->model, "d", "d");
	assert_int_equal(model_assign(r->model, "e", "e"), -ENOSPC);
}

/* ---- slugs of programs that people call the same ---- */

static const char *
slug_of(struct rig *r, uint32_t id)
{
	static struct model_app_view views[8];
	uint32_t n = model_apps(r->model, views, 8);

	for (uint32_t i = 0; i < n; i++)
		if (views[i].app.id == id)
			return views[i].slug;
	return "?";
}

static void
a_slug_does_not_depend_on_who_came_first(void **state)
{
	static const struct {
		const char *key[2], *name, *slug[2];
	} said[] = {
		/* who is called so by its key as well is called so */
		{{"chromium", "org.chromium.Chromium"}, "Chromium",
			{"chromium", "org-chromium-chromium"}},
		/* neither: the key decides */
		{{"firefox-bin", "org.mozilla.firefox"}, "Firefox",
			{"firefox", "org-mozilla-firefox"}},
		/* nothing to tell them apart by but a number */
		{{"\u97f3", "\u4e50"}, "Player", {"player-2", "player"}},
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		for (int first = 0; first < 2; first++) {
			uint32_t id[2];

			rig_configure(r);
			id[first] = comes(r, said[i].key[first], said[i].name);
			id[!first] =
				comes(r, said[i].key[!first], said[i].name);
			assert_string_equal(slug_of(r, id[0]), said[i].slug[0]);
			assert_string_equal(slug_of(r, id[1]), said[i].slug[1]);
		}
}

static void
a_slug_is_kept_while_its_program_is_away_and_through_a_crash(void **state)
{
	struct rig *r = *state;
	uint32_t flatpak = comes(r, "org.chromium.Chromium", "Chromium"), deb;

	assert_string_equal(slug_of(r, flatpak), "chromium");
	deb = comes(r, "chromium", "Chromium");
	model_app_gone(r->model, deb);
	assert_string_equal(slug_of(r, flatpak), "org-chromium-chromium");
	rig_crash(r);
	deb = comes(r, "chromium", "Chromium");
	flatpak = comes(r, "org.chromium.Chromium", "Chromium");
	assert_string_equal(slug_of(r, deb), "chromium");
	assert_string_equal(slug_of(r, flatpak), "org-chromium-chromium");
}

static void
a_strip_that_another_program_of_the_same_name_gets_has_its_slug(void **state)
{
	struct rig *r = *state;
	uint32_t flatpak = comes(r, "org.chromium.Chromium", "Chromium");
	uint32_t deb = comes(r, "chromium", "Chromium");

	comes(r, "a", "A");
	comes(r, "b", "B");
	model_app_gone(r->model, flatpak);
	model_app_gone(r->model, deb);
	assert_string_equal(slug_of(r, comes(r, "other", "Chromium")), "other");
	assert_int_equal(
		param_find(r->p, "/strip/org-chromium-chromium/gain"), -ENOENT);
}

static void
a_name_that_cannot_be_written_is_called_by_its_key(void **state)
{
	struct rig *r = *state;
	const char *slug;

	assert_string_equal(slug_of(r, comes(r, "netease-cloud-music",
					       "\u7f51\u6613\u4e91")),
		"netease-cloud-music");
	slug = slug_of(r, comes(r, "\u97f3", "\u4e50"));
	assert_int_equal(strncmp(slug, "app-", 4), 0);
	assert_int_equal(strlen(slug), 12);
}

static void
a_name_of_the_users_never_moves_that_of_a_program(void **state)
{
	struct rig *r = *state;
	uint32_t id = comes(r, "spotify", "Spotify");

	set(r, "/strip/3/name", "Spotify", 0);
	assert_string_equal(slug_of(r, id), "spotify");
	assert_int_equal(param_find(r->p, "/strip/spotify-2/gain"),
		param_find(r->p, "/strip/3/gain"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(apps_take_the_lowest_free_strip_and_get_theirs_again),
		TEST(when_none_is_new_the_strip_left_longest_ago_is_given),
		TEST(a_strip_with_a_name_of_the_users_is_given_last_and_keeps_its_values),
		TEST(without_a_free_strip_an_app_waits_and_says_so),
		TEST(what_a_rule_or_the_rest_ignores_has_no_strip),
		TEST(a_rule_beats_what_was_before),
		TEST(rules_send_apps_to_their_strip),
		TEST(a_rule_says_which_outputs_of_its_app),
		TEST(strip_names_of_the_configuration_are_the_users),
		TEST(an_identity_that_comes_late_moves_the_app_to_its_strip),
		TEST(assign_puts_an_app_on_a_strip_without_a_driver),
		TEST(a_slug_does_not_depend_on_who_came_first),
		TEST(a_slug_is_kept_while_its_program_is_away_and_through_a_crash),
		TEST(a_strip_that_another_program_of_the_same_name_gets_has_its_slug),
		TEST(a_name_that_cannot_be_written_is_called_by_its_key),
		TEST(a_name_of_the_users_never_moves_that_of_a_program),
	};

	return cmocka_run_group_tests_name("model_apps", tests, NULL, NULL);
}
