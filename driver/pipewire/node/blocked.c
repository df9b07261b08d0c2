/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our cycles stand still while control goes on. Who is stopped by a signal is
 * known from /proc at once; for all others PipeWire's profiler tells who was
 * woken and has not finished. No guess is made beyond that: a graph whose
 * driver stands still has no culprit.
 *
 * Only the links into our node are cut. The program stays linked to the silent
 * sink, or to where its user hears it: there it is woken in each cycle, holds
 * up nobody, and shows when it lives. (Moving it out of the graph as well was
 * tried: then nothing of it is seen until its session manager links it again,
 * which WirePlumber 0.4 does not do by itself.) */
#include "driver/pipewire/node/blocked.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/pipewire/graph/severed.h"
#include "driver/pipewire/say.h"
#include "driver/program/process.h"
#include "driver/timer.h"

#define MS 1000000ull
#define S  (1000 * MS)

/* It lives when it has finished so many cycles in a row. */
#define ALIVE_TURNS 3
/* Who was not seen in any cycle for so long is tried by linking it again. */
#define RETRY_NS (2 * S)
/* Who hangs again soon after waits longer, each time twice as long. */
#define TRUST_NS    (10 * S)
#define PAUSE_MAX_S 32

enum culprit_state {
	CULPRIT_OUT,   /* its links into our node are cut */
	CULPRIT_TRIAL, /* linked again, and not trusted yet */
};

struct culprit {
	struct spa_list link;
	uint64_t serial;
	uint32_t node_id;
	char name[APP_NAME_MAX];
	enum culprit_state state;
	uint64_t since_ns; /* of this state */
	uint64_t seen_ns;  /* it was in a cycle, finished or not */
	uint32_t turns;	   /* finished, in a row */
	uint32_t times;	   /* it has hung; stopped, it is found at once */
	struct severed severed;
};

static const char *
name_of(const struct driver *d, const struct graph_object *node)
{
	const struct stream *s;

	for (s = NULL; (s = driver_next_stream(d, s));) {
		if (s->serial == node->serial)
			return s->app->app.name;
	}
	return node->name;
}

/* ---- off, and on again ---- */

static struct culprit *
culprit_find(const struct blocked *b, uint64_t serial)
{
	struct culprit *c;

	spa_list_for_each(c, &b->culprits, link)
	{
		if (c->serial == serial)
			return c;
	}
	return NULL;
}

static void
culprit_free(struct culprit *c)
{
	severed_done(&c->severed);
	spa_list_remove(&c->link);
	free(c);
}

static void
set_state(struct driver *d, struct culprit *c, enum culprit_state state)
{
	c->state = state;
	c->since_ns = c->seen_ns = driver_now_ns();
	c->turns = 0;
	d->graph.changed = true; /* look again */
}

static struct culprit *
culprit_new(struct driver *d, const struct graph_object *node)
{
	struct culprit *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->serial = node->serial;
	c->node_id = node->id;
	snprintf(c->name, sizeof(c->name), "%s", name_of(d, node));
	spa_list_append(&d->blocked.culprits, &c->link);
	return c;
}

/* Ours go at the next look, which comes before this turn ends. */
static void
cut(struct driver *d, struct culprit *c)
{
	blocked_walk(d, c->node_id, false);
	severed_cut(&c->severed, d, d->blocked.reached, d->blocked.reached_ids);
}

static bool
is_stopped(const struct graph_object *node)
{
	const struct graph_object *client = graph_client(node);
	pid_t pid = client ? pw_properties_get_int32(
				     client->props, PW_KEY_SEC_PID, 0)
			   : 0;

	return pid > 0 && process_is_stopped(pid);
}

static void
take_off(struct driver *d, const struct graph_object *node)
{
	struct culprit *c = culprit_find(&d->blocked, node->serial);

	if (c && c->state == CULPRIT_OUT) {
		cut(d, c); /* somebody has linked it meanwhile */
		return;
	}
	if (!c && !(c = culprit_new(d, node)))
		return;
	c->times += !is_stopped(node);
	set_state(d, c, CULPRIT_OUT);
	cut(d, c);
	driver_say(d,
		"%s hangs, and nothing of ours ran for %u ms: it is off its "
		"strip until it goes on",
		c->name, (unsigned)(d->blocked.stall.still_ns / MS));
}

