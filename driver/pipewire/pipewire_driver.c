/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The live driver: connects, keeps a mirror of the graph, and after each change
 * of it says anew which links should be there. */
#include "driver/driver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/clock.h"
#include "driver/pipewire/compat.h"
#include "driver/pipewire/look.h"
#include "driver/pipewire/node/audio.h"
#include "driver/pipewire/node/node_midi.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses.h"
#include "driver/pipewire/sinks/headphones.h"
#include "driver/pipewire/streams.h"
#include "driver/pipewire/tap.h"
#include "driver/pipewire/twice.h"
#include "driver/timer.h"

#define MS		1000000u
#define TICK_NS		(10 * MS)
#define WATCH_NS	(250 * MS)
#define MANAGER_WAIT_NS (1000 * MS)
#define RELEASE_WAIT_NS (600 * MS)
#define RATE_GUESS_HZ	48000
#define ROUNDS_MAX	8
/* A turn of the control loop reads and looks no longer than this; what is left
 * is for the next turn. */
#define TURN_NS (5 * MS)

static void
on_core_info(void *data, const struct pw_core_info *info)
{
	struct driver *d = data;
	const char *rate =
		info->props ? spa_dict_lookup(info->props, "default.clock.rate")
			    : NULL;

	if (rate && !d->running && atoi(rate) >= RATE_MIN_HZ &&
		atoi(rate) <= RATE_MAX_HZ)
		d->rate_hz = (uint32_t)atoi(rate);
}

static void
on_core_done(void *data, uint32_t id, int seq)
{
	struct driver *d = data;

	if (id != PW_ID_CORE || seq != d->sync)
		return;
	/* The first: every object has been seen, and asked. The second: all
	 * have answered, but for the session manager. */
	if (!d->seen) {
		d->seen = true;
		d->sync = pw_core_sync(d->core, PW_ID_CORE, 0);
		return;
	}
	d->synced = true;
	d->synced_ns = driver_now_ns();
	d->graph.changed = true;
}

static void
on_core_error(void *data, uint32_t id, int seq, int res, const char *message)
{
	struct driver *d = data;

	(void)seq;
	(void)message;
	if (id == PW_ID_CORE && res == -EPIPE)
		d->lost = true;
}

static const struct pw_core_events core_events = {
	PW_VERSION_CORE_EVENTS,
	.info = on_core_info,
	.done = on_core_done,
	.error = on_core_error,
};

/* In ns; UINT64_MAX: when something happens */
static uint64_t
next_look_ns(const struct driver *d)
{
	if (d->graph.changed)
		return 0;
	if ((d->waiting || !rate_settled(d) ||
		    (d->running && !d->ran && !d->idle_said)) &&
		d->links_due_ns > TICK_NS)
		return TICK_NS;
	return d->links_due_ns;
}

static void
on_timer(void *data, uint64_t expirations)
{
	struct driver *d = data;

	(void)expirations;
	d->graph.changed = true;
}

/* What no event tells: the audio thread's findings. settle() comes after. */
static void
on_watch(void *data, uint64_t expirations)
{
	struct driver *d = data;
	char line[HEADPHONES_LINE_MAX];

	(void)expirations;
	if (d->running) {
		driver_revive(d);
		latency_watch(&d->node);
		if (headphones_watch(d, line))
			driver_say(d, "%s", line);
	}
	if (driver_now_ns() >= d->retry_ns)
		d->graph.changed = true;
}

static bool
turn_is_long(const struct driver *d)
{
	return driver_now_ns() - d->turn_ns >= TURN_NS;
}

/* Before that nobody knows what the default sink is, nor who goes where. One
 * that stands still is not waited for: what plays is to be heard. */
static bool
manager_is_awaited(const struct driver *d)
{
	return !d->running && graph_listens(&d->graph) &&
	       driver_now_ns() - d->synced_ns < MANAGER_WAIT_NS;
}

