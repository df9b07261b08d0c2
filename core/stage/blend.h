/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of a stage into the path of a sound and out of it: unheard at first,
 * until its state has heard enough, then along a raised cosine. In ticks; of
 * which the frames are drawn straight. Audio thread only. */
#ifndef BLEND_H
#define BLEND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rt.h"
#include "core/stage/stage.h"

struct blend {
	uint32_t unheard, fade; /* ticks */
	uint32_t way;		/* how many of both have passed */
	uint32_t at;		/* frame of the tick */
	float from, to;		/* how much of the stage is heard, over it */
	uint32_t quiet;		/* frames without a sound that it was given */
};

/* any: ticks that last at least so long */
RT uint32_t blend_ticks(uint32_t ms, uint32_t rate_hz);

/* It begins; at once: there is nothing that could click. */
RT void blend_begin(
	struct blend *b, uint32_t unheard, uint32_t fade, bool at_once);

/* All of it is heard from the end of the way on that was set last. */
RT void blend_jump(struct blend *b);

/* A tick begins, on its way in or out. False: it has gone. */
RT bool blend_tick(struct blend *b, bool in);

/* n frames of a tick, before the stage runs: x is what it is given. */
RT void blend_keep(struct blend *b, float dry[2][STAGE_TICK], float *const x[2],
	uint32_t n);
/* And after it: x, what it gives, becomes what is heard beside what was kept.
 */
RT void blend_mix(struct blend *b, float dry[2][STAGE_TICK], float *const x[2],
	uint32_t n);

#endif
