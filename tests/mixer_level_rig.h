/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a mixer of which the output is a level. */
#ifndef MIXER_LEVEL_RIG_H
#define MIXER_LEVEL_RIG_H

#include "tests/mixer_rig.h"

#define LEN 480u /* frames of a ramp at 48 kHz */

/* Strips into bus 0, every sample 1: the output is the level. */
static inline struct rig *
level_rig(uint32_t strips, uint32_t frames)
{
	struct rig *r = rig_new(strips, 1, frames);

	for (uint32_t s = 0; s < strips; s++) {
		rig_route(r, s, 1);
		for (uint32_t n = 0; n < frames; n++)
			r->in[s][0][n] = r->in[s][1][n] = 1.0f;
	}
	return r;
}

/* Level is `from` before frame `start`, then moves in LEN frames to `to`. */
static inline void
assert_ramp(const float *x, uint32_t n, uint32_t start, double from, double to)
{
	for (uint32_t i = 0; i < n; i++) {
		double way = i < start ? 0.0 : (i + 1.0 - start) / LEN;

		if (i < start)
			assert_true(x[i] == (float)from);
		else if (way >= 1.0)
			assert_true(x[i] == (float)to);
		else
			assert_float_equal(
				x[i], from + (to - from) * way, 2e-7);
	}
}

#endif