static void
settle(struct driver *d)
{
	d->lost |= d->graph.lost;
	if (!d->synced || d->lost)
		return;
	if (manager_is_awaited(d)) {
		timer_after(d->loop, d->timer, TICK_NS);
		return;
	}
	if (!d->running && !d->released)
		audio_start(d);
	if (d->running)
		rate_follow_graph(d);
	if (d->running)
		audio_judge_run(d);
	buses_make_loops(d);
	for (int i = 0; i < ROUNDS_MAX && d->graph.changed; i++) {
		driver_look(d);
		if (turn_is_long(d))
			break;
	}
	timer_after(d->loop, d->timer, next_look_ns(d));
	if (d->node.failed)
		d->lost = true;
}

static void
on_refused(void *data, const struct graph_object *out_port,
	const struct graph_object *in_port, const char *why)
{
	struct driver *d = data;
	const struct graph_object *from =
		graph_node(&d->graph, out_port->node_id);
	const struct graph_object *to = graph_node(&d->graph, in_port->node_id);

	driver_say(d,
		"PipeWire does not link %s:%s to %s:%s (%s); tried again "
		"later, more and more seldom",
		from ? from->name : "?", out_port->name, to ? to->name : "?",
		in_port->name, why);
}

static int
connect_core(struct driver *d)
{
	struct pw_properties *props = pw_properties_new(PW_KEY_CONFIG_NAME,
		compat_config_name(), PW_KEY_APP_NAME, "tapdeck",
		PW_KEY_APP_ICON_NAME, "tapdeck", NULL);

	d->main = pw_main_loop_new(NULL);
	if (!d->main) {
		pw_properties_free(props);
		return -errno;
	}
	d->loop = pw_main_loop_get_loop(d->main);
	pw_loop_enter(d->loop);
	d->context = pw_context_new(d->loop, props, 0);
	if (!d->context)
		return -errno;
	d->core = pw_context_connect(d->context, NULL, 0);
	if (!d->core)
		return -EHOSTDOWN;
	pw_core_add_listener(d->core, &d->core_listener, &core_events, d);
	d->timer = pw_loop_add_timer(d->loop, on_timer, d);
	d->watch = pw_loop_add_timer(d->loop, on_watch, d);
	d->volume = volume_new(d->loop, d->core);
	if (!d->timer || !d->watch || !d->volume)
		return -ENOMEM;
	timer_every(d->loop, d->watch, WATCH_NS);
	return midi_bell_open(d);
}

int
driver_open(struct driver **out, const struct driver_config *config,
	const struct driver_events *events, void *data)
{
	struct driver *d = calloc(1, sizeof(*d));
	int ret;

	*out = NULL;
	if (!d)
		return -ENOMEM;
	pw_init(NULL, NULL);
	d->config = *config;
	d->events = events;
	d->data = data;
	d->rate_hz = RATE_GUESS_HZ;
	d->main_now = "";
	d->retry_ns = UINT64_MAX;
	spa_list_init(&d->apps);
	d->links_due_ns = UINT64_MAX;
	graph_init(&d->graph);
	d->graph.event = events->turn;
	d->graph.event_data = data;
	d->graph.sent = twice_sent;
	d->graph.sent_data = d;
	if ((ret = connect_core(d)) < 0 ||
		(ret = graph_watch(&d->graph, d->core)) < 0 ||
		(ret = blocked_init(d)) < 0) {
		driver_close(d);
		return ret;
	}
	links_init(&d->links, d->core, &d->graph, on_refused, d);
	d->sync = pw_core_sync(d->core, PW_ID_CORE, 0);
	*out = d;
	return 0;
}

/* When the driver may no longer wait for anything */
static uint64_t
leave_ns(struct driver *d)
{
	if (!d->leave_ns)
		d->leave_ns = driver_now_ns() + RELEASE_WAIT_NS;
	return d->leave_ns;
}

/* Not closed in the middle of a reading: see metadata.h. */
static void
metadata_await(struct driver *d)
{
	while (graph_listens(&d->graph) && driver_now_ns() < leave_ns(d))
		pw_loop_iterate(d->loop, 10);
}

