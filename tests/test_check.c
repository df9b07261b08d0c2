/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "control/util/check.h"

static char why[CHECK_WHY_MAX];

static void
whole_numbers_are_digits_within_a_range(void **state)
{
	static const char *const bad[] = {"", " 5", "5 ", "+5", "-5", "5.0",
		"0x5", "4", "65", "4294967301", "18446744073709551621",
		"99999999999999999999999", "5e0", "five"};
	uint32_t n = 0;

	(void)state;
	assert_int_equal(check_whole("5", 5, 64, &n, why), 0);
	assert_int_equal(n, 5);
	assert_int_equal(check_whole("0064", 5, 64, &n, why), 0);
	assert_int_equal(n, 64);
	assert_int_equal(check_whole("4294967295", 0, UINT32_MAX, &n, why), 0);
	assert_int_equal(n, UINT32_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why[0] = '\0';
		assert_int_equal(check_whole(bad[i], 5, 64, &n, why), -EINVAL);
		assert_string_equal(why, "must be 5..64");
	}
}

static void
numbers_are_decimal_and_finite(void **state)
{
	static const char *const bad[] = {"", "0x10", "nan", "inf", " 1", "1 ",
		"1s", "-", "1e", "1e999", "-90.1", "12.01"};
	double d = 0.0;

	(void)state;
	assert_int_equal(check_number("-9e1", -90, 12, "", &d, why), 0);
	assert_true(d == -90.0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why[0] = '\0';
		assert_int_equal(
			check_number(bad[i], -90, 12, " dB", &d, why), -EINVAL);
		assert_string_equal(why, "must be -90..12 dB");
	}
	assert_int_equal(check_number("x", 0, 10000000, "", &d, why), -EINVAL);
	assert_string_equal(why, "must be 0..10000000");
}

static void
a_word_is_one_of_a_list(void **state)
{
	static const char *const one[] = {"take", NULL};
	static const char *const two[] = {"none", "new", NULL};
	static const char *const three[] = {"off", "copy", "take", NULL};
	const char *many[80];
	uint32_t n = 9;

	(void)state;
	assert_int_equal(check_word("take", three, &n, why), 0);
	assert_int_equal(n, 2);
	assert_int_equal(check_word("Take", three, &n, why), -EINVAL);
	assert_string_equal(why, "must be off, copy or take");
	assert_int_equal(check_word("", two, &n, why), -EINVAL);
	assert_string_equal(why, "must be none or new");
	assert_int_equal(check_word("tak", one, &n, why), -EINVAL);
	assert_string_equal(why, "must be take");
	assert_int_equal(n, 2);
	/* no list is too long, its words are only not all told */
	for (uint32_t i = 0; i < 79; i++)
		many[i] = "word";
	many[79] = NULL;
	assert_int_equal(check_word("x", many, &n, why), -EINVAL);
	assert_int_equal(strlen(why), CHECK_WHY_MAX - 1);
}

static void
yes_and_no_have_three_words_each(void **state)
{
	bool b = true;

	(void)state;
	assert_int_equal(check_truth("off", &b, why), 0);
	assert_false(b);
	assert_int_equal(check_truth("yes", &b, why), 0);
	assert_true(b);
	assert_int_equal(check_truth("maybe", &b, why), -EINVAL);
	assert_string_equal(why, "must be no, yes, off, on, false or true");
	assert_true(b);
}

static void
text_is_for_people_and_fits(void **state)
{
	char to[5] = "????", filled[5] = {'a', 'b'};

	(void)state;
	assert_int_equal(check_text_copy(to, sizeof(to), "ab", why), 0);
	assert_memory_equal(to, filled, sizeof(to));
	assert_int_equal(
		check_text_copy(to, sizeof(to), "abcde", why), -EINVAL);
	assert_string_equal(why, "is too long; at most 4 bytes");
	assert_memory_equal(to, filled, sizeof(to));
	assert_int_equal(check_text("a\tb", 9, why), -EINVAL);
	assert_string_equal(
		why, "must be UTF-8 text without control characters");
	assert_int_equal(check_text("\xc3", 9, why), -EINVAL);
	assert_int_equal(check_text("\xc3\xa9", 3, why), 0);
}

static void
what_has_no_room_is_one_too_many(void **state)
{
	(void)state;
	assert_int_equal(check_room(7, 8, "buses", why), 0);
	assert_int_equal(check_room(8, 8, "buses", why), -EINVAL);
	assert_string_equal(why, "is one too many; at most 8 buses");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers_are_digits_within_a_range),
		cmocka_unit_test(numbers_are_decimal_and_finite),
		cmocka_unit_test(a_word_is_one_of_a_list),
		cmocka_unit_test(yes_and_no_have_three_words_each),
		cmocka_unit_test(text_is_for_people_and_fits),
		cmocka_unit_test(what_has_no_room_is_one_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
