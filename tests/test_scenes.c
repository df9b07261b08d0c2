/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenes: what is in a file, and what becomes of it. */
#include "control/model/scene/fade.h"
#include "tests/scenes_rig.h"

#define GAIN(text) "strips: {deck: {gain: " text "}}\n"

static void
deck(struct stage *s)
{
	set(s->rig, "/strip/2/name", "Deck", 0);
}

static void
a_scene_is_a_text_that_people_read(void **state)
{
	struct stage *s = *state;
	struct rig *r = s->rig;
	char text[16384];

	deck(s);
	set(r, "/strip/2/gain", NULL, -6.5);
	set(r, "/strip/2/eq/low", NULL, -90);
	set(r, "/strip/2/send/main", NULL, 0);
	set(r, "/strip/4/mute", NULL, 1);
	set(r, "/crossfader", NULL, 0.1);
	assert_int_equal(save(s, "drop"), 0);
	file_get(s, "drop.yaml", text);
	/* of strips without a name only what was moved */
	assert_non_null(strstr(text, "strips:\n"
				     "  deck:\n"
				     "    gain: -6.5\n"
				     "    mute: 0\n"
				     "    trim: 0\n"
				     "    route: loop\n"
				     "    tap: take\n"

				     "    eq/low: -90\n"
				     "    eq/mid: 0\n"));
	assert_non_null(
		strstr(text, "  \"4\":\n    mute: 1\nbuses:\n  main:\n"));
	assert_non_null(strstr(text, "mixer:\n  crossfader: 0.1\n"));
	assert_null(strstr(text, " fader:"));
	assert_null(strstr(text, "name"));
	assert_null(strstr(text, "scene:"));
	assert_string_equal(s->said, "scene drop: saved\n");
}

static void
what_was_saved_comes_back(void **state)
{
	struct stage *s = *state;
	struct rig *r = s->rig;
	struct scenes_told told;

	deck(s);
	set(r, "/strip/2/gain", NULL, -6.3);
	set(r, "/strip/2/filter", NULL, 0.123456);
	set(r, "/strip/2/tap", "copy", 0);
	set(r, "/strip/2/send/loop", NULL, 0); /* a route without a name */
	set(r, "/crossfader/curve", "scratch", 0);
	assert_int_equal(save(s, "a"), 0);
	set(r, "/strip/2/gain", NULL, 0);
	set(r, "/strip/2/filter", NULL, 0);
	set(r, "/strip/2/tap", "take", 0);
	set(r, "/strip/2/route", "main", 0);
	set(r, "/crossfader/curve", "linear", 0);
	/* as it was moved to another strip meanwhile */
	told = recall(s, "a", NO_FADE);
	assert_true(told.values > 20);
	assert_string_equal(told.missing, "");
	assert_gain(r, "/strip/2/gain", -6.3f);
	assert_true((float)get(r, "/strip/2/filter").f == 0.123456f);
	assert_text(r, "/strip/2/tap", "copy");
	assert_true(get(r, "/strip/2/send/main").i == 0);
	assert_true(get(r, "/strip/2/send/loop").i == 0);
	assert_text(r, "/crossfader/curve", "scratch");
	assert_text(r, "/scene", "a");
}

static void
strips_go_by_name_and_what_is_missing_is_named(void **state)
{
	struct stage *s = *state;
	struct scenes_told told;

	set(s->rig, "/strip/3/name", "My Deck", 0);
	file_put(s, "x.yaml",
		"strips:\n  My Deck: {gain: -7}\n  gone: {gain: -1}\n"
		"  \"9\": {gain: -1}\n  \"1\": {mute: 1}\n"
		"buses: {booth: {gain: 1}, main: {fader: 0.5}}\n");
	told = recall(s, "x", NO_FADE);
	assert_string_equal(told.missing, "gone, 9, bus booth");
	assert_int_equal(told.values, 3);
	assert_gain(s->rig, "/strip/3/gain", -7.0f);
	assert_true(get(s->rig, "/strip/1/mute").i == 1);
	assert_string_equal(s->said,
		"scene x: recalled, 3 values; not here: gone, 9, bus booth\n");
}

