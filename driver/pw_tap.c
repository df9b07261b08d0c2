/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a stream comes onto a strip and leaves it again, without a gap and
 * without being heard twice.
 *
 * A stream that does not play yet is parked at once, before its session
 * manager has linked it: its very first sample passes the strip. One that
 * plays already is linked to its closed strip first; then the strip opens, with
 * a ramp, while the stream is moved away from the speakers. Back the same way:
 * first it is heard where its user had it, then the strip closes. */
#include "driver/pw_private.h"

#include <string.h>

#define MS	     1000000u
#define LINK_WAIT_NS (100 * MS)
/* WirePlumber 0.4 forgets links that it is asked to replace while it still
 * makes them: a stream is left alone until it has settled where it plays, and
 * a link that was forgotten is removed. */
#define SETTLE_NS     (20 * MS)
#define STRAY_WAIT_NS (200 * MS)
#define PARK_WAIT_NS  (1000 * MS)
#define LEAVE_WAIT_NS (250 * MS)
#define CLOSE_NS      ((RAMP_MS + 10) * MS)

static void
set_step(struct driver *d, struct stream *s, enum tap_step step)
{
	s->step = step;
	s->since_ns = driver_now_ns();
	d->graph.changed = true; /* look again */
}

static bool
waited(struct driver *d, const struct stream *s, uint64_t ns)
{
	if (driver_now_ns() - s->since_ns >= ns)
		return true;
	d->waiting = true;
	return false;
}

/* Also by a cable of its user's. */
static bool
is_heard(const struct driver *d, const struct stream *s)
{
	return stream_heard(d, s, HEARD_BY_MANAGER) ||
	       stream_heard(d, s, HEARD_BY_CABLE);
}

static enum tap_mode
wanted_mode(const struct driver *d, const struct stream *s)
{
	const struct tapped *t = s->app;

	if (d->released || d->rate_bad || !d->running || t->strip < 0 ||
		s->reached)
		return TAP_OFF;
	/* What the node before this one has taken waits a little for it. */
	if (!d->ran && (s->step == STEP_NONE || d->idle_said))
		return TAP_OFF;
	if (s->linked && s->strip != t->strip) /* first off the old one */
		return TAP_OFF;
	if (t->tap == TAP_TAKE && stream_why_not_taken(d, s))
		return TAP_OFF;
	return t->tap;
}

static bool
alone_on_strip(const struct driver *d, const struct stream *s)
{
	const struct tapped *t;
	const struct stream *other;

	spa_list_for_each(t, &d->apps, link)
	{
		spa_list_for_each(other, &t->streams, link)
		{
			if (other != s && other->linked &&
				other->strip == s->strip)
				return false;
		}
	}
	return true;
}

/* What several streams share stays open. */
static void
strip_open(struct driver *d, const struct stream *s, bool open)
{
	int strip = s->strip;
	struct message m = {
		.kind = MESSAGE_STRIP_OPEN,
		.strip = (uint8_t)strip,
		.value = open ? 1.0f : 0.0f,
	};

	if (strip < 0 || !d->running || d->strip_closed[strip] == !open ||
		(!open && !alone_on_strip(d, s)))
		return;
	if (mixer_post(d->node.mixer, &m, 1))
		d->strip_closed[strip] = !open;
	else
		d->graph.changed = true; /* no room: again at the next look */
}

static void
park(struct driver *d, struct stream *s)
{
	s->parked = true;
	ward_client_park(d->config.ward, s->node_id, s->serial);
}

static void
unpark(struct driver *d, struct stream *s)
{
	s->parked = false;
	ward_client_release(d->config.ward, s->node_id, s->serial);
}

static void
step_none(struct driver *d, struct stream *s, enum tap_mode want)
{
	bool plays = is_heard(d, s);

	if (want == TAP_OFF)
		return;
	if (plays && !waited(d, s, SETTLE_NS))
		return;
	s->strip = s->app->strip;
	s->linked = true;
	if (plays) {
		strip_open(d, s, false);
		set_step(d, s, STEP_LINKING);
		return;
	}
	strip_open(d, s, true);
	if (want == TAP_TAKE)
		park(d, s);
	set_step(d, s, want == TAP_TAKE ? STEP_PARKING : STEP_ON);
}

