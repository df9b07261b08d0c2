/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pw_graph.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/extensions/metadata.h>
#include <spa/utils/json.h>

#define AUDIO_FORMAT "32 bit float mono audio"

const char *
graph_prop(const struct graph_object *o, const char *key)
{
	const char *value = pw_properties_get(o->props, key);

	return value ? value : "";
}

static uint32_t
prop_id(const struct graph_object *o, const char *key)
{
	return pw_properties_get_uint32(o->props, key, SPA_ID_INVALID);
}

struct graph_object *
graph_find(const struct graph *g, enum graph_type type, uint32_t id)
{
	struct graph_object *o = id < g->ids ? g->by_id[id] : NULL;

	return o && o->type == type ? o : NULL;
}

struct graph_object *
graph_node_by_name(const struct graph *g, const char *name)
{
	struct graph_object *o;

	if (!name[0])
		return NULL;
	spa_list_for_each(o, &g->objects[GRAPH_NODE], link)
	{
		if (!strcmp(graph_prop(o, PW_KEY_NODE_NAME), name))
			return o;
	}
	return NULL;
}

struct graph_object *
graph_port(const struct graph *g, uint32_t node_id, bool output, bool monitor,
	uint32_t n)
{
	struct graph_object *o;

	/* Ports are announced in the order of their numbers. */
	spa_list_for_each(o, &g->objects[GRAPH_PORT], link)
	{
		if (o->node_id != node_id || o->output != output || !o->audio ||
			(o->monitor && !monitor))
			continue;
		if (n-- == 0)
			return o;
	}
	return NULL;
}

struct graph_object *
graph_port_by_name(const struct graph *g, uint32_t node_id, const char *name)
{
	struct graph_object *o;

	spa_list_for_each(o, &g->objects[GRAPH_PORT], link)
	{
		if (o->node_id == node_id &&
			!strcmp(graph_prop(o, PW_KEY_PORT_NAME), name))
			return o;
	}
	return NULL;
}

struct graph_object *
graph_port_by_channel(const struct graph *g, uint32_t node_id, bool output,
	const char *channel)
{
	struct graph_object *o;

	for (uint32_t n = 0; (o = graph_port(g, node_id, output, false, n));
		n++)
		if (!strcmp(graph_prop(o, PW_KEY_AUDIO_CHANNEL), channel))
			return o;
	return NULL;
}

static void
object_free(struct graph_object *o)
{
	if (o->proxy) {
		spa_hook_remove(&o->listener);
		spa_hook_remove(&o->proxy_listener);
		pw_proxy_destroy(o->proxy);
	}
	if (o->id < o->graph->ids && o->graph->by_id[o->id] == o)
		o->graph->by_id[o->id] = NULL;
	spa_list_remove(&o->link);
	pw_properties_free(o->props);
	free(o);
}

static void
on_node_info(void *data, const struct pw_node_info *info)
{
	struct graph_object *o = data;

	if (info->change_mask & PW_NODE_CHANGE_MASK_PROPS && info->props) {
		pw_properties_update(o->props, info->props);
		o->known = true;
		o->graph->changed = true;
	}
	if (info->change_mask & PW_NODE_CHANGE_MASK_OUTPUT_PORTS) {
		o->outputs = info->n_output_ports;
		o->graph->changed = true;
	}
	if (info->change_mask & PW_NODE_CHANGE_MASK_STATE) {
		o->state = info->state;
		o->graph->changed = true;
	}
}

static const struct pw_node_events node_events = {
	PW_VERSION_NODE_EVENTS,
	.info = on_node_info,
};

static void
on_client_info(void *data, const struct pw_client_info *info)
{
	struct graph_object *o = data;

	if (info->change_mask & PW_CLIENT_CHANGE_MASK_PROPS && info->props) {
		pw_properties_update(o->props, info->props);
		o->known = true;
		o->graph->changed = true;
	}
}