static void
a_file_that_is_wrong_is_told_and_left_alone(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"strips: {deck: {gain: -7, gian: 1}}\n",
			"x.yaml:1:27: strips.deck.gian: no parameter; did you "
			"mean gain?"},
		{GAIN("13"), "x.yaml:1:23: strips.deck.gain: \"13\" is not a "
			     "number from -90 to 12 dB"},
		{GAIN("loud"), "\"loud\" is not a number from -90"},
		{"strips: {deck: {route: nowhere}}\n", "no route \"nowhere\""},
		{"strips: {deck: {name: x}}\n", "no parameter"},
		{"mixer: {scene: x}\n", "no parameter"},
		{"mixer: {scene/undo: 1}\n", "no parameter"},
		{"strip: {deck: {gain: 1}}\n",
			"x.yaml:1:1: no such key \"strip\"; fade, strips, "
			"buses, mixer"},
		{"fade: -1\n", "x.yaml:1:7: fade: \"-1\""},
		{"strips: [deck]\n", "must be a map of strips"},
		{"strips: {deck: -6}\n", "must be a map: gain: -6"},
		{"strips: {deck: {gain: [1]}}\n", "must be one value"},
		{"strips: {deck: {gain: -7}", "x.yaml:"},
		{"- 1\n", "must be a map: strips: ..."},
	};
	struct stage *s = *state;
	char text[16384];

	deck(s);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		file_put(s, "x.yaml", cases[i].text);
		refused(s, "x", cases[i].words);
		file_get(s, "x.yaml", text);
		assert_string_equal(text, cases[i].text);
		/* nothing of it is set */
		assert_gain(s->rig, "/strip/2/gain", 0.0f);
	}
	/* saved in its place: it is somebody's work */
	assert_int_equal(save(s, "x"), 0);
	file_get(s, "x.yaml.bad-1", text);
	assert_string_equal(text, "- 1\n");
	assert_non_null(strstr(s->said, "x.yaml.bad-1 now"));
	recall(s, "x", NO_FADE);
}

static void
safe_is_never_set_and_include_is_all_that_is(void **state)
{
	struct stage *s = *state;
	struct rig *r = s->rig;
	char text[16384], why[200];

	deck(s);
	file_put(s, "x.yaml",
		"strips: {deck: {fader: 0.5, trim: 3, mute: 1}}\n");
	/* the fader is the gain */
	assert_int_equal(
		scene_patterns_add(&s->config.safe, "/strip/*/gain", why), 0);
	recall(s, "x", NO_FADE);
	assert_gain(r, "/strip/2/gain", 0.0f);
	assert_gain(r, "/strip/2/trim", 3.0f);
	set(r, "/strip/2/trim", NULL, 0);
	assert_int_equal(
		scene_patterns_add(&s->config.include, "/strip/*/mute", why),
		0);
	assert_int_equal(recall(s, "x", NO_FADE).values, 1);
	assert_gain(r, "/strip/2/trim", 0.0f);
	assert_true(get(r, "/strip/2/mute").i == 1);
	assert_int_equal(save(s, "y"), 0);
	file_get(s, "y.yaml", text);
	assert_non_null(strstr(text, "strips:\n  deck:\n    mute: 1\n"));
	assert_null(strstr(text, "trim"));
	/* one that names nothing is told */
	assert_int_equal(
		scene_patterns_add(&s->config.safe, "/strip/*/trmi", why), 0);
	s->config.safe_at[1] = (struct tree_place){12, 5};
	s->said[0] = '\0';
	stage_open(s);
	assert_string_equal(s->said,
		"tapdeck.yaml:12:5: scenes.safe[1]: \"/strip/*/trmi\" names "
		"no parameter; allowed: addresses such as /strip/*/trim\n");
}

