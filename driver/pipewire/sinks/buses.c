/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the buses go: main to the default sink, each loop bus to its loop
 * device, others to the sink they name. */
#include "driver/pipewire/driver_own.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/pipewire/compat.h"
#include "driver/pipewire/sinks/sound_device.h"
#include "driver/pipewire/graph/guard.h"
#include "driver/pipewire/graph/smart.h"

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
	struct supervisor_shared *shared =
		supervisor_client_shared(d->config.supervisor);

	if (!shared)
		return "";
	return cable ? shared->cable_sink : shared->park_sink;
}

bool
buses_is_loop_device(const struct driver *d, const char *name)
{
	char own[SOUND_DEVICE_NAME_MAX];

	for (uint32_t b = 0; b < d->config.buses; b++) {
		uint32_t n = loop_number(d->config.bus_name[b]);

		if (!n)
			continue;
		sound_device_loop_name(n, own, sizeof(own));
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

const struct graph_object *
buses_park_sink(const struct driver *d)
{
	return graph_node_by_name(&d->graph, shared_name(d, false));
}

/* A device that its user removes while we run stays removed: this is done once
 * for each connection, when the registry has been seen whole. */
void
buses_make_loops(struct driver *d)
{
	char name[SOUND_DEVICE_NAME_MAX];

	if (d->loops_made)
		return;
	d->loops_made = true;
	for (uint32_t b = 0; b < d->config.buses; b++) {
		uint32_t n = loop_number(d->config.bus_name[b]);

		if (!n)
			continue;
		sound_device_loop_name(n, name, sizeof(name));
		if (!graph_node_by_name(&d->graph, name))
			d->loop_proxy[b] =
				sound_device_loop_create(d->core, n, true);
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
			    node->props, SOUND_DEVICE_FOR_RUN, false) ||
			is_recorded(node))
			continue;
		pw_registry_destroy(d->graph.registry, node->id);
		any = true;
	}
	return any;
}

/* The most important one there is, but for this one */
static const struct graph_object *
best_sink(const struct driver *d, const struct graph_object *not_this)
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

/* The real sink of the room, never our own cable: the default, what the user
 * chose, or the most important one there is. */
static const struct graph_object *
room(const struct driver *d)
{
	const char *const names[] = {
		d->graph.default_sink, d->graph.default_configured_sink};
	const struct graph_object *node;

	for (size_t i = 0; i < SPA_N_ELEMENTS(names); i++) {
		node = graph_node_by_name(&d->graph, names[i]);
		if (node && !buses_is_ours(d, node))
			return node;
	}
	return best_sink(d, NULL);
}

/* The device that a bus is for */
static const struct graph_object *
bus_device(const struct driver *d, uint32_t bus)
{
	const char *name = d->config.bus_name[bus];
	char device[SOUND_DEVICE_NAME_MAX];

	if (d->config.bus_sink[bus][0])
		return graph_node_by_name(&d->graph, d->config.bus_sink[bus]);
	if (loop_number(name)) {
		sound_device_loop_name(
			loop_number(name), device, sizeof(device));
		return graph_node_by_name(&d->graph, device);
	}
	return strcmp(name, BUS_NAME_MAIN) ? NULL : room(d);
}

/* What it is linked to. A sink that is named is meant to be played into. */
static const struct graph_object *
bus_target(const struct driver *d, uint32_t bus)
{
	const struct graph_object *device = bus_device(d, bus);

	return d->config.bus_sink[bus][0] || strcmp(d->config.bus_name[bus],
						     BUS_NAME_MAIN) != 0
		       ? device
		       : smart_before(&d->graph, device);
}

bool
buses_is_room(const struct driver *d, const struct graph_object *sink)
{
	const struct graph_object *end = room(d);

	if (!end || sink == end || sink == smart_before(&d->graph, end))
		return true;
	for (uint32_t b = 0; b < d->config.buses; b++)
		if (!strcmp(d->config.bus_name[b], BUS_NAME_MAIN))
			return sink == bus_device(d, b) ||
			       sink == bus_target(d, b);
	return false;
}

