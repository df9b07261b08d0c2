/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peak with hold and RMS, against what they are by their definitions. */
#include "tests/mixer_rig.h"

#include <math.h>

#include "core/meter.h"

#define HZ   48000
#define FULL (5 * HZ)

static struct rig *
rig(double hz, float size)
{
	struct rig *r = rig_new(2, 1, FULL);
	const struct message on = {.parameter = MIX_ROUTE,
		.place = mix_place(MIX_ROUTE, 0, 0),
		.target = 1};

	for (uint32_t n = 0; n < FULL; n++)
		for (int i = 0; i < 2; i++)
			r->in[0][i][n] = size *
					 (float)sin(2 * M_PI * hz * n / HZ) *
					 (i ? 0.5f : 1.0f);
	for (int i = 0; i < 2; i++)
		memset(r->in[1][i], 0, FULL * sizeof(float));
	assert_true(mixer_post(r->m, &on, 1));
	mixer_measure(r->m, true);
	return r;
}

/* Until this moment of the input. */
static void
run_to(struct rig *r, double s, uint32_t block)
{
	uint32_t end = (uint32_t)lrint(s * HZ);

	while (r->at < end)
		rig_run(r, end - r->at < block ? end - r->at : block);
}

static double
db(float x)
{
	return 20.0 * log10((double)x);
}

static double
strip(struct rig *r, enum mixer_meter kind, uint32_t side)
{
	return db(mixer_strip_meter(r->m, kind, 0, side));
}

/* Silence from this frame on. */
static void
cut(struct rig *r, double s)
{
	uint32_t at = (uint32_t)lrint(s * HZ);

	for (int i = 0; i < 2; i++)
		memset(r->in[0][i] + at, 0, (FULL - at) * sizeof(float));
}

static void
a_full_sine_has_3_db_less(void **state)
{
	static const uint32_t blocks[] = {16, 64, 333, 1024};

	(void)state;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		struct rig *r = rig(997, 1.0f);

		/* 99 % of its power, which is 0.04 dB less */
		run_to(r, 0.3, blocks[i]);
		assert_true(fabs(strip(r, MIXER_RMS, 0) + 3.054) < 0.05);
		run_to(r, 2.0, blocks[i]);
		assert_true(fabs(strip(r, MIXER_RMS, 0) + 3.010) < 0.02);
		assert_true(fabs(strip(r, MIXER_RMS, 1) + 9.031) < 0.02);
		assert_true(fabs(db(mixer_bus_meter(r->m, MIXER_RMS, 0, 0)) +
				    3.010) < 0.02);
		assert_true(mixer_strip_meter(r->m, MIXER_RMS, 1, 0) == 0.0f);
		rig_free(r);
	}
}

/* A level that steps: 1 - 0.01^(t/300 ms) of the power, at any moment. */
static void
it_follows_its_closed_form(void **state)
{
	struct rig *r = rig(0, 0);

	(void)state;
	for (uint32_t n = 0; n < FULL; n++)
		r->in[0][0][n] = 0.5f;
	cut(r, 1.0);
	for (int i = 1; i <= 20; i++) {
		double t = i * 0.02, want = 0.25 * (1 - pow(0.01, t / 0.3));
		float got;

		run_to(r, t, 48);
		got = mixer_strip_meter(r->m, MIXER_RMS, 0, 0);
		assert_true(fabs(got * got / want - 1.0) < 0.01);
	}
	run_to(r, 1.0, 48);
	for (int i = 1; i <= 20; i++) {
		double t = i * 0.02, want = 0.25 * pow(0.01, t / 0.3);
		float got;

		run_to(r, 1.0 + t, 48);
		got = mixer_strip_meter(r->m, MIXER_RMS, 0, 0);
		assert_true(fabs(got * got / want - 1.0) < 0.01);
	}
	rig_free(r);
}

static void
the_highest_peak_stays_for_a_second_and_a_half(void **state)
{
	static const uint32_t blocks[] = {64, 480, 2048};

	(void)state;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		double late = (double)blocks[i] / HZ;
		struct rig *r = rig(997, 0.1f);

		r->in[0][0][HZ / 2] = 0.8f;
		run_to(r, 0.4, blocks[i]);
		assert_true(fabs(strip(r, MIXER_HOLD, 0) - db(0.1f)) < 0.01);
		run_to(r, 0.5 + late, blocks[i]);
		assert_true(mixer_strip_meter(r->m, MIXER_HOLD, 0, 0) == 0.8f);
		run_to(r, 1.99, blocks[i]);
		assert_true(mixer_strip_meter(r->m, MIXER_HOLD, 0, 0) == 0.8f);
		assert_true(mixer_bus_meter(r->m, MIXER_HOLD, 0, 0) == 0.8f);
		/* the other side had no peak, and the peak itself falls */
		assert_true(fabs(strip(r, MIXER_HOLD, 1) - db(0.05f)) < 0.01);
		assert_true(strip(r, MIXER_PEAK, 0) < db(0.2f));
		/* 20 dB in 1.7 s, down to what is there */
		run_to(r, 2.85, blocks[i]);
		assert_true(fabs(strip(r, MIXER_HOLD, 0) - db(0.8f) + 10.0) <
			    0.1 + 12.0 * late);
		run_to(r, 5.0, blocks[i]);
		assert_true(fabs(strip(r, MIXER_HOLD, 0) - db(0.1f)) < 0.01);
		rig_free(r);
	}
}

static void
nothing_is_measured_that_nobody_asks_for(void **state)
{
	struct rig *r = rig(997, 1.0f);
	float held;

	(void)state;
	run_to(r, 1.0, 256);
	held = mixer_strip_meter(r->m, MIXER_HOLD, 0, 0);
	assert_true(held > 0.99f);
	mixer_measure(r->m, false);
	cut(r, 1.0);
	run_to(r, 4.0, 256);
	assert_true(mixer_strip_meter(r->m, MIXER_HOLD, 0, 0) == held);
	/* asked for again, what is old is not shown */
	mixer_measure(r->m, true);
	run_to(r, 4.01, 256);
	assert_true(mixer_strip_meter(r->m, MIXER_HOLD, 0, 0) == 0.0f);
	assert_true(mixer_strip_meter(r->m, MIXER_RMS, 0, 0) == 0.0f);
	rig_free(r);
}

static void
what_is_no_number_or_too_large_is_soon_forgotten(void **state)
{
	struct rig *r = rig(997, 0.5f);

	(void)state;
	for (int n = 0; n < 300; n++) {
		r->in[0][0][n] = n % 2 ? NAN : INFINITY;
		r->in[0][1][n] = 3e38f;
	}
	run_to(r, 0.5, 64);
	for (int i = 0; i < 2; i++)
		assert_true(isfinite(strip(r, MIXER_RMS, (uint32_t)i)) &&
			    isfinite(strip(r, MIXER_HOLD, (uint32_t)i)));
	assert_true(fabs(strip(r, MIXER_RMS, 0) + 9.03) < 0.1);
	run_to(r, 5.0, 64);
	assert_true(fabs(strip(r, MIXER_RMS, 1) + 15.05) < 0.1);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_sine_has_3_db_less),
		cmocka_unit_test(it_follows_its_closed_form),
		cmocka_unit_test(
			the_highest_peak_stays_for_a_second_and_a_half),
		cmocka_unit_test(nothing_is_measured_that_nobody_asks_for),
		cmocka_unit_test(
			what_is_no_number_or_too_large_is_soon_forgotten),
	};

	return cmocka_run_group_tests_name("meter", tests, NULL, NULL);
}
