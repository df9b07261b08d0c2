/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <pipewire/keys.h>

#include "driver/pipewire/graph/recent.h"

#define S UINT64_C(1000000000)

static char sink[128];

static bool
looks(const struct recent *r, const char *name, uint64_t written_ns)
{
	const struct spa_dict props =
		SPA_DICT_INIT_ARRAY(((const struct spa_dict_item[]){
			{PW_KEY_MEDIA_CLASS, "Stream/Output/Audio"},
			{PW_KEY_APP_NAME, name}}));

	memcpy(sink, "-", 2);
	return recent_sink(r, &props, written_ns, sink, sizeof(sink));
}

static void
note(struct recent *r, const char *name, const char *to, uint64_t at_ns)
{
	const struct spa_dict props =
		SPA_DICT_INIT_ARRAY(((const struct spa_dict_item[]){
			{PW_KEY_MEDIA_CLASS, "Stream/Output/Audio"},
			{PW_KEY_APP_NAME, name}}));

	recent_note(r, &props, to, at_ns);
}

static void
a_word_stands_until_the_file_has_it(void **state)
{
	static struct recent r;

	(void)state;
	assert_false(looks(&r, "a", 0));
	note(&r, "a", "other", 100 * S);
	assert_true(looks(&r, "a", 0));
	assert_string_equal(sink, "other");
	assert_true(looks(&r, "a", 99 * S));
	assert_true(looks(&r, "a", 102 * S));
	assert_false(looks(&r, "a", 102 * S + 1));
	assert_string_equal(sink, "-");
	assert_false(looks(&r, "b", 0));
}

static void
the_last_word_stands(void **state)
{
	static struct recent r;

	(void)state;
	note(&r, "a", "other", 100 * S);
	note(&r, "a", "room", 101 * S);
	assert_true(looks(&r, "a", 0));
	assert_string_equal(sink, "room");
	note(&r, "a", "third", 102 * S);
	assert_true(looks(&r, "a", 0));
	assert_string_equal(sink, "third");
}

static void
the_oldest_goes(void **state)
{
	static struct recent r;
	char name[16];

	(void)state;
	for (uint64_t i = 0; i <= RECENT_MAX; i++) {
		snprintf(name, sizeof(name), "p%d", (int)i);
		note(&r, name, name, i * S);
	}
	assert_false(looks(&r, "p0", 0));
	for (int i = 1; i <= RECENT_MAX; i++) {
		snprintf(name, sizeof(name), "p%d", i);
		assert_true(looks(&r, name, 0));
		assert_string_equal(sink, name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_stands_until_the_file_has_it),
		cmocka_unit_test(the_last_word_stands),
		cmocka_unit_test(the_oldest_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
