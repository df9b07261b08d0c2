/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/dsp/filter.h"

#include <math.h>
#include <string.h>

#define DRY_WAY	   0.01f /* from the centre on: all of it is filtered */
#define Q_WAY	   0.15f /* from the centre on: all of the resonance */
#define Q_CENTRE   0.70710678f
#define SMOOTHER_S 0.005
#define HIGHEST	   0.49 /* of the rate: no cutoff is above it */

/* The way from 0 to 1 with a soft beginning and end. */
RT static float
soft(float way)
{
	return way < 1.0f ? way * way * (3.0f - 2.0f * way) : 1.0f;
}

/* tan(pi cutoff / rate) at a way from the centre, 0..1. To the left from 23.5
 * to 0.04 kHz, to the right from 8 Hz to 10 kHz. */
RT static float
g_at(float rate_hz, bool high, float way)
{
	double hz = high ? 8.0 * series_exp2(10.2877 * (double)way)
			 : 40.0 * series_exp2(9.2 * (1.0 - (double)way));
	double part = hz / (double)rate_hz;

	return (float)series_tan(SERIES_PI * (part < HIGHEST ? part : HIGHEST));
}

RT static struct filter_point
point_at(float rate_hz, float knob, bool high, float resonance)
{
	float way = fabsf(knob), wet = soft(way / DRY_WAY);
	float q = Q_CENTRE + soft(way / Q_WAY) * (resonance - Q_CENTRE);
	struct filter_point p = {
		.svf = svf_of(g_at(rate_hz, high, way), 1.0f / q)};

	p.q = resonance;
	p.m0 = high ? 1.0f : 1.0f - wet;
	p.m1 = high ? -0.5f * wet * p.svf.k : 0.0f;
	p.m2 = high ? -0.5f * wet : 0.5f * wet;
	return p;
}

RT void
filter_begin(struct filter *f, float rate_hz, float knob, float resonance)
{
	memset(f, 0, sizeof(*f));
	f->rate_hz = rate_hz;
	f->step = smooth_step(SMOOTHER_S, (double)rate_hz);
	smooth_jump(&f->knob, knob);
	smooth_jump(&f->q, resonance);
	f->at = knob;
	f->to = point_at(rate_hz, knob, knob > 0.0f, resonance);
}

/* A knob that goes through the centre is there for the end of a cell, so that
 * the low pass and the high pass take turns where neither is heard. */
RT bool
filter_tick(struct filter *f, float knob, float resonance)
{
	float before = f->at;
	float q = smooth_tick(&f->q, resonance, f->step);
	bool high;

	f->at = smooth_tick(&f->knob, knob, f->step);
	if (before * f->at < 0.0f)
		f->at = 0.0f;
	if (before == 0.0f && f->at == 0.0f)
		return false;
	high = before > 0.0f || f->at > 0.0f;
	f->from = f->to;
	if (before == 0.0f) {
		memset(&f->state, 0, sizeof(f->state));
		f->from = point_at(f->rate_hz, 0.0f, high, q);
	}
	if (f->at != before || f->to.q != q)
		f->to = point_at(f->rate_hz, f->at, high, q);
	svf_settle(&f->state);
	return true;
}

/* Both ends as lanes: coefficients of the filter, and of the sum. */
struct cell {
	svf_lanes filter, filter_way, sum, sum_way;
};

RT static struct cell
cell_of(const struct filter_point *a, const struct filter_point *b)
{
	const svf_lanes filter = {a->svf.c1, a->svf.c2, a->svf.c3, 0.0f};
	const svf_lanes filter_end = {b->svf.c1, b->svf.c2, b->svf.c3, 0.0f};
	const svf_lanes sum = {a->m0, a->m1, a->m2, 0.0f};
	const svf_lanes sum_end = {b->m0, b->m1, b->m2, 0.0f};

	return (struct cell){filter, filter_end - filter, sum, sum_end - sum};
}

/* blends: the sum is another one at each frame. */
RT static inline void
cell_run(struct svf_state *state, const struct cell *cell, bool blends,
	float *left, float *right, uint32_t at, uint32_t n)
{
	struct svf_state s = *state;
	svf_lanes m = cell->sum;

	for (uint32_t i = 0; i < n; i++) {
		float part = (float)(at + i + 1) * (1.0f / SMOOTH_TICK);
		svf_lanes c = cell->filter + part * cell->filter_way;
		const struct svf svf = {c[0], c[1], c[2], 0.0f};
		svf_lanes x = {left[i], right[i], 0.0f, 0.0f}, y;
		struct svf_out v = svf_run(&s, &svf, x);

		if (blends)
			m = cell->sum + part * cell->sum_way;
		y = m[0] * x + m[1] * v.band + m[2] * v.low;
		left[i] = y[0];
		right[i] = y[1];
	}
	*state = s;
}

RT void
filter_run(struct filter *f, float *left, float *right, uint32_t at, uint32_t n)
{
	const struct filter_point *a = &f->from, *b = &f->to;
	const struct cell cell = cell_of(a, b);

	if (a->m0 == b->m0 && a->m1 == b->m1 && a->m2 == b->m2)
		cell_run(&f->state, &cell, false, left, right, at, n);
	else
		cell_run(&f->state, &cell, true, left, right, at, n);
}
