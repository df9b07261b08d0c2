/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "core/ramp.h"

#define LEN 480u /* frames of a ramp at 48 kHz */

static struct ramp_clock clock_48k;

static int
setup(void **state)
{
	(void)state;
	ramp_clock_init(&clock_48k, 48000);
	return 0;
}

/* The value at a frame, whether the ramp moves or rests. */
static float
value_at(const struct ramp *r, uint64_t frame)
{
	float value = r->to;

	if (!ramp_rests(r, frame))
		ramp_fill(r, &clock_48k, frame, &value, 1);
	return value;
}

static void
its_length_is_the_ramp_time_rounded(void **state)
{
	static const uint32_t rate_hz[] = {32000, 44100, 48000, 88200, 192000};
	static const uint32_t frames[] = {320, 441, 480, 882, 1920};
	struct ramp_clock c;

	(void)state;
	for (size_t i = 0; i < sizeof(rate_hz) / sizeof(rate_hz[0]); i++) {
		ramp_clock_init(&c, rate_hz[i]);
		assert_int_equal(c.frames, frames[i]);
	}
	ramp_clock_init(&c, 44056); /* 440.56 */
	assert_int_equal(c.frames, 441);
	ramp_clock_init(&c, 44049); /* 440.49 */
	assert_int_equal(c.frames, 440);
}

static void
it_moves_from_its_frame_and_arrives_exactly(void **state)
{
	struct ramp r;
	float values[LEN - 1];

	(void)state;
	ramp_jump(&r, 0.25f);
	ramp_start(&r, &clock_48k, 1000, 0.7f);
	assert_false(ramp_rests(&r, 1000));
	assert_false(ramp_rests(&r, 1000 + LEN - 2));
	assert_true(ramp_rests_at(&r, 1000 + LEN - 1, 0.7f));
	ramp_fill(&r, &clock_48k, 1000, values, LEN - 1);
	for (uint32_t i = 0; i < LEN - 1; i++) {
		double want = 0.25 + (0.7 - 0.25) * (i + 1) / LEN;

		assert_float_equal(values[i], want, 1e-7);
	}
}

static void
its_values_do_not_depend_on_the_block(void **state)
{
	struct ramp r;
	float whole[LEN - 1];
	float part[LEN - 1];

	(void)state;
	ramp_jump(&r, 0.1f);
	ramp_start(&r, &clock_48k, 77, 3.3f);
	ramp_fill(&r, &clock_48k, 77, whole, LEN - 1);
	for (uint32_t at = 0, n = 1; at < LEN - 1; at += n, n = n % 13 + 1) {
		n = n < LEN - 1 - at ? n : LEN - 1 - at;
		ramp_fill(&r, &clock_48k, 77 + at, part + at, n);
	}
	assert_memory_equal(part, whole, sizeof(whole));
}

static void
a_new_target_starts_from_where_it_is_with_the_full_length(void **state)
{
	struct ramp r;
	float before;

	(void)state;
	ramp_jump(&r, 0.0f);
	ramp_start(&r, &clock_48k, 100, 1.0f);
	before = value_at(&r, 100 + 119);
	assert_true(before == 0.25f);
	ramp_start(&r, &clock_48k, 100 + 120, 0.0f);
	assert_float_equal(value_at(&r, 100 + 120), 0.25 - 0.25 / LEN, 1e-7);
	assert_false(ramp_rests(&r, 220 + LEN - 2));
	assert_true(ramp_rests_at(&r, 220 + LEN - 1, 0.0f));
}

static void
a_new_target_at_its_last_frame_starts_one_step_before(void **state)
{
	struct ramp r;

	(void)state;
	ramp_jump(&r, 0.0f);
	ramp_start(&r, &clock_48k, 100, 1.0f);
	ramp_start(&r, &clock_48k, 100 + LEN - 1, 2.0f);
	assert_float_equal(r.from, (LEN - 1.0) / LEN, 1e-7);
	ramp_jump(&r, 0.0f);
	ramp_start(&r, &clock_48k, 100, 1.0f);
	ramp_start(&r, &clock_48k, 100 + LEN, 2.0f);
	assert_true(r.from == 1.0f);
}