static void
a_part_can_be_saved(void **state)
{
	struct stage *s = *state;
	struct scene_patterns of = {.count = 0};
	char text[16384], why[200];
	uint64_t ticket;

	deck(s);
	assert_int_equal(scene_patterns_add(&of, "/strip/deck/eq/*", why), 0);
	assert_int_equal(
		scenes_save(s->scenes, "eq", 2.5, &of, &ticket, s->why), 0);
	loop_run(s->loop);
	file_get(s, "eq.yaml", text);
	assert_non_null(strstr(text,
		"fade: 2.5\nstrips:\n  deck:\n    eq/low: 0\n    eq/mid: 0\n"
		"    eq/high: 0\n"));
	assert_null(strstr(text, "gain"));
	/* saved anew it keeps its fade */
	assert_int_equal(save(s, "eq"), 0);
	file_get(s, "eq.yaml", text);
	assert_non_null(strstr(text, "fade: 2.5\n"));
}

static void
the_fade_is_that_of_the_recall_or_the_scene_or_the_configuration(void **state)
{
	struct stage *s = *state;

	deck(s);
	s->config.fade_s = 7.0;
	file_put(s, "x.yaml", "fade: 4\n" GAIN("-7"));
	file_put(s, "y.yaml", GAIN("-7"));
	assert_true(recall(s, "x", 2.0).fade_s == 2.0);
	assert_true(recall(s, "x", NO_FADE).fade_s == 4.0);
	assert_true(recall(s, "y", NO_FADE).fade_s == 7.0);
	assert_true(recall(s, "y", 1e9).fade_s == FADE_MAX_S);
	assert_int_equal(param_fades(s->rig->p), 1);
	assert_true(get(s->rig, "/strip/2/gain").f > -0.1);
	param_fade_finish(s->rig->p);
	assert_gain(s->rig, "/strip/2/gain", -7.0f);
	assert_true(recall(s, "y", 0.0).fade_s == 0.0);
}

static void
undo_goes_back_and_forth(void **state)
{
	struct stage *s = *state;
	struct rig *r = s->rig;
	struct scenes_told told;

	deck(s);
	assert_true(scenes_undo(s->scenes, 0.0, &told, s->why) < 0);
	assert_string_equal(s->why, "no scene was recalled yet");
	set(r, "/strip/2/gain", NULL, -3);
	set(r, "/strip/2/send/main", NULL, 0);
	set(r, "/strip/2/send/loop", NULL, 0);
	set(r, "/strip/1/gain", NULL, -1);
	file_put(s, "x.yaml", "strips: {deck: {gain: -7, route: both}}\n");
	recall(s, "x", NO_FADE);
	assert_true(get(r, "/strip/2/send/main").i == 1);
	set(r, "/strip/1/gain", NULL, -2); /* not of the scene */
	assert_int_equal(scenes_undo(s->scenes, 0.0, &told, s->why), 0);
	assert_gain(r, "/strip/2/gain", -3.0f);
	assert_true(get(r, "/strip/2/send/main").i == 0);
	assert_true(get(r, "/strip/2/send/loop").i == 0);
	assert_gain(r, "/strip/1/gain", -2.0f);
	assert_text(r, "/scene", "");
	assert_int_equal(scenes_undo(s->scenes, 0.0, &told, s->why), 0);
	assert_gain(r, "/strip/2/gain", -7.0f);
	assert_text(r, "/scene", "x");
}

static void
parameters_ask_for_it(void **state)
{
	struct stage *s = *state;
	struct rig *r = s->rig;

	deck(s);
	file_put(s, "x.yaml", "fade: 100\n" GAIN("-7"));
	set(r, "/scene", "x", 0);
	assert_int_equal(param_fades(r->p), 1);
	assert_text(r, "/scene", "x");
	set(r, "/scene/finish", NULL, 1);
	assert_gain(r, "/strip/2/gain", -7.0f);
	set(r, "/scene/undo", NULL, 1);
	assert_gain(r, "/strip/2/gain", 0.0f);
	set(r, "/scene/undo", NULL, 0); /* the button is let go */
	assert_gain(r, "/strip/2/gain", 0.0f);
	set(r, "/scene", "x", 0);
	set(r, "/scene/stop", NULL, 1);
	assert_int_equal(param_fades(r->p), 0);
	assert_true(get(r, "/strip/2/gain").f > -1.0);
	set(r, "/scene/save", "y", 0);
	loop_run(s->loop);
	assert_int_equal(s->rc, 0);
	s->said[0] = '\0';
	set(r, "/scene", "nothing", 0);
	assert_string_equal(s->said, "there is no scene \"nothing\"\n");
	assert_text(r, "/scene", "x");
}

