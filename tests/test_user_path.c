/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "control/util/user_path.h"

#define PATH_BYTES 24

static void
expect(enum user_folder folder, const char *file, const char *want)
{
	char path[PATH_BYTES] = "";

	assert_int_equal(user_path(folder, file, path, sizeof(path)), 0);
	assert_string_equal(path, want);
}

static void
folders_follow_xdg(void **state)
{
	(void)state;
	setenv("HOME", "/h", 1);
	setenv("XDG_CONFIG_HOME", "/c", 1);
	setenv("XDG_STATE_HOME", "/s", 1);
	expect(USER_CONFIG, "a/b", "/c/a/b");
	expect(USER_STATE, "a/b", "/s/a/b");
	setenv("XDG_CONFIG_HOME", "relative", 1);
	setenv("XDG_STATE_HOME", "", 1);
	expect(USER_CONFIG, "a/b", "/h/.config/a/b");
	expect(USER_STATE, "a/b", "/h/.local/state/a/b");
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_STATE_HOME");
	expect(USER_CONFIG, "a/b", "/h/.config/a/b");
	expect(USER_STATE, "a/b", "/h/.local/state/a/b");
}

static void
what_is_too_long_is_no_path(void **state)
{
	char path[PATH_BYTES];

	(void)state;
	setenv("XDG_CONFIG_HOME", "/c", 1);
	assert_int_equal(user_path(USER_CONFIG, "a", path, 5), 0);
	assert_int_equal(user_path(USER_CONFIG, "a", path, 4), -ENAMETOOLONG);
}

static void
without_a_home_there_is_none(void **state)
{
	char path[PATH_BYTES];

	(void)state;
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", "relative", 1);
	assert_int_equal(user_path(USER_STATE, "a", path, 24), -ENOENT);
	unsetenv("HOME");
	assert_int_equal(user_path(USER_STATE, "a", path, 24), -ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders_follow_xdg),
		cmocka_unit_test(what_is_too_long_is_no_path),
		cmocka_unit_test(without_a_home_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