static void
of_two_targets_at_one_frame_the_last_counts(void **state)
{
	struct ramp r, once;

	(void)state;
	ramp_jump(&r, 0.3f);
	ramp_start(&r, &clock_48k, 50, 1.0f);
	ramp_start(&r, &clock_48k, 50, 0.6f);
	ramp_jump(&once, 0.3f);
	ramp_start(&once, &clock_48k, 50, 0.6f);
	assert_true(r.from == once.from);
	assert_true(r.to == once.to);
	assert_int_equal(r.end, once.end);
}

static void
the_target_it_has_already_does_not_restart_it(void **state)
{
	struct ramp r;

	(void)state;
	ramp_jump(&r, 0.0f);
	ramp_start(&r, &clock_48k, 100, 1.0f);
	ramp_start(&r, &clock_48k, 300, 1.0f);
	assert_true(ramp_rests_at(&r, 100 + LEN - 1, 1.0f));
}

static void
the_clock_gives_every_end_once_and_in_order(void **state)
{
	struct ramp r[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		ramp_jump(&r[i], 0.0f);
	ramp_start(&r[0], &clock_48k, 100, 1.0f);
	ramp_start(&r[1], &clock_48k, 100, 1.0f);
	ramp_start(&r[2], &clock_48k, 103, 1.0f);
	assert_int_equal(ramp_clock_next(&clock_48k, 103), 100 + LEN - 1);
	assert_int_equal(
		ramp_clock_next(&clock_48k, 100 + LEN - 1), 103 + LEN - 1);
	assert_true(ramp_clock_next(&clock_48k, 103 + LEN - 1) == UINT64_MAX);
}

static void
any_number_of_ramps_at_one_frame_have_one_end(void **state)
{
	struct ramp r;

	(void)state;
	ramp_jump(&r, 0.0f);
	for (uint32_t i = 0; i < RAMP_ENDS; i++)
		ramp_start(&r, &clock_48k, 100, i & 1 ? 0.5f : 1.0f);
	ramp_start(&r, &clock_48k, 101, 0.0f);
	assert_int_equal(ramp_clock_next(&clock_48k, 101), 100 + LEN - 1);
	assert_int_equal(
		ramp_clock_next(&clock_48k, 100 + LEN - 1), 101 + LEN - 1);
}

static void
a_start_on_every_frame_loses_no_end(void **state)
{
	static struct ramp_clock c;
	const uint32_t frames = RATE_MAX_HZ * RAMP_MS / 1000;
	struct ramp r;

	(void)state;
	ramp_clock_init(&c, RATE_MAX_HZ);
	ramp_jump(&r, 0.0f);
	for (uint64_t f = 1; f < 10000; f++) {
		ramp_start(&r, &c, f, f & 1 ? 1.0f : 0.5f);
		assert_int_equal(
			ramp_clock_next(&c, f), f < frames ? frames : f + 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup(f, setup)
		T(its_length_is_the_ramp_time_rounded),
		T(it_moves_from_its_frame_and_arrives_exactly),
		T(its_values_do_not_depend_on_the_block),
		T(a_new_target_starts_from_where_it_is_with_the_full_length),
		T(a_new_target_at_its_last_frame_starts_one_step_before),
		T(of_two_targets_at_one_frame_the_last_counts),
		T(the_target_it_has_already_does_not_restart_it),
		T(the_clock_gives_every_end_once_and_in_order),
		T(any_number_of_ramps_at_one_frame_have_one_end),
		T(a_start_on_every_frame_loses_no_end),
	};

	return cmocka_run_group_tests_name("ramp", tests, NULL, NULL);
}