static const struct graph_object *
input_of(const struct driver *d, const struct graph_object *sink,
	const char *channel, uint32_t n)
{
	const struct graph_object *to =
		graph_port_by_channel(&d->graph, sink->id, false, channel);

	if (!to) /* mono, or a pro audio profile without names */
		to = graph_port(&d->graph, sink->id, false, false, n);
	return to ? to : graph_port(&d->graph, sink->id, false, false, 0);
}

/* What PipeWire itself multiplies both sides of a program by when the sink has
 * one channel; our two links into that port are summed. */
static float
fold_level(const struct graph_object *const to[2])
{
	const char *channel = graph_prop(to[0], PW_KEY_AUDIO_CHANNEL);

	if (to[0] != to[1])
		return 1.0f;
	if (!strcmp(channel, "FC"))
		return (float)M_SQRT1_2;
	return strcmp(channel, "MONO") ? 0.5f : compat_mono_level();
}

static void
wide_say(struct driver *d, uint32_t bus, const struct graph_object *target,
	const struct graph_object *const to[2])
{
	uint32_t ports = graph_ports(&d->graph, target->id, false, false);

	if (ports <= 2 || d->bus_wide[bus] == target->serial)
		return;
	d->bus_wide[bus] = target->serial;
	driver_say(d,
		"%s is stereo: of the %u channels of %s it plays on two, %s "
		"and %s",
		d->config.bus_name[bus], ports, target->name, to[0]->name,
		to[1]->name);
}

static void
bus_links(struct driver *d, uint32_t bus, const struct graph_object *target)
{
	static const char *const sides[] = {"FL", "FR"};
	const struct graph_object *to[2];
	char name[BUS_NAME_MAX + 8];

	for (uint32_t i = 0; i < 2; i++) {
		to[i] = input_of(d, target, sides[i], i);
		if (!to[i])
			return;
	}
	fold_set(&d->node.cycle->fold[bus], fold_level(to));
	wide_say(d, bus, target, to);
	for (uint32_t i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s_%s", d->config.bus_name[bus],
			sides[i]);
		links_want(&d->links,
			graph_port_by_name(&d->graph, node_id(&d->node), name),
			to[i]);
	}
}

/* A sink that is named may come later, go, and come back. */
static void
bus_moved(struct driver *d, uint32_t bus, const struct graph_object *target)
{
	const char *name = target ? target->name : "";
	const char *own = d->config.bus_name[bus];
	const char *sink = d->config.bus_sink[bus];
	bool first = !d->bus_looked[bus];

	d->bus_looked[bus] = true;
	if (!strcmp(d->bus_now[bus], name) && !(first && sink[0]))
		return;
	snprintf(d->bus_now[bus], sizeof(d->bus_now[bus]), "%s", name);
	if (name[0])
		driver_say(d, "%s plays into %s", own, name);
	else if (sink[0])
		driver_say(d, "%s plays into nothing: it waits for the sink %s",
			own, sink);
	else
		driver_say(d, "%s plays into nothing", own);
}

/* Its device is its user's: who removes it may want it so. */
static void
loop_moved(struct driver *d, uint32_t bus, const struct graph_object *device)
{
	const char *own = d->config.bus_name[bus];
	char name[SOUND_DEVICE_NAME_MAX], number[16] = "";
	uint32_t n = loop_number(own);

	if (d->loop_there[bus] == (device != NULL) || d->released)
		return;
	d->loop_there[bus] = device != NULL;
	sound_device_loop_name(n, name, sizeof(name));
	if (n > 1)
		snprintf(number, sizeof(number), " %u", n);
	if (device && d->loop_lost[bus])
		driver_say(d, "%s plays into %s again", own, name);
	else if (!device)
		driver_say(d,
			"somebody has removed %s: %s plays into nothing; "
			"`tapdeck device add%s` makes it anew",
			name, own, number);
	d->loop_lost[bus] = device == NULL;
}

