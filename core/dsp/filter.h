/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A DJ's filter on one knob: a low pass to the left, a high pass to the right,
 * 12 dB an octave, and nothing at all at 0.
 *
 * The cutoff moves by octaves: to the left from 23.5 kHz to 40 Hz, to
 * the right from 8 Hz to 10 kHz. The knob goes through smoothers
 * of 5 ms each on a grid of SMOOTH_TICK frames, and coefficients are drawn
 * straight across a cell of it: a knob of 127 steps is not heard as steps. Q
 * rises from 0.707 at the centre, so that leaving it makes no bump. */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dsp/smooth.h"
#include "core/dsp/svf.h"
#include "core/rt.h"

#define FILTER_Q_MIN 0.7f
#define FILTER_Q_MAX 4.0f

/* Coefficients at an end of a cell; y = m0 x + m1 band + m2 low */
struct filter_point {
	struct svf svf;
	float m0, m1, m2;
	float q; /* that was asked for */
};

struct filter {
	float rate_hz;
	float step; /* of its smoothers */
	struct smooth knob, q;
	float at;		      /* the knob at the cell's end */
	struct filter_point from, to; /* of the cell */
	struct svf_state state;
};

/* any: no sound is in it, and it is there. rate 8,000 Hz or more; knob -1..1,
 * resonance FILTER_Q_MIN..FILTER_Q_MAX */
RT void filter_begin(
	struct filter *f, float rate_hz, float knob, float resonance);

/* audio: at a frame of the grid: the cell that begins here. False: nothing is
 * to be done in it. */
RT bool filter_tick(struct filter *f, float knob, float resonance);

/* audio: n frames within a cell, the first of which is its frame `at`; both
 * sides, in place */
RT void filter_run(
	struct filter *f, float *const x[2], uint32_t at, uint32_t n);
/* audio: the same of two at once, to the bit */
RT void filter_run_two(struct filter *const f[2], float *const x[2][2],
	uint32_t at, uint32_t n);

#endif
