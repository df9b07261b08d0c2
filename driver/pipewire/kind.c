/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a node of the graph is: a program that plays, the far end of a sink; and
 * whether it can be moved. */
#include <string.h>

#include "driver/pipewire/kind.h"

bool
kind_is_jack(const struct graph_object *node)
{
	const struct graph_object *client = graph_client(node);

	return client && !graph_prop(node, PW_KEY_MEDIA_CLASS)[0] &&
	       !strcmp(graph_prop(client, PW_KEY_CLIENT_API), "jack");
}

const struct graph_object *
kind_mate(const struct driver *d, const struct graph_object *node,
	const char *class)
{
	const char *group = graph_prop(node, PW_KEY_NODE_LINK_GROUP);
	const struct graph_object *other;

	if (!group[0])
		return NULL;
	spa_list_for_each(other, &d->graph.objects[GRAPH_NODE], link)
	{
		if (other != node &&
			!strncmp(graph_prop(other, PW_KEY_MEDIA_CLASS), class,
				strlen(class)) &&
			!strcmp(graph_prop(other, PW_KEY_NODE_LINK_GROUP),
				group))
			return other;
	}
	return NULL;
}

/* The far end of a virtual sink (a loopback, a combined sink, an equaliser)
 * plays what programs play into it, and is none itself. Its sink may be
 * announced after it. */
static bool
is_end_of_sink(const struct driver *d, const struct graph_object *node)
{
	const char *client = graph_prop(node, PW_KEY_CLIENT_ID);
	const struct graph_object *other;

	if (!graph_prop(node, PW_KEY_NODE_LINK_GROUP)[0])
		return false;
	spa_list_for_each(other, &d->graph.objects[GRAPH_NODE], link)
	{
		if (!other->known &&
			!strcmp(graph_prop(other, PW_KEY_CLIENT_ID), client))
			return true; /* as long as nobody can know */
	}
	return kind_mate(d, node, "Audio/Sink") != NULL;
}

bool
kind_is_app(const struct driver *d, const struct graph_object *node)
{
	const struct graph_object *client = graph_client(node);

	if (!node->known || node->id == node_id(&d->node) ||
		(client && !client->known))
		return false;
	if (!strcmp(graph_prop(node, PW_KEY_MEDIA_CLASS),
		    "Stream/Output/Audio"))
		return !is_end_of_sink(d, node);
	return kind_is_jack(node) &&
	       graph_port(&d->graph, node->id, true, false, 0);
}

const char *
kind_why_not_taken(const struct driver *d, const struct stream *s)
{
	const struct graph_object *node = graph_node(&d->graph, s->node_id);

	if (!node)
		return NULL;
	if (!d->config.supervisor)
		return "no supervisor to park it; it can be copied";
	if (kind_is_jack(node))
		return "a JACK program cannot be taken; it can be copied";
	if (pw_properties_get_bool(
		    node->props, PW_KEY_NODE_DONT_RECONNECT, false))
		return "it forbids moving (node.dont-reconnect); it can be "
		       "copied";
	if (pw_properties_get_bool(node->props, "node.dont-move", false))
		return "it forbids moving (node.dont-move); it can be copied";
	if (!pw_properties_get_bool(
		    node->props, PW_KEY_NODE_AUTOCONNECT, false))
		return "it makes its own links; it can be copied";
	return NULL;
}
