/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A level that moves to a new value in a number of frames, by a law.
 *
 * It is a function of the frame alone, so that it does not matter how the
 * frames are cut into blocks. A ramp of L frames that starts at frame F has
 * moved 1/L of its way at F and is exactly at its target at F + L - 1.
 *
 * The laws are computed here and not by the system's library, whose last bits
 * differ between versions and processors. */
#ifndef RAMP_H
#define RAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/rt.h"

enum ramp_law {
	RAMP_LINEAR,
	RAMP_DB,     /* so many decibels in each frame; silence is
			RAMP_FLOOR on the way, and at the end itself */
	RAMP_COSINE, /* half a period of a cosine: begins and ends softly */
	RAMP_FADER,  /* as a hand on a fader goes, evenly on the scale of
			level.h; silence as RAMP_DB */
	RAMP_RISE,   /* likewise, but from silence, wherever it was */
	RAMP_LAWS
};

#define RAMP_FLOOR	3.1622777e-5f /* linear: -90 dB */
#define RAMP_FRAMES_MAX INT32_MAX     /* 3 hours at 192 kHz, 12 at 48 kHz */

struct ramp {
	float from;	 /* linear; where it started */
	float to;	 /* linear; where it is from frame `end` on */
	uint64_t end;	 /* the first frame at rest */
	uint32_t frames; /* 1..RAMP_FRAMES_MAX; its length */
	float way_from;	 /* of RAMP_FADER and RAMP_RISE: both ends on the */
	float way_to;	 /* scale of a fader */
	uint8_t law;	 /* enum ramp_law */
};

/* any: frames of the ramp that is no click and not slow, RAMP_MS */
RT uint32_t ramp_frames_usual(uint32_t rate_hz);

/* any: at rest at this value */
RT void ramp_jump(struct ramp *r, float value);

/* audio: from the value of the frame before to `to`. One that is on its way
 * there already, in as many frames and by this law, goes on. */
RT void ramp_start(struct ramp *r, uint64_t frame, float to, uint32_t frames,
	enum ramp_law law);

/* audio: the values of n frames, all of them before the ramp's end */
RT void ramp_fill(
	const struct ramp *r, uint64_t frame, float *value, uint32_t n);

/* audio: the value at any frame that is not before the ramp */
RT float ramp_at(const struct ramp *r, uint64_t frame);

/* audio */
RT static inline bool
ramp_rests(const struct ramp *r, uint64_t frame)
{
	return frame >= r->end;
}

/* audio: the same way, frame by frame? */
RT static inline bool
ramp_is(const struct ramp *a, const struct ramp *b)
{
	return a->from == b->from && a->to == b->to && a->end == b->end &&
	       a->frames == b->frames && a->law == b->law;
}

#endif
