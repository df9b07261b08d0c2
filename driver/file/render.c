/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/file/render.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mixer/mixer.h"
#include "driver/file/render_file.h"

struct render {
	struct mixer *mixer;
	uint32_t rate_hz;
	uint32_t block;
	uint64_t tail; /* frames still to come after the last source's end */
	uint64_t frame;
	uint32_t inputs, buses;
	const char *out[BUSES_MAX]; /* borrowed */
	uint32_t strip[STRIPS_MAX];
	struct render_source source[STRIPS_MAX];
	struct render_output output[BUSES_MAX]; /* path NULL: not written */
	float *plane;				/* [buses][2][block] */
	float *frames;				/* [block][2] */
};

static int
rate_check(struct render *r, const struct render_source *s, char *why)
{
	if (r->rate_hz == 0)
		r->rate_hz = s->rate_hz;
	if (s->rate_hz == r->rate_hz)
		return 0;
	snprintf(why, RENDER_WHY_MAX,
		"%s: %u Hz: must be %u Hz, as the others; nothing is "
		"resampled",
		s->path, s->rate_hz, r->rate_hz);
	return -EINVAL;
}

static int
sources_open(struct render *r, const struct render_config *config, char *why)
{
	for (uint32_t i = 0; i < config->inputs; i++) {
		int e = render_source_open(&r->source[i], config->input[i].path,
			config->block_frames, why);

		r->inputs = i + 1;
		r->strip[i] = config->input[i].strip;
		if (e == 0)
			e = rate_check(r, &r->source[i], why);
		if (e < 0)
			return e;
	}
	return 0;
}

/* An output that stands where a source or another output is would be read while
 * it is replaced, or lost. */
static int
outputs_find(struct render *r, char *why)
{
	for (uint32_t b = 0; b < r->buses; b++) {
		struct render_output *o = &r->output[b];
		const char *clash = NULL;
		int e = r->out[b] ? render_output_find(o, r->out[b], why) : 0;

		if (e < 0)
			return e;
		if (!r->out[b])
			continue;
		for (uint32_t i = 0; i < r->inputs && o->inode; i++)
			if (r->source[i].inode == o->inode &&
				r->source[i].device == o->device)
				clash = "is one of the sources";
		for (uint32_t i = 0; i < b; i++)
			if (r->output[i].place &&
				(!strcmp(r->output[i].place, o->place) ||
					(o->inode &&
						r->output[i].inode ==
							o->inode &&
						r->output[i].device ==
							o->device)))
				clash = "is the file of two buses";
		if (clash) {
			snprintf(why, RENDER_WHY_MAX, "%s: %s", o->path, clash);
			return -EINVAL;
		}
	}
	return 0;
}

static int
mixer_make(struct render *r, const struct render_config *config, char *why)
{
	const struct mixer_config shape = {
		.strips = config->strips,
		.buses = config->buses,
		.rate_hz = r->rate_hz,
		.block_max = config->block_frames,
		.loops = config->uses.loops,
		.cue = config->uses.cue,
		.room = config->uses.room,
	};
	int e = mixer_new(&r->mixer, &shape);

	r->plane = calloc((size_t)config->buses * 2 * config->block_frames,
		sizeof(float));
	r->frames = calloc((size_t)2 * config->block_frames, sizeof(float));
	if (e == 0 && (!r->plane || !r->frames))
		e = -ENOMEM;
	if (e < 0)
		snprintf(why, RENDER_WHY_MAX, "the mixer: %s", strerror(-e));
	return e;
}

