/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a mixer with an input buffer per strip and side and an output
 * buffer per bus and side, driven block by block. */
#ifndef MIXER_RIG_H
#define MIXER_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/dsp/crossfade.h"
#include "core/mixer/mixer.h"
#include "core/mixer/ramp.h"
#include "core/stage/stages.h"

struct rig {
	struct mixer *m;
	struct mixer_config config;
	uint32_t frames; /* of every buffer */
	uint32_t at;	 /* frames run so far */
	uint64_t random; /* state of rig_random() */
	uint32_t inputs;
	struct mixer_input input[INPUTS_MAX]; /* whole buffers */
	float *in[STRIPS_MAX][2];
	float *out[BUSES_MAX][2];
};

static inline uint32_t
rig_random(struct rig *r)
{
	r->random = r->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(r->random >> 32);
}

/* -1..1 */
static inline float
rig_random_sample(struct rig *r)
{
	return (float)(int32_t)rig_random(r) / 2147483648.0f;
}

static inline float *
rig_buffer(uint32_t frames)
{
	float *x = calloc(frames, sizeof(*x));

	assert_non_null(x);
	return x;
}

/* A new mixer at frame 0; the input stays. */
static inline void
rig_restart(struct rig *r)
{
	mixer_free(r->m);
	assert_int_equal(mixer_new(&r->m, &r->config), 0);
	r->at = 0;
	for (uint32_t b = 0; b < r->config.buses; b++)
		for (int i = 0; i < 2; i++)
			memset(r->out[b][i], 0x55, r->frames * sizeof(float));
}

/* Random input, stereo, strip for strip. */
static inline struct rig *
rig_new(uint32_t strips, uint32_t buses, uint32_t frames)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->config = (struct mixer_config){.strips = strips,
		.buses = buses,
		.rate_hz = 48000,
		.block_max = BLOCK_MAX};
	r->frames = frames;
	r->inputs = strips;
	for (uint32_t s = 0; s < strips; s++) {
		r->input[s].strip = s;
		r->input[s].layout = LAYOUT_STEREO;
		for (int i = 0; i < 2; i++) {
			r->in[s][i] = rig_buffer(frames);
			r->input[s].ch[i] = r->in[s][i];
			for (uint32_t n = 0; n < frames; n++)
				r->in[s][i][n] = rig_random_sample(r);
		}
	}
	for (uint32_t b = 0; b < buses; b++)
		for (int i = 0; i < 2; i++)
			r->out[b][i] = rig_buffer(frames);
	rig_restart(r);
	return r;
}

static inline void
rig_free(struct rig *r)
{
	for (int i = 0; i < 2; i++) {
		for (uint32_t s = 0; s < STRIPS_MAX; s++)
			free(r->in[s][i]);
		for (uint32_t b = 0; b < BUSES_MAX; b++)
			free(r->out[b][i]);
	}
	mixer_free(r->m);
	free(r);
}

/* One block of n frames. */
static inline void
rig_run(struct rig *r, uint32_t n)
{
	struct mixer_input in[INPUTS_MAX];
	float *out[BUSES_MAX][2];

	assert_true(n <= r->frames - r->at);
	for (uint32_t i = 0; i < r->inputs; i++) {
		in[i] = r->input[i];
		for (int c = 0; c < CHANNELS_MAX; c++)
			if (in[i].ch[c])
				in[i].ch[c] += r->at;
	}
	for (uint32_t b = 0; b < r->config.buses; b++)
		for (int i = 0; i < 2; i++)
			out[b][i] = r->out[b][i] + r->at;
	/* C11 adds a const at this depth only when told to */
	mixer_run(r->m, in, r->inputs, (float *const(*)[2])out, n);
	r->at += n;
}

/* All that is left, in blocks of n frames. */
static inline void
rig_run_all(struct rig *r, uint32_t n)
{
	while (r->at < r->frames)
		rig_run(r, n < r->frames - r->at ? n : r->frames - r->at);
}

static inline void
rig_post(struct rig *r, const struct message *msg)
{
	assert_true(mixer_post(r->m, msg, 1));
}

static inline void
rig_say(struct rig *r, uint64_t frame, enum mix parameter, uint32_t place,
	float target)
{
	const struct message msg = {.frame = frame,
		.parameter = (uint8_t)parameter,
		.place = (uint16_t)place,
		.target = target};

	rig_post(r, &msg);
}

static inline void
rig_route(struct rig *r, uint32_t strip, uint32_t set)
{
	rig_say(r, 0, MIX_ROUTE, strip, (float)set);
}

/* The stage of a parameter, and what that may be; NULL: it is of none. */
static inline const struct stage *
rig_stage(enum mix parameter, const struct stage_value **value)
{
	const struct stage *const *lists[] = {stages_strip, stages_bus};

	*value = NULL;
	for (uint32_t i = 0; i < 2; i++)
		for (const struct stage *const *s = lists[i]; *s; s++)
			for (uint32_t v = 0; v < (*s)->values; v++)
				if ((*s)->value[v].parameter == parameter) {
					*value = &(*s)->value[v];
					return *s;
				}
	return NULL;
}

/* A message of any parameter, at a random place, with a random target of which
 * half are silence. */
static inline struct message
rig_random_message(struct rig *r)
{
	enum mix parameter = (enum mix)(1 + rig_random(r) % (MIX_COUNT - 1));
	uint32_t strip = rig_random(r) % r->config.strips;
	uint32_t bus = rig_random(r) % r->config.buses;
	const struct stage_value *value;
	struct message msg = {.parameter = (uint8_t)parameter,
		.place = mix_place(parameter, strip, bus),
		.target = (float)(rig_random(r) % 2)};

	rig_stage(parameter, &value);
	if (parameter == MIX_ROUTE || parameter == MIX_KEPT_OUT ||
		parameter == MIX_HALVED)
		msg.target = (float)(rig_random(r) % (MIX_SET_MAX + 1));
	else if (parameter == MIX_GAIN || parameter == MIX_TRIM ||
		 parameter == MIX_BUS_GAIN || parameter == MIX_CUE_GAIN)
		msg.target *= (float)(rig_random(r) % 4000) / 1000.0f;
	else if (parameter == MIX_SIDE)
		msg.target = (float)(rig_random(r) % 3);
	else if (parameter == MIX_CROSSFADER_CURVE)
		msg.target = (float)(rig_random(r) % CROSSFADE_CURVES);
	else if (parameter == MIX_CROSSFADER ||
		 parameter == MIX_CROSSFADER_CUT_IN || parameter == MIX_CUE_MIX)
		msg.target = (float)(rig_random(r) % 1000) / 999.0f;
	else if (value)
		msg.target = value->least +
			     (value->most - value->least) * msg.target *
				     (float)(rig_random(r) % 1000) / 999.0f;
	return msg;
}

/* One of what a plain sum of products has as well: of no filter, no crossfader
 * and no solo. */
static inline struct message
rig_random_level(struct rig *r)
{
	for (;;) {
		struct message msg = rig_random_message(r);
		const struct stage_value *value;
		const struct stage *s =
			rig_stage((enum mix)msg.parameter, &value);

		if ((!s || s->level) && msg.parameter != MIX_SIDE &&
			msg.parameter != MIX_SOLO &&
			msg.parameter < MIX_CROSSFADER)
			return msg;
	}
}

static inline struct mixer_counters
rig_counters(const struct rig *r)
{
	struct mixer_counters c;

	mixer_counters(r->m, &c);
	return c;
}

#define assert_samples_equal(got, want, n)                                     \
	assert_memory_equal(got, want, (n) * sizeof(float))

#endif