void
driver_close(struct driver *d)
{
	if (!d)
		return;
	audio_stop(d, d->lost ? "PipeWire has gone" : "closing");
	metadata_await(d);
	volume_free(d->volume);
	streams_forget(d);
	blocked_done(d);
	links_done(&d->links);
	graph_done(&d->graph);
	remembered_done(&d->remembered);
	for (uint32_t b = 0; b < d->config.buses; b++)
		if (d->loop_proxy[b])
			pw_proxy_destroy(d->loop_proxy[b]);
	source_end(d->loop, &d->timer);
	source_end(d->loop, &d->watch);
	midi_bell_close(d);
	if (d->core) {
		spa_hook_remove(&d->core_listener);
		pw_core_disconnect(d->core);
	}
	if (d->context)
		pw_context_destroy(d->context);
	if (d->main) {
		pw_loop_leave(d->loop);
		pw_main_loop_destroy(d->main);
	}
	free(d);
}

int
driver_fd(const struct driver *d)
{
	return pw_loop_get_fd(d->loop);
}

int
driver_dispatch(struct driver *d)
{
	/* what others take of the processor is not our work */
	uint64_t took_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	d->turn_ns = driver_now_ns();
	/* What is not read stays readable: the caller comes again at once. */
	while (!d->lost && !turn_is_long(d) && pw_loop_iterate(d->loop, 0) > 0)
		;
	settle(d);
	took_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - took_ns;
	if (took_ns > d->turn_ns_max)
		d->turn_ns_max = took_ns;
	return d->lost ? -EPIPE : 0;
}

int
driver_tap(struct driver *d, uint32_t app_id, int strip, enum tap_mode mode,
	uint32_t pair)
{
	struct tapped *t;
	struct stream *s;

	spa_list_for_each(t, &d->apps, link)
	{
		if (t->app.id != app_id)
			continue;
		t->strip = strip;
		t->by_hand = mode == TAP_TAKE_BY_HAND;
		t->tap = t->by_hand ? TAP_TAKE : mode;
		t->pair = pair;
		/* asked anew: the session manager may have changed its mind */
		spa_list_for_each(s, &t->streams, link) s->retry_ns = 0;
		d->graph.changed = true;
		timer_after(d->loop, d->timer, 0);
		return 0;
	}
	return -ENOENT;
}

void
driver_regroup(struct driver *d)
{
	d->regroup = true;
	d->graph.changed = true;
	timer_after(d->loop, d->timer, 0);
}

void
driver_release_all(struct driver *d)
{
	d->released = true;
	d->graph.changed = true;
	while (!d->lost && driver_now_ns() < leave_ns(d)) {
		d->turn_ns = driver_now_ns();
		if (d->events->turn)
			d->events->turn(d->data);
		settle(d);
		if (tap_idle(d) && !buses_drop_loops(d) &&
			!graph_listens(&d->graph))
			break;
		pw_loop_iterate(d->loop, 10);
	}
}

void
driver_status(const struct driver *d, struct driver_status *out)
{
	const struct cycle *c = d->node.cycle;

	memset(out, 0, sizeof(*out));
	out->running = d->running;
	out->rate_hz = d->rate_hz;
	out->foreign_links = d->foreign_links;
	out->dead_buffers = d->dead_buffers;
	out->looks = d->looks;
	out->look_us = d->look_ns / 1000;
	out->turn_us_max = (uint32_t)(d->turn_ns_max / 1000);
	snprintf(out->main_sink, sizeof(out->main_sink), "%s", d->main_now);
	headphones_status(d, out);
	if (!d->running)
		return;
	if (d->rate_bad)
		out->rate_hz = atomic_load(&c->rate_seen_hz);
	out->block_frames = atomic_load(&c->block_seen);
	out->cycles = atomic_load(&c->cycles);
	out->xruns = atomic_load(&c->xruns);
	out->midi_lost = atomic_load(&c->midi.lost);
	out->load = atomic_load(&c->load);
	out->load_max = atomic_load(&c->load_max);
	out->links = links_count(&d->links);
	node_scheduler(&d->node, out->scheduler);
}
