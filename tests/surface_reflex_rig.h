/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A surface and the audio thread hear the same messages, and the surface has to
 * do whatever the audio thread did. */
#ifndef SURFACE_REFLEX_RIG_H
#define SURFACE_REFLEX_RIG_H

#include "tests/surface_rig.h"

#include "control/model/feed.h"
#include "core/mixer/mixer_state.h"
#include "core/reflex.h"

struct ears {
	struct desk *desk;
	struct mixer *mixer;
	struct reflex *x;
	struct reflex_done done[REFLEX_TARGETS_MAX];
	uint32_t count;
	uint64_t random;
};

static inline uint32_t
chance(struct ears *e, uint32_t of)
{
	e->random = e->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(e->random >> 33) % of;
}

static inline void
ears_open(struct ears *e, struct desk *d)
{
	const struct mixer_config config = {
		.strips = 16, .buses = 2, .rate_hz = 48000, .block_max = 256};

	e->desk = d;
	e->random = 1;
	assert_int_equal(mixer_new(&e->mixer, &config), 0);
	assert_int_equal(reflex_new(&e->x), 0);
}

static inline void
ears_close(struct ears *e)
{
	mixer_free(e->mixer);
	reflex_free(e->x);
}

static inline void
table_make(struct ears *e)
{
	surface_reflex(e->desk->surface, reflex_begin(e->x));
	reflex_publish(e->x);
	reflex_look(e->x);
	assert_false(surface_reflex_stale(e->desk->surface));
}

static inline void
on_heard(void *data, const struct midi_event *event, uint64_t time)
{
	struct desk *d = data;

	(void)time;
	surface_event(d->surface, event, 0, d->now_ns);
}

static inline bool
is_now(struct ears *e, const struct reflex_done *done)
{
	const struct message *m = &done->message;
	struct message now;

	return feed_message(e->desk->rig->model, done->id, 0, &now) &&
	       now.parameter == m->parameter && now.place == m->place &&
	       now.target == m->target;
}

/* By the audio thread, then by the surface. */
static inline void
both_hear(struct ears *e, const uint8_t *bytes, uint32_t n)
{
	struct midi_parser parser;

	e->count = reflex_run(e->x, e->mixer, bytes, n, 0, e->done);
	midi_parser_init(&parser, on_heard, e->desk);
	midi_parse_bytes(&parser, bytes, n, 0);
	for (uint32_t i = 0; i < e->count; i++)
		if (!is_now(e, &e->done[i]))
			fail_msg("%02x %02x %02x: %s: the audio thread did "
				 "another thing",
				bytes[0], bytes[1], n > 2 ? bytes[2] : 0,
				e->desk->surface ? "surface" : "");
}

static inline void
both_hear_3(struct ears *e, uint8_t a, uint8_t b, uint8_t c)
{
	if (surface_reflex_stale(e->desk->surface))
		table_make(e);
	both_hear(e, (const uint8_t[]){a, b, c}, 3);
}

#endif