static void
names_are_listed_changed_and_deleted(void **state)
{
	struct stage *s = *state;
	char(*names)[SCENE_NAME_MAX];

	assert_int_equal(scenes_list(s->scenes, &names), 0);
	free(names);
	file_put(s, "b.yaml", GAIN("-7"));
	file_put(s, "a.yaml", GAIN("-8"));
	file_put(s, "no scene.yaml", "");
	file_put(s, "a.yaml.damaged", "");
	assert_int_equal(scenes_list(s->scenes, &names), 2);
	assert_string_equal(names[0], "a");
	assert_string_equal(names[1], "b");
	free(names);
	assert_int_equal(scenes_rename(s->scenes, "a", "b", s->why), -EEXIST);
	assert_string_equal(s->why, "there is a scene \"b\" already");
	assert_int_equal(scenes_rename(s->scenes, "c", "d", s->why), -ENOENT);
	assert_int_equal(
		scenes_rename(s->scenes, "a", "../d", s->why), -EINVAL);
	assert_int_equal(scenes_rename(s->scenes, "a", "A-1_", s->why), 0);
	recall(s, "A-1_", 0.0);
	refused(s, "a", "there is no scene \"a\"");
	refused(s, "../../x", "letters, digits, - and _");
	assert_int_equal(scenes_delete(s->scenes, "b", s->why), 0);
	assert_int_equal(scenes_delete(s->scenes, "b", s->why), -ENOENT);
}

static void
one_that_waits_for_the_disk_is_there(void **state)
{
	struct stage *s = *state;
	uint64_t ticket;

	deck(s);
	for (int i = 0; i < 3; i++) {
		set(s->rig, "/strip/2/gain", NULL, -i);
		assert_int_equal(scenes_save(s->scenes, "x", NO_FADE, NULL,
					 &ticket, s->why),
			0);
	}
	assert_int_equal(scenes_rename(s->scenes, "x", "y", s->why), -EBUSY);
	set(s->rig, "/strip/2/gain", NULL, 5);
	recall(s, "x", 0.0);
	assert_gain(s->rig, "/strip/2/gain", -2.0f);
	stage_open(s); /* waits */
	set(s->rig, "/strip/2/gain", NULL, 5);
	recall(s, "x", 0.0);
	assert_gain(s->rig, "/strip/2/gain", -2.0f);
}

static void
panic_is_the_scene_safe(void **state)
{
	struct stage *s = *state;

	deck(s);
	assert_false(scenes_panic(s->scenes));
	file_put(s, "safe.yaml", "fade: 10\n" GAIN("-40"));
	assert_true(scenes_panic(s->scenes));
	assert_gain(s->rig, "/strip/2/gain", -40.0f);
	file_put(s, "safe.yaml", "gain: 1\n");
	s->said[0] = '\0';
	assert_false(scenes_panic(s->scenes));
	assert_non_null(strstr(s->said, "safe.yaml:1:1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		S(a_scene_is_a_text_that_people_read),
		S(what_was_saved_comes_back),
		S(strips_go_by_name_and_what_is_missing_is_named),
		S(a_file_that_is_wrong_is_told_and_left_alone),
		S(safe_is_never_set_and_include_is_all_that_is),
		S(a_part_can_be_saved),
		S(the_fade_is_that_of_the_recall_or_the_scene_or_the_configuration),
		S(undo_goes_back_and_forth),
		S(parameters_ask_for_it),
		S(names_are_listed_changed_and_deleted),
		S(one_that_waits_for_the_disk_is_there),
		S(panic_is_the_scene_safe),
	};

	return cmocka_run_group_tests_name("scenes", tests, NULL, NULL);
}
