/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Match rules: patterns, their order, and what they make of a program's
 * streams. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/model/rules/match.h"
#include "control/model/rules/rules.h"
#include "control/util/check.h"

#define WORDS_MAX 8

/* What a stream says, as pairs of property and value */
struct said {
	const char *word[WORDS_MAX][2];
};

static const char *
word(const void *of, const char *property)
{
	const struct said *s = of;

	for (int i = 0; i < WORDS_MAX && s->word[i][0]; i++)
		if (!strcmp(s->word[i][0], property))
			return s->word[i][1];
	return NULL;
}

static struct model_rule rule[RULES_MAX];
static uint32_t rules_there;
static struct rules *rules;

static int
tear_down(void **state)
{
	(void)state;
	rules_free(rules);
	rules = NULL;
	rules_there = 0;
	return 0;
}

/* One more, for this strip (from 0); conditions as pairs, until NULL */
static struct model_rule *
add(uint32_t strip, ...)
{
	struct model_rule *r = &rule[rules_there++];
	char why[CHECK_WHY_MAX];
	const char *property;
	uint32_t at;
	va_list args;

	*r = (struct model_rule){.strip = strip};
	va_start(args, strip);
	while ((property = va_arg(args, const char *))) {
		const char *pattern = va_arg(args, const char *);

		if (rule_condition(r, property, pattern, &at, why) < 0)
			fail_msg("%s: %s", pattern, why);
	}
	va_end(args);
	return r;
}

static uint32_t
found(const char *key, const char *name, const struct said *said)
{
	const struct driver_stream s = {.key = key,
		.name = name,
		.word = said ? word : NULL,
		.of = said};

	if (!rules)
		assert_int_equal(rules_new(&rules, rule, rules_there), 0);
	return rules_find(rules, &s);
}

/* The key and name of the stream's group, as "KEY, NAME" */
static const char *
group(const char *key, const char *name, const struct said *said)
{
	static char text[APP_KEY_MAX + APP_NAME_MAX + 3];
	const struct driver_stream s = {.key = key,
		.name = name,
		.word = said ? word : NULL,
		.of = said};
	uint32_t number = found(key, name, said);
	char k[APP_KEY_MAX], n[APP_NAME_MAX];

	snprintf(k, sizeof(k), "%s", key);
	snprintf(n, sizeof(n), "%s", name);
	rules_group(rules, number, &s, k, n);
	snprintf(text, sizeof(text), "%s, %s", k, n);
	return text;
}

static bool
fits(const char *pattern, const char *text)
{
	char why[CHECK_WHY_MAX];
	struct match *m;
	uint32_t at;
	bool does;

	if (match_new(&m, pattern, &at, why) < 0)
		fail_msg("%s: %s", pattern, why);
	does = match_fits(m, text);
	match_free(m);
	return does;
}

static void
a_shell_pattern_is_of_the_whole_text(void **state)
{
	(void)state;
	assert_true(fits("*spotify*", "com.Spotify.Client"));
	assert_false(fits("spotify", "com.spotify.Client"));
	assert_true(fits("Deck ?", "deck a"));
	assert_true(fits("/", "/"));
	assert_true(fits("/usr/bin/*", "/usr/bin/mpv"));
	assert_false(fits("[a-c]x", "dx"));
}

static void
a_regular_expression_is_in_the_text(void **state)
{
	(void)state;
	assert_true(fits("/spot(ify)?/", "com.Spotify.Client"));
	assert_true(fits("/^fire|fox$/", "waterfox"));
	assert_false(fits("/^fire/", "the fire"));
	assert_true(fits("/^\\d{2,3} bpm$/", "128 BPM"));
	assert_true(fits("/^.$/", "\303\244")); /* a letter, not its bytes */
	assert_true(fits("/\303\204/", "zw\303\244i"));
	assert_false(fits("/a.b/", "a\377"));
	assert_true(fits("/b/", "\377b")); /* no UTF-8 */
}

