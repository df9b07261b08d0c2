/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/cross.h"

#include "core/samples.h"

RT void
cross_init(struct cross *c, float position)
{
	const struct crossfade_want want = {.position = position};

	glide_init(&c->value[CROSS_POSITION], position);
	glide_init(&c->value[CROSS_CURVE], 0.0f);
	glide_init(&c->value[CROSS_CUT_IN], CROSSFADE_CUT_IN);
	glide_init(&c->value[CROSS_REVERSE], 0.0f);
	crossfade_jump(&c->now, &want);
}

RT void
cross_side_init(struct cross_side *s)
{
	for (int side = 0; side < CROSSFADE_SIDES; side++)
		glide_init(&s->of[side], 0.0f);
}

RT void
cross_set_rate(struct cross *c, uint32_t rate_hz)
{
	c->step = smooth_step(CROSSFADE_POLE_S, rate_hz);
}

static struct crossfade_want
want_at(const struct cross *c, const struct passage *t, uint32_t at)
{
	float value[CROSS_VALUES];

	for (int i = 0; i < CROSS_VALUES; i++)
		value[i] = glide_at(&c->value[i], t, at);
	return (struct crossfade_want){
		.position = value[CROSS_POSITION],
		.cut_in = value[CROSS_CUT_IN],
		.curve = (uint8_t)value[CROSS_CURVE],
		.reverse = value[CROSS_REVERSE] != 0.0f,
	};
}

/* What is said at frame 0 is where it stands. */
static void
tick(struct cross *c, const struct passage *t, uint32_t at)
{
	const struct crossfade_want want = want_at(c, t, at);

	if (t->frame + at == 0)
		crossfade_jump(&c->now, &want);
	else
		crossfade_tick(&c->now, &want, c->step);
}

RT void
cross_begin(struct cross *c, const struct passage *t)
{
	uint32_t some;

	for (int side = 0; side < CROSSFADE_SIDES; side++)
		c->rests[side] = true;
	for (uint32_t at = 0; at < t->n; at += some) {
		uint32_t past = (t->frame + at) % SMOOTH_TICK;

		some = SMOOTH_TICK - past;
		some = some < t->n - at ? some : t->n - at;
		if (past == 0)
			tick(c, t, at);
		for (int side = 0; side < CROSSFADE_SIDES; side++) {
			enum crossfade_side which = (enum crossfade_side)side;

			crossfade_gains(
				&c->now, which, past, some, c->gain[side] + at);
			c->rests[side] &= crossfade_rests(&c->now, which) &&
					  c->gain[side][0] == c->gain[side][at];
		}
	}
}

/* What a strip is multiplied by that goes from one side to another. */
static void
gains_between(
	const struct cross *c, const struct cross_side *s, struct passage *t)
{
	float *gain = t->values;

	for (uint32_t at = 0; at < t->n; at++) {
		float through = 1.0f, sum = 0.0f;

		for (int side = 0; side < CROSSFADE_SIDES; side++) {
			float part = glide_at(&s->of[side], t, at);

			through -= part;
			sum += part * c->gain[side][at];
		}
		gain[at] = through + sum;
	}
}

static void
multiply(struct side side[2], const float *gain, uint32_t n)
{
	for (int i = 0; i < 2; i++) {
		if (!side[i].x)
			continue;
		samples_apply(side[i].own, side[i].x, gain, n);
		side[i].x = side[i].own;
	}
}

static void
scale(struct side side[2], float gain, uint32_t n)
{
	for (int i = 0; i < 2 && gain != 1.0f; i++) {
		if (!side[i].x)
			continue;
		samples_scale(side[i].own, side[i].x, gain, n);
		side[i].x = side[i].own;
	}
}

RT void
cross_run(const struct cross *c, const struct cross_side *s,
	struct side side[2], struct passage *t)
{
	const struct glide *a = &s->of[CROSSFADE_A], *b = &s->of[CROSSFADE_B];
	uint32_t on;

	if (!glide_rests(a, t->frame) || !glide_rests(b, t->frame)) {
		gains_between(c, s, t);
		multiply(side, t->values, t->n);
		return;
	}
	if (a->ramp.to == 0.0f && b->ramp.to == 0.0f)
		return;
	on = a->ramp.to != 0.0f ? CROSSFADE_A : CROSSFADE_B;
	if (c->rests[on])
		scale(side, c->gain[on][0], t->n);
	else
		multiply(side, c->gain[on], t->n);
}
