/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What its user has linked to the MIDI ports, and buses to. Links end with the
 * node: when an engine was killed the knobs would be dead, and a second output
 * silent, until somebody found the patchbay. So the supervisor's memory has
 * their names, and a new node links them again. From then on the links are
 * their user's. */
#include <stdio.h>
#include <string.h>

#include "driver/pipewire/graph/peers.h"
#include "driver/pipewire/say.h"

#define PATIENCE_NS UINT64_C(10000000000) /* a peer may be restarting too */

/* ---- keeping ---- */

static void
keep_one(const struct driver *d, struct supervisor_shared *shared, uint32_t *n,
	uint32_t own_id, uint32_t port_id)
{
	const struct graph_object *own =
		graph_find(&d->graph, GRAPH_PORT, own_id);
	const struct graph_object *port =
		graph_find(&d->graph, GRAPH_PORT, port_id);
	const struct graph_object *node =
		port ? graph_node(&d->graph, port->node_id) : NULL;
	struct supervisor_peer *peer = &shared->peer[*n];

	/* Programs come and go at the strips by themselves. */
	if (!own || !node || (own->audio && !own->output) ||
		*n == SUPERVISOR_PEERS_MAX)
		return;
	snprintf(peer->own, sizeof(peer->own), "%s", own->name);
	snprintf(peer->node, sizeof(peer->node), "%s", node->name);
	snprintf(peer->port, sizeof(peer->port), "%s", port->name);
	++*n;
}

static void
keep(struct driver *d, struct supervisor_shared *shared)
{
	const struct graph_object *own = driver_own_node(d), *link;
	uint32_t n = 0;

	shared->peers = 0;
	if (!own)
		return;
	spa_list_for_each(link, &own->links_in, of_in)
	{
		if (links_is_users(own, link))
			keep_one(d, shared, &n, link->in_port, link->out_port);
	}
	spa_list_for_each(link, &own->links_out, of_out)
	{
		if (links_is_users(own, link))
			keep_one(d, shared, &n, link->out_port, link->in_port);
	}
	shared->peers = n;
}

/* ---- linking again ---- */

static bool
is_there(const struct graph_object *from, const struct graph_object *out,
	const struct graph_object *in)
{
	const struct graph_object *link;

	spa_list_for_each(link, &from->links_out, of_out)
	{
		if (link->out_port == out->id && link->in_port == in->id)
			return true;
	}
	return false;
}

static bool
restore_one(struct driver *d, const struct graph_object *own,
	const struct supervisor_peer *peer)
{
	/* It may be linked to itself, and the node before it not be gone. */
	const struct graph_object *node =
		strcmp(peer->node, own->name)
			? graph_node_by_name(&d->graph, peer->node)
			: own;
	const struct graph_object *to,
		*from = graph_port_by_name(&d->graph, own->id, peer->own);

	to = node ? graph_port_by_name(&d->graph, node->id, peer->port) : NULL;
	if (!from || !to || from->output == to->output)
		return false;
	if (!from->output) {
		SPA_SWAP(from, to);
		own = node;
	}
	return is_there(own, from, to) || links_make_users(d->core, from, to);
}

/* True when all have been found. */
static bool
restore(struct driver *d, const struct supervisor_shared *shared,
	uint32_t count)
{
	const struct graph_object *own = driver_own_node(d);
	bool all = true;

	for (uint32_t i = 0; i < count; i++) {
		if (!d->peer_linked[i])
			d->peer_linked[i] =
				own && restore_one(d, own, &shared->peer[i]);
		all &= d->peer_linked[i];
	}
	return all;
}

static uint32_t
count_of(struct supervisor_shared *shared)
{
	uint32_t n = SPA_MIN(shared->peers, (uint32_t)SUPERVISOR_PEERS_MAX);

	for (uint32_t i = 0; i < n; i++) { /* whoever wrote them was killed */
		struct supervisor_peer *peer = &shared->peer[i];

		peer->own[SUPERVISOR_NAME_MAX - 1] = '\0';
		peer->node[SUPERVISOR_NAME_MAX - 1] = '\0';
		peer->port[SUPERVISOR_NAME_MAX - 1] = '\0';
	}
	return n;
}

void
peers_watch(struct driver *d)
{
	struct supervisor_shared *shared =
		supervisor_client_shared(d->config.supervisor);
	uint64_t now_ns = driver_now_ns();

	if (!shared || !d->running)
		return;
	if (d->peers_kept) {
		keep(d, shared);
		return;
	}
	if (d->peers_since_ns == 0)
		d->peers_since_ns = now_ns;
	d->peers_kept = restore(d, shared, count_of(shared)) ||
			now_ns - d->peers_since_ns > PATIENCE_NS;
}

void
peers_node_gone(struct driver *d)
{
	memset(d->peer_linked, 0, sizeof(d->peer_linked));
	d->peers_kept = false;
	d->peers_since_ns = 0;
}