static void
a_wrong_expression_is_told_with_its_place(void **state)
{
	static const struct {
		const char *pattern;
		uint32_t at;
	} wrong[] = {
		{"/a(b/", 4}, {"/[a/", 3}, {"/x**y/", 3}, {"/\\/", 2}, {"", 0}};
	char why[CHECK_WHY_MAX];
	struct match *m;
	uint32_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		why[0] = '\0';
		assert_int_equal(
			match_new(&m, wrong[i].pattern, &at, why), -EINVAL);
		assert_null(m);
		if (at != wrong[i].at)
			fail_msg("%s: at %u, not %u", wrong[i].pattern, at,
				wrong[i].at);
		assert_true(why[0] != '\0');
	}
}

static bool memory_is_short;

void *__wrap_calloc(size_t n, size_t size_bytes);
void *__real_calloc(size_t n, size_t size_bytes);

void *
__wrap_calloc(size_t n, size_t size_bytes)
{
	return memory_is_short ? NULL : __real_calloc(n, size_bytes);
}

/* Whoever asked says why. */
static void
short_memory_is_told_in_words(void **state)
{
	char why[CHECK_WHY_MAX] = "";
	struct match *m;
	uint32_t at;
	int rc;

	(void)state;
	memory_is_short = true;
	rc = match_new(&m, "spotify", &at, why);
	memory_is_short = false;
	assert_int_equal(rc, -ENOMEM);
	assert_null(m);
	assert_string_equal(why, strerror(ENOMEM));
}

/* Without a bound it would take hours, and the engine be called hung. */
static void
an_expression_that_takes_for_ever_does_not_fit(void **state)
{
	struct timespec a, b;
	char text[64];

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
	assert_false(fits("/^(a+)+b$/", text));
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
	assert_true(b.tv_sec - a.tv_sec < 2);
}

static void
the_first_that_fits_decides(void **state)
{
	const struct said mpv = {{{"application.process.binary", "mpv"},
		{"media.role", "Music"}, {"media.name", "Set 3"}}};
	const struct said chat = {{{"application.process.binary", "mpv"},
		{"media.role", "event"}}};

	(void)state;
	add(0, "binary", "mpv", "role", "music", "media.name", "/^set/", NULL);
	add(1, "binary", "mpv", "role", "event", NULL);
	add(2, "", "m*", NULL);
	add(3, "key", "x", NULL);
	add(4, "name", "x", NULL);
	assert_int_equal(found("mpv", "mpv", &mpv), 1);
	assert_int_equal(found("mpv", "mpv", &chat), 2);
	assert_int_equal(found("mpv", "mpv", NULL), 3);
	assert_int_equal(found("a", "Music", NULL), 3);
	assert_int_equal(found("x", "a", NULL), 4);
	assert_int_equal(found("a", "X", NULL), 5);
	assert_int_equal(found("a", "b", NULL), RULES_NONE);
}

/* What a stream does not say fits nothing, not even "anything". */
static void
what_is_not_said_does_not_fit(void **state)
{
	const struct said silent = {{{"media.role", ""}}};

	(void)state;
	add(0, "role", "*", NULL);
	add(1, "portal", "/.*/", NULL);
	assert_int_equal(found("a", "b", &silent), RULES_NONE);
}

static void
words_stand_for_properties(void **state)
{
	(void)state;
	assert_string_equal(rule_property("id"), "application.id");
	assert_string_equal(
		rule_property("portal"), "pipewire.access.portal.app_id");
	assert_string_equal(
		rule_property("binary"), "application.process.binary");
	assert_string_equal(rule_property("node"), "node.name");
	assert_string_equal(rule_property("role"), "media.role");
	assert_string_equal(rule_property("media.class"), "media.class");
	assert_null(rule_property("bianry"));
	assert_null(rule_property(""));
}

