/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "core/mixer/ramp.h"

#define LEN 480u /* frames of a ramp at 48 kHz */

static void
start(struct ramp *r, uint64_t frame, float to)
{
	ramp_start(r, frame, to, LEN, RAMP_LINEAR);
}

static void
its_usual_length_is_the_ramp_time_rounded(void **state)
{
	(void)state;
	assert_int_equal(ramp_frames_usual(32000), 320);
	assert_int_equal(ramp_frames_usual(44100), 441);
	assert_int_equal(ramp_frames_usual(48000), 480);
	assert_int_equal(ramp_frames_usual(88200), 882);
	assert_int_equal(ramp_frames_usual(192000), 1920);
	assert_int_equal(ramp_frames_usual(44056), 441); /* 440.56 */
	assert_int_equal(ramp_frames_usual(44049), 440); /* 440.49 */
}

static void
it_moves_from_its_frame_and_arrives_exactly(void **state)
{
	struct ramp r;
	float values[LEN - 1];

	(void)state;
	ramp_jump(&r, 0.25f);
	start(&r, 1000, 0.7f);
	assert_false(ramp_rests(&r, 1000));
	assert_false(ramp_rests(&r, 1000 + LEN - 2));
	assert_true(ramp_rests(&r, 1000 + LEN - 1));
	assert_true(ramp_at(&r, 1000 + LEN - 1) == 0.7f);
	ramp_fill(&r, 1000, values, LEN - 1);
	for (uint32_t i = 0; i < LEN - 1; i++) {
		double want = 0.25 + (0.7 - 0.25) * (i + 1) / LEN;

		assert_float_equal(values[i], want, 1e-7);
	}
}

/* By the scale of level.h, which goes on above its end, and libm. */
static double
fader_formula(double from, double to, double way)
{
	const double exponent = log(90.0 / 102.0) / log(0.75);
	double a = fmax((20.0 * log10(from) + 90.0) / 102.0, 0.0);
	double b = fmax((20.0 * log10(to) + 90.0) / 102.0, 0.0);

	a = pow(a, 1.0 / exponent);
	b = pow(b, 1.0 / exponent);
	way = pow(a + (b - a) * way, exponent);
	return pow(10.0, (-90.0 + 102.0 * way) / 20.0);
}

/* What a law is by its formula, at a part of the way. */
static double
formula(enum ramp_law law, double from, double to, double way)
{
	const double floor = 3.1622776601683795e-5;

	switch (law) {
	case RAMP_DB:
		return fmax(from, floor) *
		       pow(fmax(to, floor) / fmax(from, floor), way);
	case RAMP_COSINE:
		return from + (to - from) * (1.0 - cos(M_PI * way)) / 2.0;
	case RAMP_RISE:
		return fader_formula(0.0, to, way);
	case RAMP_FADER:
		return fader_formula(from, to, way);
	default:
		return from + (to - from) * way;
	}
}

/* At a thousand places and at both ends: from 10 ms to three hours. */
static void
every_law_is_its_formula_at_every_length(void **state)
{
	static const uint32_t lengths[] = {
		480, 1920, 48000, 4 * 48000, 192000u * 3600 * 3};
	static const float ends[][2] = {{0.0f, 1.0f}, {1.0f, 0.0f},
		{0.25f, 0.7f}, {16.0f, 1e-3f}, {3.98f, 3.98f * 0.99f}};

	(void)state;
	for (int law = 0; law < RAMP_LAWS; law++)
		for (size_t l = 0; l < sizeof(lengths) / sizeof(*lengths); l++)
			for (size_t e = 0; e < sizeof(ends) / sizeof(*ends);
				e++) {
				double from = (double)ends[e][0];
				double to = (double)ends[e][1];
				uint32_t n = lengths[l], step = n / 1000 + 1;
				/* the fader's goes straight for 16 frames */
				double most = law < RAMP_FADER ? 3e-7 : 6e-5;
				struct ramp r;

				ramp_jump(&r, ends[e][0]);
				ramp_start(&r, 77, ends[e][1], n,
					(enum ramp_law)law);
				for (uint32_t i = 0; i < n - 1; i += step) {
					double want = formula(
						(enum ramp_law)law, from, to,
						(i + 1.0) / n);

					assert_float_equal(ramp_at(&r, 77 + i),
						want, most * fmax(from, to));
				}
				assert_false(ramp_rests(&r, 77 + n - 2));
				assert_true(ramp_rests(&r, 77 + n - 1));
				assert_true(
					ramp_at(&r, 77 + n - 1) == ends[e][1]);
			}
}

/* In decibels it is the quiet end that counts. */
static void
decibels_are_right_where_it_is_quiet(void **state)
{
	struct ramp r;

	(void)state;
	ramp_jump(&r, 1.0f);
	ramp_start(&r, 0, 0.0f, 90000, RAMP_DB);
	for (uint32_t i = 0; i < 89999; i++) {
		double db = 20.0 * log10((double)ramp_at(&r, i));

		assert_float_equal(db, -(i + 1.0) / 1000.0, 1e-5);
	}
	assert_true(ramp_at(&r, 89999) == 0.0f);
}

