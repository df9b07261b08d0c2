/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A level that moves linearly to a new value in a fixed number of frames.
 *
 * It is a function of the frame alone, so that it does not matter how the
 * frames are cut into blocks. A ramp of L frames that starts at frame F has
 * moved 1/L of its way at F and is exactly at its target at F + L - 1. */
#ifndef RAMP_H
#define RAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/rt.h"

#define RAMP_ENDS 2048 /* a power of two */

/* Ramps can end at as many frames ahead as a ramp has frames. */
_Static_assert(RATE_MAX_HZ / 1000 * RAMP_MS < RAMP_ENDS, "too few ramp ends");

struct ramp {
	float from;   /* linear; where it started */
	float to;     /* linear; where it is from frame `end` on */
	uint64_t end; /* the first frame at rest */
};

/* What the ramps of one mixer share: their length, and the frames at which they
 * come to rest, in order, since all have the same length. */
struct ramp_clock {
	uint32_t frames;
	uint32_t put;  /* counts on, wraps */
	uint32_t take; /* counts on, wraps */
	uint64_t end[RAMP_ENDS];
};

/* any: no ramp under way */
RT void ramp_clock_init(struct ramp_clock *c, uint32_t rate_hz);

/* audio: the first frame after this one at which a ramp comes to rest, or
 * UINT64_MAX; frames go up from call to call */
RT uint64_t ramp_clock_next(struct ramp_clock *c, uint64_t frame);

/* any: at rest at this value */
RT void ramp_jump(struct ramp *r, float value);

/* audio: from the value of the frame before to `to`. One that is on its way
 * there already goes on. */
RT void ramp_start(
	struct ramp *r, struct ramp_clock *c, uint64_t frame, float to);

/* audio: the values of n frames, all of them before the ramp's end */
RT void ramp_fill(const struct ramp *r, const struct ramp_clock *c,
	uint64_t frame, float *value, uint32_t n);

/* audio */
RT static inline bool
ramp_rests(const struct ramp *r, uint64_t frame)
{
	return frame >= r->end;
}

/* audio */
RT static inline bool
ramp_rests_at(const struct ramp *r, uint64_t frame, float value)
{
	return frame >= r->end && r->to == value;
}

#endif
