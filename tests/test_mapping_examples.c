/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the manual says of faders is so. */
#include "tests/mapping_rig.h"

#include <math.h>

#include "core/level.h"

static double
number_at(const struct mapping_control *c, double way)
{
	return c->range[0] + share_at(c, way) * (c->range[1] - c->range[0]);
}

static void
faders_end_at_0_db(void **state)
{
	struct rig *r = *state;
	const struct mapping_control *c;

	parse(r, "#  - {on: cc 0-7, to: '/strip/{1-8}/fader', range: [0, "
		 "0.75]}\n"
		 "  - {on: cc 8, to: /bus/main/gain, range: [-90, 0],\n"
		 "     curve: audio}\n");
	c = r->m->control;
	assert_int_equal(r->m->controls, 9);
	assert_true(fabs(level_from_fader(number_at(&c[7], 1.0))) < 1e-9);
	assert_true(fabs(number_at(&c[8], 1.0)) < 1e-9);
	assert_true(fabs(number_at(&c[8], 0.0) + 90.0) < 1e-9);
}

static void
a_fader_that_stops_early_reaches_both_ends(void **state)
{
	struct rig *r = *state;
	const struct mapping_control *c;

	parse(r, "#  - {on: cc 7, to: /strip/1/fader,\n"
		 "     curve: [[0, 0], [0.02, 0], [0.98, 1], [1, 1]]}\n");
	c = r->m->control;
	assert_true(share_at(c, 2 / 127.0) == 0.0);
	assert_true(share_at(c, 125 / 127.0) == 1.0);
	assert_true(share_at(c, 4 / 127.0) > 0.0);
	assert_true(share_at(c, 123 / 127.0) < 1.0);
	for (int v = 0; v <= 10; v++) /* and is shown where it is */
		assert_true(fabs(share_at(c, mapping_unshape(c, v / 10.0)) -
				    v / 10.0) < 1e-9);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(faders_end_at_0_db),
		TEST(a_fader_that_stops_early_reaches_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
