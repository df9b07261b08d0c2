/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The isolator of a strip.
 *
 * Flat, it changes phase: so it is out of the path, and no bit is touched,
 * until one of its gains moves. Then it runs unheard until it has heard enough,
 * and comes in along a raised cosine. It stays in until the strip is silent or
 * it has been flat for long, and goes the same way. */
#include <string.h>

#include "core/dsp/eq.h"
#include "core/dsp/series.h"
#include "core/message.h"
#include "core/stage/stages.h"

#define LOW_HZ	   250.0
#define HIGH_HZ	   2500.0
#define MOST	   2.0f /* +6 dB */
#define UNHEARD_MS 10
#define FADE_MS	   20
#define SILENT_MS  250
#define FLAT_MS	   10000

struct state {
	struct eq eq;
	struct eq_design design;
	float from[EQ_BANDS], to[EQ_BANDS]; /* gains, over the cell */
	float wet_from, wet_to;
	uint32_t at;				   /* frame of the cell */
	uint32_t quiet;				   /* frames without a sound */
	uint32_t flat;				   /* ticks */
	uint32_t way;				   /* ticks on its way in */
	uint32_t unheard, fade, silent, flat_most; /* how long, in ticks but
						    * for silent: frames */
};

static uint32_t
ticks(uint32_t ms, uint32_t rate_hz)
{
	return ms * (rate_hz / STAGE_TICK) / 1000 + 1;
}

static float
wet_at(const struct state *s)
{
	if (s->way <= s->unheard)
		return 0.0f;
	return (float)series_cosine_way(
		(double)(s->way - s->unheard) / s->fade);
}

static bool
is_flat(const float gain[EQ_BANDS])
{
	return gain[0] == 1.0f && gain[1] == 1.0f && gain[2] == 1.0f;
}

static void
begin(struct state *s, const struct stage_tick *t)
{
	eq_design_init(&s->design, LOW_HZ, HIGH_HZ, t->rate_hz);
	s->unheard = ticks(UNHEARD_MS, t->rate_hz);
	s->fade = ticks(FADE_MS, t->rate_hz);
	s->flat_most = ticks(FLAT_MS, t->rate_hz);
	s->silent = SILENT_MS * (t->rate_hz / 1000);
	s->way = t->wakes ? 0 : s->unheard + s->fade;
	s->wet_to = wet_at(s);
	memcpy(s->to, t->value, sizeof(s->to));
}

/* False: it has gone. */
static bool
way_move(struct state *s)
{
	s->flat = is_flat(s->from) && is_flat(s->to) ? s->flat + 1 : 0;
	if (s->flat > 0 && s->quiet >= s->silent)
		return false;
	if (s->flat <= s->flat_most) {
		s->way += s->way < s->unheard + s->fade;
		return true;
	}
	return s->way-- > s->unheard;
}

static bool
eq_prepare(void *state, const struct stage_tick *t)
{
	struct state *s = state;
	uint32_t way;

	if (t->begins) {
		if (is_flat(t->value))
			return false;
		begin(s, t);
	}
	memcpy(s->from, s->to, sizeof(s->from));
	memcpy(s->to, t->value, sizeof(s->to));
	way = s->way;
	if (!way_move(s))
		return false;
	s->wet_from = s->wet_to;
	if (s->way != way)
		s->wet_to = wet_at(s);
	s->at = 0;
	eq_settle(&s->eq);
	return true;
}

static void
line(float *to, float from, float end, uint32_t at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] = from +
			(end - from) * ((float)(at + i + 1) / STAGE_TICK);
}

static void
quiet_count(struct state *s, float *const x[2], uint32_t n)
{
	uint32_t last = n;

	while (last > 0 && x[0][last - 1] == 0.0f && x[1][last - 1] == 0.0f)
		last--;
	s->quiet = (last > 0 ? 0 : s->quiet) + n - last;
}

static void
eq_stage_run(void *state, float *const x[2], uint32_t n)
{
	struct state *s = state;
	float gains[EQ_BANDS][STAGE_TICK], dry[2][STAGE_TICK], wet[STAGE_TICK];
	const float *const gain[EQ_BANDS] = {gains[0], gains[1], gains[2]};
	bool in = s->wet_from == 1.0f && s->wet_to == 1.0f;

	quiet_count(s, x, n);
	for (int b = 0; b < EQ_BANDS; b++)
		line(gains[b], s->from[b], s->to[b], s->at, n);
	for (int i = 0; !in && i < 2; i++)
		memcpy(dry[i], x[i], n * sizeof(float));
	eq_run(&s->eq, &s->design, x[0], x[1], gain, n);
	if (!in)
		line(wet, s->wet_from, s->wet_to, s->at, n);
	for (int i = 0; !in && i < 2; i++)
		for (uint32_t k = 0; k < n; k++)
			x[i][k] = dry[i][k] + wet[k] * (x[i][k] - dry[i][k]);
	s->at += n;
}

static const struct stage_value bands[EQ_BANDS] = {
	{MIX_EQ_LOW, .most = MOST, .rest = 1.0f},
	{MIX_EQ_MID, .most = MOST, .rest = 1.0f},
	{MIX_EQ_HIGH, .most = MOST, .rest = 1.0f},
};

const struct stage stage_eq = {.name = "eq",
	.value = bands,
	.values = EQ_BANDS,
	.state_bytes = sizeof(struct state),
	.prepare = eq_prepare,
	.run = eq_stage_run};
