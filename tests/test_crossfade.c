/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The crossfader's laws, and that nobody hears it move. */
#include "tests/dsp_rig.h"

#include "core/dsp/crossfade.h"

#define FRAMES 65536u
#define SETTLE 8192u
#define CUT_IN 0.05f

static double
closed_form(enum crossfade_curve curve, double rest)
{
	switch (curve) {
	case CROSSFADE_CONSTANT_POWER:
		return sin(M_PI / 2.0 * rest);
	case CROSSFADE_LINEAR:
		return rest;
	case CROSSFADE_DIPLESS:
		return fmin(1.0, 2.0 * rest);
	case CROSSFADE_SCRATCH:
		return fmin(1.0, rest / (double)CUT_IN);
	default:
		return rest > 0.0;
	}
}

static void
each_law_is_its_closed_form(void **state)
{
	float gain[CROSSFADE_SIDES];

	(void)state;
	for (int curve = 0; curve < CROSSFADE_CURVES; curve++)
		for (int reverse = 0; reverse < 2; reverse++)
			for (int i = 0; i <= 1024; i++) {
				const struct crossfade_want want = {
					.position = (float)i / 1024.0f,
					.cut_in = CUT_IN,
					.curve = (uint8_t)curve,
					.reverse = reverse,
				};
				double b =
					reverse ? 1.0 - i / 1024.0 : i / 1024.0;

				crossfade_law(&want, gain);
				assert_true(
					fabs((double)gain[CROSSFADE_B] -
						closed_form(
							(enum crossfade_curve)
								curve,
							b)) < 1e-6);
				assert_true(
					fabs((double)gain[CROSSFADE_A] -
						closed_form(
							(enum crossfade_curve)
								curve,
							1.0 - b)) < 1e-6);
			}
}

/* To the bit, so that one side alone is what it was. */
static void
the_ends_are_all_and_nothing(void **state)
{
	float gain[CROSSFADE_SIDES];

	(void)state;
	for (int curve = 0; curve < CROSSFADE_CURVES; curve++)
		for (int end = 0; end < 2; end++) {
			const struct crossfade_want want = {
				.position = (float)end,
				.cut_in = CUT_IN,
				.curve = (uint8_t)curve};

			crossfade_law(&want, gain);
			assert_true(gain[CROSSFADE_A] == (end ? 0.0f : 1.0f));
			assert_true(gain[CROSSFADE_B] == (end ? 1.0f : 0.0f));
		}
}

static void
it_is_3_ms_late_and_rests_then(void **state)
{
	struct crossfade_want want = {.curve = CROSSFADE_CUT};
	float step = smooth_step(CROSSFADE_POLE_S, RATE_HZ), gain[SMOOTH_TICK];
	struct crossfade c;
	uint32_t frames = 0;

	(void)state;
	crossfade_jump(&c, &want);
	assert_true(crossfade_rests(&c, CROSSFADE_B));
	want.position = 1.0f;
	while (frames < RATE_HZ * 3 / 1000) {
		crossfade_tick(&c, &want, step);
		crossfade_gains(&c, CROSSFADE_B, 0, SMOOTH_TICK, gain);
		frames += SMOOTH_TICK;
	}
	assert_true(
		gain[SMOOTH_TICK - 1] > 0.45f && gain[SMOOTH_TICK - 1] < 0.7f);
	while (frames < RATE_HZ / 10) {
		crossfade_tick(&c, &want, step);
		frames += SMOOTH_TICK;
	}
	assert_true(crossfade_rests(&c, CROSSFADE_A));
	assert_true(crossfade_rests(&c, CROSSFADE_B));
	assert_true(c.to[CROSSFADE_A] == 0.0f && c.to[CROSSFADE_B] == 1.0f);
}

static double
sweep_db(const float *position, enum crossfade_curve curve)
{
	static float x[FRAMES];
	struct crossfade_want want = {
		.cut_in = CUT_IN, .curve = (uint8_t)curve};
	float step = smooth_step(CROSSFADE_POLE_S, RATE_HZ);
	struct crossfade c;

	crossfade_jump(&c, &want);
	for (uint32_t at = 0; at < FRAMES; at += SMOOTH_TICK) {
		want.position = position[at];
		crossfade_tick(&c, &want, step);
		crossfade_gains(&c, CROSSFADE_B, 0, SMOOTH_TICK, x + at);
	}
	for (uint32_t i = 0; i < FRAMES; i++)
		x[i] *= (float)sin(2.0 * M_PI * TONE_HZ * i / RATE_HZ);
	return splatter_db(x + SETTLE, RATE_HZ);
}

static void
nobody_hears_the_steps_of_a_crossfader(void **state)
{
	static float ideal[FRAMES], steps[FRAMES];

	(void)state;
	stepped(steps, FRAMES, SETTLE, 127.0);
	straight(ideal, FRAMES, SETTLE);
	for (int curve = 0; curve <= CROSSFADE_DIPLESS; curve++) {
		double got = sweep_db(steps, (enum crossfade_curve)curve);
		double least = sweep_db(ideal, (enum crossfade_curve)curve);

		print_message("curve %d: steps %.1f dB, ideal %.1f dB\n", curve,
			got, least);
		assert_true(got < -80.0);
		assert_true(least < got + 1.0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(each_law_is_its_closed_form),
		T(the_ends_are_all_and_nothing),
		T(it_is_3_ms_late_and_rests_then),
		T(nobody_hears_the_steps_of_a_crossfader),
	};

	return cmocka_run_group_tests_name("crossfade", tests, NULL, NULL);
}
