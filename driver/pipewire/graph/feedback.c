/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams that hear us are not tapped, and whose they are is told why: in the
 * log when it begins and ends, in the app's note while it lasts. */
#include "driver/pipewire/graph/feedback.h"

#include <stdio.h>

#include "driver/pipewire/graph/guard.h"
#include "driver/pipewire/say.h"

static void
note_write(const struct driver *d, struct tapped *t, uint32_t reached,
	const struct graph_object *node)
{
	char way[APP_NOTE_MAX] = "", some[48] = "";

	guard_why(&d->graph, node, way, sizeof(way));
	if (reached < t->app.streams)
		snprintf(some, sizeof(some),
			"%u of %u streams %s left out: ", reached,
			t->app.streams, reached == 1 ? "is" : "are");
	snprintf(t->app.note, sizeof(t->app.note),
		"%s%.80s: tapping it would feed back", some, way);
}

bool
feedback_judge(struct driver *d, struct tapped *t)
{
	const struct graph_object *first = NULL;
	uint32_t reached = 0, before = t->reached;
	struct stream *s;

	spa_list_for_each(s, &t->streams, link)
	{
		const struct graph_object *node =
			graph_node(&d->graph, s->node_id);

		s->reached = node && guard_reached(&d->graph, node);
		if (!s->reached)
			continue;
		first = first ? first : node;
		reached++;
	}
	t->app.tappable = reached < t->app.streams;
	t->reached = reached;
	/* Control gives its strip away, and asks again when it may. */
	if (!t->app.tappable)
		t->strip = -1;
	if (reached > 0)
		note_write(d, t, reached, first);
	if (reached > before)
		driver_say(d, "%s %s: %s", t->app.name,
			t->app.tappable ? "is not tapped whole"
					: "is not tapped",
			t->app.note);
	else if (before > 0 && reached == 0)
		driver_say(d,
			"%s may be tapped again: it does not hear tapdeck any "
			"more",
			t->app.name);
	return reached > 0;
}
