/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copied app keeps its sink, and main plays into another: our node ties the
 * two, and PipeWire runs both by one clock and the shorter block. */
#include <string.h>

#include "driver/pipewire/graph/clocks.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses_where.h"

/* A sink other than main's that this stream plays into; NULL if none */
static const struct graph_object *
other_sink(const struct driver *d, const struct stream *s)
{
	const struct graph_object *link, *to;
	const struct graph_object *own = graph_node(&d->graph, s->node_id);

	if (!own)
		return NULL;
	spa_list_for_each(link, &own->links_out, of_out)
	{
		to = graph_node(&d->graph, link->in_node);
		if (to && !buses_is_ours(d, to) &&
			!strcmp(graph_prop(to, PW_KEY_MEDIA_CLASS),
				"Audio/Sink") &&
			strcmp(to->name, d->main_now) != 0)
			return to;
	}
	return NULL;
}

static const struct graph_object *
tied_sink(const struct driver *d, const struct stream **by)
{
	const struct graph_object *sink;
	const struct stream *s;

	for (s = NULL; (s = driver_next_stream(d, s));) {
		if (s->step != STEP_ON || s->parked)
			continue;
		*by = s;
		if ((sink = other_sink(d, s)))
			return sink;
	}
	return NULL;
}

void
clocks_watch(struct driver *d)
{
	const struct stream *by;
	const struct graph_object *sink = NULL;

	if (d->main_now[0])
		sink = tied_sink(d, &by);
	if (sink && d->clocks_said != sink->serial)
		driver_say(d,
			"%s and %s share one clock while %s is copied: the "
			"shorter block rules both",
			d->main_now, sink->name, by->app->app.name);
	d->clocks_said = sink ? sink->serial : 0;
}
