/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/graph/graph.h"

#include "core/hash.h"

#include <stdlib.h>
#include <string.h>

#include <pipewire/extensions/metadata.h>

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

/* ---- looking up ---- */

struct graph_object *
graph_find(const struct graph *g, enum graph_type type, uint32_t id)
{
	struct graph_object *o = id < g->ids ? g->by_id[id] : NULL;

	return o && o->type == type ? o : NULL;
}

struct graph_object *
graph_node(const struct graph *g, uint32_t id)
{
	return graph_find(g, GRAPH_NODE, id);
}

/* A port's name is one of its node's: the node's id counts too. */
static uint32_t
bucket_of(uint32_t node_id, const char *name)
{
	uint32_t hash = hash_bytes(HASH_START ^ node_id, name, strlen(name));

	return (hash ^ hash >> 16) & (GRAPH_NAMES - 1);
}

static struct graph_object *
find_named(const struct graph *g, enum graph_type type, uint32_t node_id,
	const char *name)
{
	struct graph_object *o;

	if (!name[0])
		return NULL;
	spa_list_for_each(o, &g->names[bucket_of(node_id, name)], named)
	{
		if (o->type == type && o->node_id == node_id &&
			!strcmp(o->name, name))
			return o;
	}
	return NULL;
}

struct graph_object *
graph_node_by_serial(const struct graph *g, uint64_t serial)
{
	struct graph_object *o;

	spa_list_for_each(o, &g->objects[GRAPH_NODE], link)
	{
		if (o->serial == serial)
			return o;
	}
	return NULL;
}

struct graph_object *
graph_node_by_name(const struct graph *g, const char *name)
{
	return find_named(g, GRAPH_NODE, SPA_ID_INVALID, name);
}

struct graph_object *
graph_port_by_name(const struct graph *g, uint32_t node_id, const char *name)
{
	return find_named(g, GRAPH_PORT, node_id, name);
}

struct graph_object *
graph_client(const struct graph_object *node)
{
	return graph_find(
		node->graph, GRAPH_CLIENT, prop_id(node, PW_KEY_CLIENT_ID));
}

bool
graph_is_linked(const struct graph_object *from, uint32_t to_id)
{
	const struct graph_object *link;

	spa_list_for_each(link, &from->links_out, of_out)
	{
		if (link->in_node == to_id)
			return true;
	}
	return false;
}

bool
graph_is_fed_by(const struct graph_object *node, uint32_t from_id)
{
	const struct graph_object *link;

	spa_list_for_each(link, &node->links_in, of_in)
	{
		if (link->out_node != from_id)
			return false;
	}
	return true;
}

static bool
counts(const struct graph_object *port, bool monitor)
{
	return port->audio && (monitor || !port->monitor);
}

struct graph_object *
graph_port(const struct graph *g, uint32_t node_id, bool output, bool monitor,
	uint32_t n)
{
	const struct graph_object *node = graph_node(g, node_id);
	struct graph_object *o;

	if (!node)
		return NULL;
	spa_list_for_each(o, &node->ports[output], of_node)
	{
		if (counts(o, monitor) && n-- == 0)
			return o;
	}
	return NULL;
}

uint32_t
graph_ports(const struct graph *g, uint32_t node_id, bool output, bool monitor)
{
	const struct graph_object *node = graph_node(g, node_id);
	const struct graph_object *o;
	uint32_t n = 0;

	if (!node)
		return 0;
	spa_list_for_each(o, &node->ports[output], of_node) n +=
		counts(o, monitor);
	return n;
}

struct graph_object *
graph_port_by_channel(const struct graph *g, uint32_t node_id, bool output,
	const char *channel)
{
	const struct graph_object *node = graph_node(g, node_id);
	struct graph_object *o;

	if (!node)
		return NULL;
	spa_list_for_each(o, &node->ports[output], of_node)
	{
		if (counts(o, false) &&
			!strcmp(graph_prop(o, PW_KEY_AUDIO_CHANNEL), channel))
			return o;
	}
	return NULL;
}

/* Its client is the one that has made the metadata. */
bool
graph_is_managers(const struct graph *g, const struct graph_object *link)
{
	const struct graph_object *metadata;
	const char *client = graph_prop(link, PW_KEY_CLIENT_ID);

	spa_list_for_each(metadata, &g->objects[GRAPH_METADATA], link)
	{
		if (client[0] &&
			!strcmp(client, graph_prop(metadata, PW_KEY_CLIENT_ID)))
			return true;
	}
	return false;
}

