/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one-knob filter: what it does where it stands, and that nobody hears it
 * move. */
#include "tests/dsp_rig.h"

#include "core/dsp/filter.h"

#define FRAMES 65536u
#define LEAST  1e-4 /* -80 dB */
#define SETTLE 8192u

struct knob {
	struct filter filter;
	bool acts;
	float x[2][FRAMES];
	uint32_t rate_hz;
	uint64_t frame;
};

static struct knob *
knob_new(uint32_t rate_hz)
{
	struct knob *k = calloc(1, sizeof(*k));

	assert_non_null(k);
	k->rate_hz = rate_hz;
	filter_begin(&k->filter, (float)rate_hz, 0.0f, 1.0f);
	return k;
}

/* n frames from `at` on, with the knob at turn[frame] or, without, at `to`. */
static void
knob_run(struct knob *k, uint32_t at, uint32_t n, const float *turn, float to,
	float q)
{
	uint32_t end = at + n;

	while (at < end) {
		uint32_t cell = (uint32_t)(k->frame % SMOOTH_TICK);
		uint32_t some = SMOOTH_TICK - cell;

		if (cell == 0)
			k->acts = filter_tick(
				&k->filter, turn ? turn[at] : to, q);
		some = some < end - at ? some : end - at;
		if (k->acts) {
			float *const x[2] = {k->x[0] + at, k->x[1] + at};

			filter_run(&k->filter, x, cell, some);
		}
		at += some;
		k->frame += some;
	}
}

static void
impulse(struct knob *k, float to, float q)
{
	memset(k->x, 0, sizeof(k->x));
	k->frame = 0;
	filter_begin(&k->filter, (float)k->rate_hz, to, q);
	k->x[0][0] = k->x[1][0] = 1.0f;
	knob_run(k, 0, FRAMES, NULL, to, q);
	assert_memory_equal(k->x[0], k->x[1], sizeof(k->x[0]));
}

/* Of the 2nd order, by the bilinear rule. */
static double
form(float to, double q, double hz, double rate_hz)
{
	double way = fabs((double)to);
	double cutoff = to < 0.0f ? 23500.0 * pow(40.0 / 23500.0, way)
				  : 8.0 * pow(10000.0 / 8.0, way);
	double w = tan(M_PI * hz / rate_hz) /
		   tan(M_PI * fmin(cutoff / rate_hz, 0.49));
	double down = hypot(1.0 - w * w, w / q);

	return (to < 0.0f ? 1.0 : w * w) / down;
}

static void
each_place_is_what_the_formula_says(void **state)
{
	static const float places[] = {-1.0f, -0.9f, -0.7f, -0.5f, -0.3f, -0.2f,
		0.2f, 0.3f, 0.5f, 0.7f, 0.9f, 1.0f};
	static const float qs[] = {0.7f, 1.0f, 2.0f, 4.0f};
	static const uint32_t rates[] = {44100, 48000, 192000};

	(void)state;
	for (size_t r = 0; r < 3; r++) {
		struct knob *k = knob_new(rates[r]);

		for (size_t p = 0; p < sizeof(places) / sizeof(*places); p++)
			for (size_t q = 0; q < 4; q++) {
				impulse(k, places[p], qs[q]);
				for (int i = 0; i < POINTS; i++) {
					double hz = point_hz(i, 20.0, 20000.0);
					double want = form(
						places[p], qs[q], hz, rates[r]);
					double got = cabs(response(k->x[0],
						FRAMES, hz / rates[r]));

					if (want < LEAST)
						continue;
					assert_true(fabs(db(got / want)) < 0.1);
				}
			}
		free(k);
	}
}

/* The bump at the cutoff is that of 0.707, however high the resonance is. */
static void
leaving_the_centre_makes_no_bump(void **state)
{
	struct knob *k = knob_new(48000);

	(void)state;
	for (int side = -1; side <= 1; side += 2) {
		impulse(k, 0.02f * (float)side, 4.0f);
		for (int i = 0; i < POINTS; i++) {
			double hz = point_hz(i, 20.0, 20000.0);

			assert_true(db(cabs(response(k->x[0], FRAMES,
					    hz / 48000.0))) < 0.6);
		}
	}
	free(k);
}

static void
noise_fill(struct knob *k, float (*kept)[FRAMES], uint32_t *seed)
{
	for (uint32_t i = 0; i < FRAMES; i++) {
		k->x[0][i] = noise(seed);
		k->x[1][i] = noise(seed);
	}
	memcpy(kept, k->x, sizeof(k->x));
}

