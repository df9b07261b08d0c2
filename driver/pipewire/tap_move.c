/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/tap_move.h"

#include "driver/pipewire/compat.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/tap_strip.h"

bool
tap_is_to_move(const struct stream *s)
{
	return s->linked && s->strip != s->app->strip &&
	       s->step != STEP_MOVING && s->step != STEP_MOVED;
}

/* Its channels are linked to a group, which goes to one strip. */
static bool
is_wide(const struct driver *d, const struct stream *s)
{
	for (int w = 0; w < WIDES; w++)
		if (d->wide_serial[w] == s->serial)
			return true;
	return false;
}

bool
tap_can_move(const struct driver *d, const struct stream *s)
{
	return s->step == STEP_ON && !s->aside && !s->blocked &&
	       !is_wide(d, s) && !tap_strip_has(d, s, s->app->strip, ASIDE) &&
	       d->strip_streams[s->app->strip] < compat_links_max();
}

/* The mixer has heard of it: what is linked to the strip now is not heard. */
static bool
is_closed(const struct driver *d, int strip)
{
	return d->strip_closed[strip] &&
	       driver_now_ns() - d->strip_closed_ns[strip] >=
		       tap_strip_close_ns(d);
}

/* Some stream is still heard there, though it belongs elsewhere. */
static bool
is_being_left(const struct driver *d, int strip)
{
	const struct stream *s;

	for (s = NULL; (s = driver_next_stream(d, s));)
		if (s->old_strip == strip)
			return true;
	return false;
}

void
tap_move(struct driver *d, struct stream *s)
{
	int to = s->app->strip;

	/* Beside those who stay there it is heard at once. */
	if ((!tap_strip_has(d, s, to, ANY) || is_being_left(d, to)) &&
		!is_closed(d, to)) {
		d->waiting = true;
		if (!d->strip_closed[to] && !is_being_left(d, to))
			tap_strip_post(d, to, false, false);
		return;
	}
	d->strip_streams[to]++;
	s->old_strip = s->strip;
	s->strip = to;
	tap_set_step(d, s, STEP_MOVING);
}

/* Those who go with it are there as well. */
static bool
has_arrived(const struct driver *d, const struct stream *s)
{
	const struct stream *other;

	for (other = NULL; (other = driver_next_stream(d, other));)
		if (other->step == STEP_MOVING &&
			other->old_strip == s->old_strip &&
			!links_active(&d->links, other->node_id))
			return false;
	return true;
}

void
tap_step_moving(struct driver *d, struct stream *s)
{
	if (!has_arrived(d, s) && !tap_waited(d, s, LINK_WAIT_NS))
		return;
	tap_strip_open(d, s, true);
	if (!tap_strip_has(d, s, s->old_strip, ANY) &&
		!tap_strip_post(d, s->old_strip, false, false))
		d->waiting = true;
	tap_set_step(d, s, STEP_MOVED);
}

void
tap_step_moved(struct driver *d, struct stream *s)
{
	uint64_t wait_ns = tap_strip_close_ns(d);

	/* Nothing closes: it leaves as soon as the new strip has opened. */
	if (tap_strip_has(d, s, s->old_strip, ANY))
		wait_ns /= 2;
	if (!tap_waited(d, s, wait_ns))
		return;
	s->old_strip = -1;
	tap_set_step(d, s, STEP_ON);
}