int
render_open(struct render **out, const struct render_config *config, char *why)
{
	struct render *r = calloc(1, sizeof(*r));
	int e;

	*out = NULL;
	if (!r) {
		snprintf(why, RENDER_WHY_MAX, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	r->rate_hz = config->rate_hz;
	r->block = config->block_frames;
	r->buses = config->buses;
	memcpy(r->out, config->out, sizeof(r->out));
	e = sources_open(r, config, why);
	if (e == 0)
		e = mixer_make(r, config, why);
	if (e < 0) {
		render_close(r);
		return e;
	}
	r->tail = (uint64_t)llround(config->tail_s * r->rate_hz);
	*out = r;
	return 0;
}

int
render_create(struct render *r, char *why)
{
	int e = outputs_find(r, why);

	for (uint32_t b = 0; b < r->buses && e == 0; b++)
		if (r->output[b].path)
			e = render_output_create(
				&r->output[b], r->rate_hz, why);
	return e;
}

/* Reads a block of every source. *n shrinks to what there is to mix: a source's
 * last frame, then the tail; 0 at the end. */
static int
block_read(struct render *r, uint32_t *n, char *why)
{
	uint32_t longest = 0;
	bool ended = true;

	for (uint32_t i = 0; i < r->inputs; i++) {
		uint32_t got;
		int e = render_source_read(&r->source[i], r->block, &got, why);

		if (e < 0)
			return e;
		if (got > longest)
			longest = got;
		ended = ended && r->source[i].ended;
	}
	*n = longest;
	if (ended && longest < r->block) {
		uint64_t more = r->block - longest;

		if (more > r->tail)
			more = r->tail;
		r->tail -= more;
		*n += (uint32_t)more;
	}
	return 0;
}

static void
block_mix(struct render *r, uint32_t offset, uint32_t n)
{
	struct mixer_input in[STRIPS_MAX];
	float *out[BUSES_MAX][2];

	for (uint32_t i = 0; i < r->inputs; i++) {
		const struct render_source *s = &r->source[i];

		in[i] = (struct mixer_input){.strip = r->strip[i],
			.layout = layout_for_channels(s->channels)};
		for (uint32_t c = 0; c < s->channels; c++)
			in[i].ch[c] = s->plane + (size_t)c * r->block + offset;
	}
	for (uint32_t b = 0; b < r->buses; b++)
		for (uint32_t side = 0; side < 2; side++)
			out[b][side] =
				r->output[b].path
					? r->plane +
						  ((size_t)b * 2 + side) *
							  r->block +
						  offset
					: NULL;
	mixer_run(r->mixer, in, r->inputs, (float *const(*)[2])out, n);
}

static int
block_write(struct render *r, uint32_t n, char *why)
{
	int e = 0;

	for (uint32_t b = 0; b < r->buses && e == 0; b++) {
		const float *left = r->plane + (size_t)b * 2 * r->block;

		if (!r->output[b].path)
			continue;
		for (size_t i = 0; i < n; i++) {
			r->frames[2 * i] = left[i];
			r->frames[2 * i + 1] = left[r->block + i];
		}
		e = render_output_write(&r->output[b], r->frames, n, why);
	}
	return e;
}

static int
blocks_run(struct render *r, render_step step, void *data, char *why)
{
	for (;;) {
		uint32_t n, done = 0;
		int e = block_read(r, &n, why);

		if (e < 0 || n == 0)
			return e;
		while (done < n) {
			uint32_t k = step(data, r->frame, n - done);

			if (k == 0) {
				snprintf(why, RENDER_WHY_MAX, "stopped");
				return -EINTR;
			}
			block_mix(r, done, k);
			r->frame += k;
			done += k;
		}
		e = block_write(r, n, why);
		if (e < 0)
			return e;
	}
}

int
render_run(struct render *r, render_step step, void *data,
	struct render_stats *stats, char *why)
{
	struct mixer_counters counters;
	int e = blocks_run(r, step, data, why);

	*stats = (struct render_stats){.frames = r->frame};
	for (uint32_t b = 0; b < r->buses && e == 0; b++)
		if (r->output[b].path)
			e = render_output_finish(
				&r->output[b], &stats->clipped, why);
	for (uint32_t b = 0; b < r->buses && e == 0; b++)
		if (r->output[b].path)
			e = render_output_place(&r->output[b], why);
	mixer_counters(r->mixer, &counters);
	stats->bad_samples = counters.bad_samples;
	return e;
}

void
render_close(struct render *r)
{
	if (!r)
		return;
	for (uint32_t i = 0; i < r->inputs; i++)
		render_source_done(&r->source[i]);
	for (uint32_t b = 0; b < r->buses; b++)
		render_output_done(&r->output[b]);
	mixer_free(r->mixer);
	free(r->plane);
	free(r->frames);
	free(r);
}

struct mixer *
render_mixer(struct render *r)
{
	return r->mixer;
}

uint32_t
render_rate_hz(const struct render *r)
{
	return r->rate_hz;
}
