/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/park/session_manager.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/extensions/metadata.h>

/* As long as it waits, nobody is told that there is no sink, and nobody who
 * records a loop device is moved to a microphone that comes a little later: it
 * is let go when the sound cards are there again, when for so long no device
 * has come. */
#define CALM_MS 500

/* Devices and streams have their turns, each double the time after the one
 * before it, for slow machines: 13 s in all. */
#define TURN_MS	      50
#define REFRESHES_MAX 8

#define PORTS_MAX 128 /* of one node */

enum kind {
	KIND_SINK,
	KIND_SOURCE,
	KIND_STREAM, /* a program's node */
	KIND_PORT,
	KIND_LINK,
};

struct object {
	uint32_t id;
	enum kind kind;
	uint64_t serial;
	uint32_t client;  /* whose link */
	uint32_t node[2]; /* of a link: from, to; of a port: its node */
	bool is_input;	  /* a port */
};

static uint32_t
prop_id(const struct spa_dict *props, const char *key)
{
	const char *text = spa_dict_lookup(props, key);

	return text ? (uint32_t)strtoul(text, NULL, 10) : SPA_ID_INVALID;
}

static uint64_t
prop_serial(const struct spa_dict *props)
{
	const char *text = spa_dict_lookup(props, PW_KEY_OBJECT_SERIAL);

	return text ? strtoull(text, NULL, 10) : 0;
}

/* ---- what to refresh ---- */

/* It links programs: then it waits for no device any more. */
static bool
manager_links(const struct session_manager *m)
{
	const struct object *o;

	pw_array_for_each(o, &m->objects)
	{
		if (o->kind == KIND_LINK && o->client == m->client)
			return true;
	}
	return false;
}

static bool
manager_has_linked(const struct session_manager *m, const struct object *node)
{
	const struct object *o;

	pw_array_for_each(o, &m->objects)
	{
		if (o->kind == KIND_LINK && o->client == m->client &&
			(o->node[0] == node->id || o->node[1] == node->id))
			return true;
	}
	return false;
}

static bool
is_port_of(const struct object *o, const struct object *node)
{
	return o->kind == KIND_PORT && o->node[0] == node->id;
}

/* One port is enough, one that no program is linked to: of a sink's monitor, of
 * a loop device's inputs. Without the ports of its kind a device would be the
 * default one no more, and a link is made of the ports that are there. */
static uint32_t
spare_port(const struct session_manager *m, const struct object *device,
	uint32_t ports[PORTS_MAX])
{
	const struct object *o;

	pw_array_for_each(o, &m->objects)
	{
		if (is_port_of(o, device) &&
			o->is_input == (device->kind == KIND_SOURCE)) {
			ports[0] = o->id;
			return 1;
		}
	}
	return 0;
}

/* All in one message, which WirePlumber reads to its end before it looks again:
 * or it would link one side alone. */
static uint32_t
all_ports(const struct session_manager *m, const struct object *node,
	uint32_t ports[PORTS_MAX])
{
	const struct object *o;
	uint32_t n = 0;

	pw_array_for_each(o, &m->objects)
	{
		if (is_port_of(o, node) && n < PORTS_MAX)
			ports[n++] = o->id;
	}
	return n;
}

/* The sink of --grab has no monitor: what WirePlumber asks of it is new to it
 * each time, and it seldom waits for it. */
static uint32_t
refresh_ports(const struct session_manager *m, const struct object *node,
	uint32_t ports[PORTS_MAX])
{
	uint32_t n;

	if (node->kind == KIND_STREAM)
		return all_ports(m, node, ports);
	n = spare_port(m, node, ports);
	if (n == 0 && m->refreshes >= REFRESHES_MAX / 2)
		n = all_ports(m, node, ports);
	return n;
}

/* A link that WirePlumber has to a port which it may not see is cut: only for
 * nodes that it has linked to nothing. */
static void
refresh(struct session_manager *m, struct pw_client *client,
	const struct object *node)
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
	long ms = m->refreshes > 0 ? TURN_MS << m->refreshes : CALM_MS;
	struct timespec at = {ms / 1000, ms % 1000 * 1000000};

	pw_loop_update_timer(m->loop, m->timer, &at, NULL, false);
}

static bool
is_stuck(const struct session_manager *m, const struct object *o, bool links)
{
	bool streams = m->refreshes % 2;

	if (o->serial >= m->serial)
		return false;
	if (o->kind == KIND_STREAM)
		return streams && !manager_has_linked(m, o);
	return (o->kind == KIND_SINK || o->kind == KIND_SOURCE) && !streams &&
	       !links;
}

static void
on_timer(void *data, uint64_t expirations)
{
	struct session_manager *m = data;
	struct pw_client *client;
	const struct object *o;
	bool links = manager_links(m);

	(void)expirations;
	if (!m->registry || m->client == SPA_ID_INVALID)
		return;
	client = pw_registry_bind(m->registry, m->client,
		PW_TYPE_INTERFACE_Client, PW_VERSION_CLIENT, 0);
	if (!client)
		return;
	pw_array_for_each(o, &m->objects)
	{
		if (is_stuck(m, o, links))
			refresh(m, client, o);
	}
	pw_proxy_destroy((struct pw_proxy *)client);
	if (++m->refreshes < REFRESHES_MAX)
		refresh_later(m);
}

