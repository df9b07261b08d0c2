/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The crossfader in the mixer: strips on its sides, and those that are not. */
#include "tests/mixer_level_rig.h"

#include <math.h>

#define FRAMES	9600u
#define TOUCH	1000u
#define ARRIVED (TOUCH + 2400u)
#define THROUGH 0.0f
#define ON_A	1.0f
#define ON_B	2.0f

/* One strip, every sample 1, on a side, with the crossfader at a place. */
static struct rig *
on_side(float side, enum crossfade_curve curve, float position)
{
	struct rig *r = level_rig(1, FRAMES);

	rig_say(r, 0, MIX_SIDE, 0, side);
	rig_say(r, 0, MIX_CROSSFADER_CURVE, 0, (float)curve);
	rig_say(r, 0, MIX_CROSSFADER, 0, position);
	return r;
}

static void
assert_level(const struct rig *r, uint32_t from, uint32_t to, double want)
{
	for (uint32_t n = from; n < to; n++)
		for (int i = 0; i < 2; i++)
			assert_true(
				fabs((double)r->out[0][i][n] - want) < 1e-6);
}

static void
each_side_has_its_gain_from_the_first_frame(void **state)
{
	static const struct {
		float side;
		enum crossfade_curve curve;
		float position;
		double want;
	} cases[] = {
		{ON_A, CROSSFADE_CONSTANT_POWER, 0.5f, M_SQRT1_2},
		{ON_B, CROSSFADE_CONSTANT_POWER, 0.5f, M_SQRT1_2},
		{ON_A, CROSSFADE_LINEAR, 0.25f, 0.75},
		{ON_B, CROSSFADE_LINEAR, 0.25f, 0.25},
		{ON_A, CROSSFADE_DIPLESS, 0.5f, 1.0},
		{ON_B, CROSSFADE_SCRATCH, 0.025f, 0.5},
		{ON_B, CROSSFADE_CUT, 0.0f, 0.0},
		{ON_A, CROSSFADE_CUT, 0.99f, 1.0},
		{THROUGH, CROSSFADE_CUT, 1.0f, 1.0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig *r = on_side(
			cases[i].side, cases[i].curve, cases[i].position);

		rig_run_all(r, 64);
		assert_level(r, 0, FRAMES, cases[i].want);
		rig_free(r);
	}
}

static void
through_and_all_of_a_side_change_no_bit(void **state)
{
	static const float sides[] = {THROUGH, ON_A};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct rig *r = rig_new(1, 1, FRAMES);

		rig_route(r, 0, 1);
		rig_say(r, 0, MIX_SIDE, 0, sides[i]);
		rig_say(r, 0, MIX_CROSSFADER, 0, 0.0f);
		rig_run_all(r, 100);
		for (int c = 0; c < 2; c++)
			assert_samples_equal(r->out[0][c], r->in[0][c], FRAMES);
		rig_free(r);
	}
}

/* Most of the way in 5 ms, and no step on it. */
static void
it_is_quick_and_makes_no_click(void **state)
{
	struct rig *r = on_side(ON_B, CROSSFADE_CUT, 0.0f);
	float step = 0.0f;

	(void)state;
	rig_say(r, TOUCH, MIX_CROSSFADER, 0, 1.0f);
	rig_run_all(r, 64);
	assert_level(r, 0, TOUCH, 0.0);
	assert_true(r->out[0][0][TOUCH + 16 + 240] > 0.8f);
	assert_level(r, ARRIVED, FRAMES, 1.0);
	for (uint32_t n = 1; n < FRAMES; n++)
		step = fmaxf(
			step, fabsf(r->out[0][0][n] - r->out[0][0][n - 1]));
	assert_true(step < 0.01f);
	rig_free(r);
}

static void
another_law_or_the_other_way_round_is_met_without_a_click(void **state)
{
	struct rig *r = on_side(ON_A, CROSSFADE_LINEAR, 0.25f);
	float step = 0.0f;

	(void)state;
	rig_say(r, TOUCH, MIX_CROSSFADER_REVERSE, 0, 1.0f);
	rig_say(r, 2 * ARRIVED, MIX_CROSSFADER_CURVE, 0,
		(float)CROSSFADE_CONSTANT_POWER);
	rig_run_all(r, 64);
	assert_level(r, 0, TOUCH, 0.75);
	assert_level(r, ARRIVED, 2 * ARRIVED, 0.25);
	assert_level(r, FRAMES - 100, FRAMES, sin(M_PI / 8.0));
	for (uint32_t n = 1; n < FRAMES; n++)
		step = fmaxf(
			step, fabsf(r->out[0][0][n] - r->out[0][0][n - 1]));
	assert_true(step < 0.01f);
	rig_free(r);
}

/* The level of a side is not rounded otherwise while the strip goes there. */
static void
blocks_change_no_bit(void **state)
{
	static float kept[2][FRAMES];

	(void)state;
	for (uint32_t block = 16; block <= 4096; block *= 16) {
		struct rig *r = on_side(THROUGH, CROSSFADE_LINEAR, 0.1f);

		for (uint32_t n = 0; n < FRAMES; n += 3)
			r->in[0][0][n] = 1e-40f;
		rig_say(r, TOUCH, MIX_SIDE, 0, ON_B);
		rig_say(r, ARRIVED, MIX_SIDE, 0, THROUGH);
		rig_say(r, 2 * ARRIVED, MIX_SIDE, 0, ON_A);
		rig_say(r, 2 * ARRIVED, MIX_CROSSFADER, 0, 0.0f);
		rig_run_all(r, block);
		for (int i = 0; i < 2; i++) {
			if (block > 16)
				assert_samples_equal(
					r->out[0][i], kept[i], FRAMES);
			memcpy(kept[i], r->out[0][i], sizeof(kept[i]));
		}
		rig_free(r);
	}
}

static void
a_strip_that_changes_sides_ramps(void **state)
{
	struct rig *r = on_side(ON_A, CROSSFADE_LINEAR, 0.25f);

	(void)state;
	rig_say(r, TOUCH, MIX_SIDE, 0, ON_B);
	rig_say(r, ARRIVED, MIX_SIDE, 0, THROUGH);
	rig_run_all(r, 100);
	assert_ramp(r->out[0][0], ARRIVED, TOUCH, 0.75, 0.25);
	assert_ramp(r->out[0][0] + ARRIVED, FRAMES - ARRIVED, 0, 0.25, 1.0);
	rig_free(r);
}

static void
only_what_is_after_the_fader_is_crossed(void **state)
{
	struct rig *r = on_side(ON_B, CROSSFADE_CUT, 0.0f);

	(void)state;
	rig_run_all(r, 100);
	assert_level(r, 0, FRAMES, 0.0);
	assert_true(mixer_strip_meter(r->m, MIXER_PEAK, 0, 0) == 1.0f);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(each_side_has_its_gain_from_the_first_frame),
		T(through_and_all_of_a_side_change_no_bit),
		T(it_is_quick_and_makes_no_click),
		T(another_law_or_the_other_way_round_is_met_without_a_click),
		T(blocks_change_no_bit),
		T(a_strip_that_changes_sides_ramps),
		T(only_what_is_after_the_fader_is_crossed),
	};

	return cmocka_run_group_tests_name("mixer_cross", tests, NULL, NULL);
}
