/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound goes along links and out of the other end of a link group; that is
 * certain. What a program records it may play: that is assumed of whatever
 * program.h calls one program. Judged are streams, not programs: of two
 * processes with one name the one that does not record is tapped.
 *
 * Breadth first, so that the way which is told of is the shortest. */
#include "driver/pipewire/graph/guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/program/program.h"

/* A node that may pass sound on without a link. */
struct member {
	struct graph_object *node;
	struct program program;
	const char *group; /* "" for none */
	bool meter; /* pavucontrol's bars: records and plays nothing of it */
};

struct walk {
	struct graph *graph;
	struct member *member;
	uint32_t members;
	bool members_known;
	struct graph_object **queue;
	uint32_t first, last;
};

/* False: it passes sound on along its links alone. */
static bool
member_read(struct member *m, struct graph_object *node)
{
	const struct graph_object *client = graph_client(node);

	m->node = node;
	m->group = graph_prop(node, PW_KEY_NODE_LINK_GROUP);
	m->meter = pw_properties_get_bool(
		node->props, PW_KEY_STREAM_MONITOR, false);
	program_read(&m->program, client ? &client->props->dict : NULL,
		&node->props->dict);
	return m->group[0] || m->program.stream || m->program.jack;
}

/* Only when somebody hears us: mostly nobody does. */
static void
members_read(struct walk *w)
{
	struct graph_object *node;

	if (w->members_known)
		return;
	w->members_known = true;
	spa_list_for_each(node, &w->graph->objects[GRAPH_NODE], link)
	{
		if (member_read(&w->member[w->members], node))
			w->members++;
	}
}

static bool
passes_on(const struct member *from, const struct member *to)
{
	if (from->group[0] && !strcmp(from->group, to->group))
		return true;
	/* Devices of one client (the daemon, the session manager) are not one
	 * program. */
	if (from->meter || !(from->program.stream || from->program.jack) ||
		!(to->program.stream || to->program.jack))
		return false;
	return program_same(&from->program, &to->program);
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
reach(struct walk *w, struct graph_object *node, uint32_t from)
{
	if (!node || node->mark == w->graph->mark)
		return;
	node->mark = w->graph->mark;
	node->reached_from = from;
	w->queue[w->last++] = node;
}

static void
go_on(struct walk *w, struct graph_object *node)
{
	struct graph_object *link;
	struct member from;

	spa_list_for_each(link, &node->links_out, of_out)
	{
		if (is_sound(w->graph, link))
			reach(w, graph_node(w->graph, link->in_node), node->id);
	}
	if (!member_read(&from, node))
		return;
	members_read(w);
	for (uint32_t i = 0; i < w->members; i++)
		if (passes_on(&from, &w->member[i]))
			reach(w, w->member[i].node, node->id);
}

void
guard_walk(struct graph *g, uint32_t own_node)
{
	struct graph_object *node, *own = graph_node(g, own_node);
	struct walk w = {.graph = g};
	uint32_t nodes = 0;

	spa_list_for_each(node, &g->objects[GRAPH_NODE], link) nodes++;
	w.member = calloc(nodes + 1, sizeof(*w.member));
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers, indeed */
	w.queue = calloc(nodes + 1, sizeof(*w.queue));
	if (w.member && w.queue) { /* else what the last walk found holds */
		g->mark++;
		reach(&w, own, own_node);
		while (w.first < w.last)
			go_on(&w, w.queue[w.first++]);
	}
	free(w.member);
	free(w.queue);
}

bool
guard_reached(const struct graph *g, const struct graph_object *node)
{
	return node->mark == g->mark;
}

/* ---- in words ---- */

/* The node on the way to this one that hears its neighbour by a link; NULL at
 * the way's beginning. */
static const struct graph_object *
recorder_before(const struct graph *g, const struct graph_object *node)
{
	const struct graph_object *from = NULL;

	for (; node && node->reached_from != node->id; node = from) {
		from = graph_node(g, node->reached_from);
		if (from && graph_is_linked(from, node->id))
			return node;
	}
	return NULL;
}

/* It is the first on the way from us that is no device. */
static const struct graph_object *
first_program(const struct graph *g, const struct graph_object *node)
{
	const struct graph_object *found = NULL;

	while (node && node->reached_from != node->id) {
		const char *class = graph_prop(node, PW_KEY_MEDIA_CLASS);

		if (strncmp(class, "Audio/", 6) != 0)
			found = node;
		node = graph_node(g, node->reached_from);
	}
	return recorder_before(g, found);
}

void
guard_why(const struct graph *g, const struct graph_object *node, char *out,
	size_t size_bytes)
{
	const struct graph_object *last = recorder_before(g, node),
				  *first = first_program(g, node), *source;

	out[0] = '\0';
	if (!last)
		return;
	source = graph_node(g, last->reached_from);
	snprintf(out, size_bytes, "%.60s records %.60s", last->name,
		source ? source->name : "?");
	if (first && first != last)
		snprintf(out + strlen(out), size_bytes - strlen(out),
			", which hears %.60s", first->name);
}
