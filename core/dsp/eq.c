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
	svf_settle(&eq->all);
	for (int i = 0; i < 2; i++) {
		svf_settle(&eq->low[i]);
		svf_settle(&eq->high[i]);
	}
}

RT static inline struct split
split(struct svf_two_state s[2], const struct svf_two *f, svf_lanes x)
{
	struct svf_out first = svf_run(&s[0], f, x);

	return (struct split){
		.all = x - f->k * first.band,
		.low = svf_run(&s[1], f, first.low).low,
	};
}

/* What both have in it, lane by lane. */
struct bands {
	struct svf_two low, high;
	struct svf_two_state at_low[2], all, at_high[2];
};

RT static struct bands
bands_load(const struct eq_turn t[2])
{
	const struct eq *a = t[0].eq, *b = t[1].eq;
	struct bands s = {
		.low = svf_two_of(&t[0].design->low, &t[1].design->low),
		.high = svf_two_of(&t[0].design->high, &t[1].design->high),
		.all = svf_two_load(&a->all, &b->all)};

	for (int i = 0; i < 2; i++) {
		s.at_low[i] = svf_two_load(&a->low[i], &b->low[i]);
		s.at_high[i] = svf_two_load(&a->high[i], &b->high[i]);
	}
	return s;
}

RT static void
bands_store(const struct bands *s, const struct eq_turn t[2])
{
	struct eq *a = t[0].eq, *b = t[1].eq;

	svf_two_store(&s->all, &a->all, &b->all);
	for (int i = 0; i < 2; i++) {
		svf_two_store(&s->at_low[i], &a->low[i], &b->low[i]);
		svf_two_store(&s->at_high[i], &a->high[i], &b->high[i]);
	}
}

RT static inline svf_lanes
gains_at(const struct eq_turn t[2], int band, uint32_t i)
{
	return svf_lanes_of(t[0].gain[band][i], t[1].gain[band][i]);
}

/* The low band only goes through the all-pass of the upper crossover. */
RT void
eq_run_two(const struct eq_turn turn[2], uint32_t n)
{
	/* copies: a store to a side cannot change them */
	const struct eq_turn t[2] = {turn[0], turn[1]};
	struct bands s = bands_load(t);

	for (uint32_t i = 0; i < n; i++) {
		svf_lanes x = {
			t[0].x[0][i], t[0].x[1][i], t[1].x[0][i], t[1].x[1][i]};
		struct split at_low = split(s.at_low, &s.low, x);
		svf_lanes low = 0.25f * at_low.low;
		struct split at_high =
			split(s.at_high, &s.high, at_low.all - low);
		svf_lanes mid = 0.25f * at_high.low, y;

		low -= s.high.k * svf_run(&s.all, &s.high, low).band;
		y = gains_at(t, 1, i) * mid +
		    gains_at(t, 2, i) * (at_high.all - mid);
		y += gains_at(t, 0, i) * low;
		t[0].x[0][i] = y[0];
		t[0].x[1][i] = y[1];
		t[1].x[0][i] = y[2];
		t[1].x[1][i] = y[3];
	}
	bands_store(&s, t);
}

/* Beside a twin, whose state is thrown away. */
RT void
eq_run(const struct eq_turn *turn, uint32_t n)
{
	struct eq twin = *turn->eq;
	struct eq_turn two[2] = {*turn, *turn};

	two[1].eq = &twin;
	eq_run_two(two, n);
}
