/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where apps were put by hand: the table, and its file. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/config/assign_file.h"
#include "tests/model_rig.h"

static struct hands hands;

static void
the_last_word_of_an_app_counts(void **state)
{
	(void)state;
	memset(&hands, 0x5a, sizeof(hands)); /* of nobody we know */
	hands_open(&hands, 16);
	assert_int_equal(hands.count, 0);
	hands_put(&hands, "a", 3, false);
	hands_put(&hands, "b", HANDS_NOWHERE, true);
	hands_put(&hands, "a", 5, true);
	assert_int_equal(hands.count, 2);
	assert_int_equal(hands_find(&hands, "a")->strip, 5);
	assert_int_equal(hands_find(&hands, "b")->strip, HANDS_NOWHERE);
	assert_true(hands_forget(&hands, "b"));
	assert_false(hands_forget(&hands, "b"));
	assert_null(hands_find(&hands, "b"));
	/* fewer strips, another time; and memory that was damaged */
	hands_put(&hands, "c", 2, false);
	hands_open(&hands, 5);
	assert_null(hands_find(&hands, "a"));
	assert_int_equal(hands_find(&hands, "c")->strip, 2);
	memset(hands.hand[0].key, 'x', sizeof(hands.hand[0].key));
	hands_open(&hands, 5);
	assert_int_equal(hands.count, 0);
}

static void
when_there_are_too_many_what_is_saved_stays(void **state)
{
	char key[16];

	(void)state;
	memset(&hands, 0, sizeof(hands));
	hands_open(&hands, 64);
	for (int i = 0; i <= HANDS_MAX; i++) {
		snprintf(key, sizeof(key), "app%d", i);
		assert_true(hands_put(&hands, key, i % 64, i != 7));
	}
	assert_int_equal(hands.count, HANDS_MAX);
	assert_null(hands_find(&hands, "app7"));
	assert_non_null(hands_find(&hands, "app0"));
	assert_false(hands_put(&hands, "more", 0, true));
	assert_false(hands_put(&hands, "more", 0, false));
	assert_true(hands_put(&hands, "app0", 9, true));
	assert_int_equal(hands.count, HANDS_MAX);
	assert_null(hands_find(&hands, "more"));
}

static int
load(const char *text, char *why)
{
	char path[] = "/tmp/tapdeck-assign.XXXXXX";
	int fd = mkstemp(path), rc;

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	rc = assign_load(&hands, path, why);
	unlink(path);
	return rc;
}

static void
what_is_saved_is_read_again(void **state)
{
	char why[ASSIGN_WHY_MAX], *text;
	struct hands saved;
	size_t n;

	(void)state;
	memset(&hands, 0, sizeof(hands));
	hands_open(&hands, 16);
	hands_put(&hands, "it's: #1 \"ä\"", 15, true);
	hands_put(&hands, "not for good", 1, false);
	hands_put(&hands, "- none", HANDS_NOWHERE, true);
	saved = hands;
	assert_int_equal(assign_text(&text, &n, &saved), 0);
	memset(&hands, 0, sizeof(hands));
	hands_open(&hands, 16);
	if (load(text, why) < 0)
		fail_msg("%s", why);
	assert_int_equal(hands.count, 2);
	assert_memory_equal(
		&hands.hand[0], &saved.hand[0], sizeof(struct hand));
	assert_memory_equal(
		&hands.hand[1], &saved.hand[2], sizeof(struct hand));
	/* up to the highest strip there may ever be */
	memset(&hands, 0, sizeof(hands));
	hands_open(&hands, 8);
	assert_int_equal(load("assign: [{key: a, strip: 64}]", why), 0);
	assert_int_equal(hands_find(&hands, "a")->strip, 63);
	free(text);
}

static void
a_file_without_any_is_read_again(void **state)
{
	char why[ASSIGN_WHY_MAX], *text;
	size_t n;

	(void)state;
	memset(&hands, 0, sizeof(hands));
	hands_open(&hands, 16);
	hands_put(&hands, "not for good", 1, false);
	assert_int_equal(assign_text(&text, &n, &hands), 0);
	memset(&hands, 0, sizeof(hands));
	hands_open(&hands, 16);
	if (load(text, why) < 0)
		fail_msg("%s", why);
	assert_int_equal(hands.count, 0);
	free(text);
}

