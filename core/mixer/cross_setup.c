/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/cross.h"

void
cross_init(struct cross *c)
{
	const struct crossfade_want middle = {.position = 0.5f};

	glide_init(&c->value[CROSS_POSITION], middle.position);
	glide_init(&c->value[CROSS_CURVE], 0.0f);
	glide_init(&c->value[CROSS_CUT_IN], CROSSFADE_CUT_IN);
	glide_init(&c->value[CROSS_REVERSE], 0.0f);
	crossfade_jump(&c->now, &middle);
}

void
cross_side_init(struct cross_side *s)
{
	for (int side = 0; side < CROSSFADE_SIDES; side++)
		glide_init(&s->of[side], 0.0f);
}

void
cross_set_rate(struct cross *c, uint32_t rate_hz)
{
	c->step = smooth_step(CROSSFADE_POLE_S, rate_hz);
}
