/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a stream comes onto a strip and leaves it again, without a gap and
 * without being heard twice.
 *
 * A stream that does not play yet is parked at once, before its session
 * manager has linked it: its very first sample passes the strip. One that the
 * session manager was quicker with is on its open strip at once as well, kept
 * out of main until it is asked for. One that plays already is linked to its
 * closed strip first; then the strip opens, with a ramp, while the stream is
 * moved away from the speakers. Back the same way:
 * first it is heard where its user had it, then the strip closes. From one
 * strip to another it is linked to both, the new one closed; then one opens as
 * the other closes. A strip that others are on stays open: who comes to it, or
 * goes from it to another, is heard on both meanwhile. One with more than two
 * channels goes to another strip by way of the speakers. */
#include "driver/pipewire/tap.h"

#include <stdio.h>
#include <string.h>

#include "driver/pipewire/choice.h"
#include "driver/pipewire/crowd.h"
#include "driver/pipewire/graph/wireplumber.h"
#include "driver/pipewire/heard.h"
#include "driver/pipewire/kind.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses_where.h"
#include "driver/pipewire/tap_move.h"
#include "driver/pipewire/tap_strip.h"

/* A stream is not moved until it has settled where it plays; links that the
 * session manager has forgotten are removed. */
#define SETTLE_NS     WIREPLUMBER_LINKS_NS
#define YOUNG_NS      (100 * MS)
#define STRAY_WAIT_NS (200 * MS)
/* A session manager that has not moved a stream by now is busy: so long it is
 * heard twice, and then kept out of main. Asked in vain it is asked again. */
#define SLOW_NS	      (60 * MS)
#define PARK_WAIT_NS  (1000 * MS)
#define RETRY_NS      (1000ull * MS)
#define RETRY_TIMES   6 /* each pause is double the one before it */
#define BEGIN_WAIT_NS (1000 * MS)
#define LEAVE_WAIT_NS (250 * MS)

/* Also by a cable of its user's. */
static bool
is_heard(const struct driver *d, const struct stream *s)
{
	return stream_heard(d, s, HEARD_BY_MANAGER) ||
	       stream_heard(d, s, HEARD_BY_CABLE);
}

static bool
is_away(const struct stream *s)
{
	return s->away[0] && !s->app->by_hand;
}

const char *
tap_why_aside(struct stream *s)
{
	if (is_away(s)) {
		snprintf(s->why_aside, sizeof(s->why_aside),
			"its user has it on %.50s: it is copied and not heard "
			"in main; set its strip's tap to take to take it",
			s->away);
		return s->why_aside;
	}
	if (s->refusals)
		return "the session manager has not moved it yet: it is "
		       "copied, not heard in main, and asked again";
	return NULL;
}

static bool
is_to_be_aside(const struct stream *s)
{
	return is_away(s) || (s->refusals && driver_now_ns() < s->retry_ns);
}

static bool
is_tappable(const struct driver *d, const struct stream *s)
{
	return s->app->strip >= 0 && !s->reached &&
	       !(s->app->tap == TAP_TAKE && kind_why_not_taken(d, s));
}

/* Another stream of this strip is wanted in main. */
static bool
strip_is_wanted(const struct driver *d, const struct stream *s)
{
	const struct stream *other;

	for (other = NULL; (other = driver_next_stream(d, other));) {
		if (other != s && other->app->strip == s->app->strip &&
			is_tappable(d, other) && !is_to_be_aside(other))
			return true;
	}
	return false;
}

/* *aside: copied instead of taken, and kept out of main */
static enum tap_mode
wanted_mode(const struct driver *d, const struct stream *s, bool *aside)
{
	const struct tapped *t = s->app;

	*aside = false;
	if (d->released || d->rate_bad || !d->running || !is_tappable(d, s))
		return TAP_OFF;
	/* What the node before this one has taken waits a little for it. */
	if (!d->ran && (s->step == STEP_NONE || d->idle_said))
		return TAP_OFF;
	if (s->step == STEP_NONE && !rate_settled(d))
		return TAP_OFF;
	if (tap_is_to_move(s) &&
		!tap_can_move(d, s)) /* first off the old one */
		return TAP_OFF;
	if (t->tap != TAP_TAKE || !is_to_be_aside(s))
		return t->tap;
	*aside = true;
	return strip_is_wanted(d, s) ? TAP_OFF : TAP_COPY;
}

static void
park(struct driver *d, struct stream *s)
{
	s->parked = true;
	supervisor_client_park(d->config.supervisor, s->serial, s->sent);
}

static void
unpark(struct driver *d, struct stream *s)
{
	s->parked = s->begins = false;
	supervisor_client_restore(d->config.supervisor, s->serial);
}

void
tap_undo(struct driver *d, struct stream *s)
{
	if (s->parked)
		unpark(d, s);
	s->linked = s->aside = false;
	s->strip = s->old_strip = -1;
	tap_set_step(d, s, STEP_NONE);
}

