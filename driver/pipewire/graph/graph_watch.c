/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the registry says, into the mirror. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/link.h>
#include <spa/utils/json.h>

#include "driver/pipewire/graph/graph.h"
#include "driver/pipewire/graph/smart.h"

static void
on_node_info(void *data, const struct pw_node_info *info)
{
	struct graph_object *o = data;

	if (info->change_mask & PW_NODE_CHANGE_MASK_PROPS && info->props) {
		graph_props(o, info->props);
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
		graph_props(o, info->props);
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

static void
on_word(void *data, uint64_t serial, const char *key, const char *type,
	const char *value)
{
	struct graph_object *o = data;
	struct graph *g = o->graph;

	(void)type;
	if (serial) {
		struct graph_object *node = graph_node_by_serial(g, serial);

		if (node)
			graph_word(node, key, value);
		return;
	}
	if (!key || !strcmp(key, "default.audio.sink"))
		name_from_json(g->default_sink, sizeof(g->default_sink),
			key ? value : NULL);
	if (!key || !strcmp(key, "default.configured.audio.sink"))
		name_from_json(g->default_configured_sink,
			sizeof(g->default_configured_sink), key ? value : NULL);
	g->changed = true;
}

static void
unsaid(const struct metadata *w, struct graph_object *node, const char *key)
{
	if (!metadata_find(w, node->serial, key))
		graph_word(node, key, NULL);
}

static void
on_told(void *data)
{
	struct graph_object *o = data, *node;

	spa_list_for_each(node, &o->graph->objects[GRAPH_NODE], link)
	{
		unsaid(o->metadata, node, "target.object");
		unsaid(o->metadata, node, "target.node");
	}
	o->graph->changed = true;
}

static void
on_lost(void *data)
{
	struct graph_object *o = data;

	o->graph->lost = true;
}

static const struct metadata_events default_events = {
	.word = on_word,
	.told = on_told,
	.lost = on_lost,
};

static void
on_filter(void *data, uint64_t serial, const char *key, const char *type,
	const char *value)
{
	struct graph_object *o = data, *node;

	(void)type;
	node = serial ? graph_node_by_serial(o->graph, serial) : NULL;
	if (node)
		smart_said(node, key, value);
	o->graph->changed = true;
}

static void
on_filters_told(void *data)
{
	struct graph_object *o = data;

	o->graph->changed = true;
}

static const struct metadata_events filter_events = {
	.word = on_filter,
	.told = on_filters_told,
	.lost = on_lost,
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

/* ACTIVE is said after both ends were told where their buffers are. */
static void
on_link_info(void *data, const struct pw_link_info *info)
{
	struct graph_object *o = data;
	bool flows = info->state == PW_LINK_STATE_ACTIVE;

	if (flows == o->flows)
		return;
	o->flows = flows;
	o->graph->flowed += flows;
	o->graph->changed = true;
}

static const struct pw_link_events link_events = {
	PW_VERSION_LINK_EVENTS,
	.info = on_link_info,
};

void
graph_ask(struct graph_object *o)
{
	if (o->asked || !o->graph->registry)
		return;
	o->asked = true;
	object_bind(o, PW_TYPE_INTERFACE_Link, PW_VERSION_LINK, &link_events);
}

static void
metadata_watch(struct graph_object *o)
{
	struct graph *g = o->graph;

	o->metadata = calloc(1, sizeof(*o->metadata));
	if (!o->metadata ||
		metadata_open(o->metadata, pw_core_get_context(g->core), o->id,
			graph_is_default(o) ? &default_events : &filter_events,
			o) < 0)
		g->lost = true;
}

/* What the connection of words has told first. */
static void
said_before(struct graph_object *node)
{
	static const char *const keys[] = {"target.object", "target.node",
		"filter.smart", "filter.smart.disabled", "filter.smart.name",
		"filter.smart.target", "filter.smart.before",
		"filter.smart.after"};
	const struct metadata_word *word;
	struct graph_object *o;

	spa_list_for_each(o, &node->graph->objects[GRAPH_METADATA], link)
	{
		for (size_t i = 0; i < SPA_N_ELEMENTS(keys) && o->metadata; i++)
			if ((word = metadata_find(
				     o->metadata, node->serial, keys[i])))
				o->metadata->events->word(o, node->serial,
					keys[i], word->type, word->value);
	}
}

static void
object_watch(struct graph_object *o)
{
	switch (o->type) {
	case GRAPH_CLIENT:
		object_bind(o, PW_TYPE_INTERFACE_Client, PW_VERSION_CLIENT,
			&client_events);
		break;
	case GRAPH_NODE:
		object_bind(o, PW_TYPE_INTERFACE_Node, PW_VERSION_NODE,
			&node_events);
		said_before(o);
		break;
	case GRAPH_METADATA:
		metadata_watch(o);
		break;
	case GRAPH_PORT:
	case GRAPH_LINK:
		break;
	}
}

bool
graph_read_again(struct graph *g)
{
	struct graph_object *o;

	spa_list_for_each(o, &g->objects[GRAPH_METADATA], link)
	{
		if (graph_is_default(o) && o->metadata &&
			metadata_again(o->metadata))
			return true;
	}
	return false;
}

bool
graph_listens(const struct graph *g)
{
	const struct graph_object *o;

	spa_list_for_each(o, &g->objects[GRAPH_METADATA], link)
	{
		if (o->metadata && metadata_wait(o->metadata))
			return true;
	}
	return false;
}

static void
event(const struct graph *g)
{
	if (g->event)
		g->event(g->event_data);
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
	event(g);
	if (!props || !type_of(name, &type))
		return;
	which = spa_dict_lookup(props, PW_KEY_METADATA_NAME);
	if (type == GRAPH_METADATA &&
		(!which || (strcmp(which, "default") != 0 &&
				   strcmp(which, "filters") != 0)))
		return;
	o = graph_add(g, type, id, props);
	if (o)
		object_watch(o);
}

static void
on_global_remove(void *data, uint32_t id)
{
	struct graph *g = data;

	event(g);
	if (id < g->ids && g->by_id[id])
		graph_remove(g->by_id[id]);
}

static const struct pw_registry_events registry_events = {
	PW_VERSION_REGISTRY_EVENTS,
	.global = on_global,
	.global_remove = on_global_remove,
};

int
graph_watch(struct graph *g, struct pw_core *core)
{
	g->core = core;
	g->registry = pw_core_get_registry(core, PW_VERSION_REGISTRY, 0);
	if (!g->registry)
		return -errno;
	pw_registry_add_listener(
		g->registry, &g->listener, &registry_events, g);
	return 0;
}
