/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knob of an EQ: another scale of a band's decibels. */
#include <math.h>

#include "core/level.h"
#include "tests/param_rig.h"

static void
the_knob_law_rests_in_the_middle_and_rises(void **state)
{
	double last = -91.0;

	(void)state;
	assert_true(level_from_knob(0.0) == -90.0);
	assert_true(level_from_knob(1.0) == 6.0);
	assert_true(level_to_knob(-90.0) == 0.0);
	assert_true(level_to_knob(0.0) == 0.5);
	assert_true(level_to_knob(6.0) == 1.0);
	/* where a knob of 7 or 14 bits clicks in, and no step beside that */
	for (int i = 63; i <= 64; i++)
		assert_true(level_from_knob(i / 127.0) == 0.0);
	assert_true(level_from_knob(8192 / 16383.0) == 0.0);
	assert_true(level_from_knob(62 / 127.0) < 0.0);
	assert_true(level_from_knob(65 / 127.0) > 0.0);
	assert_true(level_from_knob(0.4899) > -0.01);
	assert_true(fabs(level_from_knob(0.245) + 12.0) < 1e-9);
	for (int i = 0; i <= 100000; i++) {
		float way = (float)i / 100000.0f;
		double db = level_from_knob((double)way);
		bool rests = db == 0.0;

		assert_true(db > last || (rests && last == 0.0));
		assert_true((float)level_to_knob(db) == (rests ? 0.5f : way));
		last = db;
	}
}

static void
knob_and_band_are_one_value(void **state)
{
	struct rig *r = *state;

	assert_number(r, "/strip/1/eq/low/knob", 0.5f);
	set(r, "/strip/1/eq/low/knob", number(0.0));
	assert_number(r, "/strip/1/eq/low", -90.0f);
	set(r, "/strip/1/eq/low/knob", number(64 / 127.0));
	assert_number(r, "/strip/1/eq/low", 0.0f);
	assert_number(r, "/strip/1/eq/low/knob", 0.5f);
	set(r, "/strip/2/eq/high", number(6.0));
	assert_number(r, "/strip/2/eq/high/knob", 1.0f);
	assert_number(r, "/strip/2/eq/mid/knob", 0.5f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_knob_law_rests_in_the_middle_and_rises, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			knob_and_band_are_one_value, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
