/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/park/ward_park.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_NAME "Spa:String"

#define AGAIN_S 2

static const struct ward_value none;

void
ward_park_say(struct ward_park *p, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	p->events->say(p->data, line);
}

/* ---- writing ---- */

int
ward_park_note(struct ward_park *p, const struct ward_node *n)
{
	struct journal_park e = {
		.daemon = p->graph.daemon,
		.node_id = n->id,
		.serial = n->serial,
		.object = n->object,
		.node = n->node,
		.paused = n->paused,
	};
	int res;

	memcpy(e.name, n->name, sizeof(e.name));
	memcpy(e.park, n->park, sizeof(e.park));
	res = journal_park_put(p->journal, &e);
	if (res < 0)
		ward_park_say(p, "%s is not taken: the journal: %s", n->name,
			strerror(-res));
	return res;
}

static void
drop(struct ward_park *p, struct ward_node *n)
{
	n->state = WARD_NODE_FREE;
	n->covered = false;
	n->moved_to = 0;
	moved_end(p, n);
	journal_park_drop(p->journal, p->graph.daemon, n->serial);
}

void
ward_park_write(struct ward_park *p, struct ward_node *n)
{
	struct ward_value v;

	n->moved_to = 0;
	ward_value_make(&v, TYPE_NAME, n->park);
	check_write(p, n, KEY_OBJECT, &v);
	choice_keep(p, n);
}

static void
park(struct ward_park *p, struct ward_node *n)
{
	if (!n->wished || n->state == WARD_NODE_PARKED || !p->graph.is_ready)
		return;
	memcpy(n->park, p->park_sink, sizeof(n->park));
	if (ward_park_note(p, n) < 0) {
		n->wished = false;
		if (n->state == WARD_NODE_FREE)
			journal_park_drop(
				p->journal, p->graph.daemon, n->serial);
		return;
	}
	n->state = WARD_NODE_PARKED;
	ward_park_write(p, n);
}

/* The user's last word about it may not have been told, and would be lost under
 * ours. */
static void
park_when_read(struct ward_park *p, struct ward_node *n)
{
	n->due = ward_graph_read_again(&p->graph);
}

/* One that has just begun at once, or its first blocks are lost when it is
 * moved as it runs already. */
static void
park_soon(struct ward_park *p, struct ward_node *n)
{
	if (n->is_new)
		park(p, n);
	else
		park_when_read(p, n);
	n->is_new = false;
}

/* The order is such that neither a wrong route is made on the way nor a wrong
 * choice left in WirePlumber's memory: what is written last is remembered. */
void
ward_park_release(struct ward_park *p, struct ward_node *n)
{
	if (n->state != WARD_NODE_PARKED)
		return;
	n->state = WARD_NODE_RELEASING;
	n->crossed = false;
	n->moved_to = 0;
	/* target.node first: it routes nothing yet */
	if (n->covered)
		check_write(p, n, KEY_NODE, &n->node);
	check_write(p, n, KEY_OBJECT, &n->object);
	/* a serial in target.object speaks for itself */
	if (!n->object.set || choice_speaker(p, n) != n)
		choice_keep(p, n);
}

/* ---- the user moves a parked stream ---- */

void
ward_park_user_changed(struct ward_park *p, struct ward_node *n)
{
	if (n->state == WARD_NODE_PARKED && ward_park_note(p, n) == 0)
		choice_keep(p, n);
}

static void
object_changed(
	struct ward_park *p, struct ward_node *n, const struct ward_value *v)
{
	bool ours = n->state != WARD_NODE_FREE && v->set &&
		    !strcmp(v->value, n->park);

	if (ours || (choice_is_echo(v) && n->object.set &&
			    !strcmp(v->value, n->object.value)))
		return;
	/* Our own word has come too late: about the node before this one of
	 * the same id, or after we had given up. */
	if (p->recovered && v->set && !strcmp(v->value, p->park_sink)) {
		check_write(p, n, KEY_OBJECT, &n->object);
		return;
	}
	if (!ward_value_same(&n->object, v))
		choice_spoken(p, n, v->set);
	else if (n->moved_to)
		return; /* told again, and about to be answered */
	n->object = *v;
	if (n->state == WARD_NODE_RELEASING) {
		/* The word that WirePlumber restored has crossed our release,
		 * which made it forget that one. */
		if (n->crossed)
			choice_keep(p, n);
		drop(p, n);
		park(p, n); /* if it was wished again meanwhile */
		return;
	}
	if (n->state != WARD_NODE_PARKED)
		return;
	if (ward_contest_lost(&n->contest)) {
		ward_park_say(p,
			"%s is moved by another program as often as we take "
			"it; left alone",
			n->name);
		n->wished = false;
		if (n->covered)
			check_write(p, n, KEY_NODE, &n->node);
		drop(p, n);
		return;
	}
	moved_end(p, n);
	if (ward_park_note(p, n) == 0)
		moved_answer(p, n);
}

