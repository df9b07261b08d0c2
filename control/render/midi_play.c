/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/render/midi_play.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "control/mapping/mapping.h"
#include "control/model/param.h"
#include "control/surface/surface.h"

#define NS_PER_S UINT64_C(1000000000)
/* There is one surface, and OSC scripts have no source. */
#define SOURCE 1u

struct midi_play {
	struct midi_file *file;
	struct mapping *mapping;
	struct surface *surface;
	struct params *params;
	uint32_t rate_hz;
	uint64_t messages, strange;
};

static void
param_changed(void *data, uint32_t id, uint32_t source)
{
	struct midi_play *p = data;

	surface_changed(p->surface, id, source);
}

static int
memory_fail(int e, char *why)
{
	snprintf(why, MIDI_PLAY_WHY_MAX, "no memory for the mapping");
	return e;
}

static int
play_set_up(struct midi_play *p, const char *midi, const char *map, char *why)
{
	struct surface_config config = {.params = p->params, .source = SOURCE};
	int e = mapping_load(&p->mapping, map, p->params, why);

	if (e == 0)
		e = midi_file_load(&p->file, midi, p->rate_hz, why);
	if (e < 0)
		return e;
	config.mapping = p->mapping;
	e = surface_new(&p->surface, &config);
	if (e == 0)
		e = param_listen(p->params, param_changed, p);
	return e < 0 ? memory_fail(e, why) : 0;
}

int
midi_play_open(struct midi_play **out, const char *midi, const char *map,
	struct params *params, uint32_t rate_hz, char *why)
{
	struct midi_play *p = calloc(1, sizeof(*p));
	int e;

	*out = NULL;
	if (!p)
		return memory_fail(-ENOMEM, why);
	p->params = params;
	p->rate_hz = rate_hz;
	e = play_set_up(p, midi, map, why);
	if (e < 0) {
		midi_play_close(p);
		return e;
	}
	*out = p;
	return 0;
}

void
midi_play_close(struct midi_play *p)
{
	if (!p)
		return;
	param_unlisten(p->params, param_changed, p);
	surface_free(p->surface);
	midi_file_free(p->file);
	mapping_free(p->mapping);
	free(p);
}

/* The two agree: frame_of_ns(ns_of_frame(f)) is f. */
static uint64_t
ns_of_frame(const struct midi_play *p, uint64_t frame)
{
	return frame / p->rate_hz * NS_PER_S +
	       frame % p->rate_hz * NS_PER_S / p->rate_hz;
}

/* The first frame that is not before a time. */
static uint64_t
frame_of_ns(const struct midi_play *p, uint64_t ns)
{
	return ns / NS_PER_S * p->rate_hz +
	       (ns % NS_PER_S * p->rate_hz + NS_PER_S - 1) / NS_PER_S;
}

static void
message_play(void *data, const struct midi_event *event, uint64_t frame)
{
	struct midi_play *p = data;

	p->messages++;
	if (!surface_event(p->surface, event, frame, ns_of_frame(p, frame)))
		p->strange++;
}

uint32_t
midi_play_step(struct midi_play *p, uint64_t frame, uint32_t n)
{
	uint64_t now_ns = ns_of_frame(p, frame), until = frame + n, wait_ns, at;

	/* First what was due before the hand moves on. */
	surface_run(p->surface, now_ns);
	midi_file_play(p->file, frame, message_play, p);
	wait_ns = surface_run(p->surface, now_ns);
	if (midi_file_next(p->file, &at) && at < until)
		until = at;
	if (wait_ns < UINT64_MAX - now_ns) {
		at = frame_of_ns(p, now_ns + wait_ns);
		if (at < until)
			until = at;
	}
	return until > frame ? (uint32_t)(until - frame) : 1;
}

bool
midi_play_left(const struct midi_play *p, uint64_t *frame)
{
	return midi_file_next(p->file, frame);
}

void
midi_play_count(
	const struct midi_play *p, uint64_t *messages, uint64_t *strange)
{
	*messages = p->messages;
	*strange = p->strange;
}
