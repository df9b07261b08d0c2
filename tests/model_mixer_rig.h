/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a model and a real mixer, driven block by block. */
#ifndef MODEL_MIXER_RIG_H
#define MODEL_MIXER_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/model/model.h"
#include "core/level.h"
#include "control/util/loop.h"
#include "control/model/param.h"
#include "core/mixer/mixer.h"

#define RATE_HZ 48000u
#define BLOCK	64u
#define MS	1000000u
#define SECOND	1000000000u
#define RAMP	(RATE_HZ * RAMP_MS / 1000)

struct rig {
	void *memory;
	struct model *model;
	struct params *p;
	struct mixer *m;
	uint64_t frame;	   /* mixed so far */
	uint64_t start_ns; /* CLOCK_MONOTONIC of frame 0 */
	float in[BLOCK];
	float out[BUSES_MAX][2][BLOCK];
	int heard;
	uint32_t heard_id, heard_source;
};

/* 0: blocks have time for any number of messages */
static inline void
mixer_begin_with(struct rig *r, uint32_t frame_messages)
{
	struct mixer_config config = {.strips = 4,
		.buses = 2,
		.rate_hz = RATE_HZ,
		.block_max = BLOCK,
		.frame_messages = frame_messages};

	assert_int_equal(mixer_new(&r->m, &config), 0);
	r->frame = 0;
	model_mixer_start(r->model, r->m, RATE_HZ);
}

static inline void
mixer_begin(struct rig *r)
{
	mixer_begin_with(r, 0);
}

static inline void
mixer_end(struct rig *r)
{
	model_mixer_stop(r->model);
	mixer_free(r->m);
	r->m = NULL;
}

static inline int
set_up(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct model_config config;

	model_config_init(&config);
	config.strips = 4;
	r->memory = calloc(1, model_memory_bytes());
	if (model_new(&r->model, &config, r->memory) < 0)
		return -1;
	r->p = model_params(r->model);
	for (uint32_t i = 0; i < BLOCK; i++)
		r->in[i] = 1.0f;
	/* Frame 0 is now: what is due a while ahead is due in real time too,
	 * but the blocks come as fast as they can. */
	r->start_ns = loop_now_ns();
	*state = r;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct rig *r = *state;

	model_mixer_stop(r->model);
	mixer_free(r->m);
	model_free(r->model);
	free(r->memory);
	free(r);
	return 0;
}

static inline uint64_t
frame_ns(const struct rig *r, uint64_t frame)
{
	return r->start_ns + (frame * SECOND + RATE_HZ / 2) / RATE_HZ;
}

/* One block of ones on strip 1 (and 2). */
static inline void
run_block(struct rig *r)
{
	struct mixer_input in[2] = {
		{.strip = 0, .layout = LAYOUT_MONO, .ch = {r->in}},
		{.strip = 1, .layout = LAYOUT_MONO, .ch = {r->in}}};
	float *out[2][2] = {
		{r->out[0][0], r->out[0][1]}, {r->out[1][0], r->out[1][1]}};

	mixer_set_clock(r->m, frame_ns(r, r->frame));
	mixer_run(r->m, in, 1, (float *const(*)[2])out, BLOCK);
	r->frame += BLOCK;
}

static inline uint32_t
find(struct rig *r, const char *address)
{
	int id = param_find(r->p, address);

	assert_true(id >= 0);
	return (uint32_t)id;
}

static inline struct param_change
change_of(struct rig *r, const char *address, double number)
{
	struct param_value v = {.type = PARAM_FLOAT, .f = number};
	struct param_change c = {.id = find(r, address)};
	char why[PARAM_WHY_MAX];

	assert_int_equal(param_check(r->p, c.id, &v, &c.value, why), 0);
	return c;
}

static inline void
set(struct rig *r, const char *address, double number)
{
	struct param_change c = change_of(r, address, number);

	param_apply(r->p, &c, 1, 0, PARAM_SOURCE_NONE);
}

static inline double
get(struct rig *r, const char *address)
{
	struct param_value v;

	param_get(r->p, find(r, address), &v);
	return v.type == PARAM_INT ? (double)v.i : v.f;
}

#endif
