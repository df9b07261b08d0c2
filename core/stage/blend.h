/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of a stage into the path of a sound and out of it: unheard at first,
 * until its state has heard enough, then along a raised cosine. In ticks; of
 * which the frames are drawn straight. Audio thread only. */
#ifndef BLEND_H
#define BLEND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dsp/smooth.h"
#include "core/rt.h"
#include "core/samples.h"
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

/* Until the next tick the stage alone is heard. */
RT static inline bool
blend_is_whole(const struct blend *b)
{
	return b->from == 1.0f && b->to == 1.0f;
}

/* n frames of a tick, before the stage runs: x is what it is given. */
RT static inline void
blend_keep(struct blend *b, float dry[2][STAGE_TICK], float *const x[2],
	uint32_t n)
{
	uint32_t last = n;

	while (last > 0 && x[0][last - 1] == 0.0f && x[1][last - 1] == 0.0f)
		last--;
	b->quiet = (last > 0 ? 0 : b->quiet) + n - last;
	for (int i = 0; !blend_is_whole(b) && i < 2; i++)
		samples_copy(dry[i], x[i], n);
}

/* And after it: x, what it gives, becomes what is heard beside what was kept.
 */
RT static inline void
blend_mix(struct blend *b, float dry[2][STAGE_TICK], float *const x[2],
	uint32_t n)
{
	float heard[STAGE_TICK];

	if (blend_is_whole(b))
		return;
	smooth_line(heard, b->from, b->to, b->at, n);
	for (int i = 0; i < 2; i++)
		for (uint32_t k = 0; k < n; k++)
			x[i][k] = dry[i][k] + heard[k] * (x[i][k] - dry[i][k]);
	b->at += n;
}

#endif
