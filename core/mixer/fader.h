/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fader with its mute: what is heard is the fader's level, or silence while
 * it is muted. That goes in RAMP_MS, also while the fader is on a way of an
 * hour: then it is met where it will be, and followed. Audio thread only. */
#ifndef FADER_H
#define FADER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/mixer/glide.h"
#include "core/rt.h"

struct fader {
	struct glide level; /* what is heard */
	struct ramp gain;   /* linear; the fader alone */
	bool mute;
	bool follows; /* from its end on, level is gain */
};

/* any: at unity, not muted */
RT void fader_init(struct fader *f);

RT void fader_move(struct fader *f, const struct glide_time *t, float to,
	uint32_t frames, enum ramp_law law);
RT void fader_mute(struct fader *f, const struct glide_time *t, bool mute);

/* Before the level of a chunk is asked for; t->at is its last frame. */
RT void fader_settle(struct fader *f, const struct glide_time *t);

#endif