static void
step_linking(struct driver *d, struct stream *s, enum tap_mode want)
{
	if (!links_active(&d->links, s->node_id) && !waited(d, s, LINK_WAIT_NS))
		return;
	strip_open(d, s, true);
	if (want == TAP_TAKE)
		park(d, s);
	set_step(d, s, want == TAP_TAKE ? STEP_PARKING : STEP_ON);
}

static void
step_parking(struct driver *d, struct stream *s)
{
	if (!stream_heard(d, s, HEARD_BY_MANAGER)) {
		set_step(d, s, STEP_ON);
	} else if (stream_heard(d, s, HEARD_PARKED)) {
		if (waited(d, s, STRAY_WAIT_NS)) {
			heard_cut(d, s, HEARD_BY_MANAGER);
			set_step(d, s, STEP_PARKING);
		}
	} else if (waited(d, s, PARK_WAIT_NS)) {
		s->refused = true;
		unpark(d, s);
		set_step(d, s, STEP_LEAVING);
	}
}

static void
step_on(struct driver *d, struct stream *s, enum tap_mode want)
{
	if (want == TAP_TAKE) {
		/* Parked and heard: its user has moved it, or the supervisor
		 * has lost PipeWire and what it knew. */
		if (s->parked && !stream_heard(d, s, HEARD_BY_MANAGER))
			return;
		park(d, s);
		set_step(d, s, STEP_PARKING);
	} else if (s->parked) {
		unpark(d, s);
		set_step(d, s, want == TAP_OFF ? STEP_LEAVING : STEP_ON);
	} else if (want == TAP_OFF) {
		set_step(d, s, STEP_LEAVING);
	}
}

static void
step_leaving(struct driver *d, struct stream *s)
{
	bool home = stream_heard(d, s, HEARD_BY_MANAGER) ||
		    (!stream_heard(d, s, HEARD_PARKED) && is_heard(d, s));

	if (!home && !waited(d, s, LEAVE_WAIT_NS))
		return;
	strip_open(d, s, false);
	set_step(d, s, STEP_CLOSING);
}

static void
step_closing(struct driver *d, struct stream *s)
{
	if (!waited(d, s, CLOSE_NS))
		return;
	if (stream_heard(d, s, HEARD_BY_MANAGER))
		heard_cut(d, s, HEARD_PARKED);
	s->linked = false;
	s->strip = -1;
	set_step(d, s, STEP_NONE);
}

static void
step_one(struct driver *d, struct stream *s)
{
	enum tap_mode want = wanted_mode(d, s);

	if (want == TAP_OFF && s->linked && s->step < STEP_ON) {
		if (s->parked)
			unpark(d, s);
		set_step(d, s, STEP_LEAVING);
	}
	switch (s->step) {
	case STEP_NONE:
		step_none(d, s, want);
		break;
	case STEP_LINKING:
		step_linking(d, s, want);
		break;
	case STEP_PARKING:
		step_parking(d, s);
		break;
	case STEP_ON:
		step_on(d, s, want);
		break;
	case STEP_LEAVING:
		step_leaving(d, s);
		break;
	case STEP_CLOSING:
		step_closing(d, s);
		break;
	}
}

void
tap_step_all(struct driver *d)
{
	struct tapped *t;
	struct stream *s;

	d->waiting = false;
	spa_list_for_each(t, &d->apps, link)
	{
		spa_list_for_each(s, &t->streams, link) step_one(d, s);
	}
}

bool
tap_idle(const struct driver *d)
{
	const struct tapped *t;
	const struct stream *s;

	spa_list_for_each(t, &d->apps, link)
	{
		spa_list_for_each(s, &t->streams, link)
		{
			if (s->step != STEP_NONE)
				return false;
		}
	}
	return true;
}
