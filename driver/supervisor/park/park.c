/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/park/park.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/pipewire/graph/wireplumber.h"
#include "driver/timer.h"

static const struct metadata_value none;

/* The user's last word about it may not have been told, and would be lost under
 * ours. */
static void
park_when_read(struct park *p, struct park_node *n)
{
	n->due = park_graph_read_again(&p->graph);
}

/* One that has just begun at once, or its first blocks are lost when it is
 * moved as it runs already. But where a word is missing it is read first: in
 * WirePlumber's memory ours would be the last one, should the stream end before
 * we have said the user's after it. */
static void
park_soon(struct park *p, struct park_node *n, bool sent)
{
	if (n->is_new && (!sent || n->object.set || n->node.set))
		park_stream(p, n);
	else
		park_when_read(p, n);
	n->is_new = false;
}

/* ---- the graph's events ---- */

static void
on_connected(void *data)
{
	struct park *p = data;

	if (!p->park_sink[0])
		return;
	p->park_given_up = false;
	cable_make(p);
}

/* The daemon is gone, and its serials with it: what was parked is void. */
static void
on_lost(void *data)
{
	struct park *p = data;

	park_sink_drop(p);
	p->request_count = 0;
	p->going_home = false;
	cable_lost(p);
	session_manager_lost(&p->manager);
	/* The same daemon may only have dropped us, and then what we wrote
	 * stands: adopt_all() forgets what is of another one. */
	p->recovered = false;
	park_say(p, "PipeWire is gone; waiting for it");
}

static void
on_ready(void *data)
{
	struct park *p = data;
	struct park_node *n;

	if (!p->recovered)
		adopt_all(p);
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		park_stream(p, n);
	}
	cable_ready(p);
	timer_after(p->loop, p->again, WIREPLUMBER_START_NS);
}

static void
on_again(void *data, uint64_t expirations)
{
	struct park *p = data;

	(void)expirations;
	p->keep_due = park_graph_read_again(&p->graph);
}

static bool
is_due(const struct park *p, unsigned due)
{
	return due && (int)(p->graph.epoch - due) >= 0;
}

static void
on_read(void *data)
{
	struct park *p = data;
	struct park_node *n;
	bool keep = is_due(p, p->keep_due);

	if (keep)
		p->keep_due = 0;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (n->state == PARK_PARKED && keep)
			choice_keep(p, n);
		if (!is_due(p, n->due))
			continue;
		n->due = 0;
		park_stream(p, n);
	}
}

/* WirePlumber took its metadata with it: nothing is parked any more. Its next
 * one gets every wish again. */
static void
on_unready(void *data)
{
	struct park *p = data;
	struct park_node *n;

	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (n->state != PARK_FREE)
			park_drop(p, n);
	}
	default_void(p);
}

static void
all_go_home(struct park *p)
{
	struct park_node *n;

	p->going_home = false;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (!n->requested)
			park_restore(p, n);
	}
}

static void
on_fenced(void *data)
{
	struct park *p = data;

	/* PipeWire has told of all that is: these streams have left. */
	p->request_count = 0;
	if (p->going_home)
		all_go_home(p);
}

static void
on_seen(void *data, const struct graph_object *o)
{
	struct park *p = data;

	if (p->park_sink[0])
		session_manager_seen(&p->manager, o);
}

static void
on_node_new(void *data, struct park_node *n)
{
	struct park *p = data;

	for (size_t i = 0; i < p->request_count; i++)
		if (p->requests[i].serial == n->serial) {
			bool sent = p->requests[i].sent;

			p->requests[i] = p->requests[--p->request_count];
			n->requested = true;
			park_soon(p, n, sent);
			break;
		}
	park_sink_look(p);
	cable_node_new(p, n);
}

static void
on_property(void *data, struct park_node *n, const char *key,
	const struct metadata_value *value)
{
	target_changed(data, n, key, value);
}

