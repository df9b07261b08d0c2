/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How wide a strip is: from mono to as it came. */
#include "tests/mixer_level_rig.h"

#include <math.h>

#define FRAMES 4000u

static struct rig *
wide_rig(void)
{
	struct rig *r = rig_new(1, 1, FRAMES);

	rig_route(r, 0, 1);
	return r;
}

static void
assert_as_it_came(const struct rig *r, uint32_t from, uint32_t to)
{
	for (int i = 0; i < 2; i++)
		assert_memory_equal(r->out[0][i] + from, r->in[0][i] + from,
			(to - from) * sizeof(float));
}

static void
at_one_it_changes_no_bit(void **state)
{
	struct rig *r = wide_rig();

	(void)state;
	for (uint32_t n = 0; n < FRAMES; n += 7)
		r->in[0][n % 2][n] = -0.0f;
	rig_say(r, 0, MIX_WIDTH, 0, 1.0f);
	rig_run_all(r, 100);
	assert_as_it_came(r, 0, FRAMES);
	rig_free(r);
}

static void
at_nothing_both_sides_are_the_same_half_of_each(void **state)
{
	struct rig *r = wide_rig();

	(void)state;
	rig_say(r, 0, MIX_WIDTH, 0, 0.0f);
	rig_run_all(r, 100);
	assert_memory_equal(r->out[0][0], r->out[0][1], FRAMES * sizeof(float));
	for (uint32_t n = 0; n < FRAMES; n++)
		assert_true(r->out[0][0][n] ==
			    0.5f * r->in[0][0][n] + 0.5f * r->in[0][1][n]);
	rig_free(r);
}

/* The share of the difference, frame by frame, and the middle as it came. */
static void
it_ramps_and_comes_back_to_the_bit(void **state)
{
	struct rig *r = wide_rig();

	(void)state;
	rig_say(r, 1001, MIX_WIDTH, 0, 0.25f);
	rig_say(r, 2003, MIX_WIDTH, 0, 1.0f);
	rig_run_all(r, 100);
	for (uint32_t n = 1001; n < 2003 + LEN; n++) {
		bool back = n >= 2003;
		double way = (n + 1.0 - (back ? 2003 : 1001)) / LEN;
		double moved = way < 1.0 ? 0.75 * way : 0.75;
		double share = back ? 0.25 + moved : 1.0 - moved;
		double l = (double)r->in[0][0][n], x = (double)r->in[0][1][n];
		double side = share * (l - x) / 2, middle = (l + x) / 2;

		assert_float_equal(r->out[0][0][n], middle + side, 3e-7);
		assert_float_equal(r->out[0][1][n], middle - side, 3e-7);
	}
	assert_as_it_came(r, 0, 1001);
	assert_as_it_came(r, 2003 + LEN, FRAMES);
	rig_free(r);
}

static void
a_side_that_is_not_connected_gets_its_half(void **state)
{
	struct rig *r = wide_rig();

	(void)state;
	r->input[0].ch[1] = NULL;
	rig_say(r, 0, MIX_WIDTH, 0, 0.0f);
	rig_run_all(r, 100);
	for (uint32_t n = 0; n < FRAMES; n++)
		for (int i = 0; i < 2; i++)
			assert_true(r->out[0][i][n] == 0.5f * r->in[0][0][n]);
	rig_free(r);
}

/* Meters show what the fader gets. */
static void
meters_show_what_it_makes(void **state)
{
	struct rig *r = wide_rig();

	(void)state;
	for (uint32_t n = 0; n < FRAMES; n++) {
		r->in[0][0][n] = 1.0f;
		r->in[0][1][n] = -1.0f;
	}
	rig_say(r, 0, MIX_WIDTH, 0, 0.0f);
	rig_run_all(r, 100);
	assert_true(mixer_strip_meter(r->m, MIXER_PEAK, 0, 0) == 0.0f);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_one_it_changes_no_bit),
		cmocka_unit_test(
			at_nothing_both_sides_are_the_same_half_of_each),
		cmocka_unit_test(it_ramps_and_comes_back_to_the_bit),
		cmocka_unit_test(a_side_that_is_not_connected_gets_its_half),
		cmocka_unit_test(meters_show_what_it_makes),
	};

	return cmocka_run_group_tests_name("mixer_width", tests, NULL, NULL);
}
