/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one-knob filter of a strip. */
#include "core/dsp/filter.h"

#include "core/message.h"
#include "core/stage/stages.h"

/* Of the way: a knob of 127 steps has none at 0, but one on each side. */
#define MIDDLE 0.008f

_Static_assert(STAGE_TICK == SMOOTH_TICK, "a tick is a cell");

struct state {
	struct filter filter;
	uint32_t at; /* frame of the cell */
};

static float
near_middle(float knob)
{
	return knob > -MIDDLE && knob < MIDDLE ? 0.0f : knob;
}

static bool
filter_prepare(void *state, const struct stage_tick *t)
{
	struct state *s = state;
	float knob = near_middle(t->value[0]), resonance = t->value[1];

	if (t->begins) {
		if (knob == 0.0f)
			return false;
		filter_begin(&s->filter, (float)t->rate_hz,
			t->wakes ? 0.0f : knob, resonance);
	}
	s->at = 0;
	return filter_tick(&s->filter, knob, resonance);
}

static void
filter_stage_run(void *state, float *const x[2], uint32_t n)
{
	struct state *s = state;

	filter_run(&s->filter, x, s->at, n);
	s->at += n;
}

/* Both are at the same frame, unless one has just come to its strip. */
static void
filter_stage_run_two(void *const state[2], float *const x[2][2], uint32_t n)
{
	struct state *a = state[0], *b = state[1];
	struct filter *const two[2] = {&a->filter, &b->filter};

	if (a->at != b->at) {
		filter_stage_run(a, x[0], n);
		filter_stage_run(b, x[1], n);
		return;
	}
	filter_run_two(two, x, a->at, n);
	a->at += n;
	b->at += n;
}

static const struct stage_value knobs[] = {
	{MIX_FILTER, .least = -1.0f, .most = 1.0f},
	{MIX_RESONANCE, .least = FILTER_Q_MIN, .most = FILTER_Q_MAX,
		.rest = 1.0f, .follows = true},
};

const struct stage stage_filter = {.name = "filter",
	.value = knobs,
	.values = 2,
	.state_bytes = sizeof(struct state),
	.prepare = filter_prepare,
	.run = filter_stage_run,
	.run_two = filter_stage_run_two};
