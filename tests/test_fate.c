/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sysexits.h>

#include "driver/supervisor/fate.h"

#define OLD   FATE_YOUNG_MS
#define YOUNG (FATE_YOUNG_MS - 1)

static struct fate fate;

static int
fresh(void **state)
{
	(void)state;
	memset(&fate, 0, sizeof(fate));
	return 0;
}

static int
dies(bool lived, int code, int64_t age_ms)
{
	const struct engine_death death = {
		.lived = lived, .code = code, .age_ms = age_ms};

	return fate_next(&fate, &death);
}

static void
a_first_engine_that_refuses_ends_the_run(void **state)
{
	(void)state;
	assert_int_equal(dies(false, EX_UNAVAILABLE, 10), -1);
	assert_int_equal(dies(false, EX_TEMPFAIL, 10), -1);
}

static void
a_later_one_is_tried_again_and_again(void **state)
{
	static const int pauses[] = {250, 500, 1000, 2000, 2000, 2000};

	(void)state;
	assert_int_equal(dies(true, -1, YOUNG), 0);
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++)
		assert_int_equal(
			dies(false, i % 2 ? EX_UNAVAILABLE : EX_TEMPFAIL, 10),
			pauses[i]);
	/* they took nothing, and so they hurt nobody */
	assert_false(fate.copy_only);
}

static void
an_engine_that_ends_by_itself_ends_the_run(void **state)
{
	(void)state;
	assert_int_equal(dies(true, 0, 10), -1);
	assert_int_equal(dies(false, 0, 10), -1);
}

static void
an_engine_that_lived_may_end_with_any_code(void **state)
{
	(void)state;
	assert_int_equal(dies(true, EX_SOFTWARE, OLD), 0);
	assert_int_equal(dies(true, EX_UNAVAILABLE, OLD), 0);
}

static void
three_young_crashes_leave_copies(void **state)
{
	(void)state;
	dies(true, -1, YOUNG);
	dies(true, 1, 0);
	assert_false(fate.copy_only);
	/* even one that could not beat */
	dies(false, -1, 0);
	assert_true(fate.copy_only);
	dies(true, -1, OLD);
	assert_true(fate.copy_only);
	fate_forgive(&fate);
	assert_false(fate.copy_only);
	dies(true, -1, YOUNG);
	dies(true, -1, YOUNG);
	assert_false(fate.copy_only);
	dies(true, -1, YOUNG);
	assert_true(fate.copy_only);
}

static void
an_engine_that_grew_old_begins_a_new_count(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		dies(true, -1, YOUNG);
		dies(true, -1, YOUNG);
		assert_int_equal(dies(true, -1, OLD), 0);
	}
	assert_false(fate.copy_only);
}

#define T(test) cmocka_unit_test_setup(test, fresh)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_first_engine_that_refuses_ends_the_run),
		T(a_later_one_is_tried_again_and_again),
		T(an_engine_that_ends_by_itself_ends_the_run),
		T(an_engine_that_lived_may_end_with_any_code),
		T(three_young_crashes_leave_copies),
		T(an_engine_that_grew_old_begins_a_new_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