static void
node_changed(
	struct ward_park *p, struct ward_node *n, const struct ward_value *v)
{
	char covered[16];

	bool odd = choice_is_echo(v);

	if (odd && n->state == WARD_NODE_FREE)
		return;
	if (n->state != WARD_NODE_FREE) {
		snprintf(covered, sizeof(covered), "%" PRIu32, n->covered_id);
		if (n->covered && v->set && !strcmp(v->value, covered))
			return;
		if (odd && n->node.set && !strcmp(v->value, n->node.value))
			return;
		/* an echo of ours that has crossed the user's word */
		if (odd) {
			choice_keep(p, n);
			return;
		}
	}
	if (ward_value_same(&n->node, v))
		return;
	if (n->state == WARD_NODE_RELEASING && !v->set && n->covered) {
		n->covered = false;
		return;
	}
	n->node = *v;
	n->crossed = n->state == WARD_NODE_RELEASING && v->set;
	choice_spoken(p, n, v->set);
	ward_park_user_changed(p, n);
}

/* ---- the graph's events ---- */

static void
on_connected(void *data)
{
	struct ward_park *p = data;

	if (!p->park_sink[0])
		return;
	p->park_given_up = false;
	cable_connected(p);
	ward_manager_connected(&p->manager, p->graph.core);
}

/* The daemon is gone, and its serials with it: what was parked is void. */
static void
on_lost(void *data)
{
	struct ward_park *p = data;

	park_sink_drop(p);
	p->wish_count = 0;
	p->going_home = false;
	cable_lost(p);
	ward_manager_lost(&p->manager);
	/* The same daemon may only have dropped us, and then what we wrote
	 * stands: adopt_all() forgets what is of another one. */
	p->recovered = false;
	ward_park_say(p, "PipeWire is gone; waiting for it");
}

static void
on_ready(void *data)
{
	struct timespec later = {AGAIN_S, 0};
	struct ward_park *p = data;
	struct ward_node *n;

	if (!p->recovered)
		adopt_all(p);
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		park(p, n);
	}
	cable_ready(p);
	pw_loop_update_timer(p->loop, p->again, &later, NULL, false);
}

/* A WirePlumber that has just started does not know every node when its
 * metadata is there, and forgets a choice whose sink it does not know. */
static void
on_again(void *data, uint64_t expirations)
{
	struct ward_park *p = data;

	(void)expirations;
	p->keep_due = ward_graph_read_again(&p->graph);
}

static bool
is_due(const struct ward_park *p, unsigned due)
{
	return due && (int)(p->graph.epoch - due) >= 0;
}

static void
on_read(void *data)
{
	struct ward_park *p = data;
	struct ward_node *n;
	bool keep = is_due(p, p->keep_due);

	if (keep)
		p->keep_due = 0;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (n->state == WARD_NODE_PARKED && keep)
			choice_keep(p, n);
		if (!is_due(p, n->due))
			continue;
		n->due = 0;
		park(p, n);
	}
}

/* WirePlumber took its metadata with it: nothing is parked any more. Its next
 * one gets every wish again. */
static void
on_unready(void *data)
{
	struct ward_park *p = data;
	struct ward_node *n;

	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (n->state != WARD_NODE_FREE)
			drop(p, n);
	}
	default_void(p);
}

static void
all_go_home(struct ward_park *p)
{
	struct ward_node *n;

	p->going_home = false;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (!n->wished)
			ward_park_release(p, n);
	}
}

static void
on_fenced(void *data)
{
	struct ward_park *p = data;

	/* PipeWire has told of all that is: these streams have left. */
	p->wish_count = 0;
	if (p->going_home)
		all_go_home(p);
}

static void
on_node_new(void *data, struct ward_node *n)
{
	struct ward_park *p = data;

	for (size_t i = 0; i < p->wish_count; i++)
		if (p->wishes[i].serial == n->serial) {
			p->wishes[i] = p->wishes[--p->wish_count];
			n->wished = true;
			park_soon(p, n);
			break;
		}
	park_sink_look(p);
	cable_node_new(p, n);
}

