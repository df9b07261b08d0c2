/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One look at the whole graph: what is wanted of it, from what it is. It costs
 * as much as there are nodes, ports and links. */
#include "driver/pipewire/look.h"

#include <stdio.h>
#include <string.h>

#include "driver/pipewire/graph/clocks.h"
#include "driver/pipewire/graph/guard.h"
#include "driver/pipewire/graph/peers.h"
#include "driver/pipewire/node/node_midi.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses.h"
#include "driver/pipewire/sinks/handover.h"
#include "driver/pipewire/streams.h"
#include "driver/pipewire/tap.h"
#include "driver/pipewire/tap_links.h"
#include "driver/pipewire/twice.h"

/* A linked port whose source runs and which gave nothing for so many cycles is
 * dead: it is linked anew. */
#define DEAD_CYCLES 200

static void
cut_if_dead(struct driver *d, const char *name, _Atomic uint32_t *empty)
{
	struct graph_object *link, *from, *port, *own;

	if (atomic_load(empty) < DEAD_CYCLES)
		return;
	own = driver_own_node(d);
	port = driver_own_port(d, name);
	if (!own || !port)
		return;
	spa_list_for_each(link, &own->links_in, of_in)
	{
		if (link->in_port != port->id)
			continue;
		from = graph_node(&d->graph, link->out_node);
		if (!from || from->state != PW_NODE_STATE_RUNNING)
			continue;
		d->dead_buffers++;
		links_cut(&d->links, port->id);
		d->graph.changed = true;
		/* relaxed: one number; see cycle.h for its two writers */
		atomic_store_explicit(empty, 0, memory_order_relaxed);
		return;
	}
}

void
driver_revive(struct driver *d)
{
	static const char *const sides[] = {"FL", "FR"};
	char name[32];

	for (uint32_t s = 0; s < d->config.strips; s++) {
		for (uint32_t i = 0; i < 2; i++) {
			snprintf(name, sizeof(name), "strip%u_%s", s + 1,
				sides[i]);
			cut_if_dead(d, name, &d->node.cycle->in_empty[s][i]);
		}
	}
	for (uint32_t w = 0; w < WIDES; w++) {
		for (uint32_t i = 0; i < CHANNELS_MAX; i++) {
			snprintf(name, sizeof(name), "wide%u_%u", w + 1, i + 1);
			cut_if_dead(d, name, &d->node.cycle->wide_empty[w][i]);
		}
	}
}

void
driver_look(struct driver *d)
{
	uint64_t start_ns = driver_now_ns();

	d->graph.changed = d->waiting = false;
	streams_scan(d);
	guard_walk(&d->graph, node_id(&d->node));
	blocked_mark(d);
	streams_tell(d);
	rate_look(d);
	tap_step_all(d);
	twice_look(d);
	if (links_revive(&d->links, node_id(&d->node), start_ns))
		d->waiting = true;
	links_begin(&d->links);
	if (d->running) {
		tap_links(d);
		buses_links(d);
	}
	d->links_due_ns = links_end(&d->links, start_ns);
	handover_end(d);
	buses_police(d);
	buses_volume(d);
	clocks_watch(d);
	midi_watch_links(d);
	peers_watch(d);
	streams_tell(d);
	d->looks++;
	d->look_ns += driver_now_ns() - start_ns;
}
