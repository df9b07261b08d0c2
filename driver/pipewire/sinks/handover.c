/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bus goes from one sink to another, as main does when the default sink is
 * another one.
 *
 * It plays into both until the new one runs. Between two sinks our node would
 * for a moment follow none, and all that is linked to it would change its clock
 * twice; PipeWire 0.3.65 moves a graph to another clock node by node, while the
 * new one already runs, and what is half moved loses a block, also in the
 * recording. So a sink that is about to lead, or to leave, is paused while the
 * nodes are moved (see park_moved.c for who leaves), if nobody else uses it.
 *
 * No journal has that pause, since a run that is killed inside of it leaves
 * nothing to put back: a sink that is left paused has lost our links in the
 * same turn, rests by itself, and starts with whoever plays into it next. One
 * that is recorded, or new, is started again in that turn. */
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/handover.h"
#include "driver/pipewire/sinks/sound_device.h"

#define WAIT_NS 200000000u
#define WAKE_NS 100000000u

/* Another bus of ours plays into it, or has not left it yet. */
static bool
is_shared(const struct driver *d, const struct handover *h, uint64_t serial)
{
	for (uint32_t b = 0; b < d->config.buses; b++) {
		const struct handover *other = &d->handover[b];

		if (other != h &&
			(other->to == serial || other->from == serial))
			return true;
	}
	return false;
}

bool
handover_leads(
	const struct graph_object *sink, const struct graph_object *other)
{
	int a = pw_properties_get_int32(sink->props, PW_KEY_PRIORITY_DRIVER, 0);
	int b = pw_properties_get_int32(
		other->props, PW_KEY_PRIORITY_DRIVER, 0);

	return a != b ? a > b : sink->serial < other->serial;
}

/* Who is moved in the middle of a cycle may do it twice, or not at all. */
static bool
is_quiet(const struct driver *d)
{
	const struct cycle *c = d->node.cycle;
	uint64_t block_ns = driver_block_ns(d);
	/* relaxed: one value, and nothing hangs on its order */
	uint64_t age_ns = driver_now_ns() - atomic_load_explicit(&c->cycle_ns,
						    memory_order_relaxed);

	return age_ns > block_ns / 4 && age_ns < block_ns * 3 / 4;
}

/* Another program may have come to a sink as it was paused: nobody else would
 * start it again, and a sink that rests is left alone. */
static void
start_again(struct driver *d, struct handover *h)
{
	const struct graph_object *sink =
		graph_node_by_serial(&d->graph, h->paused);

	h->paused = 0;
	if (sink)
		sound_device_start(sink);
}

static void
wake(struct driver *d, struct handover *h)
{
	if (!h->paused)
		return;
	if (driver_now_ns() - h->paused_ns < WAKE_NS)
		d->waiting = true;
	else
		start_again(d, h);
}

static void
leave(struct driver *d, struct handover *h, const struct graph_object *old,
	const struct graph_object *target)
{
	struct pw_registry *registry = d->graph.registry;

	if (is_shared(d, h, old->serial))
		return; /* our node stays with both */
	if (graph_is_fed_by(old, node_id(&d->node))) {
		if (h->paused) /* the one before that */
			start_again(d, h);
		sound_device_command(registry, old->id, SPA_NODE_COMMAND_Pause);
		h->paused = old->serial;
		h->paused_ns = driver_now_ns();
		d->waiting = true;
		if (!spa_list_is_empty(&old->links_out)) /* it is recorded */
			d->to_start[d->to_starts++] = old->id;
	}
	if (handover_leads(target, old) ||
		!graph_is_fed_by(target, node_id(&d->node)))
		return;
	sound_device_command(registry, target->id, SPA_NODE_COMMAND_Pause);
	d->to_start[d->to_starts++] = target->id;
}

void
handover_look(struct driver *d, uint32_t bus, const struct graph_object *target)
{
	struct handover *h = &d->handover[bus];
	uint64_t serial = target ? target->serial : 0;
	const struct graph_object *old;
	bool runs;

	wake(d, h);
	if (h->to != serial) {
		h->from = h->to;
		h->to = serial;
		h->since_ns = driver_now_ns();
	}
	old = target && h->from ? graph_node_by_serial(&d->graph, h->from)
				: NULL;
	if (!old) {
		h->from = 0;
		return;
	}
	runs = links_active_to(&d->links, node_id(&d->node), target->id);
	if (!(runs && is_quiet(d)) && driver_now_ns() - h->since_ns < WAIT_NS &&
		links_keep(&d->links, node_id(&d->node), old->id)) {
		d->waiting = true;
		return;
	}
	h->from = 0;
	if (runs)
		leave(d, h, old, target);
}

bool
handover_plays(const struct driver *d)
{
	bool none = true;

	for (uint32_t b = 0; b < d->config.buses; b++) {
		const struct graph_object *to =
			graph_node_by_serial(&d->graph, d->handover[b].to);

		if (to && links_active_to(&d->links, node_id(&d->node), to->id))
			return true;
		none &= !to;
	}
	return none;
}

void
handover_end(struct driver *d)
{
	for (uint32_t i = 0; i < d->to_starts; i++)
		sound_device_command(d->graph.registry, d->to_start[i],
			SPA_NODE_COMMAND_Start);
	d->to_starts = 0;
}
