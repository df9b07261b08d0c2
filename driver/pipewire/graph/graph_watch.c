/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the objects say of themselves, into the engine's mirror. */
#include <stdlib.h>
#include <string.h>

#include <pipewire/extensions/metadata.h>
#include <pipewire/link.h>

#include "core/limits.h"
#include "driver/pipewire/graph/graph.h"
#include "driver/pipewire/graph/metadata.h"
#include "driver/pipewire/graph/smart.h"
#include "driver/pipewire/graph/wireplumber.h"

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
		wireplumber_text(key && value ? value : "", "name",
			g->default_sink, sizeof(g->default_sink));
	if (!key || !strcmp(key, "default.configured.audio.sink"))
		wireplumber_text(key && value ? value : "", "name",
			g->default_configured_sink,
			sizeof(g->default_configured_sink));
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

/* ---- the daemon's settings ---- */

/* "[ 44100, 48000 ]" */
static void
allowed_read(struct graph_settings *set, const char *text)
{
	char *end;

	set->allowed = 0;
	while (*text && set->allowed < GRAPH_RATES_MAX) {
		unsigned long hz = strtoul(text, &end, 10);

		if (end == text) {
			text++;
			continue;
		}
		text = end;
		if (hz >= RATE_MIN_HZ && hz <= RATE_MAX_HZ)
			set->allowed_hz[set->allowed++] = (uint32_t)hz;
	}
}

static int
on_setting(void *data, uint32_t subject, const char *key, const char *type,
	const char *value)
{
	struct graph_object *o = data;
	struct graph *g = o->graph;

	(void)type;
	if (subject != PW_ID_CORE || !key || !value)
		return 0;
	if (!strcmp(key, "clock.rate"))
		g->settings.clock_hz = (uint32_t)strtoul(value, NULL, 10);
	else if (!strcmp(key, "clock.allowed-rates"))
		allowed_read(&g->settings, value);
	g->changed = true;
	return 0;
}

static const struct pw_metadata_events settings_events = {
	PW_VERSION_METADATA_EVENTS,
	.property = on_setting,
};

static void
metadata_watch(struct graph_object *o)
{
	const char *name = graph_prop(o, PW_KEY_METADATA_NAME);
	struct graph *g = o->graph;
	const struct metadata_events *events =
		!strcmp(name, "default")   ? &default_events
		: !strcmp(name, "filters") ? &filter_events
					   : NULL;

	if (!strcmp(name, "settings"))
		object_bind(o, PW_TYPE_INTERFACE_Metadata, PW_VERSION_METADATA,
			&settings_events);
	if (!events)
		return;
	o->metadata = calloc(1, sizeof(*o->metadata));
	if (!o->metadata ||
		metadata_open(o->metadata, pw_core_get_context(g->core), o->id,
			events, o) < 0)
		g->lost = true;
}

/* What the connections of words have told first. */
static void
said_before(struct graph_object *node)
{
	struct graph_object *o;

	spa_list_for_each(o, &node->graph->objects[GRAPH_METADATA], link)
	{
		if (o->metadata)
			metadata_repeat(o->metadata, node->serial);
	}
}

void
graph_watch_node(struct graph_object *node)
{
	object_bind(
		node, PW_TYPE_INTERFACE_Node, PW_VERSION_NODE, &node_events);
}

static void
on_added(void *data, struct graph_object *o)
{
	(void)data;
	switch (o->type) {
	case GRAPH_CLIENT:
		object_bind(o, PW_TYPE_INTERFACE_Client, PW_VERSION_CLIENT,
			&client_events);
		break;
	case GRAPH_NODE:
		graph_watch_node(o);
		said_before(o);
		break;
	case GRAPH_METADATA:
		metadata_watch(o);
		break;
	case GRAPH_PORT:
	case GRAPH_LINK:
	case GRAPH_PROFILER:
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
on_removed(void *data, struct graph_object *o)
{
	(void)data;
	if (o->metadata)
		metadata_close(o->metadata);
	free(o->metadata);
	o->metadata = NULL;
}

static const struct graph_events events = {
	.added = on_added,
	.removed = on_removed,
};

int
graph_watch(struct graph *g, struct pw_core *core)
{
	return graph_listen(g, core, &events, g);
}
