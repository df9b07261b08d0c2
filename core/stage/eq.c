/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The isolator of a strip.
 *
 * Flat, it changes phase: so it is out of the path, and no bit is touched,
 * until one of its gains moves. Then it runs unheard until it has heard enough,
 * and comes in along a raised cosine. It stays in until the strip is silent or
 * it has been flat for long, and goes the same way. */
#include <string.h>

#include "core/dsp/eq.h"
#include "core/dsp/smooth.h"
#include "core/message.h"
#include "core/stage/blend.h"
#include "core/stage/stages.h"

#define MOST	   2.0f /* +6 dB */
#define UNHEARD_MS 10
#define FADE_MS	   20
#define SILENT_MS  250
#define FLAT_MS	   10000

struct state {
	struct eq eq;
	struct eq_design design;
	struct blend blend;
	float from[EQ_BANDS], to[EQ_BANDS]; /* gains, over the cell */
	float low_hz, high_hz;		    /* of the design */
	uint32_t at;			    /* frame of the cell */
	uint32_t silent;		    /* frames that are a silence */
	uint32_t flat, flat_most;	    /* ticks; how many are long */
};

static bool
is_flat(const float gain[EQ_BANDS])
{
	return gain[0] == 1.0f && gain[1] == 1.0f && gain[2] == 1.0f;
}

static void
begin(struct state *s, const struct stage_tick *t)
{
	blend_begin(&s->blend, blend_ticks(UNHEARD_MS, t->rate_hz),
		blend_ticks(FADE_MS, t->rate_hz), !t->wakes);
	s->flat_most = blend_ticks(FLAT_MS, t->rate_hz);
	s->silent = SILENT_MS * (t->rate_hz / 1000);
	memcpy(s->to, t->value, sizeof(s->to));
}

static void
crossovers_follow(struct state *s, const struct stage_tick *t)
{
	float low_hz = t->value[EQ_BANDS], high_hz = t->value[EQ_BANDS + 1];

	if (low_hz == s->low_hz && high_hz == s->high_hz)
		return;
	s->low_hz = low_hz;
	s->high_hz = high_hz;
	eq_design_init(&s->design, (double)low_hz, (double)high_hz, t->rate_hz);
}

static bool
eq_prepare(void *state, const struct stage_tick *t)
{
	struct state *s = state;

	if (t->begins) {
		if (is_flat(t->value))
			return false;
		begin(s, t);
	}
	crossovers_follow(s, t);
	memcpy(s->from, s->to, sizeof(s->from));
	memcpy(s->to, t->value, sizeof(s->to));
	s->flat = is_flat(s->from) && is_flat(s->to) ? s->flat + 1 : 0;
	if (s->flat > 0 && s->blend.quiet >= s->silent)
		return false;
	if (!blend_tick(&s->blend, s->flat <= s->flat_most))
		return false;
	s->at = 0;
	eq_settle(&s->eq);
	return true;
}

struct room {
	float gain[EQ_BANDS][STAGE_TICK];
	float dry[2][STAGE_TICK];
};

static struct eq_turn
turn_begin(struct state *s, struct room *room, float *const x[2], uint32_t n)
{
	struct eq_turn turn = {&s->eq, &s->design, {x[0], x[1]}, {NULL}};

	blend_keep(&s->blend, room->dry, x, n);
	for (int b = 0; b < EQ_BANDS; b++) {
		smooth_line(room->gain[b], s->from[b], s->to[b], s->at, n);
		turn.gain[b] = room->gain[b];
	}
	return turn;
}

static void
turn_end(struct state *s, struct room *room, float *const x[2], uint32_t n)
{
	blend_mix(&s->blend, room->dry, x, n);
	s->at += n;
}

static void
eq_stage_run(void *state, float *const x[2], uint32_t n)
{
	struct room room = {0};
	struct eq_turn turn = turn_begin(state, &room, x, n);

	eq_run(&turn, n);
	turn_end(state, &room, x, n);
}

static void
eq_stage_run_two(void *const state[2], float *const x[2][2], uint32_t n)
{
	struct room room[2] = {0};
	struct eq_turn turn[2];

	for (int k = 0; k < 2; k++)
		turn[k] = turn_begin(state[k], &room[k], x[k], n);
	eq_run_two(turn, n);
	for (int k = 0; k < 2; k++)
		turn_end(state[k], &room[k], x[k], n);
}

static const struct stage_value values[] = {
	{MIX_EQ_LOW, .most = MOST, .rest = 1.0f},
	{MIX_EQ_MID, .most = MOST, .rest = 1.0f},
	{MIX_EQ_HIGH, .most = MOST, .rest = 1.0f},
	{MIX_EQ_LOW_HZ, .least = EQ_LOW_HZ_MIN, .most = EQ_LOW_HZ_MAX,
		.rest = EQ_LOW_HZ, .follows = true},
	{MIX_EQ_HIGH_HZ, .least = EQ_HIGH_HZ_MIN, .most = EQ_HIGH_HZ_MAX,
		.rest = EQ_HIGH_HZ, .follows = true},
};

const struct stage stage_eq = {.name = "eq",
	.value = values,
	.values = sizeof(values) / sizeof(values[0]),
	.state_bytes = sizeof(struct state),
	.prepare = eq_prepare,
	.run = eq_stage_run,
	.run_two = eq_stage_run_two};
