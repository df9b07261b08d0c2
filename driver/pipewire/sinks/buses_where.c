/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which sink a bus is for: main the room's, a loop bus its device, the
 * headphones the one that is named, or main's where there is one output. */
#include "driver/pipewire/sinks/buses_where.h"

#include <string.h>

#include "driver/pipewire/graph/smart.h"
#include "driver/pipewire/sinks/sound_device.h"

/* ---- what is ours ---- */

const char *
buses_shared_name(const struct driver *d, bool cable)
{
	struct supervisor_shared *shared =
		supervisor_client_shared(d->config.supervisor);

	if (!shared)
		return "";
	return cable ? shared->cable_sink : shared->park_sink;
}

bool
buses_is_ours(const struct driver *d, const struct graph_object *node)
{
	const char *name = graph_prop(node, PW_KEY_NODE_NAME);

	return node->id == node_id(&d->node) ||
	       (name[0] && (!strcmp(name, buses_shared_name(d, false)) ||
				   !strcmp(name, buses_shared_name(d, true))));
}

const struct graph_object *
buses_park_sink(const struct driver *d)
{
	return graph_node_by_name(&d->graph, buses_shared_name(d, false));
}

/* ---- the room ---- */

const struct graph_object *
buses_best_sink(const struct driver *d, const struct graph_object *not_this)
{
	const struct graph_object *node, *best = NULL;
	int best_priority = 0;

	spa_list_for_each(node, &d->graph.objects[GRAPH_NODE], link)
	{
		int priority;

		if ((not_this && node == not_this) || buses_is_ours(d, node) ||
			strcmp(graph_prop(node, PW_KEY_MEDIA_CLASS),
				"Audio/Sink") != 0)
			continue;
		priority = pw_properties_get_int32(
			node->props, PW_KEY_PRIORITY_SESSION, 0);
		if (best && priority <= best_priority)
			continue;
		best = node;
		best_priority = priority;
	}
	return best;
}

const struct graph_object *
buses_room(const struct driver *d)
{
	const char *const names[] = {
		d->graph.default_sink, d->graph.default_configured_sink};
	const struct graph_object *node;

	for (size_t i = 0; i < SPA_N_ELEMENTS(names); i++) {
		node = graph_node_by_name(&d->graph, names[i]);
		if (node && !buses_is_ours(d, node))
			return node;
	}
	return buses_best_sink(d, NULL);
}

/* ---- a bus ---- */

int
buses_find(const struct driver *d, const char *name)
{
	for (uint32_t b = 0; b < d->config.buses; b++)
		if (!strcmp(d->config.bus_name[b], name))
			return (int)b;
	return -1;
}

uint32_t
buses_loop_number(const char *bus)
{
	int n = bus_name_loop(bus);

	return n > 0 ? (uint32_t)n : 0;
}

bool
buses_has_mains_output(const struct driver *d, uint32_t bus)
{
	return !strcmp(d->config.bus_name[bus], BUS_NAME_CUE) &&
	       !strcmp(d->config.bus_sink[bus], BUS_NAME_MAIN) &&
	       buses_find(d, BUS_NAME_MAIN) >= 0;
}

bool
buses_is_carried(const struct driver *d, uint32_t bus)
{
	int cue = buses_find(d, BUS_NAME_CUE);

	return !strcmp(d->config.bus_name[bus], BUS_NAME_MAIN) && cue >= 0 &&
	       buses_has_mains_output(d, (uint32_t)cue);
}

/* The bus of which the output is this one's as well */
static uint32_t
output_of(const struct driver *d, uint32_t bus)
{
	return buses_has_mains_output(d, bus)
		       ? (uint32_t)buses_find(d, BUS_NAME_MAIN)
		       : bus;
}

const struct graph_object *
buses_device(const struct driver *d, uint32_t bus)
{
	const char *name = d->config.bus_name[bus];
	char device[SOUND_DEVICE_NAME_MAX];
	uint32_t n = buses_loop_number(name);

	if (d->config.bus_sink[bus][0])
		return graph_node_by_name(&d->graph, d->config.bus_sink[bus]);
	if (n) {
		sound_device_loop_name(n, device, sizeof(device));
		return graph_node_by_name(&d->graph, device);
	}
	return strcmp(name, BUS_NAME_MAIN) ? NULL : buses_room(d);
}

/* A sink that is named is meant to be played into. */
const struct graph_object *
buses_target(const struct driver *d, uint32_t bus)
{
	uint32_t from = output_of(d, bus);
	const struct graph_object *device = buses_device(d, from);

	return d->config.bus_sink[from][0] || strcmp(d->config.bus_name[from],
						      BUS_NAME_MAIN) != 0
		       ? device
		       : smart_before(&d->graph, device);
}

bool
buses_is_room(const struct driver *d, const struct graph_object *sink)
{
	const struct graph_object *end = buses_room(d);
	int bus = buses_find(d, BUS_NAME_MAIN);

	if (!end || sink == end || sink == smart_before(&d->graph, end))
		return true;
	return bus >= 0 && (sink == buses_device(d, (uint32_t)bus) ||
				   sink == buses_target(d, (uint32_t)bus));
}
