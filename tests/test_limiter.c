/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limiter against a meter of its own: 32 points a frame, each from 128
 * samples, in double precision. */
#include "tests/dsp_rig.h"

#include "core/dsp/limiter.h"
#include "core/samples.h"

#define FRAMES	   24000u
#define POINTS_OF  32
#define TAPS	   128
#define WORST_DB   0.2
#define CEILING_DB (-1.0)
#define IN_BAND_HZ 20000.0

static const uint32_t rates[] = {44100, 48000, 88200, 96000, 176400, 192000};

#define RATES (sizeof(rates) / sizeof(*rates))

struct bus {
	struct limiter limiter;
	uint32_t rate_hz, release;
	float ceiling;
	float in[2][FRAMES], out[2][FRAMES];
};

static struct bus *
bus_new(uint32_t rate_hz, double release_s)
{
	struct bus *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->rate_hz = rate_hz;
	b->ceiling = (float)pow(10.0, CEILING_DB / 20.0);
	b->release = attenuation_release(release_s, rate_hz);
	limiter_begin(&b->limiter, rate_hz);
	return b;
}

/* In pieces up to `most`, drawn by a seed. */
static void
bus_run(struct bus *b, uint32_t most, uint32_t seed)
{
	memcpy(b->out, b->in, sizeof(b->out));
	for (uint32_t at = 0, n; at < FRAMES; at += n) {
		float *const x[2] = {b->out[0] + at, b->out[1] + at};

		noise(&seed);
		n = 1 + seed % most;
		n = n < FRAMES - at ? n : FRAMES - at;
		limiter_run(&b->limiter, x, b->ceiling, b->release, n);
	}
}

/* ---- the meter ---- */

/* A sinc under a Kaiser window of beta 12. */
static double
bessel_0(double x)
{
	double sum = 1.0, term = 1.0;

	for (int k = 1; k < 80; k++) {
		term *= x / 2.0 / k * (x / 2.0 / k);
		sum += term;
	}
	return sum;
}

static void
meter_taps(double tap[POINTS_OF][TAPS])
{
	for (int p = 0; p < POINTS_OF; p++) {
		for (int j = 0; j < TAPS; j++) {
			double d = j - (TAPS / 2 - 1) - (double)p / POINTS_OF;
			double way = d / (TAPS / 2);
			double sinc =
				d == 0.0 ? 1.0 : sin(M_PI * d) / (M_PI * d);

			tap[p][j] = sinc *
				    bessel_0(12.0 *
					     sqrt(fmax(0.0, 1.0 - way * way))) /
				    bessel_0(12.0);
		}
	}
}

static double
true_peak(const float *x, uint32_t n)
{
	static double tap[POINTS_OF][TAPS];
	double most = 0.0;

	if (tap[0][TAPS / 2 - 1] == 0.0)
		meter_taps(tap);
	for (uint32_t at = 0; at + TAPS <= n; at++) {
		for (int p = 0; p < POINTS_OF; p++) {
			double sum = 0.0;

			for (int j = 0; j < TAPS; j++)
				sum += tap[p][j] * (double)x[at + j];
			most = fmax(most, fabs(sum));
		}
	}
	return most;
}

/* ---- programme ---- */

/* Up to IN_BAND_HZ and 0 dB: by many tones at random, and clipped, and brought
 * back into the band. */
static void
low_pass(float *x, uint32_t n, double edge)
{
	static float y[FRAMES];

	for (uint32_t i = 0; i < n; i++) {
		double sum = 0.0;

		for (int j = -96; j <= 96; j++) {
			double w = 0.5 + 0.5 * cos(M_PI * j / 97.0);
			double h = j == 0 ? 2.0 * edge
					  : sin(2.0 * M_PI * edge * j) /
						    (M_PI * j);

			if ((int64_t)i + j >= 0 && i + (uint32_t)j < n)
				sum += w * h * (double)x[i + (uint32_t)j];
		}
		y[i] = (float)sum;
	}
	memcpy(x, y, n * sizeof(*x));
}

enum programme {
	CLIPPED_NOISE,
	BURSTS,
	SQUARES,
	TONES,
	QUARTER, /* of the rate, at 45 degrees: 3 dB between the samples */
	PROGRAMMES
};