static void
put_back(struct driver *d, struct culprit *c)
{
	driver_say(d, "%s goes on after %.1f s: it is back on its strip",
		c->name, (double)(driver_now_ns() - c->since_ns) / (double)S);
	severed_mend(&c->severed, d);
	set_state(d, c, CULPRIT_TRIAL);
}

static uint64_t
pause_ns(const struct culprit *c)
{
	uint64_t s = c->times < 2   ? 0
		     : c->times < 7 ? 1u << (c->times - 1)
				    : PAUSE_MAX_S;

	return s * S;
}

/* ---- who it is ---- */

static void
blame_stopped(struct driver *d)
{
	const struct graph_object *node;
	uint32_t own = node_id(&d->node);

	blocked_walk(d, own, true);
	spa_list_for_each(node, &d->graph.objects[GRAPH_NODE], link)
	{
		if (node->id == own ||
			!blocked_reached(&d->blocked, node->id) ||
			!is_stopped(node))
			continue;
		take_off(d, node);
		blocked_walk(d, own, true); /* that was another walk */
	}
}

static void
blame_late(struct driver *d)
{
	const struct blocked *b = &d->blocked;
	uint32_t own = node_id(&d->node);
	uint64_t now = driver_now_ns();

	blocked_walk(d, own, true);
	for (uint32_t i = 1; i < b->count; i++) {
		const struct graph_object *node =
			graph_node(&d->graph, b->turns[i].node_id);

		if (!node || node->id == own || !blocked_reached(b, node->id) ||
			!turn_is_late(&b->turns[i], driver_block_ns(d),
				b->due_since_ns, now))
			continue;
		take_off(d, node);
		blocked_walk(d, own, true);
	}
}

static bool
is_our_cycle(const struct driver *d, const struct turn *turns, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		if (turns[i].node_id == node_id(&d->node))
			return true;
	}
	return false;
}

/* ---- life ---- */

static void
watch_life(struct driver *d, const struct turn *turns, uint32_t count)
{
	struct culprit *c;

	spa_list_for_each(c, &d->blocked.culprits, link)
	{
		for (uint32_t i = 1; i < count; i++) {
			if (turns[i].node_id != c->node_id)
				continue;
			c->seen_ns = driver_now_ns();
			if (turns[i].status == TURN_FINISHED &&
				turns[i].finish_ns > c->since_ns)
				c->turns++;
			else
				c->turns = 0;
		}
	}
}

static bool
is_due(const struct culprit *c, const struct graph_object *node)
{
	uint64_t now = driver_now_ns();

	if (now - c->since_ns < pause_ns(c))
		return false;
	if (c->turns >= ALIVE_TURNS)
		return true;
	return now - c->seen_ns >= RETRY_NS && !is_stopped(node);
}

static void
step_culprits(struct driver *d)
{
	struct culprit *c, *next;
	const struct graph_object *node;

	spa_list_for_each_safe(c, next, &d->blocked.culprits, link)
	{
		node = graph_node(&d->graph, c->node_id);
		if (!node || node->serial != c->serial) {
			culprit_free(c);
			d->graph.changed = true;
		} else if (c->state == CULPRIT_TRIAL) {
			if (driver_now_ns() - c->since_ns >= TRUST_NS)
				culprit_free(c);
		} else if (is_due(c, node)) {
			put_back(d, c);
		}
	}
}

static bool
any_out(const struct blocked *b)
{
	const struct culprit *c;

	spa_list_for_each(c, &b->culprits, link)
	{
		if (c->state == CULPRIT_OUT)
			return true;
	}
	return false;
}

/* ---- what comes in ---- */

/* When the last of them was woken in this cycle */
static uint64_t
woken_ns(const struct turn *turns, uint32_t count)
{
	uint64_t last_ns = 0;

	for (uint32_t i = 1; i < count; i++)
		last_ns = SPA_MAX(last_ns, turns[i].signal_ns);
	return last_ns;
}

