/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the bands of a strip's EQ part, when it is not where they do at first:
 * against the closed form of Linkwitz and Riley. */
#include "tests/dsp_rig.h"
#include "tests/mixer_rig.h"

#define FRAMES 65536u
#define LOW_HZ 120.0
#define TOP_HZ 5200.0

static const enum mix bands[] = {MIX_EQ_LOW, MIX_EQ_MID, MIX_EQ_HIGH};

static double
low_pass(double hz, double crossover_hz)
{
	double w =
		tan(M_PI * hz / RATE_HZ) / tan(M_PI * crossover_hz / RATE_HZ);

	return 1.0 / (1.0 + pow(w, 4.0));
}

static double
want(int band, double hz)
{
	double low = low_pass(hz, LOW_HZ), top = low_pass(hz, TOP_HZ);

	return band == 0 ? low : (1.0 - low) * (band == 1 ? top : 1.0 - top);
}

static void
crossovers_say(struct rig *r, uint64_t frame)
{
	rig_say(r, frame, MIX_EQ_LOW_HZ, 0, (float)LOW_HZ);
	rig_say(r, frame, MIX_EQ_HIGH_HZ, 0, (float)TOP_HZ);
}

static void
impulse(struct rig *r, uint32_t at)
{
	for (int i = 0; i < 2; i++)
		memset(r->in[0][i], 0, r->frames * sizeof(float));
	r->in[0][0][at] = r->in[0][1][at] = 1.0f;
}

/* From `from` on it is one band alone. */
static void
assert_band(const struct rig *r, int band, uint32_t from)
{
	int compared = 0;

	for (int i = 0; i < POINTS; i++) {
		double hz = point_hz(i, 20.0, 20000.0);
		double is = cabs(
			response(r->out[0][0] + from, FRAMES, hz / RATE_HZ));

		if (want(band, hz) < 1e-4)
			continue;
		compared++;
		assert_true(fabs(db(is / want(band, hz))) < 0.1);
	}
	assert_true(compared >= 5);
}

static void
each_band_ends_where_it_is_told(void **state)
{
	(void)state;
	for (int band = 0; band < 3; band++) {
		struct rig *r = rig_new(1, 1, FRAMES);

		rig_route(r, 0, 1);
		impulse(r, 0);
		crossovers_say(r, 0);
		for (int other = 0; other < 3; other++)
			rig_say(r, 0, bands[other], 0, other == band);
		rig_run_all(r, 64);
		assert_band(r, band, 0);
		rig_free(r);
	}
}

static void
told_later_they_move(void **state)
{
	const uint32_t from = 9600;

	(void)state;
	for (int band = 0; band < 3; band++) {
		struct rig *r = rig_new(1, 1, from + FRAMES);

		rig_route(r, 0, 1);
		impulse(r, from);
		/* or it would leave the path */
		r->in[0][0][4000] = r->in[0][1][4000] = 1e-20f;
		for (int other = 0; other < 3; other++)
			rig_say(r, 0, bands[other], 0, other == band);
		crossovers_say(r, 4800);
		rig_run_all(r, 100);
		assert_band(r, band, from);
		rig_free(r);
	}
}

/* Under a tone in the middle of a band, which both leave as it is. */
static void
nobody_hears_them_move(void **state)
{
	struct rig *r = rig_new(1, 1, RATE_HZ);
	double turn = 2.0 * M_PI * TONE_HZ / RATE_HZ, bend = 0.0;
	const float *x = r->out[0][0];

	(void)state;
	rig_route(r, 0, 1);
	for (uint32_t n = 0; n < RATE_HZ; n++)
		r->in[0][0][n] = r->in[0][1][n] = (float)(0.5 * sin(n * turn));
	rig_say(r, 0, MIX_EQ_LOW, 0, 0.5f);
	crossovers_say(r, RATE_HZ / 2);
	rig_run_all(r, 64);
	for (uint32_t n = RATE_HZ / 4; n < RATE_HZ; n++)
		bend = fmax(bend, fabs((double)x[n] - 2.0 * (double)x[n - 1] +
					  (double)x[n - 2]));
	print_message("bend: %.2f of the tone's\n", bend / (0.5 * turn * turn));
	assert_true(bend < 1.3 * 0.5 * turn * turn);
	rig_free(r);
}

/* An EQ that is flat is out of the path wherever its bands would part. */
static void
flat_they_change_no_bit(void **state)
{
	struct rig *r = rig_new(1, 1, RATE_HZ);

	(void)state;
	rig_route(r, 0, 1);
	crossovers_say(r, 0);
	rig_say(r, 5000, MIX_EQ_LOW_HZ, 0, 900.0f);
	rig_run_all(r, 64);
	for (int i = 0; i < 2; i++)
		assert_memory_equal(
			r->out[0][i], r->in[0][i], RATE_HZ * sizeof(float));
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_band_ends_where_it_is_told),
		cmocka_unit_test(told_later_they_move),
		cmocka_unit_test(nobody_hears_them_move),
		cmocka_unit_test(flat_they_change_no_bit),
	};

	return cmocka_run_group_tests_name(
		"mixer_crossovers", tests, NULL, NULL);
}