bool
graph_is_default(const struct graph_object *o)
{
	return o->type == GRAPH_METADATA &&
	       !strcmp(graph_prop(o, PW_KEY_METADATA_NAME), "default");
}

const struct graph_object *
graph_metadata(const struct graph *g, const char *name)
{
	const struct graph_object *o;

	spa_list_for_each(o, &g->objects[GRAPH_METADATA], link)
	{
		if (!strcmp(graph_prop(o, PW_KEY_METADATA_NAME), name))
			return o;
	}
	return NULL;
}

/* ---- in and out ---- */

static const char *
name_key(const struct graph_object *o)
{
	return o->type == GRAPH_PORT ? PW_KEY_PORT_NAME : PW_KEY_NODE_NAME;
}

static void
name_read(struct graph_object *o)
{
	spa_list_remove(&o->named);
	spa_list_init(&o->named);
	o->name = graph_prop(o, name_key(o));
	if (o->name[0])
		spa_list_append(
			&o->graph->names[bucket_of(o->node_id, o->name)],
			&o->named);
}

/* In the order of their numbers, in which they are announced as a rule. Past
 * the last port the list itself stands for the next one. */
static void
port_join(struct graph_object *o, struct graph_object *node)
{
	struct graph_object *next;

	spa_list_for_each(next, &node->ports[o->output], of_node)
	{
		if (next->number > o->number)
			break;
	}
	spa_list_append(&next->of_node, &o->of_node);
}

static void
port_read(struct graph_object *o)
{
	struct graph_object *node;

	o->node_id = prop_id(o, PW_KEY_NODE_ID);
	o->number = prop_id(o, PW_KEY_PORT_ID);
	o->output = !strcmp(graph_prop(o, PW_KEY_PORT_DIRECTION), "out");
	o->audio = !strcmp(graph_prop(o, PW_KEY_FORMAT_DSP), AUDIO_FORMAT);
	o->monitor =
		pw_properties_get_bool(o->props, PW_KEY_PORT_MONITOR, false);
	node = graph_node(o->graph, o->node_id);
	if (node)
		port_join(o, node);
	else
		spa_list_append(&o->graph->loose_ports, &o->of_node);
}

static void
link_read(struct graph_object *o)
{
	struct graph_object *out, *in;

	o->out_node = prop_id(o, PW_KEY_LINK_OUTPUT_NODE);
	o->out_port = prop_id(o, PW_KEY_LINK_OUTPUT_PORT);
	o->in_node = prop_id(o, PW_KEY_LINK_INPUT_NODE);
	o->in_port = prop_id(o, PW_KEY_LINK_INPUT_PORT);
	out = graph_node(o->graph, o->out_node);
	in = graph_node(o->graph, o->in_node);
	spa_list_append(
		out ? &out->links_out : &o->graph->loose_out, &o->of_out);
	spa_list_append(in ? &in->links_in : &o->graph->loose_in, &o->of_in);
}

/* What came before its node did. */
static void
node_adopt(struct graph_object *node)
{
	struct graph *g = node->graph;
	struct graph_object *o, *next;

	spa_list_for_each_safe(o, next, &g->loose_ports, of_node)
	{
		if (o->node_id != node->id)
			continue;
		spa_list_remove(&o->of_node);
		port_join(o, node);
	}
	spa_list_for_each_safe(o, next, &g->loose_out, of_out)
	{
		if (o->out_node != node->id)
			continue;
		spa_list_remove(&o->of_out);
		spa_list_append(&node->links_out, &o->of_out);
	}
	spa_list_for_each_safe(o, next, &g->loose_in, of_in)
	{
		if (o->in_node != node->id)
			continue;
		spa_list_remove(&o->of_in);
		spa_list_append(&node->links_in, &o->of_in);
	}
}

static void
node_leave(struct graph_object *node)
{
	struct graph *g = node->graph;

	spa_list_insert_list(&g->loose_ports, &node->ports[0]);
	spa_list_insert_list(&g->loose_ports, &node->ports[1]);
	spa_list_insert_list(&g->loose_out, &node->links_out);
	spa_list_insert_list(&g->loose_in, &node->links_in);
}

static void
object_free(struct graph_object *o)
{
	if (o->proxy) {
		spa_hook_remove(&o->listener);
		spa_hook_remove(&o->proxy_listener);
		pw_proxy_destroy(o->proxy);
	}
	pw_properties_free(o->props);
	free(o->target_object);
	free(o->target_node);
	free(o);
}