/* Blamed is at the next tick: what comes now may be many cycles at once. */
static void
on_cycle(void *data, const struct turn *turns, uint32_t count)
{
	struct driver *d = data;
	struct blocked *b = &d->blocked;
	uint64_t now_ns = driver_now_ns();

	if (!d->running)
		return;
	watch_life(d, turns, count);
	if (b->level == STALL_NONE || !is_our_cycle(d, turns, count) ||
		!cycle_is_of(&b->stall, &turns[0], driver_block_ns(d), now_ns))
		return;
	b->count = 0;
	if (!cycle_was_due(turns, count)) {
		b->due_since_ns = 0;
		return;
	}
	if (!b->due_since_ns)
		b->due_since_ns = woken_ns(turns, count);
	memcpy(b->turns, turns, count * sizeof(*turns));
	b->count = count;
}

/* 0: not at all */
static void
look_every(struct driver *d, uint64_t pace_ns)
{
	if (d->blocked.pace_ns == pace_ns)
		return;
	d->blocked.pace_ns = pace_ns;
	timer_every(d->loop, d->blocked.timer, pace_ns);
}

static void
on_tick(void *data, uint64_t expirations)
{
	struct driver *d = data;
	struct blocked *b = &d->blocked;

	(void)expirations;
	if (!d->running)
		return;
	/* relaxed: a counter that only has to move */
	b->level = stall_look(&b->stall,
		atomic_load_explicit(
			&d->node.cycle->cycles, memory_order_relaxed),
		driver_block_ns(d), driver_now_ns());
	if (b->level == STALL_NONE)
		b->count = b->due_since_ns = 0;
	else
		blame_stopped(d);
	if (b->level == STALL_ACT)
		blame_late(d);
	step_culprits(d);
	if (b->level != STALL_NONE || any_out(b))
		profiler_start(&b->profiler);
	else
		profiler_stop(&b->profiler);
	look_every(d, stall_pace_ns(&b->stall, driver_block_ns(d)));
}

static void
arm(struct driver *d, bool on)
{
	if (on == (d->blocked.pace_ns != 0))
		return;
	memset(&d->blocked.stall, 0, sizeof(d->blocked.stall));
	d->blocked.level = STALL_NONE;
	profiler_stop(&d->blocked.profiler); /* nobody would do it later */
	look_every(d,
		on ? stall_pace_ns(&d->blocked.stall, driver_block_ns(d)) : 0);
}

static bool
anybody_is_before_us(const struct driver *d)
{
	const struct graph_object *own = driver_own_node(d);

	return own && !spa_list_is_empty(&own->links_in);
}

void
blocked_mark(struct driver *d)
{
	struct blocked *b = &d->blocked;
	struct culprit *c;
	struct stream *s;

	if (!b->timer) /* nobody watches: no PipeWire in a unit test */
		return;
	for (s = NULL; (s = driver_next_stream(d, s));)
		s->blocked = false;
	spa_list_for_each(c, &b->culprits, link)
	{
		if (c->state != CULPRIT_OUT)
			continue;
		blocked_walk(d, c->node_id, false);
		for (s = NULL; (s = driver_next_stream(d, s));)
			s->blocked |= blocked_reached(b, s->node_id);
	}
	arm(d, !spa_list_is_empty(&b->culprits) || anybody_is_before_us(d));
}

const char *
blocked_note(const struct driver *d, const struct tapped *t)
{
	const struct stream *s;

	spa_list_for_each(s, &t->streams, link)
	{
		if (!s->blocked)
			continue;
		return culprit_find(&d->blocked, s->serial)
			       ? "it hangs; off its strip until it goes on"
			       : "it waits for a program that hangs; off its "
				 "strip until that goes on";
	}
	return NULL;
}

int
blocked_init(struct driver *d)
{
	struct blocked *b = &d->blocked;

	spa_list_init(&b->culprits);
	b->timer = pw_loop_add_timer(d->loop, on_tick, d);
	if (!b->timer)
		return -ENOMEM;
	profiler_init(&b->profiler, d->context, &d->graph, on_cycle, d);
	return 0;
}

void
blocked_done(struct driver *d)
{
	struct blocked *b = &d->blocked;
	struct culprit *c, *next;

	if (!b->timer)
		return;
	spa_list_for_each_safe(c, next, &b->culprits, link) culprit_free(c);
	profiler_stop(&b->profiler);
	pw_loop_destroy_source(d->loop, b->timer);
	free(b->reached);
	memset(b, 0, sizeof(*b));
}
