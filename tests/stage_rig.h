/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: stages that can be looked into, and mixers that are made of them.
 */
#ifndef STAGE_RIG_H
#define STAGE_RIG_H

#include "tests/mixer_rig.h"

#include <float.h>
#include <math.h>

#include "core/mixer/mixer_state.h"
#include "core/stage/stages.h"

#define FRAMES 6000u
#define LEN    480u /* of a ramp */

/* The values of the stages here: no matter what they do in the program. */
#define LEAK   MIX_WIDTH /* of `leak`: 0..1, at rest at 0 */
#define AMOUNT MIX_TRIM	 /* of `bomb` */

static const struct stage *const none[] = {NULL};

/* ---- leak: a low-pass whose factor goes its way from tick to tick ---- */

struct leak {
	float y[2], factor, step;
	uint32_t rate_hz;
};

static uint32_t prepared, run_frames;
static uint32_t woke, began; /* away from rest */
static uint32_t leak_rate_hz;
static const struct leak *leak_last;

static bool
leak_prepare(void *state, const struct stage_tick *t)
{
	struct leak *k = state;

	prepared++;
	leak_rate_hz = t->rate_hz;
	leak_last = k;
	woke += t->wakes && t->value[0] != 0.0f;
	began += t->begins && t->value[0] != 0.0f;
	if (t->begins)
		k->factor = t->value[0];
	k->step = (t->value[0] - k->factor) / STAGE_TICK;
	return !(t->begins && t->value[0] == 0.0f);
}

static void
leak_run(void *state, float *const x[2], uint32_t n)
{
	struct leak *k = state;

	assert_true(n > 0 && n <= STAGE_TICK);
	run_frames += n;
	for (uint32_t at = 0; at < n; at++) {
		k->factor += k->step;
		for (int i = 0; i < 2; i++) {
			k->y[i] = x[i][at] + k->factor * k->y[i];
			x[i][at] = k->y[i] * 0.25f;
		}
	}
}

static const struct stage_value leak_value[] = {{LEAK, .most = 1.0f}};

static const struct stage leak = {.name = "leak",
	.value = leak_value,
	.values = 1,
	.state_bytes = sizeof(struct leak),
	.prepare = leak_prepare,
	.run = leak_run};

static const struct stage *const leaks[] = {&leak, NULL};

/* ---- bomb: its input, until it has run for BOMB_FRAMES ---- */

#define BOMB_FRAMES 37u

static float bomb_with; /* no number */
static int bomb_side;

static bool
bomb_prepare(void *state, const struct stage_tick *t)
{
	const float *spoilt = state;

	assert_false(t->wakes);
	if (t->begins)
		assert_true(spoilt[0] == 0.0f && spoilt[1] == 0.0f);
	return true;
}

static void
bomb_run(void *state, float *const x[2], uint32_t n)
{
	float *spoilt = state, *ran = spoilt + 1;

	for (uint32_t at = 0; at < n; at++) {
		if ((*ran)++ == (float)BOMB_FRAMES)
			*spoilt = bomb_with;
		x[bomb_side][at] += *spoilt;
	}
}

static const struct stage bomb = {.name = "bomb",
	.state_bytes = 2 * sizeof(float),
	.prepare = bomb_prepare,
	.run = bomb_run};

static const struct stage *const bombs[] = {&bomb, NULL};

/* The same with a value, to be asleep without it. */
static const struct stage_value fuse_value[] = {
	{AMOUNT, .most = GAIN_MAX, .rest = 1.0f}};

static bool
fuse_prepare(void *state, const struct stage_tick *t)
{
	(void)state;
	return t->value[0] != 1.0f;
}

static const struct stage fuse = {.name = "fuse",
	.value = fuse_value,
	.values = 1,
	.state_bytes = 2 * sizeof(float),
	.prepare = fuse_prepare,
	.run = bomb_run};

static const struct stage *const fuse_and_leak[] = {&fuse, &leak, NULL};

/* ---- count: how long it has run ---- */

static bool
count_prepare(void *state, const struct stage_tick *t)
{
	(void)state;
	(void)t;
	return true;
}

static void
count_run(void *state, float *const x[2], uint32_t n)
{
	float *ran = state;

	for (uint32_t at = 0; at < n; at++) {
		*ran += 1.0f;
		x[0][at] += *ran;
		x[1][at] += *ran;
	}
}

static const struct stage count = {.name = "count",
	.state_bytes = sizeof(float),
	.prepare = count_prepare,
	.run = count_run};

static const struct stage *const counts[] = {&count, NULL};

/* ---- rig ---- */

static struct rig *
staged(uint32_t strips, const struct stage *const strip[],
	const struct stage *const bus[])
{
	struct rig *r = rig_new(strips, strips, FRAMES);

	mixer_free(r->m);
	assert_int_equal(mixer_new_staged(&r->m, &r->config, strip, bus), 0);
	for (uint32_t s = 0; s < strips; s++)
		rig_route(r, s, 1u << s);
	prepared = run_frames = woke = began = 0;
	return r;
}

/* Blocks of 1 to `most` frames, up to frame `end`. */
static void
run_cut(struct rig *r, uint32_t end, uint32_t most, uint64_t seed)
{
	r->random = seed;
	while (r->at < end) {
		uint32_t n = 1 + rig_random(r) % most;

		rig_run(r, n < end - r->at ? n : end - r->at);
	}
}

static const uint32_t blocks[] = {1, 15, 16, 17, 100, 256, 1000, BLOCK_MAX};
#define BLOCKS (sizeof(blocks) / sizeof(blocks[0]))

#endif
