/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state variable filter by the trapezoidal rule (A. Simper, "Linear
 * trapezoidal integrated state variable filter", after V. Zavalishin), four
 * channels at once. It stays bounded however its cutoff jumps and is exact in
 * floats down to 20 Hz at 192 kHz, which a biquad is not. */
#ifndef SVF_H
#define SVF_H

#include <stdint.h>

#include "core/rt.h"

#define SVF_LEAST 1e-30f /* of a state */

typedef float svf_lanes __attribute__((vector_size(16)));

/* g = tan(pi * cutoff / rate), k = 1 / Q. What a state gains in a frame is
 * computed, not what it becomes: exact at low cutoffs, and the shorter way from
 * one frame to the next. */
struct svf {
	float c1, c2, c3, k;
};

/* Of the two sides of a sound. */
struct svf_state {
	float ic1[2], ic2[2];
};

/* Two sounds side by side: the sides of the one, then those of the other. The
 * way from one frame to the next is what takes the time, and four lanes go it
 * as quickly as two. */
struct svf_two {
	svf_lanes c1, c2, c3, k;
};

struct svf_two_state {
	svf_lanes ic1, ic2;
};

/* What comes out of x, twice as large: the band pass and the low pass. The high
 * pass is x - (k band + low) / 2, the all-pass x - k band. */
struct svf_out {
	svf_lanes band, low;
};

/* any */
RT static inline struct svf
svf_of(float g, float k)
{
	float twice = 2.0f / (1.0f + g * (g + k));

	return (struct svf){-g * (g + k) * twice, g * twice, g * g * twice, k};
}

RT static inline svf_lanes
svf_lanes_of(float a, float b)
{
	return (svf_lanes){a, a, b, b};
}

/* any */
RT static inline struct svf_two
svf_two_of(const struct svf *a, const struct svf *b)
{
	return (struct svf_two){svf_lanes_of(a->c1, b->c1),
		svf_lanes_of(a->c2, b->c2), svf_lanes_of(a->c3, b->c3),
		svf_lanes_of(a->k, b->k)};
}

RT static inline struct svf_two_state
svf_two_load(const struct svf_state *a, const struct svf_state *b)
{
	return (struct svf_two_state){
		{a->ic1[0], a->ic1[1], b->ic1[0], b->ic1[1]},
		{a->ic2[0], a->ic2[1], b->ic2[0], b->ic2[1]}};
}

RT static inline void
svf_two_store(
	const struct svf_two_state *s, struct svf_state *a, struct svf_state *b)
{
	*a = (struct svf_state){{s->ic1[0], s->ic1[1]}, {s->ic2[0], s->ic2[1]}};
	*b = (struct svf_state){{s->ic1[2], s->ic1[3]}, {s->ic2[2], s->ic2[3]}};
}

/* audio: what has died away is gone. Flushed, it would stay just above the
 * denormals for ever, with the other sign at each frame. */
RT static inline void
svf_settle(struct svf_state *s)
{
	typedef int32_t lanes __attribute__((vector_size(16)));
	svf_lanes x = {s->ic1[0], s->ic1[1], s->ic2[0], s->ic2[1]};

	x = (svf_lanes)((lanes)x & ((x >= SVF_LEAST) | (x <= -SVF_LEAST)));
	*s = (struct svf_state){{x[0], x[1]}, {x[2], x[3]}};
}

/* audio: one frame */
RT static inline struct svf_out
svf_run(struct svf_two_state *s, const struct svf_two *f, svf_lanes x)
{
	svf_lanes v3 = x - s->ic2, ic1 = s->ic1, ic2 = s->ic2;

	s->ic1 = ic1 + (f->c1 * ic1 + f->c2 * v3);
	s->ic2 = ic2 + (f->c2 * ic1 + f->c3 * v3);
	return (struct svf_out){ic1 + s->ic1, ic2 + s->ic2};
}

#endif