static void
on_node_gone(void *data, struct park_node *n)
{
	struct park *p = data;

	if (n->state != PARK_FREE)
		park_drop(p, n);
	park_sink_look(p);
}

/* A write of ours that has crossed the end of its stream: ids are used again,
 * and the next stream would inherit it. */
static void
on_stray(void *data, uint32_t id, const char *key,
	const struct metadata_value *v)
{
	struct park *p = data;

	default_said(p, id, key, v);
	if ((!strcmp(key, KEY_OBJECT) && v->set &&
		    !strcmp(v->value, p->park_sink)) ||
		(!strcmp(key, KEY_NODE) && choice_is_echo(v)))
		park_graph_write(&p->graph, id, key, &none);
}

static const struct park_graph_events graph_events = {
	.connected = on_connected,
	.lost = on_lost,
	.ready = on_ready,
	.unready = on_unready,
	.fenced = on_fenced,
	.seen = on_seen,
	.node_new = on_node_new,
	.node_gone = on_node_gone,
	.stray = on_stray,
	.property = on_property,
	.read = on_read,
};

/* ---- what the supervisor asks ---- */

int
park_open(struct park *p, const struct park_config *config,
	const struct park_events *events, void *data)
{
	p->journal = config->journal;
	p->events = events;
	p->data = data;
	p->chosen_turns = 1;
	p->cable = config->cable;
	p->grab = config->cable && config->grab;
	snprintf(p->park_sink, sizeof(p->park_sink), "%s", config->park_sink);
	p->again = pw_loop_add_timer(config->loop, on_again, p);
	p->loop = config->loop;
	if (!p->again || moved_open(p) < 0 || cable_open(p) < 0 ||
		session_manager_open(&p->manager, config->loop) < 0)
		return -ENOMEM;
	return park_graph_open(&p->graph, config->loop, &graph_events, p);
}

void
park_close(struct park *p)
{
	cable_close(p);
	session_manager_close(&p->manager);
	park_sink_drop(p);
	park_graph_close(&p->graph);
	moved_close(p);
	source_end(p->loop, &p->again);
}

void
park_request(struct park *p, uint64_t serial, bool sent)
{
	struct park_node *n = park_graph_by_serial(&p->graph, serial);

	if (n) {
		if (!n->requested)
			n->contest.times = 0;
		n->requested = true;
		/* One that is parked is not where it should be. One that is on
		 * its way back is parked too: that it is there may never be
		 * told. */
		if (n->state != PARK_PARKED || !n->moved_to)
			park_soon(p, n, sent);
		return;
	}
	if (p->request_count == PARK_REQUESTS_MAX)
		return;
	p->requests[p->request_count++] = (struct park_request){serial, sent};
	park_graph_fence(&p->graph);
}

void
park_cancel(struct park *p, uint64_t serial)
{
	struct park_node *n = park_graph_by_serial(&p->graph, serial);

	for (size_t i = p->request_count; i-- > 0;)
		if (p->requests[i].serial == serial)
			p->requests[i] = p->requests[--p->request_count];
	if (!n)
		return;
	n->requested = false;
	park_restore(p, n);
}

void
park_engine_lives(struct park *p)
{
	p->engine_lives = true;
	cable_make(p);
}

void
park_engine_gone(struct park *p)
{
	struct park_node *n;

	p->engine_lives = false;
	p->request_count = 0;
	park_sink_look(p);
	cable_drop(p);
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		n->requested = false;
	}
	/* When the cable is gone, or WirePlumber begins to link who goes home
	 * to it; it then loses sight of one of its links. */
	p->going_home = p->graph.core != NULL;
	park_graph_fence(&p->graph);
}

bool
park_settled(const struct park *p)
{
	const struct park_node *n;

	/* not while reading: metadata_close() */
	if (p->going_home || metadata_wait(&p->graph.metadata))
		return false;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (n->state == PARK_RESTORING)
			return false;
	}
	return default_settled(p);
}