/* It is copied until it is asked again. */
static void
refuse(struct driver *d, struct stream *s)
{
	uint32_t times = s->refusals < RETRY_TIMES ? s->refusals : RETRY_TIMES;

	if (!s->refusals)
		driver_say(d, "%s: %s", s->app->app.name,
			"the session manager does not move it; it is copied "
			"until it does");
	s->refusals++;
	s->retry_ns = driver_now_ns() + (RETRY_NS << times);
	unpark(d, s);
	tap_set_step(d, s, s->aside ? STEP_ON : STEP_LEAVING);
}

/* It does not run: it has not begun, or is paused. */
static bool
rests(const struct driver *d, const struct stream *s)
{
	const struct graph_object *node = graph_node(&d->graph, s->node_id);

	return node && node->state < PW_NODE_STATE_RUNNING;
}

/* Moved before it is told where it was, the session manager would forget
 * that. */
static bool
is_unsure(struct driver *d, const struct stream *s)
{
	return s->remembered[0] || choice_is_doubted(d, s);
}

/* It has begun a moment ago. Who is older than we are may have come at any
 * time. */
static bool
is_young(const struct driver *d, const struct stream *s)
{
	const struct graph_object *own = driver_own_node(d);

	return own && s->serial > own->serial &&
	       driver_now_ns() - s->born_ns < YOUNG_NS;
}

/* Heard where the session manager has linked it, and on its strip from now on:
 * of one that has just begun the start is recorded. */
static void
link_heard(struct driver *d, struct stream *s, enum tap_mode want)
{
	bool young = is_young(d, s) && !tap_strip_has(d, s, s->strip, ANY) &&
		     !tap_strip_has(d, s, s->strip, IN_MAIN);

	tap_set_step(d, s, STEP_LINKING);
	s->early = young && want == TAP_TAKE;
	tap_strip_open(d, s, young);
}

static void
step_none(struct driver *d, struct stream *s, enum tap_mode want, bool aside)
{
	bool heard = is_heard(d, s), plays = heard && !(aside && rests(d, s));

	s->crowded = false;
	if (want == TAP_OFF ||
		tap_strip_has(d, s, s->app->strip, aside ? IN_MAIN : ASIDE))
		return;
	if (want == TAP_TAKE && is_unsure(d, s))
		return;
	/* Linked to its strip alone it would begin, heard by nobody. */
	if (aside && !heard && !tap_waited(d, s, BEGIN_WAIT_NS))
		return;
	if (plays && !is_young(d, s) && !tap_waited(d, s, SETTLE_NS))
		return;
	if (!crowd_enter(d, s))
		return;
	s->strip = s->app->strip;
	s->linked = true;
	s->aside = aside;
	if (plays) {
		link_heard(d, s, want);
		return;
	}
	tap_strip_open(d, s, true);
	s->begins = want == TAP_TAKE;
	if (want == TAP_TAKE)
		park(d, s);
	tap_set_step(d, s, want == TAP_TAKE ? STEP_PARKING : STEP_ON);
}

static bool
has_settled(struct driver *d, const struct stream *s)
{
	if (driver_now_ns() - s->born_ns >= SETTLE_NS)
		return true;
	d->waiting = true;
	return false;
}

static void
step_linking(struct driver *d, struct stream *s, enum tap_mode want)
{
	/* Who has come to its strip is wanted in main. */
	if (s->early && tap_strip_has(d, s, s->strip, ANY))
		s->early = false;
	if (s->early) /* where there was no room for it */
		tap_strip_open(d, s, true);
	if (!links_active(&d->links, s->node_id) &&
		!tap_waited(d, s, LINK_WAIT_NS))
		return;
	if (want == TAP_TAKE && (is_unsure(d, s) || !has_settled(d, s)))
		return;
	s->begins = s->early && want == TAP_TAKE && rests(d, s);
	if (want == TAP_TAKE)
		park(d, s);
	tap_set_step(d, s, want == TAP_TAKE ? STEP_PARKING : STEP_ON);
	tap_strip_open(d, s, true);
}

/* Moved by its user to another sink it is heard there and in main once. */
static uint64_t
patience_ns(const struct driver *d, const struct stream *s)
{
	return stream_heard(d, s, HEARD_IN_ROOM) ? SLOW_NS : PARK_WAIT_NS;
}

static void
step_parking(struct driver *d, struct stream *s)
{
	if (!stream_heard(d, s, HEARD_BY_MANAGER)) {
		if (s->refusals)
			driver_say(d, "%s: it is taken now", s->app->app.name);
		s->refusals = 0;
		s->aside = false;
		tap_strip_open(d, s, true);
		tap_set_step(d, s, STEP_ON);
	} else if (stream_heard(d, s, HEARD_PARKED)) {
		if (tap_waited(d, s, STRAY_WAIT_NS)) {
			heard_cut(d, s, HEARD_BY_MANAGER);
			tap_set_step(d, s, STEP_PARKING);
		}
	} else if (tap_strip_has(d, s, s->strip, IN_MAIN)) {
		/* no place aside of them, or not yet */
		if (!tap_strip_has(d, s, s->strip, STAYING)) {
			d->waiting = true;
		} else if (s->aside || tap_waited(d, s, patience_ns(d, s))) {
			s->aside = false;
			refuse(d, s);
		}
	} else if (tap_waited(d, s, PARK_WAIT_NS)) {
		refuse(d, s);
	} else if (tap_waited(d, s, patience_ns(d, s))) {
		s->aside = true;
		tap_strip_open(d, s, true);
	}
}

