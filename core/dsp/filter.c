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

/* A coefficient of two filters, at the beginning of a cell and how far it goes
 * in it. */
struct line {
	svf_lanes from, way;
};

enum { C1, C2, C3, M0, M1, M2, LINES };

struct cell {
	struct line line[LINES];
	bool moves;
};

RT static struct line
line_of(const float from[2], const float to[2])
{
	svf_lanes begins = svf_lanes_of(from[0], from[1]);

	return (struct line){begins, svf_lanes_of(to[0], to[1]) - begins};
}

RT static void
point_lines(float to[LINES][2], const struct filter_point *p, int which)
{
	const float line[LINES] = {
		p->svf.c1, p->svf.c2, p->svf.c3, p->m0, p->m1, p->m2};

	for (int i = 0; i < LINES; i++)
		to[i][which] = line[i];
}

RT static struct cell
cell_of(struct filter *const f[2])
{
	float from[LINES][2], to[LINES][2];
	struct cell cell = {.moves = false};

	for (int k = 0; k < 2; k++) {
		point_lines(from, &f[k]->from, k);
		point_lines(to, &f[k]->to, k);
	}
	for (int i = 0; i < LINES; i++) {
		cell.line[i] = line_of(from[i], to[i]);
		cell.moves |= from[i][0] != to[i][0] || from[i][1] != to[i][1];
	}
	return cell;
}

/* moves: other coefficients at each frame. */
RT static inline void
cell_run(struct svf_two_state *state, const struct cell *cell, bool moves,
	float *const x[2][2], uint32_t at, uint32_t n)
{
	float *const to[4] = {x[0][0], x[0][1], x[1][0], x[1][1]};
	struct svf_two_state s = *state;
	struct line line[LINES];
	svf_lanes c[LINES];

	for (int k = 0; k < LINES; k++) {
		line[k] = cell->line[k];
		c[k] = line[k].from;
	}
	for (uint32_t i = 0; i < n; i++) {
		float part = (float)(at + i + 1) * (1.0f / SMOOTH_TICK);
		svf_lanes in = {to[0][i], to[1][i], to[2][i], to[3][i]}, y;
		struct svf_two svf;
		struct svf_out v;

		for (int k = 0; moves && k < LINES; k++)
			c[k] = line[k].from + part * line[k].way;
		svf = (struct svf_two){.c1 = c[C1], .c2 = c[C2], .c3 = c[C3]};
		v = svf_run(&s, &svf, in);
		y = c[M0] * in + c[M1] * v.band + c[M2] * v.low;
		for (int k = 0; k < 4; k++)
			to[k][i] = y[k];
	}
	*state = s;
}

RT void
filter_run_two(struct filter *const f[2], float *const x[2][2], uint32_t at,
	uint32_t n)
{
	const struct cell cell = cell_of(f);
	struct svf_two_state s = svf_two_load(&f[0]->state, &f[1]->state);

	if (cell.moves)
		cell_run(&s, &cell, true, x, at, n);
	else
		cell_run(&s, &cell, false, x, at, n);
	svf_two_store(&s, &f[0]->state, &f[1]->state);
}

/* Beside a twin, whose state is thrown away. */
RT void
filter_run(struct filter *f, float *const x[2], uint32_t at, uint32_t n)
{
	struct filter twin = *f;
	struct filter *const two[2] = {f, &twin};
	float *const both[2][2] = {{x[0], x[1]}, {x[0], x[1]}};

	filter_run_two(two, both, at, n);
}
