/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the registry says, into the mirror. */
#include <errno.h>
#include <string.h>

#include <pipewire/extensions/metadata.h>
#include <pipewire/extensions/profiler.h>

#include "driver/pipewire/graph/graph.h"

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
		{PW_TYPE_INTERFACE_Profiler, GRAPH_PROFILER},
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

/* Of metadata that which somebody here looks at */
static bool
is_of_interest(const struct graph *g, enum graph_type type,
	const struct spa_dict *props)
{
	static const char *const names[] = {
		"default", "filters", "settings", "sm-settings"};
	const char *name = spa_dict_lookup(props, PW_KEY_METADATA_NAME);

	if (g->events && g->events->types && !(g->events->types & 1u << type))
		return false;
	for (size_t i = 0; i < SPA_N_ELEMENTS(names); i++)
		if (name && !strcmp(name, names[i]))
			return true;
	return type != GRAPH_METADATA;
}

static void
on_global_remove(void *data, uint32_t id)
{
	struct graph *g = data;

	if (g->event)
		g->event(g->event_data);
	if (id < g->ids && g->by_id[id])
		graph_remove(g->by_id[id]);
}

static void
on_global(void *data, uint32_t id, uint32_t permissions, const char *name,
	uint32_t version, const struct spa_dict *props)
{
	struct graph *g = data;
	enum graph_type type;

	(void)permissions;
	(void)version;
	/* an id is used again without having been removed */
	on_global_remove(g, id);
	if (props && type_of(name, &type) && is_of_interest(g, type, props))
		graph_add(g, type, id, props);
}

static const struct pw_registry_events registry_events = {
	PW_VERSION_REGISTRY_EVENTS,
	.global = on_global,
	.global_remove = on_global_remove,
};

int
graph_listen(struct graph *g, struct pw_core *core,
	const struct graph_events *events, void *data)
{
	g->core = core;
	g->events = events;
	g->data = data;
	g->registry = pw_core_get_registry(core, PW_VERSION_REGISTRY, 0);
	if (!g->registry)
		return -errno;
	pw_registry_add_listener(
		g->registry, &g->listener, &registry_events, g);
	return 0;
}
