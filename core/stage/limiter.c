/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limiter of a bus.
 *
 * Off, it is out of the path: no bit is touched, and nothing is late. On, the
 * bus is late by limiter_delay(), and so it comes in and goes by a crossfade
 * with itself; at once while the bus is silent. */
#include "core/dsp/limiter.h"

#include "core/message.h"
#include "core/stage/blend.h"
#include "core/stage/stages.h"

#define FADE_MS 20

enum value { LIMIT, CEILING, RELEASE, VALUES };

struct state {
	struct limiter limiter;
	struct blend blend;
	float ceiling;
	float release_ms; /* of `release` */
	uint32_t release;
};

static void
begin(struct state *s, const struct stage_tick *t)
{
	uint32_t delay = limiter_delay(t->rate_hz);

	limiter_begin(&s->limiter, t->rate_hz);
	/* when its line is full, and its gain what it has to be there */
	blend_begin(&s->blend, 2 * (delay / STAGE_TICK + 1),
		blend_ticks(FADE_MS, t->rate_hz), !t->wakes);
}

static bool
limiter_prepare(void *state, const struct stage_tick *t)
{
	struct state *s = state;
	bool on = t->value[LIMIT] >= 0.5f, silent;

	if (t->begins) {
		if (!on)
			return false;
		begin(s, t);
	}
	s->ceiling = t->value[CEILING];
	if (s->release_ms != t->value[RELEASE]) {
		s->release_ms = t->value[RELEASE];
		s->release = attenuation_release(
			(double)s->release_ms / 1000.0, t->rate_hz);
	}
	silent = s->blend.quiet > s->limiter.delay;
	if (silent && on)
		blend_jump(&s->blend);
	return blend_tick(&s->blend, on) && (on || !silent);
}

static void
limiter_stage_run(void *state, float *const x[2], uint32_t n)
{
	struct state *s = state;
	float dry[2][STAGE_TICK];

	blend_keep(&s->blend, dry, x, n);
	limiter_run(&s->limiter, x, s->ceiling, s->release, n);
	blend_mix(&s->blend, dry, x, n);
}

static const struct stage_value values[VALUES] = {
	[LIMIT] = {MIX_BUS_LIMIT, .most = 1.0f},
	[CEILING] = {MIX_BUS_LIMIT_CEILING, .least = 0.1f, .most = 1.0f,
		.rest = 0.8912509f, .follows = true},
	[RELEASE] = {MIX_BUS_LIMIT_RELEASE, .least = 10.0f, .most = 1000.0f,
		.rest = 100.0f, .follows = true},
};

const struct stage stage_limiter = {.name = "limiter",
	.value = values,
	.values = VALUES,
	.state_bytes = sizeof(struct state),
	.prepare = limiter_prepare,
	.run = limiter_stage_run,
	.delay = limiter_delay};
