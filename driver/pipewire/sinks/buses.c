/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the buses go: main to the default sink, each loop bus to its loop
 * device, others to the sink they name. */
#include "driver/pipewire/sinks/buses.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/pipewire/compat.h"
#include "driver/pipewire/graph/guard.h"
#include "driver/pipewire/graph/smart.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses_where.h"
#include "driver/pipewire/sinks/handover.h"
#include "driver/pipewire/sinks/sound_device.h"

bool
buses_is_loop_device(const struct driver *d, const char *name)
{
	uint32_t number = sound_device_loop_number(name);

	for (uint32_t b = 0; b < d->config.buses && number; b++)
		if (buses_loop_number(d->config.bus_name[b]) == number)
			return true;
	return false;
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
		uint32_t n = buses_loop_number(d->config.bus_name[b]);

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
		links_want(&d->links, driver_own_port(d, name), to[i]);
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
	if (name[0] && buses_is_carried(d, bus))
		driver_say(d,
			"main plays into %s by way of cue: what is cued on the "
			"left and main on the right while /cue/split is 1",
			name);
	else if (name[0])
		driver_say(d, "%s plays into %s", own, name);
	else if (sink[0] && !buses_has_mains_output(d, bus))
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
	uint32_t n = buses_loop_number(own);

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
		sink = buses_best_sink(d, end);
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
		graph_node_by_name(&d->graph, buses_shared_name(d, true));
	const struct graph_object *end = buses_room(d), *link, *from, *in, *to;
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
	links_want(&d->links, driver_own_port(d, name),
		input_of(d, park, "FL", 0));
}

void
buses_links(struct driver *d)
{
	pass_on(d);
	hold_park(d);
	for (uint32_t b = 0; b < d->config.buses; b++) {
		const struct graph_object *target = buses_target(d, b);

		if ((int)b == buses_find(d, BUS_NAME_MAIN))
			d->main_now = d->bus_now[b];
		if (!buses_loop_number(d->config.bus_name[b]))
			bus_moved(d, b, target);
		else if (!d->config.bus_sink[b][0])
			loop_moved(d, b, target);
		if (buses_is_carried(d, b))
			target = NULL;
		if (target)
			bus_links(d, b, target);
		handover_look(d, b, target);
	}
}

void
buses_volume(struct driver *d)
{
	const struct graph_object *main_sink = NULL;
	int bus = buses_find(d, BUS_NAME_MAIN);

	if (bus >= 0)
		main_sink = buses_device(d, (uint32_t)bus);
	volume_between(d->volume, &d->graph,
		graph_node_by_name(&d->graph, buses_shared_name(d, true)),
		main_sink);
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