static void
programme(struct bus *b, enum programme which)
{
	uint32_t seed = 77 + which;

	for (int i = 0; i < 2; i++) {
		for (uint32_t n = 0; n < FRAMES; n++) {
			double t = (double)n / b->rate_hz, x = 0.0;

			switch (which) {
			case CLIPPED_NOISE:
				x = 4.0 * (double)noise(&seed);
				break;
			case BURSTS:
				x = n / 700 % 3 == 0
					    ? 6.0 * (double)noise(&seed)
					    : 0.0;
				break;
			case SQUARES:
				x = 4.0 *
				    sin(2.0 * M_PI * (300.0 + 900.0 * t) * t);
				break;
			case TONES:
				for (int k = 0; k < 7; k++)
					x += sin(2.0 * M_PI * t *
						 (2221.0 + 2543.0 * k + i));
				x *= 0.7;
				break;
			default:
				x = 1.4 * sin(M_PI / 2.0 * n + M_PI / 4.0);
				break;
			}
			x *= n < 4800 ? n / 4800.0 : 1.0;
			if (which < TONES)
				x = x > 1.0 ? 1.0 : x < -1.0 ? -1.0 : x;
			b->in[i][n] = (float)(1.5 * x);
		}
		if (which < TONES)
			low_pass(b->in[i], FRAMES,
				0.97 * IN_BAND_HZ / b->rate_hz);
	}
}

static void
no_peak_goes_above_the_ceiling(void **state)
{
	(void)state;
	for (size_t r = 0; r < 2; r++) {
		for (int p = 0; p < PROGRAMMES; p++) {
			struct bus *b = bus_new(rates[r], 0.05);
			double over = -1e9;

			programme(b, (enum programme)p);
			bus_run(b, LIMITER_PIECE, 3);
			for (int i = 0; i < 2; i++) {
				over = fmax(
					over, db(true_peak(b->out[i], FRAMES)));
				for (uint32_t n = 0; n < FRAMES; n++)
					assert_true(fabsf(b->out[i][n]) <=
						    b->ceiling);
			}
			print_message("%u Hz, programme %d: %.3f dB over\n",
				rates[r], p, over - CEILING_DB);
			assert_true(over - CEILING_DB <= WORST_DB);
			/* and it does not hide below it */
			assert_true(over - CEILING_DB > -0.7);
			free(b);
		}
	}
}

/* ---- below the ceiling ---- */

static void
what_is_below_is_late_and_the_same(void **state)
{
	(void)state;
	for (size_t r = 0; r < RATES; r++) {
		struct bus *b = bus_new(rates[r], 0.1);
		uint32_t seed = 9, d = limiter_delay(rates[r]);

		for (uint32_t n = 0; n < FRAMES; n++) {
			b->in[0][n] = 0.43f * noise(&seed);
			b->in[1][n] = n % 5 ? -0.0f : 1e-41f * noise(&seed);
		}
		bus_run(b, LIMITER_PIECE, 3);
		for (int i = 0; i < 2; i++) {
			for (uint32_t n = 0; n < d; n++)
				assert_true(b->out[i][n] == 0.0f);
			assert_memory_equal(b->out[i] + d, b->in[i],
				(FRAMES - d) * sizeof(float));
		}
		free(b);
	}
}

static void
the_delay_goes_with_the_rate(void **state)
{
	(void)state;
	assert_int_equal(limiter_delay(48000), 59);
	for (size_t r = 0; r < RATES; r++) {
		double ms = 1000.0 * limiter_delay(rates[r]) / rates[r];

		assert_true(ms > 1.05 && ms < 1.26);
	}
}

/* After a peak every gain comes back to 1, and stays. */
static void
after_a_peak_it_is_the_same_again(void **state)
{
	struct bus *b = bus_new(48000, 0.01);
	uint32_t seed = 5, d = limiter_delay(48000);

	(void)state;
	for (uint32_t n = 0; n < FRAMES; n++)
		b->in[0][n] = b->in[1][n] = 0.4f * noise(&seed);
	b->in[1][1000] = -37.0f;
	bus_run(b, LIMITER_PIECE, 3);
	assert_true(fabsf(b->out[0][1000 + d]) < 0.02f);
	assert_memory_equal(b->out[0] + 15000 + d, b->in[0] + 15000,
		(FRAMES - 15000 - d) * sizeof(float));
	assert_true(attenuation_rests(&b->limiter.attenuation));
	free(b);
}

