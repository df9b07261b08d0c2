/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another rate: a call, and nothing else is another one. */
#include "tests/mixer_level_rig.h"

#include <errno.h>

#define FRAMES 40000u

static void
the_rate_changes_200_times_and_no_bit_with_it(void **state)
{
	static const uint32_t rates_hz[] = {44100, 48000, 96000, 192000, 32000};
	struct rig *r = rig_new(3, 2, FRAMES);

	(void)state;
	rig_route(r, 0, 1);
	rig_route(r, 1, 2);
	rig_route(r, 2, 1);
	rig_say(r, 0, MIX_GAIN, 1, 0.3f);
	rig_say(r, 0, MIX_MUTE, 2, 1.0f);
	for (uint32_t i = 0; i < 200; i++) {
		rig_run(r, 1 + rig_random(r) % 150);
		assert_int_equal(mixer_set_rate(r->m, rates_hz[i % 5]), 0);
	}
	rig_run_all(r, 64);
	assert_int_equal(mixer_frame(r->m), FRAMES);
	for (int side = 0; side < 2; side++) {
		assert_samples_equal(r->out[0][side], r->in[0][side], FRAMES);
		for (uint32_t n = 0; n < FRAMES; n++)
			assert_true(
				r->out[1][side][n] == r->in[1][side][n] * 0.3f);
	}
	rig_free(r);
}

static void
ramps_are_10_ms_of_the_new_rate(void **state)
{
	struct rig *r = level_rig(1, FRAMES);
	struct ramp want;

	(void)state;
	rig_run(r, 1000);
	assert_int_equal(mixer_set_rate(r->m, 96000), 0);
	rig_say(r, 1500, MIX_GAIN, 0, 0.25f);
	rig_run_all(r, 64);
	ramp_jump(&want, 1.0f);
	ramp_start(&want, 1500, 0.25f, 960, RAMP_LINEAR);
	for (uint32_t n = 1500; n < FRAMES; n++)
		assert_true(r->out[0][0][n] == ramp_at(&want, n));
	rig_free(r);
}

/* What was said for now is heard, what waits is not: its frame is at another
 * time, and whoever said it will say so again. */
static void
what_waits_is_forgotten_and_now_is_not(void **state)
{
	static struct message many[PENDING_MESSAGES];
	struct rig *r = level_rig(1, FRAMES);
	uint64_t frame, ns;

	(void)state;
	mixer_set_clock(r->m, 1000);
	rig_run(r, 1000);
	assert_true(mixer_clock(r->m, &frame, &ns));
	rig_say(r, 5000, MIX_GAIN, 0, 0.5f);
	rig_run(r, 1000);
	rig_say(r, 6000, MIX_GAIN, 0, 0.5f);
	rig_say(r, 0, MIX_GAIN, 0, 0.25f);
	assert_int_equal(mixer_set_rate(r->m, 44100), 0);
	assert_false(mixer_clock(r->m, &frame, &ns));
	for (uint32_t i = 0; i < PENDING_MESSAGES; i++)
		many[i] = (struct message){.frame = FRAMES - 1,
			.parameter = MIX_TRIM,
			.target = 1.0f};
	assert_true(mixer_post(r->m, many, PENDING_MESSAGES));
	rig_run_all(r, 64);
	for (uint32_t n = 3000; n < FRAMES; n++)
		assert_true(r->out[0][0][n] == 0.25f);
	rig_free(r);
}

static void
a_rate_that_cannot_be_is_refused(void **state)
{
	struct rig *r = level_rig(1, 100);

	(void)state;
	assert_int_equal(mixer_set_rate(r->m, RATE_MIN_HZ - 1), -EINVAL);
	assert_int_equal(mixer_set_rate(r->m, RATE_MAX_HZ + 1), -EINVAL);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(the_rate_changes_200_times_and_no_bit_with_it),
		T(ramps_are_10_ms_of_the_new_rate),
		T(what_waits_is_forgotten_and_now_is_not),
		T(a_rate_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests_name("mixer_rate", tests, NULL, NULL);
}
