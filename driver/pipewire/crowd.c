/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A strip with more streams than PipeWire mixes into one port: who comes too
 * late stays where it plays, until there is room. On the strip it would be
 * silent, and in its way to the speakers as well. */
#include <string.h>

#include "driver/pipewire/compat.h"
#include "driver/pipewire/crowd.h"
#include "driver/pipewire/say.h"

void
crowd_count(struct driver *d)
{
	const struct stream *s;

	memset(d->strip_streams, 0, sizeof(d->strip_streams));
	for (s = NULL; (s = driver_next_stream(d, s));) {
		if (s->linked)
			d->strip_streams[s->strip]++;
		if (s->old_strip >= 0)
			d->strip_streams[s->old_strip]++;
	}
}

bool
crowd_enter(struct driver *d, struct stream *s)
{
	uint32_t *streams = &d->strip_streams[s->app->strip];

	s->crowded = *streams >= compat_links_max();
	*streams += !s->crowded;
	return !s->crowded;
}

const char *
crowd_note(struct driver *d, struct tapped *t)
{
	const struct stream *s;
	bool crowded = false;

	spa_list_for_each(s, &t->streams, link) crowded |= s->crowded;
	if (crowded && !t->crowd_said)
		driver_say(d,
			"%s: PipeWire mixes no more than %u streams into a "
			"strip; others stay where they play",
			t->app.name, compat_links_max());
	t->crowd_said = crowded;
	return crowded ? "its strip is full: PipeWire mixes no more streams "
			 "into it, and the others stay where they play"
		       : NULL;
}