/* A third of the way is left after the time of the release. */
static void
the_release_takes_its_time(void **state)
{
	const uint32_t ms[] = {10, 100, 200};

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct bus *b = bus_new(48000, ms[k] / 1000.0);
		uint32_t from = 1000 + limiter_delay(48000), most = 0;
		double left;

		for (uint32_t n = 0; n < FRAMES; n++)
			b->in[0][n] = 0.1f;
		for (uint32_t n = 1000; n < 1100; n++)
			b->in[1][n] = 2.0f;
		bus_run(b, LIMITER_PIECE, 3);
		for (uint32_t n = 0; n < FRAMES; n++)
			most = b->out[0][n] <= b->out[0][most] || n < 200
				       ? n
				       : most;
		assert_in_range(most, from, from + 200);
		left = (0.1 - (double)b->out[0][most + 48 * ms[k]]) /
		       (0.1 - (double)b->out[0][most]);
		assert_true(fabs(left - exp(-1.0)) < 0.03);
		free(b);
	}
}

/* ---- cuts ---- */

static void
cuts_change_no_bit(void **state)
{
	static float want[2][FRAMES];

	(void)state;
	for (size_t r = 0; r < RATES; r += 5) {
		struct bus *b = bus_new(rates[r], 0.02);

		programme(b, BURSTS);
		/* and what is hardly there */
		for (uint32_t n = 700; n < 1400; n++)
			b->in[0][n] *= 1e-39f;
		bus_run(b, LIMITER_PIECE, 3);
		memcpy(want, b->out, sizeof(want));
		for (uint32_t most = 1; most <= LIMITER_PIECE; most++) {
			memset(&b->limiter, 0, sizeof(b->limiter));
			limiter_begin(&b->limiter, rates[r]);
			bus_run(b, most, most);
			assert_memory_equal(b->out, want, sizeof(want));
		}
		free(b);
	}
}

/* ---- the detector ---- */

static double
tap(int point, int j)
{
	double d = j - TRUE_PEAK_AFTER - point / 8.0, way = d / 12.0;

	return sin(M_PI * d) / (M_PI * d) *
	       bessel_0(6.0 * sqrt(1.0 - way * way)) / bessel_0(6.0);
}

/* The points of one frame, one by one. */
static double
points(const float *x)
{
	double most = fabs((double)x[TRUE_PEAK_TAPS / 2]);

	for (int p = 1; p < 8; p++) {
		double sum = 0.0;

		for (int j = 0; j < TRUE_PEAK_TAPS; j++)
			sum += (double)x[j] * tap(p, j);
		most = fmax(most, fabs(sum));
	}
	return most;
}

static void
the_detector_is_its_formula(void **state)
{
	float x[256 + TRUE_PEAK_LANES], peak[256] = {0};
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 256 + TRUE_PEAK_LANES; i++)
		x[i] = noise(&seed);
	for (uint32_t at = TRUE_PEAK_TAPS - 1; at < 200; at += 13)
		true_peak_find(x + at, peak + at, 13);
	for (uint32_t at = TRUE_PEAK_TAPS - 1; at < 200; at++)
		assert_true(
			fabs((double)peak[at] -
				points(x + at - TRUE_PEAK_TAPS + 1)) < 1e-6);
}

/* Or a peak would go by while the detector is not asked. */
static void
no_point_is_larger_than_it_says(void **state)
{
	float x[TRUE_PEAK_TAPS + TRUE_PEAK_LANES] = {0};
	float peak[TRUE_PEAK_LANES] = {0};

	(void)state;
	for (int p = 1; p < 8; p++) {
		for (int j = 0; j < TRUE_PEAK_TAPS; j++)
			x[j] = tap(p, j) < 0.0 ? -1.0f : 1.0f;
		true_peak_find(x + TRUE_PEAK_TAPS - 1, peak, 1);
	}
	assert_true(peak[0] > 2.2f && peak[0] < TRUE_PEAK_MOST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(no_peak_goes_above_the_ceiling),
		T(what_is_below_is_late_and_the_same),
		T(the_delay_goes_with_the_rate),
		T(after_a_peak_it_is_the_same_again),
		T(the_release_takes_its_time),
		T(cuts_change_no_bit),
		T(the_detector_is_its_formula),
		T(no_point_is_larger_than_it_says),
	};

	return cmocka_run_group_tests_name("limiter", tests, NULL, NULL);
}
