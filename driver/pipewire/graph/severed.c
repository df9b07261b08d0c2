/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/graph/severed.h"

#include <stdlib.h>
#include <string.h>

#include "driver/pipewire/driver_own.h"

struct severed_link {
	uint32_t out_port, in_port;
	uint64_t out_serial, in_serial; /* ids are used again */
};

void
severed_done(struct severed *s)
{
	free(s->links);
	memset(s, 0, sizeof(*s));
}

static void
note(struct severed *s, const struct driver *d, const struct graph_object *link)
{
	const struct graph_object *out =
		graph_find(&d->graph, GRAPH_PORT, link->out_port);
	const struct graph_object *in =
		graph_find(&d->graph, GRAPH_PORT, link->in_port);
	struct severed_link *more =
		realloc(s->links, (s->count + 1) * sizeof(*more));

	if (!more)
		return;
	s->links = more;
	if (!out || !in)
		return;
	more[s->count++] = (struct severed_link){
		.out_port = out->id,
		.in_port = in->id,
		.out_serial = out->serial,
		.in_serial = in->serial,
	};
}

void
severed_cut(
	struct severed *s, struct driver *d, const uint8_t *from, uint32_t ids)
{
	struct graph_object *link, *own = driver_own_node(d);

	if (!own)
		return;
	spa_list_for_each(link, &own->links_in, of_in)
	{
		if (link->out_node >= ids || !from[link->out_node] ||
			link->mark == UINT32_MAX || !links_is_users(own, link))
			continue;
		link->mark = UINT32_MAX; /* asked once */
		note(s, d, link);
		pw_registry_destroy(d->graph.registry, link->id);
	}
}

void
severed_mend(struct severed *s, struct driver *d)
{
	for (uint32_t i = 0; i < s->count; i++) {
		const struct severed_link *l = &s->links[i];
		const struct graph_object *out =
			graph_find(&d->graph, GRAPH_PORT, l->out_port);
		const struct graph_object *in =
			graph_find(&d->graph, GRAPH_PORT, l->in_port);

		if (!out || !in || out->serial != l->out_serial ||
			in->serial != l->in_serial)
			continue;
		links_make_users(d->core, out, in);
	}
	severed_done(s);
}