static void
a_damaged_file_says_nothing(void **state)
{
	static const char *const bad[] = {"assign: [", "assign: 3",
		"assign: [{key: a}]", "assign: [{key: a, strip: b}]",
		"assign: [{key: a, strip: 1}, {key: b, strip: 65}]",
		"other: 1"};
	char why[ASSIGN_WHY_MAX];

	(void)state;
	memset(&hands, 0, sizeof(hands));
	hands_open(&hands, 16);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(load(bad[i], why), -EINVAL);
		assert_int_equal(hands.count, 0);
	}
}

static void
more_than_there_may_be_are_refused(void **state)
{
	char why[ASSIGN_WHY_MAX], text[4096] = "assign:\n";

	(void)state;
	memset(&hands, 0, sizeof(hands));
	hands_open(&hands, 16);
	for (int i = 0; i <= HANDS_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			"  - {key: a%d, strip: 1}\n", i);
	assert_int_equal(load(text, why), -EINVAL);
	assert_non_null(strstr(why, ":66:5: "));
	assert_int_equal(hands.count, 0);
}

/* ---- what the model makes of it ---- */

static void
put(struct rig *r, const char *app, int strip)
{
	char key[APP_KEY_MAX];

	assert_true(model_app_key(r->model, app, key));
	assert_true(model_hand(r->model, key, strip, false));
}

static void
a_hand_beats_rules_and_habits(void **state)
{
	struct rig *r = *state;
	uint32_t a, b;

	r->config.rules = 1;
	r->config.rule[0].conditions = 1;
	strcpy(r->config.rule[0].condition[0].pattern, "deck");
	r->config.rule[0].strip = 3;
	rig_configure(r);
	a = comes(r, "deck", "Deck");
	b = comes(r, "b", "B");
	put(r, "deck", 1);
	assert_int_equal(strip_of(r, a), 1);
	assert_int_equal(r->tap[r->taps - 1].strip, 1);
	put(r, "b", HANDS_NOWHERE);
	assert_int_equal(strip_of(r, b), -1);
	assert_int_equal(r->tap[r->taps - 1].strip, -1);
	assert_int_equal(model_app_strip(r->model, "b"), -1);
	model_app_gone(r->model, a);
	model_app_gone(r->model, b);
	assert_int_equal(strip_of(r, a = comes(r, "deck", "Deck")), 1);
	assert_int_equal(strip_of(r, b = comes(r, "b", "B")), -1);
	put(r, "deck", MODEL_STRIP_AUTO);
	put(r, "b", MODEL_STRIP_AUTO);
	assert_int_equal(strip_of(r, a), 3);
	assert_true(strip_of(r, b) >= 0);
}

/* What it leaves sounds and is called as a new one to whoever comes next. */
static void
a_strip_that_was_left_for_another_is_as_new(void **state)
{
	struct rig *r = *state;
	uint32_t a = comes(r, "a", "A");

	set(r, "/strip/1/gain", NULL, -12);
	set(r, "/strip/3/gain", NULL, -3);
	put(r, "a", 2);
	assert_int_equal(strip_of(r, a), 2);
	assert_gain(r, "/strip/a/gain", -3.0f);
	assert_text(r, "/strip/3/name", "A");
	assert_text(r, "/strip/1/name", "");
	set(r, "/strip/2/name", "Mine", 0);
	set(r, "/strip/4/name", "Mine too", 0);
	assert_int_equal(strip_of(r, comes(r, "b", "B")), 0);
	assert_gain(r, "/strip/1/gain", 0.0f);
	/* several on one: the first gives it its name, then the next */
	put(r, "b", 2);
	assert_text(r, "/strip/3/app", "A, B");
	assert_text(r, "/strip/3/name", "A");
	put(r, "a", 0);
	assert_text(r, "/strip/3/name", "B");
	assert_text(r, "/strip/1/name", "A");
}

