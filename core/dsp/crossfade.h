/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A crossfader: from where it stands to the gains of its two sides.
 *
 * The gains go through smoothers of 1 ms each, on a grid of SMOOTH_TICK frames,
 * and in a straight line across a cell: 3 ms late, 6 ms from end to end, quick
 * enough to scratch with, and 80 dB below a tone for a crossfader of 127 steps,
 * which a straight ramp of 3 ms is not. Whatever changes them, also another
 * law, makes no click.
 */
#ifndef CROSSFADE_H
#define CROSSFADE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dsp/smooth.h"
#include "core/rt.h"

#define CROSSFADE_CUT_IN 0.05f /* at first */

enum crossfade_curve {
	CROSSFADE_CONSTANT_POWER, /* -3 dB each in the middle */
	CROSSFADE_LINEAR,	  /* -6 dB each */
	CROSSFADE_DIPLESS,	  /* both full in the middle */
	CROSSFADE_SCRATCH,	  /* full but for the cut-in at each end */
	CROSSFADE_CUT,		  /* full but for the very end */
	CROSSFADE_CURVES
};

enum crossfade_side { CROSSFADE_A, CROSSFADE_B, CROSSFADE_SIDES };

/* What somebody wants. */
struct crossfade_want {
	float position; /* 0 A .. 1 B */
	float cut_in;	/* share of the way at each end; 0: as CUT */
	uint8_t curve;	/* enum crossfade_curve */
	bool reverse;	/* A is at 1 */
};

struct crossfade {
	struct smooth gain[CROSSFADE_SIDES];
	float from[CROSSFADE_SIDES], to[CROSSFADE_SIDES]; /* of the cell */
};

/* any: linear gains where it stands */
RT void crossfade_law(
	const struct crossfade_want *want, float gain[CROSSFADE_SIDES]);

/* any: it is there, without a way */
RT void crossfade_jump(struct crossfade *c, const struct crossfade_want *want);

/* audio: at a frame of the grid: the cell that begins here; step as
 * smooth_step() of CROSSFADE_POLE_S gives it */
#define CROSSFADE_POLE_S 0.001
RT void crossfade_tick(
	struct crossfade *c, const struct crossfade_want *want, float step);

/* audio: the gain of a side at all frames of the cell is the same */
RT static inline bool
crossfade_rests(const struct crossfade *c, enum crossfade_side side)
{
	return c->from[side] == c->to[side];
}

/* audio: the gains of n frames of a cell, the first of which is its frame `at`
 */
RT static inline void
crossfade_gains(const struct crossfade *c, enum crossfade_side side,
	uint32_t at, uint32_t n, float *gain)
{
	smooth_line(gain, c->from[side], c->to[side], at, n);
}

#endif
