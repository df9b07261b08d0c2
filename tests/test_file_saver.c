/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are written while the control thread goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/util/file_saver.h"

static int
result_of(struct file_saver *s)
{
	int rc;

	while (!file_saver_done(s, &rc))
		sched_yield();
	return rc;
}

/* One that cannot be is told, also when another one after it can. */
static void
the_first_error_is_not_lost(void **state)
{
	char folder[] = "/tmp/tapdeck-saver.XXXXXX", bad[64], good[64], got[8];
	struct file_saver s;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(bad, sizeof(bad), "%s/folder", folder);
	snprintf(good, sizeof(good), "%s/deep/er/file", folder);
	assert_int_equal(mkdir(bad, 0700), 0);
	file_saver_init(&s);
	assert_int_equal(file_saver_begin(&s, bad, "lost", 4), 0);
	assert_int_equal(file_saver_begin(&s, good, "kept", 4), 0);
	assert_int_equal(result_of(&s), -EISDIR);
	assert_int_equal(result_of(&s), 0);
	f = fopen(good, "r");
	assert_non_null(f);
	assert_int_equal(fread(got, 1, sizeof(got), f), 4);
	assert_memory_equal(got, "kept", 4);
	fclose(f);
	assert_int_equal(unlink(good), 0);
	assert_int_equal(rmdir(bad), 0);
	snprintf(good, sizeof(good), "%s/deep/er", folder);
	assert_int_equal(rmdir(good), 0);
	*strrchr(good, '/') = '\0';
	assert_int_equal(rmdir(good), 0);
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_error_is_not_lost),
	};

	return cmocka_run_group_tests_name("file_saver", tests, NULL, NULL);
}
