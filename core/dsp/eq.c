/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/dsp/eq.h"

#include "core/dsp/series.h"

/* Of each crossover the first filter gives the low pass of the 2nd order and
 * the all-pass; the second makes the low pass 4th order, and what it lacks to
 * the all-pass is the high pass. Each low pass comes twice as large. */
struct split {
	svf_lanes all, low; /* low: four times */
};

/* Two Butterworth filters in series, Q = 1 / sqrt(2) each. */
RT static struct svf
crossover(double hz, double rate_hz)
{
	return svf_of((float)series_tan(SERIES_PI * hz / rate_hz), 1.41421356f);
}

RT void
eq_design_init(
	struct eq_design *d, double low_hz, double high_hz, double rate_hz)
{
	d->low = crossover(low_hz, rate_hz);
	d->high = crossover(high_hz, rate_hz);
}

RT void
eq_settle(struct eq *eq)
{
	for (int i = 0; i < 2; i++) {
		svf_settle(&eq->low[i]);
		svf_settle(&eq->high[i]);
	}
}

RT static inline struct split
split(struct svf_state s[2], const struct svf *f, svf_lanes x)
{
	struct svf_out first = svf_run(&s[0], f, x);

	return (struct split){
		.all = x - f->k * first.band,
		.low = svf_run(&s[1], f, first.low).low,
	};
}

/* Lanes of the lower crossover: left, right; of the upper one: left and right
 * of the low band, which only goes through its all-pass, and of the rest. */
RT void
eq_run(struct eq *eq, const struct eq_design *d, float *left, float *right,
	const float *const gain[EQ_BANDS], uint32_t n)
{
	/* copies: a store to a side cannot change them */
	const struct eq_design own = *d;
	struct eq s = *eq;

	for (uint32_t i = 0; i < n; i++) {
		struct split at_low = split(s.low, &own.low,
			(svf_lanes){left[i], right[i], 0.0f, 0.0f});
		svf_lanes low = 0.25f * at_low.low;
		struct split at_high = split(s.high, &own.high,
			__builtin_shufflevector(
				low, at_low.all - low, 0, 1, 4, 5));
		svf_lanes mid = 0.25f * at_high.low;
		svf_lanes y =
			gain[1][i] * mid + gain[2][i] * (at_high.all - mid);

		y = __builtin_shufflevector(y, y, 2, 3, 2, 3) +
		    gain[0][i] * at_high.all;
		left[i] = y[0];
		right[i] = y[1];
	}
	*eq = s;
}