/* After a walk: sound comes to the sink by another way than this stream */
static bool
is_fed(const struct driver *d, const struct graph_object *sink,
	const struct graph_object *from)
{
	const struct graph_object *link, *other;

	spa_list_for_each(link, &sink->links_in, of_in)
	{
		other = graph_node(&d->graph, link->out_node);
		if (other && other != from && other->id != node_id(&d->node) &&
			guard_reached(&d->graph, other))
			return true;
	}
	return false;
}

/* What feeds itself if it is brought into the room is what the room's sink
 * feeds: EasyEffects, when its sink is the one that the user has chosen. A
 * combined sink feeds all others by itself, and the cable too: NULL. */
static const struct graph_object *
pass_to(const struct driver *d, const struct graph_object *from,
	const struct graph_object *end)
{
	const struct graph_object *sink;

	if (guard_reached(&d->graph, from)) {
		sink = best_sink(d, end);
		return sink && is_fed(d, sink, from) ? NULL : sink;
	}
	return graph_prop(from, PW_KEY_NODE_LINK_GROUP)[0]
		       ? end
		       : smart_before(&d->graph, end);
}

/* With the cable as the default sink the session manager brings everybody
 * there. Who is not taken is heard in the room all the same: a program that is
 * to be left alone, and the far end of a filter or a virtual sink. */
static void
pass_on(struct driver *d)
{
	const struct graph_object *cable =
		graph_node_by_name(&d->graph, shared_name(d, true));
	const struct graph_object *end = room(d), *link, *from, *in, *to;
	const struct stream *s;
	bool walked = false;

	if (!cable || !end)
		return;
	spa_list_for_each(link, &cable->links_in, of_in)
	{
		from = graph_node(&d->graph, link->out_node);
		in = graph_find(&d->graph, GRAPH_PORT, link->in_port);
		s = from ? from->follower : NULL;
		if (!from || !in || buses_is_ours(d, from) || (s && s->parked))
			continue;
		if (!walked)
			guard_walk(&d->graph, end->id);
		walked = true;
		to = pass_to(d, from, end);
		if (to)
			links_want(&d->links,
				graph_find(
					&d->graph, GRAPH_PORT, link->out_port),
				input_of(d, to,
					graph_prop(in, PW_KEY_AUDIO_CHANNEL),
					in->number));
	}
	if (walked)
		guard_walk(&d->graph, node_id(&d->node));
}

/* The silent sink follows our clock whether anybody is parked or not: a sink
 * that leaves it costs the others a block, see park_moved.c. Rejected:
 * node.group, since PipeWire 0.3.65 crashes when a sink of a group that runs
 * is destroyed. */
static void
hold_park(struct driver *d)
{
	const struct graph_object *park = buses_park_sink(d);
	char name[BUS_NAME_MAX + 8];

	if (!park)
		return;
	snprintf(name, sizeof(name), "%s_FL", d->config.bus_name[0]);
	links_want(&d->links,
		graph_port_by_name(&d->graph, node_id(&d->node), name),
		input_of(d, park, "FL", 0));
}

void
buses_links(struct driver *d)
{
	pass_on(d);
	hold_park(d);
	for (uint32_t b = 0; b < d->config.buses; b++) {
		const struct graph_object *target = bus_target(d, b);

		if (!strcmp(d->config.bus_name[b], BUS_NAME_MAIN))
			d->main_now = d->bus_now[b];
		if (!loop_number(d->config.bus_name[b]))
			bus_moved(d, b, target);
		else if (!d->config.bus_sink[b][0])
			loop_moved(d, b, target);
		if (target)
			bus_links(d, b, target);
		handover_look(d, b, target);
	}
}

void
buses_volume(struct driver *d)
{
	const struct graph_object *main_sink = NULL;

	for (uint32_t b = 0; b < d->config.buses; b++)
		if (!strcmp(d->config.bus_name[b], BUS_NAME_MAIN))
			main_sink = bus_device(d, b);
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
		from = graph_node(&d->graph, link->out_node);
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
			buses_is_loop_device(d, node->name))
			police(d, node);
	}
}
