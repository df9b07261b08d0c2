/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/node/rate.h"

#include <stdio.h>

#include "driver/pipewire/node/audio.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses.h"

#define YOUNG_NS     300000000u
#define RATE_WAIT_NS 1000000000u

/* ---- what programs have ---- */

/* What the graph can do for a node: its rate, the usual one for a rate that is
 * not allowed, 0 for a node that does not tell. */
static uint32_t
rate_for(const struct graph_object *node)
{
	const struct graph_settings *set = &node->graph->settings;
	unsigned num, hz;

	if (sscanf(graph_prop(node, PW_KEY_NODE_RATE), "%u/%u", &num, &hz) !=
			2 ||
		num != 1)
		return 0;
	for (uint32_t i = 0; i < set->allowed; i++)
		if (set->allowed_hz[i] == hz)
			return hz;
	return set->clock_hz;
}

static const struct graph_object *
recorder(const struct driver *d)
{
	const struct graph_object *device, *to, *link;

	spa_list_for_each(device, &d->graph.objects[GRAPH_NODE], link)
	{
		if (!buses_is_loop_device(d, device->name))
			continue;
		spa_list_for_each(link, &device->links_out, of_out)
		{
			to = graph_node(&d->graph, link->in_node);
			if (to && to->known)
				return to;
		}
	}
	return NULL;
}

struct playing {
	const struct graph_object *running, *fresh;
	bool several, held;
};

static struct playing
who_plays(struct driver *d)
{
	struct rate *r = &d->rate;
	struct playing p = {NULL, NULL, false, false};
	const struct graph_object *node;
	const struct stream *s;

	for (s = NULL; (s = driver_next_stream(d, s));) {
		node = graph_node(&d->graph, s->node_id);
		if (!node || !node->known)
			continue;
		if (node->serial > r->newest) {
			r->newest = node->serial;
			r->newest_ns = driver_now_ns();
			p.fresh = node;
		}
		if (node->state != PW_NODE_STATE_RUNNING)
			continue;
		p.held |= node->serial == r->holder;
		p.several |= p.running != NULL;
		p.running = node;
	}
	return p;
}

/* The program that begins while nobody plays: its rate counts. One that has
 * just come begins before it runs, so that the change is over soon. One that
 * goes on alone does not: it would be interrupted. */
static const struct graph_object *
soloist(struct driver *d)
{
	struct rate *r = &d->rate;
	struct playing p = who_plays(d);
	const struct graph_object *node = p.running ? p.running : p.fresh;
	bool begins = !r->noisy;

	r->noisy = p.running != NULL;
	if (!node || p.held || p.several)
		return NULL;
	/* the one before it ends a little late */
	begins |= node->serial == r->newest &&
		  driver_now_ns() - r->newest_ns < YOUNG_NS;
	return begins ? node : NULL;
}

static uint32_t
follow(struct driver *d)
{
	const struct graph_object *node = soloist(d);

	if (!node || recorder(d))
		return 0;
	d->rate.holder = node->serial;
	return rate_for(node);
}

static uint32_t
match_daw(struct driver *d)
{
	const struct graph_object *node = recorder(d);
	struct rate *r = &d->rate;
	uint32_t back_hz = r->before_hz;

	if (node && r->holder == node->serial)
		return 0;
	if (node) {
		r->holder = node->serial;
		if (!r->before_hz)
			r->before_hz = d->rate_hz;
		return rate_for(node);
	}
	r->holder = 0;
	r->before_hz = 0;
	return back_hz;
}

static uint32_t
wanted(struct driver *d)
{
	uint32_t hz = 0;

	if (!d->running || d->rate_bad || d->released || !d->ran)
		return 0;
	if (d->config.rate == RATE_FOLLOW)
		hz = follow(d);
	else if (d->config.rate == RATE_MATCH_DAW)
		hz = match_daw(d);
	return hz == d->rate_hz ? 0 : hz;
}

/* ---- what comes of it ---- */

static void
judge_rate(struct driver *d, uint32_t seen_hz)
{
	bool bad = seen_hz < RATE_MIN_HZ || seen_hz > RATE_MAX_HZ;

	if (bad == d->rate_bad)
		return;
	d->rate_bad = bad;
	d->graph.changed = true;
	if (bad)
		driver_say(d,
			"the graph runs at %u Hz, and %d to %d is possible: "
			"programs are left alone",
			seen_hz, RATE_MIN_HZ, RATE_MAX_HZ);
}

void
rate_follow_graph(struct driver *d)
{
	struct rate *r = &d->rate;
	uint32_t seen = atomic_load(&d->node.cycle->rate_seen_hz);

	if (!seen)
		return;
	judge_rate(d, seen);
	/* It may be refused, by the hardware or by a program that forces it. */
	if (r->asked_hz && r->asked_hz != seen &&
		driver_now_ns() - r->asked_ns > RATE_WAIT_NS) {
		r->asked_hz = 0;
		node_force_rate(&d->node, 0);
		d->graph.changed = true;
	}
	if (!d->rate_bad && seen != d->rate_hz)
		driver_change_rate(d, seen);
}

bool
rate_settled(const struct driver *d)
{
	return !d->rate.asked_hz || d->rate.asked_hz == d->rate_hz;
}

void
rate_look(struct driver *d)
{
	uint32_t hz;

	/* Who wants what is looked at after that: it is found once. */
	if (!rate_settled(d) || !(hz = wanted(d)))
		return;
	d->rate.asked_hz = hz;
	d->rate.asked_ns = driver_now_ns();
	node_force_rate(&d->node, hz);
}
