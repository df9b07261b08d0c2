/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mixer's crossfader: which gain each of its sides has in a chunk, and what
 * that does to a strip that is on a side. Audio thread only. */
#ifndef CROSS_H
#define CROSS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dsp/crossfade.h"
#include "core/limits.h"
#include "core/message.h"
#include "core/mixer/glide.h"
#include "core/rt.h"
#include "core/stage/rack.h"

/* Where it stands, and how: what messages move, from a frame on. */
enum cross_value {
	CROSS_POSITION,
	CROSS_CURVE,
	CROSS_CUT_IN,
	CROSS_REVERSE,
	CROSS_VALUES
};

struct cross {
	struct glide value[CROSS_VALUES];
	struct crossfade now;
	float step; /* of its smoothers; of the rate */
	/* In this chunk. Where a side rests all of its gains are one. */
	bool rests[CROSSFADE_SIDES];
	float gain[CROSSFADE_SIDES][CHUNK_FRAMES];
};

/* How much of a strip is on each side: 1, or on the way. */
struct cross_side {
	struct glide of[CROSSFADE_SIDES];
};

/* any: it stands there, by the law of constant power */
RT void cross_init(struct cross *c, float position);
RT void cross_side_init(struct cross_side *s);
/* any, while no audio thread uses it */
RT void cross_set_rate(struct cross *c, uint32_t rate_hz);

/* Before the strips of a chunk. */
RT void cross_begin(struct cross *c, const struct passage *t);

/* Both sides of a strip's sound in this chunk. */
RT void cross_run(const struct cross *c, const struct cross_side *s,
	struct side side[2], struct passage *t);

#endif