static void
a_program_is_one_unless_a_rule_splits_it(void **state)
{
	const struct said one = {{{"application.process.binary", "fox"},
		{"media.name", "One"}, {"object.serial", "7"}}};
	const struct said two = {
		{{"application.process.binary", "fox"}, {"media.name", "Two"}}};
	struct model_rule *r;
	char why[CHECK_WHY_MAX];

	(void)state;
	assert_string_equal(group("fox", "Fox", &one), "fox, Fox");
	tear_down(NULL);
	add(RULE_NO_STRIP, "binary", "fox", NULL)->pair = 2;
	assert_string_equal(group("fox", "Fox", &one), "fox, Fox");
	tear_down(NULL);
	r = add(RULE_NO_STRIP, "binary", "fox", NULL);
	assert_int_equal(rule_split(r, "media.name", why), 0);
	assert_string_equal(group("fox", "Fox", &one), "fox/One, Fox: One");
	assert_string_equal(group("fox", "Fox", &two), "fox/Two, Fox: Two");
	assert_string_equal(group("fox", "Fox", NULL), "fox, Fox");
	assert_string_equal(group("dog", "Dog", NULL), "dog, Dog");
}

/* A rule of what streams differ in is for those that fit alone, whether it
 * gives them a strip or leaves them alone. */
static void
a_rule_of_streams_takes_these_alone(void **state)
{
	const struct said event = {{{"media.role", "event"}}};
	const struct said music = {{{"media.role", "music"}}};
	const struct said movie = {{{"media.role", "movie"}}};
	const struct said other = {{{"media.role", "game"}}};

	(void)state;
	add(RULE_NO_STRIP, "role", "event", NULL)->ignore = true;
	add(3, "role", "music", NULL);
	add(RULE_NO_STRIP, "role", "movie", NULL)->pair = 2;
	assert_string_equal(group("fox", "Fox", &event), "fox#ignored, Fox");
	assert_string_equal(group("fox", "Fox", &music), "fox#4, Fox");
	assert_string_equal(group("fox", "Fox", &movie), "fox, Fox");
	assert_string_equal(group("fox", "Fox", &other), "fox, Fox");
}

/* It is found first, whatever would come behind it, and is of all streams. */
static void
a_program_that_is_ignored_is_so_as_a_whole(void **state)
{
	(void)state;
	add(RULE_NO_STRIP, "name", "fox", NULL)->ignore = true;
	add(3, "", "*", NULL);
	assert_string_equal(group("fox", "Fox", NULL), "fox, Fox");
	assert_int_equal(found("fox", "Fox", NULL), 1);
	assert_int_equal(found("dog", "Dog", NULL), 2);
}

static void
long_parts_leave_room_for_both(void **state)
{
	char key[APP_KEY_MAX], title[300];
	const struct said said = {{{"media.name", title}}};
	struct model_rule *r = add(0, "", "*", NULL);
	char why[CHECK_WHY_MAX];
	const char *got;

	(void)state;
	memset(key, 'k', sizeof(key));
	key[sizeof(key) - 1] = '\0';
	memset(title, 't', sizeof(title));
	title[sizeof(title) - 1] = '\0';
	assert_int_equal(rule_split(r, "media.name", why), 0);
	got = group(key, "n", &said);
	assert_int_equal(strcspn(got, ","), APP_KEY_MAX - 1);
	assert_true(strspn(got, "k") >= APP_KEY_MAX / 2 - 2);
	assert_non_null(strstr(got, "kk/tt"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_teardown(f, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_shell_pattern_is_of_the_whole_text),
		TEST(a_regular_expression_is_in_the_text),
		TEST(a_wrong_expression_is_told_with_its_place),
		TEST(short_memory_is_told_in_words),
		TEST(an_expression_that_takes_for_ever_does_not_fit),
		TEST(the_first_that_fits_decides),
		TEST(what_is_not_said_does_not_fit),
		TEST(words_stand_for_properties),
		TEST(a_program_is_one_unless_a_rule_splits_it),
		TEST(a_rule_of_streams_takes_these_alone),
		TEST(a_program_that_is_ignored_is_so_as_a_whole),
		TEST(long_parts_leave_room_for_both),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
