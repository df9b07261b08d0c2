/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The programs that are linked to the MIDI ports. Links end with the node: when
 * an engine was killed, or the graph changed its rate, the knobs would be dead
 * until somebody found the patchbay. So the supervisor's memory has their
 * names, and a new node links them again. From then on the links are their
 * user's. */
#include <string.h>

#include "driver/pipewire/driver_own.h"

#define PATIENCE_NS UINT64_C(10000000000) /* a peer may be restarting too */

static struct supervisor_shared *
shared_of(const struct driver *d)
{
	return d->config.supervisor
		       ? supervisor_client_shared(d->config.supervisor)
		       : NULL;
}

static struct graph_object *
own_port(const struct driver *d, bool output)
{
	return graph_port_by_name(
		&d->graph, node_id(&d->node), output ? "midi_out" : "midi_in");
}

static struct graph_object *
port_of(const struct driver *d, const struct supervisor_peer *peer)
{
	struct graph_object *node = graph_node_by_name(&d->graph, peer->node);
	struct graph_object *port =
		node ? graph_port_by_name(&d->graph, node->id, peer->port)
		     : NULL;

	return port && port->output == (peer->output != 0) ? port : NULL;
}

/* ---- keeping ---- */

static void
name_copy_to(char out[SUPERVISOR_NAME_MAX], const char *name)
{
	size_t n = strnlen(name, SUPERVISOR_NAME_MAX - 1);

	memcpy(out, name, n);
	out[n] = '\0';
}

static void
keep_one(const struct driver *d, struct supervisor_peer *peer, uint32_t port_id)
{
	const struct graph_object *port =
		graph_find(&d->graph, GRAPH_PORT, port_id);
	const struct graph_object *node =
		port ? graph_find(&d->graph, GRAPH_NODE, port->node_id) : NULL;

	name_copy_to(
		peer->node, node ? graph_prop(node, PW_KEY_NODE_NAME) : "");
	name_copy_to(
		peer->port, port ? graph_prop(port, PW_KEY_PORT_NAME) : "");
	peer->output = port && port->output;
}

static void
keep(struct driver *d, struct supervisor_shared *shared)
{
	const struct graph_object *in = own_port(d, false);
	const struct graph_object *out = own_port(d, true);
	const struct graph_object *own =
		graph_find(&d->graph, GRAPH_NODE, node_id(&d->node));
	const struct graph_object *link;
	uint32_t n = 0;

	shared->peers = 0;
	if (!own)
		return;
	spa_list_for_each(link, &own->links_in, of_in)
	{
		if (in && link->in_port == in->id && n < SUPERVISOR_PEERS_MAX)
			keep_one(d, &shared->peer[n++], link->out_port);
	}
	spa_list_for_each(link, &own->links_out, of_out)
	{
		if (out && link->out_port == out->id &&
			n < SUPERVISOR_PEERS_MAX)
			keep_one(d, &shared->peer[n++], link->in_port);
	}
	shared->peers = n;
}

/* ---- linking again ---- */

/* True when all have been found. */
static bool
restore(struct driver *d, const struct supervisor_shared *shared,
	uint32_t count)
{
	bool all = true;

	for (uint32_t i = 0; i < count; i++) {
		const struct supervisor_peer *peer = &shared->peer[i];
		struct graph_object *own = own_port(d, !peer->output);
		struct graph_object *port = port_of(d, peer);

		if (d->peer_link[i])
			continue;
		if (own && port)
			d->peer_link[i] =
				links_ask(d->core, peer->output ? port : own,
					peer->output ? own : port, true);
		all &= d->peer_link[i] != NULL;
	}
	return all;
}

void
peers_watch(struct driver *d)
{
	struct supervisor_shared *shared = shared_of(d);
	uint64_t now_ns = driver_now_ns();
	uint32_t count;

	if (!shared || !d->running)
		return;
	if (d->peers_kept) {
		keep(d, shared);
		return;
	}
	if (d->peers_since_ns == 0)
		d->peers_since_ns = now_ns;
	count = shared->peers < SUPERVISOR_PEERS_MAX ? shared->peers
						     : SUPERVISOR_PEERS_MAX;
	for (uint32_t i = 0; i < count;
		i++) { /* whoever wrote them was killed */
		shared->peer[i].node[SUPERVISOR_NAME_MAX - 1] = '\0';
		shared->peer[i].port[SUPERVISOR_NAME_MAX - 1] = '\0';
	}
	d->peers_kept = restore(d, shared, count) ||
			now_ns - d->peers_since_ns > PATIENCE_NS;
}

void
peers_node_gone(struct driver *d)
{
	for (uint32_t i = 0; i < SUPERVISOR_PEERS_MAX; i++) {
		if (d->peer_link[i])
			pw_proxy_destroy(d->peer_link[i]);
		d->peer_link[i] = NULL;
	}
	d->peers_kept = false;
	d->peers_since_ns = 0;
}
