/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a stream is heard: its links into sinks.
 *
 * Those of the session manager go where it is told to bring them. Those of
 * others are their makers': somebody has drawn a cable in a patchbay, or the
 * program itself has. */
#include <stdio.h>
#include <string.h>

#include "driver/pipewire/heard.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses_where.h"

bool
heard_is_sink(const struct graph_object *node)
{
	const char *class = graph_prop(node, PW_KEY_MEDIA_CLASS);

	return !strcmp(class, "Audio/Sink") ||
	       !strcmp(class, "Audio/Sink/Internal") ||
	       !strcmp(class, "Audio/Duplex");
}

/* Our own out of a program bring it into the room, see buses.c. */
static bool
is_our_link(const struct driver *d, const struct graph_object *link)
{
	const struct graph_object *own = driver_own_node(d);

	return own && !links_is_users(own, link);
}

static bool
is_asked(const struct driver *d, const struct graph_object *link,
	enum heard_by by)
{
	const struct graph_object *node = graph_node(&d->graph, link->in_node);
	bool ours;

	if (!node || !heard_is_sink(node) || is_our_link(d, link))
		return false;
	ours = buses_is_ours(d, node);
	switch (by) {
	case HEARD_PARKED:
		return ours && graph_is_managers(&d->graph, link);
	case HEARD_BY_MANAGER:
		return !ours && graph_is_managers(&d->graph, link);
	case HEARD_IN_ROOM:
		return !ours && graph_is_managers(&d->graph, link) &&
		       buses_is_room(d, node);
	case HEARD_BY_CABLE:
		return !ours && !graph_is_managers(&d->graph, link);
	}
	return false;
}

static struct graph_object *
next_link(const struct driver *d, const struct stream *s, enum heard_by by,
	struct graph_object *after)
{
	struct graph_object *link;
	struct graph_object *own = graph_node(&d->graph, s->node_id);
	bool seen = after == NULL;

	if (!own)
		return NULL;
	spa_list_for_each(link, &own->links_out, of_out)
	{
		if (!seen)
			seen = link == after;
		else if (is_asked(d, link, by))
			return link;
	}
	return NULL;
}

bool
stream_heard(const struct driver *d, const struct stream *s, enum heard_by by)
{
	return next_link(d, s, by, NULL) != NULL;
}

const struct graph_object *
heard_sink(const struct driver *d, const struct stream *s)
{
	const struct graph_object *link =
		next_link(d, s, HEARD_BY_MANAGER, NULL);

	return link ? graph_node(&d->graph, link->in_node) : NULL;
}

void
heard_cut(struct driver *d, const struct stream *s, enum heard_by by)
{
	struct graph_object *link = NULL;

	while ((link = next_link(d, s, by, link)))
		pw_registry_destroy(d->graph.registry, link->id);
}

const char *
heard_label(const struct graph_object *sink)
{
	const char *label = graph_prop(sink, PW_KEY_NODE_DESCRIPTION);

	return label[0] ? label : sink->name;
}

/* Said once in the log, and as long as it is so in the note. */
static void
cable_note(struct driver *d, struct stream *s, char *note)
{
	const struct graph_object *sink = NULL, *link = NULL;

	if (s->parked && s->step == STEP_ON)
		link = next_link(d, s, HEARD_BY_CABLE, NULL);
	if (link)
		sink = graph_node(&d->graph, link->in_node);
	if (sink && !note[0])
		snprintf(note, APP_NOTE_MAX,
			"somebody has linked it to %s as well: it is heard "
			"there, too",
			heard_label(sink));
	if (sink && !s->cable_said)
		driver_say(d,
			"%s: somebody has linked it to %s as well; that link "
			"stays",
			s->app->app.name, heard_label(sink));
	s->cable_said = sink != NULL;
}

void
heard_note(struct driver *d, struct tapped *t, char *note)
{
	struct stream *s;

	spa_list_for_each(s, &t->streams, link) cable_note(d, s, note);
}