void
graph_remove(struct graph_object *o)
{
	struct graph *g = o->graph;

	if (g->events && g->events->removed)
		g->events->removed(g->data, o);
	g->changed = true;
	g->by_id[o->id] = NULL;
	spa_list_remove(&o->link);
	spa_list_remove(&o->named);
	if (o->type == GRAPH_NODE) {
		node_leave(o);
	} else if (o->type == GRAPH_PORT) {
		spa_list_remove(&o->of_node);
	} else if (o->type == GRAPH_LINK) {
		spa_list_remove(&o->of_out);
		spa_list_remove(&o->of_in);
	} else if (graph_is_default(o)) {
		g->default_sink[0] = g->default_configured_sink[0] = '\0';
	}
	object_free(o);
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
	o->node_id = SPA_ID_INVALID;
	if (o->type == GRAPH_NODE) {
		spa_list_init(&o->ports[0]);
		spa_list_init(&o->ports[1]);
		spa_list_init(&o->links_in);
		spa_list_init(&o->links_out);
		node_adopt(o);
	} else if (o->type == GRAPH_PORT) {
		port_read(o);
	} else if (o->type == GRAPH_LINK) {
		link_read(o);
	}
	if (o->type == GRAPH_NODE || o->type == GRAPH_PORT)
		name_read(o);
}

struct graph_object *
graph_add(struct graph *g, enum graph_type type, uint32_t id,
	const struct spa_dict *props)
{
	struct graph_object *o;

	if (!make_room(g, id))
		return NULL;
	if (g->by_id[id]) /* an id is used again without having been removed */
		graph_remove(g->by_id[id]);
	o = calloc(1, sizeof(*o));
	if (!o || !(o->props = pw_properties_new_dict(props))) {
		free(o);
		return NULL;
	}
	o->graph = g;
	o->type = type;
	o->id = id;
	o->serial = pw_properties_get_uint64(
		o->props, PW_KEY_OBJECT_SERIAL, SPA_ID_INVALID);
	o->name = "";
	spa_list_init(&o->named);
	g->by_id[id] = o;
	spa_list_append(&g->objects[type], &o->link);
	object_read(o);
	g->changed = true;
	if (g->events && g->events->added)
		g->events->added(g->data, o);
	return o;
}

static void
word_set(struct graph_object *node, char **word, const char *value)
{
	free(*word);
	*word = value ? strdup(value) : NULL;
	node->graph->changed = true;
}

void
graph_word(struct graph_object *node, const char *key, const char *value)
{
	if (!key || !strcmp(key, "target.object"))
		word_set(node, &node->target_object, key ? value : NULL);
	if (!key || !strcmp(key, "target.node"))
		word_set(node, &node->target_node, key ? value : NULL);
	if ((!key || !strcmp(key, "target.object")) && node->graph->sent)
		node->graph->sent(node->graph->sent_data, node);
}

void
graph_props(struct graph_object *o, const struct spa_dict *props)
{
	const char *name = spa_dict_lookup(props, name_key(o));
	bool same = !name || !strcmp(name, o->name);

	pw_properties_update(o->props, props);
	if (o->type == GRAPH_NODE && same) /* keeps its place among namesakes */
		o->name = graph_prop(o, name_key(o));
	else if (o->type == GRAPH_NODE)
		name_read(o);
	o->known = true;
	o->said++;
	o->graph->changed = true;
}

void
graph_init(struct graph *g)
{
	memset(g, 0, sizeof(*g));
	for (int i = 0; i <= GRAPH_METADATA; i++)
		spa_list_init(&g->objects[i]);
	for (int i = 0; i < GRAPH_NAMES; i++)
		spa_list_init(&g->names[i]);
	spa_list_init(&g->loose_ports);
	spa_list_init(&g->loose_out);
	spa_list_init(&g->loose_in);
}

void
graph_done(struct graph *g)
{
	struct graph_object *o, *next;

	for (int i = 0; i <= GRAPH_METADATA; i++) {
		spa_list_for_each_safe(o, next, &g->objects[i], link)
			graph_remove(o);
	}
	if (g->registry) {
		spa_hook_remove(&g->listener);
		pw_proxy_destroy((struct pw_proxy *)g->registry);
	}
	free(g->by_id);
	graph_init(g);
}