static void
step_on(struct driver *d, struct stream *s, enum tap_mode want, bool aside)
{
	if (want == TAP_OFF) {
		if (s->parked)
			unpark(d, s);
		tap_set_step(d, s, STEP_LEAVING);
	} else if (tap_is_to_move(s)) {
		tap_move(d, s);
	} else if (want == TAP_COPY) {
		s->aside = aside;
		tap_strip_open(d, s, true);
		if (s->parked)
			unpark(d, s);
	} else if (!s->parked || stream_heard(d, s, HEARD_BY_MANAGER)) {
		/* Parked and heard: its user has moved it, or the supervisor
		 * has lost PipeWire and what it knew. */
		park(d, s);
		tap_set_step(d, s, STEP_PARKING);
	} else {
		tap_strip_open(d, s, true); /* where there was no room for it */
	}
}

static void
leave_strip(struct driver *d, struct stream *s)
{
	if (stream_heard(d, s, HEARD_BY_MANAGER))
		heard_cut(d, s, HEARD_PARKED);
	s->linked = s->aside = false;
	s->strip = -1;
	tap_set_step(d, s, STEP_NONE);
}

static void
step_leaving(struct driver *d, struct stream *s)
{
	bool home = stream_heard(d, s, HEARD_BY_MANAGER) ||
		    (!stream_heard(d, s, HEARD_PARKED) && is_heard(d, s));

	if (!home && !tap_waited(d, s, LEAVE_WAIT_NS))
		return;
	/* Its strip stays open for others, and it would be heard twice. */
	if (stream_heard(d, s, HEARD_IN_ROOM) &&
		tap_strip_has(d, s, s->strip, ANY)) {
		leave_strip(d, s);
		return;
	}
	tap_strip_open(d, s, false);
	tap_set_step(d, s, STEP_CLOSING);
}

static void
step_closing(struct driver *d, struct stream *s)
{
	if (tap_waited(d, s, tap_strip_close_ns(d)))
		leave_strip(d, s);
}

static void
step_one(struct driver *d, struct stream *s)
{
	bool aside;
	enum tap_mode want = wanted_mode(d, s, &aside);

	s->begins &= rests(d, s) || stream_heard(d, s, HEARD_BY_MANAGER);
	/* One that has moved is heard on its strip in a moment. */
	if (want == TAP_OFF && s->linked && s->step < STEP_MOVED) {
		if (s->parked)
			unpark(d, s);
		if (s->step == STEP_MOVING)
			s->strip = s->old_strip; /* where it is heard */
		s->old_strip = -1;
		tap_set_step(d, s, STEP_LEAVING);
	}
	switch (s->step) {
	case STEP_NONE:
		step_none(d, s, want, aside);
		break;
	case STEP_LINKING:
		step_linking(d, s, want);
		break;
	case STEP_PARKING:
		step_parking(d, s);
		break;
	case STEP_MOVING:
		tap_step_moving(d, s);
		break;
	case STEP_MOVED:
		tap_step_moved(d, s);
		break;
	case STEP_ON:
		step_on(d, s, want, aside);
		break;
	case STEP_LEAVING:
		step_leaving(d, s);
		break;
	case STEP_CLOSING:
		step_closing(d, s);
		break;
	}
}

static bool
is_new(const struct graph_object *object, uint64_t *known)
{
	uint64_t serial = object ? object->serial : 0, old = *known;

	*known = serial;
	return serial && serial != old;
}

/* A session manager that is new is asked at once; so is one that has lacked the
 * sink that it was to move them to. */
static bool
may_be_asked(struct driver *d)
{
	const struct graph_object *metadata, *last = NULL;
	bool manager, sink;

	spa_list_for_each(metadata, &d->graph.objects[GRAPH_METADATA], link)
		last = metadata;
	manager = is_new(last, &d->manager_serial);
	sink = is_new(buses_park_sink(d), &d->park_serial);
	return manager || sink;
}

void
tap_step_all(struct driver *d)
{
	bool anew = may_be_asked(d);
	uint64_t now_ns = driver_now_ns();
	struct stream *s;

	d->retry_ns = UINT64_MAX;
	crowd_count(d);
	for (s = NULL; (s = driver_next_stream(d, s));) {
		if (anew)
			s->retry_ns = 0;
		step_one(d, s);
		/* what is due was looked at just now */
		if (s->refusals && s->retry_ns > now_ns &&
			s->retry_ns < d->retry_ns)
			d->retry_ns = s->retry_ns;
	}
}

bool
tap_idle(const struct driver *d)
{
	const struct stream *s;

	for (s = NULL; (s = driver_next_stream(d, s));) {
		if (s->step != STEP_NONE)
			return false;
	}
	return true;
}
