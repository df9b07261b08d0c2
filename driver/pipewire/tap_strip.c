/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/tap_strip.h"
#include "driver/pipewire/say.h"

#include <string.h>

void
tap_set_step(struct driver *d, struct stream *s, enum tap_step step)
{
	s->step = step;
	s->early = false;
	s->since_ns = driver_now_ns();
	d->graph.changed = true; /* look again */
}

bool
tap_waited(struct driver *d, const struct stream *s, uint64_t ns)
{
	if (driver_now_ns() - s->since_ns >= ns)
		return true;
	d->waiting = true;
	return false;
}

/* Heard there: also who is on his way to another strip, until that has opened;
 * and while this one closes, for whoever must not be cut off. */
static bool
is_on(const struct stream *s, int strip, enum tap_company what)
{
	if (!s->linked)
		return false;
	if (s->strip == strip)
		return true;
	return s->old_strip == strip && what != STAYING &&
	       (s->step == STEP_MOVING || what != ANY);
}

bool
tap_strip_has(const struct driver *d, const struct stream *s, int strip,
	enum tap_company what)
{
	const struct stream *other;

	for (other = NULL; (other = driver_next_stream(d, other));) {
		if (other == s || !is_on(other, strip, what))
			continue;
		if (what == ANY || (what == ASIDE && other->aside) ||
			(what != ASIDE && !other->aside &&
				other->step != STEP_PARKING))
			return true;
	}
	return false;
}

float
tap_main_set(const struct driver *d)
{
	for (uint32_t b = 0; b < d->config.buses; b++)
		if (!strcmp(d->config.bus_name[b], BUS_NAME_MAIN))
			return (float)(1u << b);
	return 0.0f;
}

bool
tap_strip_post(struct driver *d, int strip, bool open, bool aside)
{
	const struct message m[] = {
		{.parameter = MIX_KEPT_OUT,
			.place = (uint16_t)strip,
			.target = aside ? tap_main_set(d) : 0.0f},
		{.parameter = MIX_OPEN,
			.place = (uint16_t)strip,
			.target = open ? 1.0f : 0.0f},
	};

	if (!mixer_post(d->node.mixer, m, 2))
		return false;
	if (!open && !d->strip_closed[strip])
		d->strip_closed_ns[strip] = driver_now_ns();
	d->strip_closed[strip] = !open;
	d->strip_aside[strip] = aside;
	return true;
}

uint64_t
tap_strip_close_ns(const struct driver *d)
{
	return (RAMP_MS + 10) * MS + (d->running ? 2 * driver_block_ns(d) : 0);
}

void
tap_strip_open(struct driver *d, const struct stream *s, bool open)
{
	int strip = s->strip;
	bool aside;

	if (strip < 0 || !d->running)
		return;
	/* out of main to its end, also who is not wanted any more */
	aside = open ? s->aside || s->early : d->strip_aside[strip];
	if ((d->strip_closed[strip] == !open &&
		    d->strip_aside[strip] == aside) ||
		(!open && tap_strip_has(d, s, strip, ANY)))
		return;
	/* No room: again soon. At once there is none either. */
	if (!tap_strip_post(d, strip, open, aside))
		d->waiting = true;
}
