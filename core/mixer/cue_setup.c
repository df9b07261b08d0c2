/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/cue.h"

void
cue_init(struct cue *c)
{
	const struct crossfade_want all_cue = {.position = 0.0f};

	cross_init(&c->mix);
	glide_init(&c->mix.value[CROSS_POSITION], all_cue.position);
	crossfade_jump(&c->mix.now, &all_cue);
	glide_init(&c->gain, 1.0f);
	glide_init(&c->split, 0.0f);
}

void
cue_set_rate(struct cue *c, uint32_t rate_hz)
{
	cross_set_rate(&c->mix, rate_hz);
}