static void
a_rise_begins_in_silence_wherever_it_was(void **state)
{
	struct ramp r;

	(void)state;
	ramp_jump(&r, 1.0f);
	ramp_start(&r, 100, 1.0f, 48000, RAMP_RISE);
	assert_true(r.from == 0.0f);
	assert_true(ramp_at(&r, 100) < 1e-5f);
	assert_float_equal(
		ramp_at(&r, 100 + 23999), fader_formula(0.0, 1.0, 0.5), 1e-4);
	assert_true(ramp_at(&r, 100 + 47999) == 1.0f);
	/* said again on its way, it goes on */
	ramp_start(&r, 200, 1.0f, 48000, RAMP_RISE);
	assert_int_equal(r.end, 100 + 47999);
	/* and once it is there, it begins again */
	ramp_start(&r, 100000, 1.0f, 48000, RAMP_RISE);
	assert_int_equal(r.end, 100000 + 47999);
	assert_true(ramp_at(&r, 100000) < 1e-5f);
}

static void
its_values_do_not_depend_on_the_block(void **state)
{
	struct ramp r;
	float whole[LEN - 1];
	float part[LEN - 1];

	(void)state;
	for (int law = 0; law < RAMP_LAWS; law++) {
		ramp_jump(&r, 0.1f);
		ramp_start(&r, 77, 3.3f, LEN, (enum ramp_law)law);
		ramp_fill(&r, 77, whole, LEN - 1);
		for (uint32_t at = 0, n = 1; at < LEN - 1;
			at += n, n = n % 13 + 1) {
			n = n < LEN - 1 - at ? n : LEN - 1 - at;
			ramp_fill(&r, 77 + at, part + at, n);
		}
		assert_memory_equal(part, whole, sizeof(whole));
	}
}

static void
a_new_target_starts_from_where_it_is_with_the_full_length(void **state)
{
	struct ramp r;

	(void)state;
	ramp_jump(&r, 0.0f);
	start(&r, 100, 1.0f);
	assert_true(ramp_at(&r, 100 + 119) == 0.25f);
	start(&r, 100 + 120, 0.0f);
	assert_float_equal(ramp_at(&r, 100 + 120), 0.25 - 0.25 / LEN, 1e-7);
	assert_false(ramp_rests(&r, 220 + LEN - 2));
	assert_true(ramp_rests(&r, 220 + LEN - 1));
}

static void
a_later_word_supersedes_a_ramp_of_an_hour(void **state)
{
	struct ramp r;
	float at;

	(void)state;
	ramp_jump(&r, 1.0f);
	ramp_start(&r, 100, 0.0f, 48000 * 3600, RAMP_COSINE);
	at = ramp_at(&r, 100 + 48000 * 900);
	ramp_start(&r, 101 + 48000 * 900, 0.5f, LEN, RAMP_LINEAR);
	assert_true(r.from == at);
	assert_true(ramp_rests(&r, 100 + 48000 * 900 + LEN));
}

static void
the_same_target_sooner_is_another_word(void **state)
{
	struct ramp r;

	(void)state;
	ramp_jump(&r, 1.0f);
	ramp_start(&r, 100, 0.0f, 48000, RAMP_LINEAR);
	ramp_start(&r, 200, 0.0f, LEN, RAMP_LINEAR);
	assert_true(ramp_rests(&r, 200 + LEN - 1));
}

static void
a_new_target_at_its_last_frame_starts_one_step_before(void **state)
{
	struct ramp r;

	(void)state;
	ramp_jump(&r, 0.0f);
	start(&r, 100, 1.0f);
	start(&r, 100 + LEN - 1, 2.0f);
	assert_float_equal(r.from, (LEN - 1.0) / LEN, 1e-7);
	ramp_jump(&r, 0.0f);
	start(&r, 100, 1.0f);
	start(&r, 100 + LEN, 2.0f);
	assert_true(r.from == 1.0f);
}

static void
of_two_targets_at_one_frame_the_last_counts(void **state)
{
	struct ramp r, once;

	(void)state;
	for (int law = 0; law < RAMP_LAWS; law++) {
		ramp_jump(&r, 0.0f);
		ramp_start(&r, 50, 1.0f, LEN, (enum ramp_law)law);
		start(&r, 50, 0.6f);
		ramp_jump(&once, 0.0f);
		start(&once, 50, 0.6f);
		assert_true(r.from == once.from);
		assert_true(r.to == once.to);
		assert_int_equal(r.end, once.end);
	}
}

static void
the_target_it_has_already_does_not_restart_it(void **state)
{
	struct ramp r;

	(void)state;
	ramp_jump(&r, 0.0f);
	start(&r, 100, 1.0f);
	start(&r, 300, 1.0f);
	assert_true(ramp_rests(&r, 100 + LEN - 1));
	start(&r, 1000, 1.0f);
	assert_true(ramp_rests(&r, 1000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(its_usual_length_is_the_ramp_time_rounded),
		T(it_moves_from_its_frame_and_arrives_exactly),
		T(every_law_is_its_formula_at_every_length),
		T(decibels_are_right_where_it_is_quiet),
		T(a_rise_begins_in_silence_wherever_it_was),
		T(its_values_do_not_depend_on_the_block),
		T(a_new_target_starts_from_where_it_is_with_the_full_length),
		T(a_later_word_supersedes_a_ramp_of_an_hour),
		T(the_same_target_sooner_is_another_word),
		T(a_new_target_at_its_last_frame_starts_one_step_before),
		T(of_two_targets_at_one_frame_the_last_counts),
		T(the_target_it_has_already_does_not_restart_it),
	};

	return cmocka_run_group_tests_name("ramp", tests, NULL, NULL);
}
