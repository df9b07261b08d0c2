/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "control/util/text.h"

static void
an_empty_no_color_is_not_set(void **state)
{
	(void)state;
	unsetenv("NO_COLOR");
	assert_true(text_may_color());
	setenv("NO_COLOR", "", 1);
	assert_true(text_may_color());
	setenv("NO_COLOR", "0", 1);
	assert_false(text_may_color());
	unsetenv("NO_COLOR");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_no_color_is_not_set),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
