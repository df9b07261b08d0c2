/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the buses go: main to the default sink, each loop bus to its loop
 * device, others to the sink they name. */
#include "driver/pw_private.h"

#include <stdio.h>
#include <string.h>

#include "driver/pw_device.h"

/* 0: not a loop bus */
static uint32_t
loop_number(const char *bus)
{
	int n = bus_name_loop(bus);

	return n > 0 ? (uint32_t)n : 0;
}

static const char *
shared_name(const struct driver *d, bool cable)
{
	struct ward_shared *shared =
		d->config.ward ? ward_client_shared(d->config.ward) : NULL;

	if (!shared)
		return "";
	return cable ? shared->cable_sink : shared->park_sink;
}

static bool
is_loop_device(const struct driver *d, const char *name)
{
	char own[PW_DEVICE_NAME_MAX];

	for (uint32_t b = 0; b < d->config.buses; b++) {
		uint32_t n = loop_number(d->config.bus_name[b]);

		if (!n)
			continue;
		pw_device_loop_name(n, own, sizeof(own));
		if (!strcmp(own, name))
			return true;
	}
	return false;
}

bool
buses_is_ours(const struct driver *d, const struct graph_object *node)
{
	const char *name = graph_prop(node, PW_KEY_NODE_NAME);

	return node->id == node_id(&d->node) ||
	       (name[0] && (!strcmp(name, shared_name(d, false)) ||
				   !strcmp(name, shared_name(d, true))));
}

/* A device that its user removes while we run stays removed: this is done once
 * for each connection, when the registry has been seen whole. */
void
buses_make_loops(struct driver *d)
{
	char name[PW_DEVICE_NAME_MAX];

	if (d->loops_made)
		return;
	d->loops_made = true;
	for (uint32_t b = 0; b < d->config.buses; b++) {
		uint32_t n = loop_number(d->config.bus_name[b]);

		if (!n)
			continue;
		pw_device_loop_name(n, name, sizeof(name));
		if (!graph_node_by_name(&d->graph, name))
			d->loop_proxy[b] =
				pw_device_loop_create(d->core, n, true);
	}
}

static bool
is_recorded(const struct graph_object *device)
{
	return !spa_list_is_empty(&device->links_out);
}

bool
buses_drop_loops(struct driver *d)
{
	const struct graph_object *node;
	bool any = false;

	spa_list_for_each(node, &d->graph.objects[GRAPH_NODE], link)
	{
		if (!pw_properties_get_bool(
			    node->props, PW_DEVICE_FOR_RUN, false) ||
			is_recorded(node))
			continue;
		pw_registry_destroy(d->graph.registry, node->id);
		any = true;
	}
	return any;
}

/* The real sink of the room, never our own cable: the default, what the user
 * chose, or the most important one there is. */
static const struct graph_object *
room(const struct driver *d)
{
	const char *const names[] = {
		d->graph.default_sink, d->graph.default_configured_sink};
	const struct graph_object *node, *best = NULL;
	int best_priority = 0;

	for (size_t i = 0; i < SPA_N_ELEMENTS(names); i++) {
		node = graph_node_by_name(&d->graph, names[i]);
		if (node && !buses_is_ours(d, node))
			return node;
	}
	spa_list_for_each(node, &d->graph.objects[GRAPH_NODE], link)
	{
		int priority = pw_properties_get_int32(
			node->props, PW_KEY_PRIORITY_SESSION, 0);

		if (strcmp(graph_prop(node, PW_KEY_MEDIA_CLASS),
			    "Audio/Sink") != 0 ||
			buses_is_ours(d, node) ||
			(best && priority <= best_priority))
			continue;
		best = node;
		best_priority = priority;
	}
	return best;
}

static const struct graph_object *
bus_target(const struct driver *d, uint32_t bus)
{
	const char *name = d->config.bus_name[bus];
	char device[PW_DEVICE_NAME_MAX];

	if (d->config.bus_sink[bus][0])
		return graph_node_by_name(&d->graph, d->config.bus_sink[bus]);
	if (loop_number(name)) {
		pw_device_loop_name(loop_number(name), device, sizeof(device));
		return graph_node_by_name(&d->graph, device);
	}
	return strcmp(name, "main") ? NULL : room(d);
}

static void
bus_links(struct driver *d, uint32_t bus, const struct graph_object *target)
{
	static const char *const sides[] = {"FL", "FR"};
	char name[BUS_NAME_MAX + 8];

	for (uint32_t i = 0; i < 2; i++) {
		const struct graph_object *to = graph_port_by_channel(
			&d->graph, target->id, false, sides[i]);

		if (!to) /* mono, or a pro audio profile without names */
			to = graph_port(&d->graph, target->id, false, false, i);
		if (!to)
			to = graph_port(&d->graph, target->id, false, false, 0);
		snprintf(name, sizeof(name), "%s_%s", d->config.bus_name[bus],
			sides[i]);
		links_want(&d->links,
			graph_port_by_name(&d->graph, node_id(&d->node), name),
			to);
	}
}

static void
main_moved(struct driver *d, const struct graph_object *target)
{
	const char *name = target ? graph_prop(target, PW_KEY_NODE_NAME) : "";

	if (!strcmp(d->main_now, name))
		return;
	snprintf(d->main_now, sizeof(d->main_now), "%s", name);
	driver_say(d, "main plays into %s", name[0] ? name : "nothing");
}

void
buses_links(struct driver *d)
{
	for (uint32_t b = 0; b < d->config.buses; b++) {
		const struct graph_object *target = bus_target(d, b);

		if (!strcmp(d->config.bus_name[b], "main"))
			main_moved(d, target);
		if (target)
			bus_links(d, b, target);
	}
}

void
buses_volume(struct driver *d)
{
	const struct graph_object *main_sink = NULL;

	for (uint32_t b = 0; b < d->config.buses; b++)
		if (!strcmp(d->config.bus_name[b], "main"))
			main_sink = bus_target(d, b);
	volume_between(d->volume, &d->graph,
		graph_node_by_name(&d->graph, shared_name(d, true)), main_sink);
}

/* Also the node that we had before the graph changed its rate, or an engine
 * that was killed: what it leaves is going. */
static bool
is_own_node(const struct driver *d, const struct graph_object *node)
{
	return node->id == node_id(&d->node) || !strcmp(node->name, NODE_NAME);
}

static void
police(struct driver *d, const struct graph_object *device)
{
	struct graph_object *link, *from;

	spa_list_for_each(link, &device->links_in, of_in)
	{
		from = graph_find(&d->graph, GRAPH_NODE, link->out_node);
		/* A link goes with its node. */
		if (!from || link->mark == UINT32_MAX || is_own_node(d, from))
			continue;
		link->mark = UINT32_MAX; /* asked once */
		d->foreign_links++;
		driver_say(d,
			"removed a link from %s into %s: only tapdeck "
			"plays there",
			from->name, device->name);
		pw_registry_destroy(d->graph.registry, link->id);
	}
}

/* JACK programs connect themselves to whatever looks like hardware, and the
 * inputs of a loop device do. */
void
buses_police(struct driver *d)
{
	const struct graph_object *node;

	spa_list_for_each(node, &d->graph.objects[GRAPH_NODE], link)
	{
		if (!spa_list_is_empty(&node->links_in) &&
			is_loop_device(d, node->name))
			police(d, node);
	}
}