static void
apps_and_strips_are_found_by_what_they_are_called(void **state)
{
	struct rig *r = *state;
	char key[APP_KEY_MAX];

	comes(r, "com.player", "Some Player");
	comes(r, "b", "B");
	model_app_gone(r->model, 2);
	assert_true(model_app_key(r->model, "some-player", key));
	assert_string_equal(key, "com.player");
	assert_true(model_app_key(r->model, "SOME player", key));
	assert_string_equal(key, "com.player");
	assert_true(model_app_key(r->model, "com.player", key));
	assert_true(model_app_key(r->model, "b", key)); /* its strip waits */
	assert_false(model_app_key(r->model, "nobody", key));
	assert_false(model_app_key(r->model, "", key)); /* of an empty strip */
	assert_false(model_app_key(r->model, " ", key));
	assert_int_equal(model_strip_named(r->model, "4"), 3);
	assert_int_equal(model_strip_named(r->model, "some-player"), 0);
	assert_int_equal(model_strip_named(r->model, "none"), HANDS_NOWHERE);
	assert_int_equal(model_strip_named(r->model, "auto"), MODEL_STRIP_AUTO);
	assert_int_equal(model_strip_named(r->model, "5"), -ENOENT);
	assert_int_equal(model_strip_named(r->model, "0"), -ENOENT);
	assert_int_equal(model_strip_named(r->model, ""), -ENOENT);
}

static void
a_strip_is_a_name_of_the_program_it_waits_for(void **state)
{
	struct rig *r = *state;
	char key[APP_KEY_MAX];
	uint32_t id = comes(r, "\303\244rger", "Some Player");

	model_app_gone(r->model, id);
	assert_true(model_app_key(r->model, "some-player", key));
	assert_string_equal(key, "\303\244rger");
	/* moved away, it leaves a strip of nobody */
	put(r, "some-player", 3);
	comes(r, key, "Some Player");
	put(r, key, 2);
	assert_false(model_app_key(r->model, "4", key));
	assert_false(model_app_key(r->model, " ", key));
}

/* What was saved when there were more strips waits for them. */
static void
a_hand_of_a_strip_that_does_not_run_waits(void **state)
{
	struct rig *r = *state;
	struct hands memory = {.count = 0};
	uint32_t a;

	hands_open(&memory, STRIPS_MAX);
	hands_put(&memory, "a", 20, true);
	model_set_hands(r->model, &memory);
	assert_int_equal(strip_of(r, a = comes(r, "a", "A")), 0);
	assert_int_equal(model_app_strip(r->model, "a"), 0);
	model_app_gone(r->model, a);
	assert_int_equal(model_app_strip(r->model, "a"), 0);
	assert_int_equal(hands_find(&memory, "a")->strip, 20);
	assert_true(model_hand_is_saved(r->model, "a"));
	model_free(r->model);
	r->config.strips = 24;
	memset(r->memory, 0, model_memory_bytes());
	rig_start(r);
	model_set_hands(r->model, &memory);
	assert_int_equal(strip_of(r, comes(r, "a", "A")), 20);
	model_free(r->model); /* it does not outlive the memory */
	r->config.strips = 4;
	memset(r->memory, 0, model_memory_bytes());
	rig_start(r);
}

/* The memory outlives the engine. */
static void
a_hand_outlives_a_crash(void **state)
{
	struct rig *r = *state;
	struct hands memory = {.count = 0};

	model_set_hands(r->model, &memory);
	comes(r, "a", "A");
	put(r, "a", 3);
	rig_crash(r);
	model_set_hands(r->model, &memory);
	assert_int_equal(strip_of(r, comes(r, "a", "A")), 3);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_word_of_an_app_counts),
		cmocka_unit_test(when_there_are_too_many_what_is_saved_stays),
		cmocka_unit_test(what_is_saved_is_read_again),
		cmocka_unit_test(a_file_without_any_is_read_again),
		cmocka_unit_test(a_damaged_file_says_nothing),
		cmocka_unit_test(more_than_there_may_be_are_refused),
		TEST(a_hand_beats_rules_and_habits),
		TEST(a_strip_that_was_left_for_another_is_as_new),
		TEST(apps_and_strips_are_found_by_what_they_are_called),
		TEST(a_strip_is_a_name_of_the_program_it_waits_for),
		TEST(a_hand_of_a_strip_that_does_not_run_waits),
		TEST(a_hand_outlives_a_crash),
	};

	return cmocka_run_group_tests_name("hands", tests, NULL, NULL);
}
