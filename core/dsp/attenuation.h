/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From peaks to the gain that keeps them below a ceiling: the most that is
 * needed within a window, which goes back by a release, and then through two
 * averages, so that the gain has no corners and is all the way down when the
 * peak is there.
 *
 * What is lost is counted, in 1/2^30 as whole numbers: sums that never drift,
 * and a rest that is all zeros. Audio thread only. */
#ifndef ATTENUATION_H
#define ATTENUATION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rt.h"

#define ATTENUATION_MAX 208 /* frames of the window, at 192 kHz */

/* All zero but for what attenuation_begin() sets: as after a long silence. */
struct attenuation {
	uint32_t window;   /* frames */
	uint32_t mean[2];  /* frames of the averages */
	double whole;	   /* what both have of 1 is this much less */
	uint32_t quiet;	   /* frames without any loss; up to the window */
	uint32_t at;	   /* of a block as long as the window */
	uint32_t front;	   /* the most of that block so far */
	uint32_t loss;	   /* after the release */
	uint64_t sum[2];   /* of the averages */
	uint32_t place[2]; /* in their rings */
	uint32_t now[ATTENUATION_MAX];	/* of that block */
	uint32_t back[ATTENUATION_MAX]; /* the most from there to the end of
					   the block before */
	uint32_t first[ATTENUATION_MAX / 2];
	uint64_t second[ATTENUATION_MAX / 2 + 2];
};

/* any: frames by which a gain comes after the peak that it is for */
RT uint32_t attenuation_frames(uint32_t rate_hz);

/* audio: *a is all zero */
RT void attenuation_begin(struct attenuation *a, uint32_t rate_hz);

/* any: what a release of so many seconds, to a third of what is lost, takes
 * back in a frame */
RT uint32_t attenuation_release(double seconds, uint32_t rate_hz);

/* audio: gain[n], up to 1, of peaks; release: of attenuation_release() */
RT void attenuation_run(struct attenuation *a, const float *peak, float ceiling,
	uint32_t release, float *gain, uint32_t n);

/* audio: all gains are 1 until a peak is above the ceiling, and need not be
 * asked for */
RT static inline bool
attenuation_rests(const struct attenuation *a)
{
	return a->quiet == a->window && a->loss == 0 && a->sum[1] == 0;
}

#endif