static void
on_node_gone(void *data, struct ward_node *n)
{
	struct ward_park *p = data;

	if (n->state != WARD_NODE_FREE)
		drop(p, n);
	park_sink_look(p);
}

static void
on_property(void *data, struct ward_node *n, const char *key,
	const struct ward_value *value)
{
	struct ward_park *p = data;

	if (!strcmp(key, KEY_OBJECT))
		object_changed(p, n, value);
	else if (!strcmp(key, KEY_NODE))
		node_changed(p, n, value);
}

/* A write of ours that has crossed the end of its stream: ids are used again,
 * and the next stream would inherit it. */
static void
on_stray(void *data, uint32_t id, const char *key, const struct ward_value *v)
{
	struct ward_park *p = data;

	default_said(p, id, key, v);
	if ((!strcmp(key, KEY_OBJECT) && v->set &&
		    !strcmp(v->value, p->park_sink)) ||
		(!strcmp(key, KEY_NODE) && choice_is_echo(v)))
		ward_graph_write(&p->graph, id, key, &none);
}

static const struct ward_graph_events graph_events = {
	.connected = on_connected,
	.lost = on_lost,
	.ready = on_ready,
	.unready = on_unready,
	.fenced = on_fenced,
	.node_new = on_node_new,
	.node_gone = on_node_gone,
	.stray = on_stray,
	.property = on_property,
	.read = on_read,
};

/* ---- what the supervisor asks ---- */

int
ward_park_open(struct ward_park *p, const struct ward_park_config *config,
	const struct ward_park_events *events, void *data)
{
	p->journal = config->journal;
	p->events = events;
	p->data = data;
	p->spoken = 1;
	p->cable = config->cable;
	p->grab = config->cable && config->grab;
	snprintf(p->park_sink, sizeof(p->park_sink), "%s", config->park_sink);
	p->again = pw_loop_add_timer(config->loop, on_again, p);
	p->loop = config->loop;
	if (!p->again || check_open(p) < 0 || moved_open(p) < 0 ||
		cable_open(p) < 0 ||
		ward_manager_open(&p->manager, config->loop) < 0)
		return -ENOMEM;
	return ward_graph_open(&p->graph, config->loop, &graph_events, p);
}

void
ward_park_close(struct ward_park *p)
{
	cable_close(p);
	ward_manager_close(&p->manager);
	park_sink_drop(p);
	ward_graph_close(&p->graph);
	moved_close(p);
	if (p->again)
		pw_loop_destroy_source(p->loop, p->again);
	p->again = NULL;
	check_close(p);
}

void
ward_park_wish(struct ward_park *p, uint32_t node_id, uint64_t serial)
{
	struct ward_node *n = ward_graph_by_serial(&p->graph, serial);

	if (n) {
		if (!n->wished)
			n->contest.times = 0;
		n->wished = true;
		/* One that is parked is not where it should be. One that is on
		 * its way back is parked too: that it is there may never be
		 * told. */
		if (n->state != WARD_NODE_PARKED || !n->moved_to)
			park_soon(p, n);
		return;
	}
	if (p->wish_count == WARD_WISHES_MAX)
		return;
	p->wishes[p->wish_count++] = (struct ward_wish){node_id, serial};
	ward_graph_fence(&p->graph);
}

void
ward_park_unwish(struct ward_park *p, uint32_t node_id, uint64_t serial)
{
	struct ward_node *n = ward_graph_by_serial(&p->graph, serial);

	(void)node_id;
	for (size_t i = p->wish_count; i-- > 0;)
		if (p->wishes[i].serial == serial)
			p->wishes[i] = p->wishes[--p->wish_count];
	if (!n)
		return;
	n->wished = false;
	ward_park_release(p, n);
}

void
ward_park_engine_lives(struct ward_park *p)
{
	p->engine_lives = true;
	cable_engine_lives(p);
}

void
ward_park_engine_gone(struct ward_park *p)
{
	struct ward_node *n;

	p->engine_lives = false;
	p->wish_count = 0;
	park_sink_look(p);
	cable_engine_gone(p);
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		n->wished = false;
	}
	/* When the cable is gone, or WirePlumber begins to link who goes home
	 * to it; it then loses sight of one of its links. */
	p->going_home = p->graph.core != NULL;
	ward_graph_fence(&p->graph);
}

bool
ward_park_settled(const struct ward_park *p)
{
	const struct ward_node *n;

	/* not while reading: words_close() */
	if (p->going_home || words_wait(&p->graph.words))
		return false;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (n->state == WARD_NODE_RELEASING)
			return false;
	}
	return default_settled(p);
}
