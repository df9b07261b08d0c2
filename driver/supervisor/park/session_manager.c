/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/park/session_manager.h"

#include <errno.h>
#include <string.h>

#include "driver/pipewire/graph/wireplumber.h"
#include "driver/timer.h"

/* As long as it waits, nobody is told that there is no sink, and nobody who
 * records a loop device is moved to a microphone that comes a little later: it
 * is let go when the sound cards are there again, when for so long no device
 * has come. */
#define CALM_NS UINT64_C(500000000)

/* Devices and streams have their turns, each double the time after the one
 * before it, for slow machines: 13 s in all. */
#define TURN_NS	      UINT64_C(50000000)
#define REFRESHES_MAX 8

#define PORTS_MAX 128 /* of one node */

enum kind {
	KIND_NONE,
	KIND_SINK,
	KIND_SOURCE,
	KIND_STREAM, /* a program's node */
};

static enum kind
kind_of(const struct graph_object *o)
{
	const char *class = graph_prop(o, PW_KEY_MEDIA_CLASS);

	if (o->type != GRAPH_NODE)
		return KIND_NONE;
	if (!strncmp(class, "Audio/Sink", strlen("Audio/Sink")))
		return KIND_SINK;
	if (!strncmp(class, "Audio/Source", strlen("Audio/Source")))
		return KIND_SOURCE;
	return !strcmp(class, "Stream/Output/Audio") ||
			       !strcmp(class, "Stream/Input/Audio")
		       ? KIND_STREAM
		       : KIND_NONE;
}

/* ---- what to refresh ---- */

/* One port is enough, one that no program is linked to: of a sink's monitor, of
 * a loop device's inputs. Without the ports of its kind a device would be the
 * default one no more, and a link is made of the ports that are there. */
static uint32_t
spare_port(const struct graph_object *device, uint32_t ports[PORTS_MAX])
{
	const struct graph_object *port;

	spa_list_for_each(
		port, &device->ports[kind_of(device) == KIND_SINK], of_node)
	{
		ports[0] = port->id;
		return 1;
	}
	return 0;
}

/* All in one message, which WirePlumber reads to its end before it looks again:
 * or it would link one side alone. */
static uint32_t
all_ports(const struct graph_object *node, uint32_t ports[PORTS_MAX])
{
	const struct graph_object *port;
	uint32_t n = 0;

	for (int output = 0; output < 2; output++)
		spa_list_for_each(port, &node->ports[output], of_node)
		{
			if (n < PORTS_MAX)
				ports[n++] = port->id;
		}
	return n;
}

/* The sink of --grab has no monitor: what WirePlumber asks of it is new to it
 * each time, and it seldom waits for it. */
static uint32_t
refresh_ports(const struct session_manager *m, const struct graph_object *node,
	uint32_t ports[PORTS_MAX])
{
	uint32_t n;

	if (kind_of(node) == KIND_STREAM)
		return all_ports(node, ports);
	n = spare_port(node, ports);
	if (n == 0 && m->refreshes >= REFRESHES_MAX / 2)
		n = all_ports(node, ports);
	return n;
}

/* A link that WirePlumber has to a port which it may not see is cut: only for
 * nodes that it has linked to nothing. */
static void
refresh(struct session_manager *m, struct pw_client *client,
	const struct graph_object *node)
{
	struct pw_permission p[2 * PORTS_MAX];
	uint32_t ports[PORTS_MAX], n = refresh_ports(m, node, ports);

	if (n == 0)
		return;
	for (uint32_t i = 0; i < n; i++) {
		p[i] = PW_PERMISSION_INIT(ports[i], 0);
		p[n + i] = PW_PERMISSION_INIT(ports[i], PW_PERM_ALL);
	}
	pw_client_update_permissions(client, 2 * n, p);
}

static void
refresh_later(struct session_manager *m)
{
	timer_after(m->loop, m->timer,
		m->refreshes > 0 ? TURN_NS << m->refreshes : CALM_NS);
}

static bool
is_stuck(const struct session_manager *m, const struct graph_object *o,
	bool links)
{
	bool streams = m->refreshes % 2;
	enum kind kind = kind_of(o);

	if (!wireplumber_has_found(o))
		return false;
	if (kind == KIND_STREAM)
		return streams && !wireplumber_has_linked(o);
	return kind != KIND_NONE && !streams && !links;
}

static void
on_timer(void *data, uint64_t expirations)
{
	struct session_manager *m = data;
	struct graph *g = m->graph;
	const struct graph_object *o,
		*metadata = g ? graph_metadata(g, "default") : NULL;
	struct pw_client *client;
	bool links;

	(void)expirations;
	if (!metadata)
		return;
	links = wireplumber_links(g);
	client = pw_registry_bind(g->registry,
		pw_properties_get_uint32(
			metadata->props, PW_KEY_CLIENT_ID, SPA_ID_INVALID),
		PW_TYPE_INTERFACE_Client, PW_VERSION_CLIENT, 0);
	if (!client)
		return;
	spa_list_for_each(o, &g->objects[GRAPH_NODE], link)
	{
		if (is_stuck(m, o, links))
			refresh(m, client, o);
	}
	pw_proxy_destroy((struct pw_proxy *)client);
	if (++m->refreshes < REFRESHES_MAX)
		refresh_later(m);
}

/* ---- coming and going ---- */

int
session_manager_open(struct session_manager *m, struct pw_loop *loop)
{
	m->loop = loop;
	m->timer = pw_loop_add_timer(loop, on_timer, m);
	return m->timer ? 0 : -ENOMEM;
}

void
session_manager_close(struct session_manager *m)
{
	m->graph = NULL;
	source_end(m->loop, &m->timer);
}

void
session_manager_seen(struct session_manager *m, const struct graph_object *o)
{
	enum kind kind = kind_of(o);

	m->graph = o->graph;
	/* Also when we start beside it: it may have waited since before us. */
	if (graph_is_default(o)) {
		m->refreshes = 0;
		refresh_later(m);
	} else if ((kind == KIND_SINK || kind == KIND_SOURCE) &&
		   m->refreshes == 0 && graph_metadata(o->graph, "default")) {
		refresh_later(m);
	}
}

void
session_manager_lost(struct session_manager *m)
{
	m->graph = NULL;
}
