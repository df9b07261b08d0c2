/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user has moved a parked stream to another sink, in a mixer: it stays
 * parked, and comes back from there.
 *
 * PipeWire 0.3.65 loses a block of everybody's when a sink that runs leaves the
 * clock that it has followed: its own timer goes off on the way, before it has
 * left, and counts the cycle of those that stay as one that never ended; the
 * room then plays nothing in the place of the block that it has just got. A
 * sink that is paused leaves without that. So one that nobody else uses is
 * paused before the session manager, which is told in the same breath, cuts
 * the stream's links to it. Rejected: to cut them here, since PipeWire crashes
 * when links are removed while it starts or stops their nodes.
 *
 * Where others play, as in the room, it is heard for the 1 to 2 ms that the
 * session manager takes; in main it is at half its level then: see twice.c.
 * Rejected: to cut these links as they come, behind our answer, since then
 * WirePlumber 0.4 does not bring every stream back until its next word (1 of
 * 100 moves).
 *
 * When the stream has left, the sink is asked to start where somebody records
 * it, or has come there meanwhile: nobody else would, and it would stand still.
 * A sink that rests stays so. The pause is in the journal before it is made. */
#include "driver/supervisor/park/park.h"

#include <errno.h>

#include "driver/pipewire/graph/wireplumber.h"
#include "driver/pipewire/sinks/sound_device.h"
#include "driver/clock.h"
#include "driver/timer.h"

/* The sink must have been started by its links, too. */
#define LINKS_WAIT_NS WIREPLUMBER_LINKS_NS
#define WAKE_WAIT_NS  UINT64_C(100000000)
#define WAKE_STEP_NS  UINT64_C(5000000)

/* Where the session manager brings it. NULL: where everything goes, or to none
 * that we know. */
static const struct park_node *
sink_of(struct park_graph *g, const struct metadata_value *v)
{
	const struct graph_object *o =
		v->set ? wireplumber_target(&g->mirror, v->value, true) : NULL;
	const struct park_node *n = o ? o->follower : NULL;

	return n && n->is_sink ? n : NULL;
}

/* Nobody else plays into it. Who records it, as mixers do for their meters, is
 * not disturbed by a moment's pause. */
static bool
is_alone(const struct park_graph *g, const struct park_node *n,
	const struct park_node *sink)
{
	return graph_is_fed_by(graph_node(&g->mirror, sink->id), n->id);
}

void
moved_start(struct park_graph *g, uint64_t serial)
{
	const struct graph_object *sink =
		serial ? graph_node_by_serial(&g->mirror, serial) : NULL;

	if (sink)
		sound_device_start(sink);
}

void
moved_end(struct park *p, struct park_node *n)
{
	moved_start(&p->graph, n->paused);
	n->paused = 0;
}

static void
pause_sink(struct park *p, struct park_node *n, const struct park_node *sink,
	uint64_t now)
{
	n->paused = sink->serial;
	if (park_note(p, n) < 0) {
		n->paused = 0;
		return;
	}
	sound_device_command(
		p->graph.mirror.registry, sink->id, SPA_NODE_COMMAND_Pause);
	n->moved_ns = now;
}

static void
come_back(struct park *p, struct park_node *n, uint64_t now)
{
	const struct park_node *sink =
		park_graph_by_serial(&p->graph, n->moved_to);

	if (n->state == PARK_PARKED && sink && is_alone(&p->graph, n, sink))
		pause_sink(p, n, sink, now);
	n->moved_to = 0;
	if (n->state == PARK_PARKED)
		park_write(p, n);
}

/* False: it is too early, as the stream has not left it yet. */
static bool
wake(struct park *p, struct park_node *n, bool late)
{
	const struct park_node *sink =
		park_graph_by_serial(&p->graph, n->paused);

	if (sink && !late &&
		graph_is_linked(graph_node(&p->graph.mirror, n->id), sink->id))
		return false;
	moved_end(p, n);
	park_note(p, n);
	return true;
}

/* What is left of a wait, in ns; 0: it is over */
static uint64_t
left(const struct park_node *n, uint64_t wait_ns, uint64_t now)
{
	return now - n->moved_ns < wait_ns ? wait_ns - (now - n->moved_ns) : 0;
}

/* The next thing that is due for it, in ns from now; UINT64_MAX: none */
static uint64_t
go_on(struct park *p, struct park_node *n, uint64_t now)
{
	uint64_t ns;

	if (n->moved_to) {
		ns = left(n, LINKS_WAIT_NS, now);
		if (ns)
			return ns;
		come_back(p, n, now);
	}
	if (!n->paused)
		return UINT64_MAX;
	ns = left(n, WAKE_WAIT_NS, now);
	return wake(p, n, ns == 0) ? UINT64_MAX : WAKE_STEP_NS;
}

static void
on_timer(void *data, uint64_t expirations)
{
	struct park *p = data;
	uint64_t now = clock_now_ns(), next = UINT64_MAX, ns;
	struct park_node *n;

	(void)expirations;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		ns = go_on(p, n, now);
		next = SPA_MIN(next, ns);
	}
	timer_after(p->loop, p->moved, next);
}

void
moved_answer(struct park *p, struct park_node *n)
{
	const struct park_node *sink = sink_of(&p->graph, &n->object);

	n->moved_to = 0;
	/* In the room it would be heard twice as long as we wait. */
	if (!sink || !is_alone(&p->graph, n, sink)) {
		park_write(p, n);
		return;
	}
	n->moved_to = sink->serial;
	n->moved_ns = clock_now_ns();
	on_timer(p, 0); /* arms it */
}

int
moved_open(struct park *p)
{
	p->moved = pw_loop_add_timer(p->loop, on_timer, p);
	return p->moved ? 0 : -ENOMEM;
}

void
moved_close(struct park *p)
{
	source_end(p->loop, &p->moved);
}
