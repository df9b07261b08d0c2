/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A DJ's isolator: three bands of a stereo signal, each with a gain.
 *
 * Linkwitz-Riley crossovers of the 4th order. The low band goes through the
 * all-pass of the upper crossover, so that the three add up to an even
 * response: flat, it changes phase alone. A single band that is killed is as
 * far down as the slopes of its neighbours: 49 dB at 60 Hz without the lows,
 * 31 dB at 1 kHz without the mids. */
#ifndef EQ_H
#define EQ_H

#include <stdint.h>

#include "core/dsp/svf.h"
#include "core/rt.h"

#define EQ_BANDS 3 /* low, mid, high */

/* Crossovers, Hz: where they are at first, and may be */
#define EQ_LOW_HZ      250.0
#define EQ_LOW_HZ_MIN  40.0
#define EQ_LOW_HZ_MAX  2000.0
#define EQ_HIGH_HZ     2500.0
#define EQ_HIGH_HZ_MIN 200.0
#define EQ_HIGH_HZ_MAX 12000.0

struct eq_design {
	struct svf low, high; /* the two crossovers */
};

/* All zero: as after a long silence. */
struct eq {
	struct svf_state low[2]; /* of the lower crossover */
	struct svf_state all;	 /* what the low band misses of the upper */
	struct svf_state high[2];
};

/* n frames of both sides of a sound, in place. gain[band][n]: linear. */
struct eq_turn {
	struct eq *eq;
	const struct eq_design *design;
	float *x[2];
	const float *gain[EQ_BANDS];
};

/* any: crossovers in Hz, 0 < low < high < rate / 2 */
RT void eq_design_init(
	struct eq_design *d, double low_hz, double high_hz, double rate_hz);

/* audio, on a grid of frames: see svf_settle() */
RT void eq_settle(struct eq *eq);

/* audio */
RT void eq_run(const struct eq_turn *turn, uint32_t n);
/* audio: the same of two at once, to the bit */
RT void eq_run_two(const struct eq_turn turn[2], uint32_t n);

#endif