static const struct pw_client_events client_events = {
	PW_VERSION_CLIENT_EVENTS,
	.info = on_client_info,
};

/* The value is JSON: {"name":"alsa_output..."} */
static void
name_from_json(char *out, size_t size, const char *json)
{
	struct spa_json it[2];
	char key[64];
	const char *value;

	out[0] = '\0';
	if (!json)
		return;
	spa_json_init(&it[0], json, strlen(json));
	if (spa_json_enter_object(&it[0], &it[1]) <= 0)
		return;
	while (spa_json_get_string(&it[1], key, sizeof(key)) > 0) {
		if (!strcmp(key, "name")) {
			if (spa_json_get_string(&it[1], out, (int)size) <= 0)
				out[0] = '\0';
			return;
		}
		if (spa_json_next(&it[1], &value) <= 0)
			return;
	}
}

static int
on_property(void *data, uint32_t subject, const char *key, const char *type,
	const char *value)
{
	struct graph_object *o = data;
	struct graph *g = o->graph;

	(void)type;
	if (subject != PW_ID_CORE)
		return 0;
	if (!key || !strcmp(key, "default.audio.sink"))
		name_from_json(g->default_sink, sizeof(g->default_sink),
			key ? value : NULL);
	if (!key || !strcmp(key, "default.configured.audio.sink"))
		name_from_json(g->default_configured_sink,
			sizeof(g->default_configured_sink), key ? value : NULL);
	g->changed = true;
	return 0;
}

static const struct pw_metadata_events metadata_events = {
	PW_VERSION_METADATA_EVENTS,
	.property = on_property,
};

/* The daemon took the object away; its global_remove comes as well. */
static void
on_proxy_removed(void *data)
{
	struct graph_object *o = data;

	spa_hook_remove(&o->listener);
	spa_hook_remove(&o->proxy_listener);
	pw_proxy_destroy(o->proxy);
	o->proxy = NULL;
}

static const struct pw_proxy_events proxy_events = {
	PW_VERSION_PROXY_EVENTS,
	.removed = on_proxy_removed,
};

static void
object_bind(struct graph_object *o, const char *type, uint32_t version,
	const void *events)
{
	o->proxy =
		pw_registry_bind(o->graph->registry, o->id, type, version, 0);
	if (!o->proxy)
		return;
	pw_proxy_add_object_listener(o->proxy, &o->listener, events, o);
	pw_proxy_add_listener(o->proxy, &o->proxy_listener, &proxy_events, o);
}

static void
port_read(struct graph_object *o)
{
	o->node_id = prop_id(o, PW_KEY_NODE_ID);
	o->output = !strcmp(graph_prop(o, PW_KEY_PORT_DIRECTION), "out");
	o->audio = !strcmp(graph_prop(o, PW_KEY_FORMAT_DSP), AUDIO_FORMAT);
	o->monitor =
		pw_properties_get_bool(o->props, PW_KEY_PORT_MONITOR, false);
}

static void
link_read(struct graph_object *o)
{
	o->out_node = prop_id(o, PW_KEY_LINK_OUTPUT_NODE);
	o->out_port = prop_id(o, PW_KEY_LINK_OUTPUT_PORT);
	o->in_node = prop_id(o, PW_KEY_LINK_INPUT_NODE);
	o->in_port = prop_id(o, PW_KEY_LINK_INPUT_PORT);
}

static bool
type_of(const char *name, enum graph_type *type)
{
	static const struct {
		const char *name;
		enum graph_type type;
	} types[] = {
		{PW_TYPE_INTERFACE_Client, GRAPH_CLIENT},
		{PW_TYPE_INTERFACE_Node, GRAPH_NODE},
		{PW_TYPE_INTERFACE_Port, GRAPH_PORT},
		{PW_TYPE_INTERFACE_Link, GRAPH_LINK},
		{PW_TYPE_INTERFACE_Metadata, GRAPH_METADATA},
	};

	for (size_t i = 0; i < SPA_N_ELEMENTS(types); i++) {
		if (!strcmp(types[i].name, name)) {
			*type = types[i].type;
			return true;
		}
	}
	return false;
}

