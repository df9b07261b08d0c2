/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The isolator against the closed forms of Linkwitz and Riley. */
#include "tests/dsp_rig.h"

#include "core/dsp/eq.h"

#define FRAMES 65536u
#define LEAST  1e-4 /* -80 dB */

static const uint32_t rates[] = {44100, 48000, 96000, 192000};

struct bands {
	struct eq eq;
	struct eq_design design;
	float gain[EQ_BANDS][FRAMES];
	float x[2][FRAMES];
	uint32_t rate_hz;
};

static struct bands *
bands_new(uint32_t rate_hz, double low_hz, double high_hz)
{
	struct bands *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->rate_hz = rate_hz;
	eq_design_init(&b->design, low_hz, high_hz, rate_hz);
	return b;
}

static void
gains_set(struct bands *b, float low, float mid, float high)
{
	for (uint32_t i = 0; i < FRAMES; i++) {
		b->gain[0][i] = low;
		b->gain[1][i] = mid;
		b->gain[2][i] = high;
	}
}

static void
bands_run(struct bands *b, uint32_t at, uint32_t n)
{
	const struct eq_turn turn = {&b->eq, &b->design,
		{b->x[0] + at, b->x[1] + at},
		{b->gain[0] + at, b->gain[1] + at, b->gain[2] + at}};

	eq_run(&turn, n);
}

static void
impulse(struct bands *b)
{
	memset(b->x, 0, sizeof(b->x));
	b->x[0][0] = b->x[1][0] = 1.0f;
	memset(&b->eq, 0, sizeof(b->eq));
	bands_run(b, 0, FRAMES);
	assert_memory_equal(b->x[0], b->x[1], sizeof(b->x[0]));
}

static double
level_at(const struct bands *b, double hz)
{
	return cabs(response(b->x[0], FRAMES, hz / b->rate_hz));
}

/* The low pass of a crossover; the high pass is what it lacks to 1. */
static double
low_pass(double hz, double crossover_hz, double rate_hz)
{
	double w =
		tan(M_PI * hz / rate_hz) / tan(M_PI * crossover_hz / rate_hz);

	return 1.0 / (1.0 + pow(w, 4.0));
}

static void
flat_it_changes_no_level(void **state)
{
	(void)state;
	for (size_t r = 0; r < sizeof(rates) / sizeof(*rates); r++) {
		struct bands *b = bands_new(rates[r], 250.0, 2500.0);

		gains_set(b, 1.0f, 1.0f, 1.0f);
		impulse(b);
		for (int i = 0; i < POINTS; i++) {
			double hz = point_hz(i, 20.0, 20000.0);

			assert_true(fabs(db(level_at(b, hz))) < 0.01);
		}
		free(b);
	}
}

static void
each_band_is_what_the_formula_says(void **state)
{
	(void)state;
	for (size_t r = 0; r < sizeof(rates) / sizeof(*rates); r++) {
		struct bands *b = bands_new(rates[r], 250.0, 2500.0);

		for (int band = 0; band < EQ_BANDS; band++) {
			gains_set(b, band == 0, band == 1, band == 2);
			impulse(b);
			for (int i = 0; i < POINTS; i++) {
				double hz = point_hz(i, 20.0, 20000.0);
				double lo = low_pass(hz, 250.0, rates[r]);
				double hi = low_pass(hz, 2500.0, rates[r]);
				const double want[] = {lo, (1.0 - lo) * hi,
					(1.0 - lo) * (1.0 - hi)};

				if (want[band] < LEAST)
					continue;
				assert_true(fabs(db(level_at(b, hz) /
						    want[band])) < 0.1);
			}
		}
		free(b);
	}
}

/* Its own depth: what is left of a killed band, beside its neighbours. */
static void
a_kill_is_as_deep_as_the_slopes(void **state)
{
	static const struct {
		int band;
		double hz, db;
	} depths[] = {{0, 60.0, -49.0}, {0, 100.0, -31.5}, {1, 500.0, -25.0},
		{1, 1000.0, -31.0}, {2, 5000.0, -26.0}, {2, 10000.0, -54.0}};
	struct bands *b = bands_new(48000, 246.0, 2484.0);

	(void)state;
	for (size_t i = 0; i < sizeof(depths) / sizeof(*depths); i++) {
		gains_set(b, depths[i].band != 0, depths[i].band != 1,
			depths[i].band != 2);
		impulse(b);
		assert_true(fabs(db(level_at(b, depths[i].hz)) - depths[i].db) <
			    1.0);
	}
	free(b);
}

static void
all_killed_is_silence(void **state)
{
	struct bands *b = bands_new(48000, 250.0, 2500.0);
	uint32_t seed = 1;

	(void)state;
	gains_set(b, 0.0f, 0.0f, 0.0f);
	for (uint32_t i = 0; i < FRAMES; i++)
		b->x[0][i] = b->x[1][i] = noise(&seed);
	bands_run(b, 0, FRAMES);
	for (uint32_t i = 0; i < FRAMES; i++)
		assert_true(b->x[0][i] == 0.0f && b->x[1][i] == 0.0f);
	free(b);
}

static void
cuts_change_no_bit(void **state)
{
	struct bands *whole = bands_new(44100, 250.0, 2500.0);
	struct bands *cut = bands_new(44100, 250.0, 2500.0);
	uint32_t seed = 2;

	(void)state;
	for (uint32_t i = 0; i < FRAMES; i++) {
		whole->x[0][i] = noise(&seed);
		whole->x[1][i] = noise(&seed);
		for (int band = 0; band < EQ_BANDS; band++)
			whole->gain[band][i] = 1.0f + noise(&seed);
	}
	memcpy(cut->x, whole->x, sizeof(cut->x));
	memcpy(cut->gain, whole->gain, sizeof(cut->gain));
	bands_run(whole, 0, FRAMES);
	for (uint32_t at = 0, n; at < FRAMES; at += n) {
		n = 1 + (uint32_t)(fabsf(noise(&seed)) * 300.0f);
		n = n < FRAMES - at ? n : FRAMES - at;
		bands_run(cut, at, n);
	}
	assert_memory_equal(cut->x, whole->x, sizeof(cut->x));
	free(whole);
	free(cut);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flat_it_changes_no_level),
		cmocka_unit_test(each_band_is_what_the_formula_says),
		cmocka_unit_test(a_kill_is_as_deep_as_the_slopes),
		cmocka_unit_test(all_killed_is_silence),
		cmocka_unit_test(cuts_change_no_bit),
	};

	return cmocka_run_group_tests_name("eq", tests, NULL, NULL);
}
