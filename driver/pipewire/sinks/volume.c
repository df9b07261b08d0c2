/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both sinks tell of every change, also of ours, and a key that is held makes
 * many a second. So each word of ours is waited for before what is told counts
 * as somebody else's: at the cable, which lives in the daemon, until the daemon
 * has answered; at the room, whose card another process may serve, for HOLD_NS.
 * After that the two are compared once more, and the room is right. */
#include "driver/pipewire/sinks/volume.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/timer.h"

#define HOLD_NS 500000000
#define SIDES	2
/* A card knows steps; a mixer's step is 0.01 of this scale. */
#define SAME_CUBIC 0.003f

struct volume {
	struct pw_loop *loop;
	struct pw_core *core;
	struct spa_hook core_hook;
	struct spa_source *timer;
	struct sink_level cable, room;
	struct level agreed; /* of SIDES channels; 0: on nothing yet */
	bool cable_asked;    /* and the daemon has not answered */
	int answer_seq;
	uint32_t cable_heard; /* when it was asked */
	bool room_asked;      /* and HOLD_NS are not over */
};

static bool
is_same(const struct level *a, const struct level *b)
{
	if (a->mute != b->mute || a->channels != b->channels)
		return false;
	for (uint32_t i = 0; i < a->channels; i++)
		if (fabsf(cbrtf(a->channel[i]) - cbrtf(b->channel[i])) >
			SAME_CUBIC)
			return false;
	return true;
}

static float
loudest(const struct level *l)
{
	float max = 0.0f;

	for (uint32_t i = 0; i < l->channels; i++)
		if (l->channel[i] > max)
			max = l->channel[i];
	return max;
}

/* A stereo sink's two sides one by one; of any other sink the loudest, since
 * its channels are not the cable's. */
static struct level
as_pair(const struct level *l)
{
	float max = loudest(l);
	struct level pair = {
		.channels = SIDES, .channel = {max, max}, .mute = l->mute};

	if (l->channels == SIDES)
		memcpy(pair.channel, l->channel, SIDES * sizeof(float));
	return pair;
}

/* The way back: the room's own balance stays where it cannot be told. */
static struct level
as_room(const struct level *pair, const struct level *room)
{
	float from = loudest(room), to = loudest(pair);
	struct level l = *room;

	if (room->channels == SIDES)
		return *pair;
	l.mute = pair->mute;
	for (uint32_t i = 0; i < l.channels; i++)
		l.channel[i] = from > 0.0f ? l.channel[i] * (to / from) : to;
	return l;
}

static void
ask_room(struct volume *v, const struct level *room)
{
	struct level next = as_room(&v->agreed, room);

	level_set(&v->room, &next);
	v->room_asked = true;
	timer_after(v->loop, v->timer, HOLD_NS);
}

static void
ask_cable(struct volume *v)
{
	level_set(&v->cable, &v->agreed);
	v->cable_asked = true;
	v->cable_heard = v->cable.heard;
	v->answer_seq = pw_core_sync(v->core, PW_ID_CORE, 0);
}

static void
settle(void *data)
{
	struct volume *v = data;
	const struct level *cable = level_now(&v->cable);
	const struct level *room = level_now(&v->room);
	struct level here, there;

	if (!cable || !room || v->cable_asked)
		return;
	here = as_pair(cable);
	if (v->agreed.channels && !is_same(&here, &v->agreed)) {
		v->agreed = here;
		ask_room(v, room);
		return;
	}
	if (v->room_asked)
		return;
	there = as_pair(room);
	if (!v->agreed.channels || !is_same(&there, &v->agreed)) {
		v->agreed = there;
		ask_cable(v);
	}
}

static void
on_timer(void *data, uint64_t expirations)
{
	struct volume *v = data;

	(void)expirations;
	v->room_asked = false;
	settle(v);
}

static void
on_done(void *data, uint32_t id, int seq)
{
	struct volume *v = data;

	if (id != PW_ID_CORE || !v->cable_asked || seq != v->answer_seq)
		return;
	v->cable_asked = false;
	/* it does not tell what it was already */
	if (v->cable.heard == v->cable_heard)
		v->cable.own = v->agreed;
	settle(v);
}

static const struct pw_core_events core_events = {
	PW_VERSION_CORE_EVENTS,
	.done = on_done,
};

struct volume *
volume_new(struct pw_loop *loop, struct pw_core *core)
{
	struct volume *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->loop = loop;
	v->core = core;
	v->timer = pw_loop_add_timer(loop, on_timer, v);
	if (!v->timer) {
		free(v);
		return NULL;
	}
	pw_core_add_listener(core, &v->core_hook, &core_events, v);
	return v;
}

void
volume_free(struct volume *v)
{
	if (!v)
		return;
	level_unbind(&v->cable);
	level_unbind(&v->room);
	spa_hook_remove(&v->core_hook);
	pw_loop_destroy_source(v->loop, v->timer);
	free(v);
}

static bool
is_bound(const struct sink_level *s, const struct graph_object *sink)
{
	return s->serial == (sink ? sink->serial : 0);
}

void
volume_between(struct volume *v, const struct graph *g,
	const struct graph_object *cable, const struct graph_object *room)
{
	if (!v)
		return;
	/* Whose card it is is among what is told of it later. */
	if (room && !room->known)
		room = NULL;
	if (!is_bound(&v->cable, cable)) {
		level_bind(&v->cable, g, cable, settle, v);
		v->cable_asked = false;
		v->agreed.channels = 0;
	}
	if (!is_bound(&v->room, room)) {
		level_bind(&v->room, g, room, settle, v);
		v->room_asked = false;
		v->agreed.channels = 0;
	}
}
