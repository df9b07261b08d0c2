/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who comes before a node in a cycle, or after it. */
#include <stdlib.h>
#include <string.h>

#include "driver/pipewire/driver_own.h"

bool
blocked_reached(const struct blocked *b, uint32_t id)
{
	return id < b->reached_ids && b->reached[id];
}

static void
reach(struct driver *d, uint32_t id, bool before)
{
	struct blocked *b = &d->blocked;
	const struct graph_object *link, *node = graph_node(&d->graph, id);

	if (!node || id >= b->reached_ids || b->reached[id])
		return;
	b->reached[id] = 1;
	if (before) {
		spa_list_for_each(link, &node->links_in, of_in)
			reach(d, link->out_node, before);
	} else if (id != node_id(&d->node)) {
		spa_list_for_each(link, &node->links_out, of_out)
			reach(d, link->in_node, before);
	}
}

void
blocked_walk(struct driver *d, uint32_t from, bool before)
{
	struct blocked *b = &d->blocked;

	if (b->reached_ids != d->graph.ids) {
		uint8_t *more = realloc(b->reached, d->graph.ids);

		if (more) { /* else those that were there before */
			b->reached = more;
			b->reached_ids = d->graph.ids;
		}
	}
	memset(b->reached, 0, b->reached_ids);
	reach(d, from, before);
}