/* ---- registry ---- */

static void
object_add(struct session_manager *m, const struct object *what)
{
	struct object *o = pw_array_add(&m->objects, sizeof(*o));

	if (o)
		*o = *what;
}

static void
node_add(struct session_manager *m, uint32_t id, const struct spa_dict *props)
{
	const char *class = spa_dict_lookup(props, PW_KEY_MEDIA_CLASS);
	struct object o = {.id = id, .serial = prop_serial(props)};

	if (!class)
		return;
	if (!strncmp(class, "Audio/Sink", strlen("Audio/Sink")))
		o.kind = KIND_SINK;
	else if (!strncmp(class, "Audio/Source", strlen("Audio/Source")))
		o.kind = KIND_SOURCE;
	else if (!strcmp(class, "Stream/Output/Audio") ||
		 !strcmp(class, "Stream/Input/Audio"))
		o.kind = KIND_STREAM;
	else
		return;
	object_add(m, &o);
	if (o.kind != KIND_STREAM && m->refreshes == 0 &&
		m->client != SPA_ID_INVALID)
		refresh_later(m);
}

static void
port_add(struct session_manager *m, uint32_t id, const struct spa_dict *props)
{
	const char *side = spa_dict_lookup(props, PW_KEY_PORT_DIRECTION);
	struct object o = {
		.id = id,
		.kind = KIND_PORT,
		.node = {prop_id(props, PW_KEY_NODE_ID)},
		.is_input = side && !strcmp(side, "in"),
	};

	object_add(m, &o);
}

static void
link_add(struct session_manager *m, uint32_t id, const struct spa_dict *props)
{
	struct object o = {
		.id = id,
		.kind = KIND_LINK,
		.client = prop_id(props, PW_KEY_CLIENT_ID),
		.node = {prop_id(props, PW_KEY_LINK_OUTPUT_NODE),
			prop_id(props, PW_KEY_LINK_INPUT_NODE)},
	};

	object_add(m, &o);
}

/* Also when we start beside it: it may have waited since before us. */
static void
metadata_add(struct session_manager *m, const struct spa_dict *props)
{
	const char *name = spa_dict_lookup(props, PW_KEY_METADATA_NAME);

	if (!name || strcmp(name, "default") != 0)
		return;
	m->client = prop_id(props, PW_KEY_CLIENT_ID);
	m->serial = prop_serial(props);
	m->refreshes = 0;
	refresh_later(m);
}

static void
on_global(void *data, uint32_t id, uint32_t permissions, const char *type,
	uint32_t version, const struct spa_dict *props)
{
	struct session_manager *m = data;

	(void)permissions;
	(void)version;
	if (!props)
		return;
	if (!strcmp(type, PW_TYPE_INTERFACE_Node))
		node_add(m, id, props);
	else if (!strcmp(type, PW_TYPE_INTERFACE_Port))
		port_add(m, id, props);
	else if (!strcmp(type, PW_TYPE_INTERFACE_Link))
		link_add(m, id, props);
	else if (!strcmp(type, PW_TYPE_INTERFACE_Metadata))
		metadata_add(m, props);
}

static void
on_global_remove(void *data, uint32_t id)
{
	struct session_manager *m = data;
	struct object *o;

	if (id == m->client)
		m->client = SPA_ID_INVALID;
	pw_array_for_each(o, &m->objects)
	{
		if (o->id == id) {
			pw_array_remove(&m->objects, o);
			return;
		}
	}
}

static const struct pw_registry_events registry_events = {
	PW_VERSION_REGISTRY_EVENTS,
	.global = on_global,
	.global_remove = on_global_remove,
};

/* ---- coming and going ---- */

int
session_manager_open(struct session_manager *m, struct pw_loop *loop)
{
	m->loop = loop;
	m->client = SPA_ID_INVALID;
	pw_array_init(&m->objects, 64 * sizeof(struct object));
	m->timer = pw_loop_add_timer(loop, on_timer, m);
	return m->timer ? 0 : -ENOMEM;
}

void
session_manager_close(struct session_manager *m)
{
	if (!m->loop)
		return;
	session_manager_lost(m);
	if (m->timer)
		pw_loop_destroy_source(m->loop, m->timer);
	m->timer = NULL;
}

void
session_manager_connected(struct session_manager *m, struct pw_core *core)
{
	m->registry = pw_core_get_registry(core, PW_VERSION_REGISTRY, 0);
	if (m->registry)
		pw_registry_add_listener(
			m->registry, &m->registry_hook, &registry_events, m);
}

void
session_manager_lost(struct session_manager *m)
{
	if (m->registry) {
		spa_hook_remove(&m->registry_hook);
		pw_proxy_destroy((struct pw_proxy *)m->registry);
		m->registry = NULL;
	}
	pw_array_clear(&m->objects);
	m->client = SPA_ID_INVALID;
}