static bool
make_room(struct graph *g, uint32_t id)
{
	uint32_t ids = id + 256;
	struct graph_object **more;

	if (id < g->ids)
		return true;
	more = realloc(g->by_id, ids * sizeof(struct graph_object *));
	if (!more)
		return false;
	memset(more + g->ids, 0,
		(ids - g->ids) * sizeof(struct graph_object *));
	g->by_id = more;
	g->ids = ids;
	return true;
}

static void
object_read(struct graph_object *o)
{
	switch (o->type) {
	case GRAPH_CLIENT:
		object_bind(o, PW_TYPE_INTERFACE_Client, PW_VERSION_CLIENT,
			&client_events);
		break;
	case GRAPH_NODE:
		object_bind(o, PW_TYPE_INTERFACE_Node, PW_VERSION_NODE,
			&node_events);
		break;
	case GRAPH_METADATA:
		object_bind(o, PW_TYPE_INTERFACE_Metadata, PW_VERSION_METADATA,
			&metadata_events);
		break;
	case GRAPH_PORT:
		port_read(o);
		break;
	case GRAPH_LINK:
		link_read(o);
		break;
	}
}

static void
on_global(void *data, uint32_t id, uint32_t permissions, const char *name,
	uint32_t version, const struct spa_dict *props)
{
	struct graph *g = data;
	struct graph_object *o;
	enum graph_type type;
	const char *which;

	(void)permissions;
	(void)version;
	if (!props || !type_of(name, &type) || !make_room(g, id))
		return;
	which = spa_dict_lookup(props, PW_KEY_METADATA_NAME);
	if (type == GRAPH_METADATA && (!which || strcmp(which, "default")))
		return;
	if (g->by_id[id]) /* an id is used again without having been removed */
		object_free(g->by_id[id]);
	o = calloc(1, sizeof(*o));
	if (!o || !(o->props = pw_properties_new_dict(props))) {
		free(o);
		return;
	}
	o->graph = g;
	o->type = type;
	o->id = id;
	o->serial = pw_properties_get_uint64(
		o->props, PW_KEY_OBJECT_SERIAL, SPA_ID_INVALID);
	g->by_id[id] = o;
	spa_list_append(&g->objects[type], &o->link);
	object_read(o);
	g->changed = true;
}

static void
on_global_remove(void *data, uint32_t id)
{
	struct graph *g = data;
	struct graph_object *o = id < g->ids ? g->by_id[id] : NULL;

	if (!o)
		return;
	if (o->type == GRAPH_METADATA)
		g->default_sink[0] = g->default_configured_sink[0] = '\0';
	object_free(o);
	g->changed = true;
}

static const struct pw_registry_events registry_events = {
	PW_VERSION_REGISTRY_EVENTS,
	.global = on_global,
	.global_remove = on_global_remove,
};

int
graph_init(struct graph *g, struct pw_core *core)
{
	memset(g, 0, sizeof(*g));
	for (int i = 0; i <= GRAPH_METADATA; i++)
		spa_list_init(&g->objects[i]);
	g->registry = pw_core_get_registry(core, PW_VERSION_REGISTRY, 0);
	if (!g->registry)
		return -errno;
	pw_registry_add_listener(
		g->registry, &g->listener, &registry_events, g);
	return 0;
}

void
graph_done(struct graph *g)
{
	struct graph_object *o, *next;

	if (!g->registry)
		return;
	for (int i = 0; i <= GRAPH_METADATA; i++) {
		spa_list_for_each_safe(o, next, &g->objects[i], link)
			object_free(o);
	}
	spa_hook_remove(&g->listener);
	pw_proxy_destroy((struct pw_proxy *)g->registry);
	free(g->by_id);
	memset(g, 0, sizeof(*g));
}
