/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/cue.h"

#include "core/stage/stages.h"

RT void
cue_init(struct cue *c)
{
	cross_init(&c->mix, 0.0f);
	glide_init(&c->gain, 1.0f);
	glide_init(&c->split, 0.0f);
}

/* All cue, and nothing on its way: another tick would change nothing. */
static bool
is_alone(const struct cross *c, uint64_t frame)
{
	const struct crossfade *now = &c->now;

	return glide_rests_at(&c->value[CROSS_POSITION], frame, 0.0f) &&
	       crossfade_rests(now, CROSSFADE_A) &&
	       crossfade_rests(now, CROSSFADE_B) &&
	       now->to[CROSSFADE_A] == 1.0f && now->to[CROSSFADE_B] == 0.0f;
}

/* What is all of one is that one, also a denormal. */
static float
blend(float cue, float main, float of_cue, float of_main)
{
	if (of_main == 0.0f)
		return of_cue == 1.0f ? cue : cue * of_cue;
	if (of_cue == 0.0f)
		return of_main == 1.0f ? main : main * of_main;
	return cue * of_cue + main * of_main;
}

static float
mono(float l, float r)
{
	return 0.5f * l + 0.5f * r;
}

/* One frame: split is how far it is. */
static void
frame_mix(const struct cue *c, float *const x[2], const float *const main[2],
	uint32_t at, float split)
{
	float of_cue = c->mix.gain[CROSSFADE_A][at];
	float of_main = c->mix.gain[CROSSFADE_B][at];
	float apart[2], both[2];

	for (int i = 0; i < 2; i++)
		both[i] = blend(x[i][at], main[i][at], of_cue, of_main);
	apart[0] = mono(x[0][at], x[1][at]);
	apart[1] = mono(main[0][at], main[1][at]);
	for (int i = 0; i < 2; i++)
		x[i][at] = both[i] + (apart[i] - both[i]) * split;
}

static void
blend_run(const struct cue *c, float *const x[2], const float *const main[2],
	uint32_t at, uint32_t n)
{
	const float *of_cue = c->mix.gain[CROSSFADE_A] + at;
	const float *of_main = c->mix.gain[CROSSFADE_B] + at;

	for (int i = 0; i < 2; i++)
		for (uint32_t k = 0; k < n; k++)
			x[i][at + k] = blend(x[i][at + k], main[i][at + k],
				of_cue[k], of_main[k]);
}

static void
split_run(
	float *const x[2], const float *const main[2], uint32_t at, uint32_t n)
{
	for (uint32_t k = at; k < at + n; k++) {
		x[0][k] = mono(x[0][k], x[1][k]);
		x[1][k] = mono(main[0][k], main[1][k]);
	}
}

static void
span_run(const struct cue *c, float *const x[2], const float *const main[2],
	const struct glide_span *s, const float *split)
{
	if (s->moves)
		for (uint32_t at = s->at; at < s->at + s->n; at++)
			frame_mix(c, x, main, at, split[at]);
	else if (s->level == 0.0f)
		blend_run(c, x, main, s->at, s->n);
	else
		split_run(x, main, s->at, s->n);
}

RT void
cue_run(struct cue *c, struct side side[2], const float *const main[2],
	struct passage *t)
{
	float *const x[2] = {side[0].own, side[1].own};
	bool alone = is_alone(&c->mix, t->frame);
	uint32_t spans;

	rack_level(&stage_fader, &c->gain, side, t);
	if (!main || (alone && glide_rests_at(&c->split, t->frame, 0.0f)))
		return;
	cross_begin(&c->mix, t);
	spans = glide_spans(&c->split, t);
	for (uint32_t k = 0; k < spans; k++)
		span_run(c, x, main, &t->span[k], t->values);
	for (int i = 0; i < 2; i++) {
		side[i].x = side[i].own;
		side[i].measured = false;
	}
}
