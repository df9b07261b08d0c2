/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/dsp/crossfade.h"

#include "core/dsp/series.h"

RT static float
least(float a, float b)
{
	return a < b ? a : b;
}

/* rest: how far it is from where this side is silent, 0..1 */
RT static float
law(const struct crossfade_want *want, float rest)
{
	switch ((enum crossfade_curve)want->curve) {
	case CROSSFADE_CONSTANT_POWER:
		return (float)series_sin((double)rest);
	case CROSSFADE_LINEAR:
		return rest;
	case CROSSFADE_DIPLESS:
		return least(1.0f, 2.0f * rest);
	case CROSSFADE_SCRATCH:
		if (want->cut_in > 0.0f)
			return least(1.0f, rest / want->cut_in);
		break;
	case CROSSFADE_CUT:
	case CROSSFADE_CURVES:
		break;
	}
	return rest > 0.0f ? 1.0f : 0.0f;
}

RT void
crossfade_law(const struct crossfade_want *want, float gain[CROSSFADE_SIDES])
{
	float b = want->reverse ? 1.0f - want->position : want->position;

	gain[CROSSFADE_A] = law(want, 1.0f - b);
	gain[CROSSFADE_B] = law(want, b);
}

RT void
crossfade_jump(struct crossfade *c, const struct crossfade_want *want)
{
	float gain[CROSSFADE_SIDES];

	crossfade_law(want, gain);
	for (int side = 0; side < CROSSFADE_SIDES; side++) {
		smooth_jump(&c->gain[side], gain[side]);
		c->from[side] = c->to[side] = gain[side];
	}
}

RT void
crossfade_tick(
	struct crossfade *c, const struct crossfade_want *want, float step)
{
	float gain[CROSSFADE_SIDES];

	crossfade_law(want, gain);
	for (int side = 0; side < CROSSFADE_SIDES; side++) {
		c->from[side] = c->to[side];
		c->to[side] = smooth_tick(&c->gain[side], gain[side], step);
	}
}