static void
at_the_centre_it_changes_no_bit(void **state)
{
	static float kept[2][FRAMES];
	struct knob *k = knob_new(48000);
	uint32_t seed = 1;

	(void)state;
	noise_fill(k, kept, &seed);
	knob_run(k, 0, FRAMES, NULL, 0.0f, 4.0f);
	assert_memory_equal(k->x, kept, sizeof(kept));
	for (int side = -1; side <= 1; side += 2) {
		noise_fill(k, kept, &seed);
		knob_run(k, 0, SETTLE, NULL, (float)side, 1.0f);
		assert_memory_not_equal(k->x[0] + SETTLE / 2,
			kept[0] + SETTLE / 2, SETTLE / 2 * sizeof(float));
		knob_run(k, SETTLE, SETTLE, NULL, 0.0f, 1.0f);
		knob_run(k, 2 * SETTLE, FRAMES - 2 * SETTLE, NULL, 0.0f, 1.0f);
		for (int c = 0; c < 2; c++)
			assert_memory_equal(k->x[c] + 2 * SETTLE,
				kept[c] + 2 * SETTLE,
				(FRAMES - 2 * SETTLE) * sizeof(float));
	}
	free(k);
}

static void
it_stays_bounded_however_it_jumps(void **state)
{
	static const uint32_t rates[] = {16000, 44100, 48000, 96000, 192000};
	uint32_t seed = 3;

	(void)state;
	for (size_t r = 0; r < sizeof(rates) / sizeof(*rates); r++) {
		struct knob *k = knob_new(rates[r]);
		float turn[FRAMES], most = 0.0f;

		for (uint32_t i = 0; i < FRAMES; i++) {
			float u = noise(&seed);

			turn[i] = u < -0.5f ? -1.0f : u > 0.5f ? 1.0f : u;
			k->x[0][i] = noise(&seed);
			k->x[1][i] = u;
		}
		knob_run(k, 0, FRAMES, turn, 0.0f, 4.0f);
		for (uint32_t i = 0; i < FRAMES; i++)
			for (int c = 0; c < 2; c++)
				most = fmaxf(most, fabsf(k->x[c][i]));
		assert_true(most < 20.0f);
		free(k);
	}
}

static void
cuts_change_no_bit(void **state)
{
	struct knob *whole = knob_new(44100), *cut = knob_new(44100);
	static float turn[FRAMES];
	uint32_t seed = 4;

	(void)state;
	noise_fill(whole, cut->x, &seed);
	for (uint32_t i = 0; i < FRAMES; i++)
		turn[i] = i % 5000 == 0 ? noise(&seed) : i ? turn[i - 1] : 0.0f;
	knob_run(whole, 0, FRAMES, turn, 0.0f, 2.0f);
	for (uint32_t at = 0, n; at < FRAMES; at += n) {
		n = 1 + (uint32_t)(fabsf(noise(&seed)) * 300.0f);
		n = n < FRAMES - at ? n : FRAMES - at;
		knob_run(cut, at, n, turn, 0.0f, 2.0f);
	}
	assert_memory_equal(cut->x, whole->x, sizeof(cut->x));
	free(whole);
	free(cut);
}

/* ---- zipper ---- */

static double
sweep_db(const float *turn, float q)
{
	struct knob *k = knob_new(RATE_HZ);
	double result;

	for (uint32_t i = 0; i < FRAMES; i++)
		k->x[0][i] = k->x[1][i] =
			(float)sin(2.0 * M_PI * TONE_HZ * i / RATE_HZ);
	knob_run(k, 0, FRAMES, turn, 0.0f, q);
	result = splatter_db(k->x[0] + SETTLE, RATE_HZ);
	free(k);
	return result;
}

/* Half the knob in a second: in 63 steps that come at irregular times, as a
 * controller sends them, and beside it as a hand of glass would. */
static void
nobody_hears_the_steps_of_a_knob(void **state)
{
	static float ideal[FRAMES], steps[FRAMES];

	(void)state;
	for (int side = -1; side <= 1; side += 2) {
		stepped(steps, FRAMES, SETTLE, 63.0);
		straight(ideal, FRAMES, SETTLE);
		for (uint32_t i = 0; side < 0 && i < FRAMES; i++) {
			ideal[i] = -ideal[i];
			steps[i] = -steps[i];
		}
		for (float q = 0.7f; q < 2.1f; q += 1.3f) {
			double got = sweep_db(steps, q);
			double floor_db = sweep_db(ideal, q);

			print_message("side %d Q %.1f: steps %.1f dB, ideal "
				      "%.1f dB\n",
				side, (double)q, got, floor_db);
			assert_true(got < -80.0);
			assert_true(floor_db < got + 1.0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(each_place_is_what_the_formula_says),
		T(leaving_the_centre_makes_no_bump),
		T(at_the_centre_it_changes_no_bit),
		T(it_stays_bounded_however_it_jumps),
		T(cuts_change_no_bit),
		T(nobody_hears_the_steps_of_a_knob),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
