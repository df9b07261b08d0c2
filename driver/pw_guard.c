/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pw_guard.h"

#include <string.h>

static bool
same(const struct graph_object *a, const struct graph_object *b,
	const char *key)
{
	const char *value = graph_prop(a, key);

	return value[0] && !strcmp(value, graph_prop(b, key));
}

/* Pulse clients share no process with us to ask, but say their own. */
static bool
is_stream(const struct graph_object *node)
{
	return !strncmp(graph_prop(node, PW_KEY_MEDIA_CLASS), "Stream/", 7);
}

/* A meter (pavucontrol's bars) records and plays nothing of it. */
static bool
is_meter(const struct graph_object *node)
{
	return pw_properties_get_bool(
		node->props, PW_KEY_STREAM_MONITOR, false);
}

static bool
passes_on(const struct graph_object *from, const struct graph_object *to)
{
	if (same(from, to, PW_KEY_NODE_LINK_GROUP))
		return true;
	/* Devices of one client (the daemon, the session manager) are not one
	 * program. */
	if (is_meter(from) || !is_stream(from) || !is_stream(to))
		return false;
	return same(from, to, PW_KEY_CLIENT_ID) ||
	       same(from, to, PW_KEY_APP_PROCESS_ID);
}

/* A synth that gets notes from us records nothing. What has no such format is
 * a device, or passes sound through. */
static bool
is_sound(const struct graph *g, const struct graph_object *link)
{
	const struct graph_object *port =
		graph_find(g, GRAPH_PORT, link->out_port);

	return !port || port->audio || !graph_prop(port, PW_KEY_FORMAT_DSP)[0];
}

static void
reach(struct graph *g, struct graph_object *node)
{
	struct graph_object *link, *other;

	if (node->mark == g->mark)
		return;
	node->mark = g->mark;
	spa_list_for_each(link, &node->links_out, of_out)
	{
		if (is_sound(g, link) &&
			(other = graph_find(g, GRAPH_NODE, link->in_node)))
			reach(g, other);
	}
	if (!is_stream(node) && !graph_prop(node, PW_KEY_NODE_LINK_GROUP)[0])
		return; /* it passes on along its links alone */
	spa_list_for_each(other, &g->objects[GRAPH_NODE], link)
	{
		if (other->mark != g->mark && passes_on(node, other))
			reach(g, other);
	}
}

void
guard_walk(struct graph *g, uint32_t own_node)
{
	struct graph_object *own = graph_find(g, GRAPH_NODE, own_node);

	g->mark++;
	if (own)
		reach(g, own);
}

bool
guard_reached(const struct graph *g, const struct graph_object *node)
{
	return node->mark == g->mark;
}
