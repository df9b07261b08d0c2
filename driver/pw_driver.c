/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The live driver: connects, keeps a mirror of the graph, and after each change
 * of it says anew which links should be there. */
#include "driver/driver.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "driver/pw_compat.h"
#include "driver/pw_guard.h"
#include "driver/pw_private.h"

#define MS		1000000u
#define TICK_NS		(10 * MS)
#define WATCH_NS	(250 * MS)
#define RELEASE_WAIT_NS (600 * MS)
#define RUN_WAIT_NS	(1000 * MS) /* a first cycle is due */
#define RATE_GUESS_HZ	48000
#define ROUNDS_MAX	8
/* A linked port whose source runs and which gave nothing for so many cycles is
 * dead: it is linked anew. */
#define DEAD_CYCLES 200

uint64_t
driver_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void
driver_say(struct driver *d, const char *format, ...)
{
	char line[400];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (d->events->say)
		d->events->say(d->data, line);
}

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

	if (id == PW_ID_CORE && seq == d->sync) {
		d->synced = true;
		d->graph.changed = true;
	}
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

static void
audio_runs(struct driver *d, bool runs)
{
	struct ward_shared *shared =
		d->config.ward ? ward_client_shared(d->config.ward) : NULL;

	if (shared)
		atomic_store(&shared->audio_runs, runs);
}

static void
audio_stop(struct driver *d, const char *why)
{
	if (!d->running)
		return;
	d->running = false;
	audio_runs(d, false);
	d->node.leaving = true;
	if (d->node.filter)
		pw_filter_disconnect(d->node.filter);
	d->events->stop(d->data, why);
	midi_watch_links(d);
	peers_node_gone(d);
	links_begin(&d->links);
	links_end(&d->links);
	node_done(&d->node);
	memset(d->strip_closed, 0, sizeof(d->strip_closed));
	memset(d->wide_serial, 0, sizeof(d->wide_serial));
}

static void
audio_start(struct driver *d)
{
	int ret = node_init(&d->node, d->core, &d->config, d->rate_hz);

	if (ret == 0) {
		d->events->start(d->data, d->node.mixer,
			d->node.cycle->midi.reflex, d->rate_hz,
			atomic_load(&d->node.cycle->block_seen));
		d->running = true;
		ret = node_start(&d->node);
	}
	if (ret < 0) {
		driver_say(d, "the mixer node: %s", strerror(-ret));
		if (d->running)
			audio_stop(d, "its node could not be made");
		else
			node_done(&d->node);
		d->lost = true;
		return;
	}
	d->ran = d->idle_said = false;
	d->started_ns = driver_now_ns();
	audio_runs(d, true);
}

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

/* The graph may change its rate while we run. */
static void
follow_rate(struct driver *d)
{
	char why[64];
	uint32_t seen = atomic_load(&d->node.cycle->rate_seen_hz);

	if (!seen)
		return;
	judge_rate(d, seen);
	if (d->rate_bad || seen == d->rate_hz)
		return;
	snprintf(why, sizeof(why), "the graph runs at %u Hz now", seen);
	audio_stop(d, why);
	d->rate_hz = seen;
	audio_start(d);
	d->graph.changed = true;
}

/* A program that is parked before that would be silent. */
static void
judge_run(struct driver *d)
{
	if (d->ran)
		return;
	/* relaxed: one number, nothing else has to be seen with it */
	d->ran = atomic_load_explicit(
			 &d->node.cycle->cycles, memory_order_relaxed) > 0;
	if (d->ran) {
		d->graph.changed = true;
		if (d->idle_said)
			driver_say(d, "audio runs now");
	} else if (!d->idle_said &&
		   driver_now_ns() - d->started_ns >= RUN_WAIT_NS) {
		d->idle_said = true;
		d->graph.changed = true;
		driver_say(d, "the graph does not run: programs are left alone "
			      "until it does");
	}
}

static void
cut_if_dead(struct driver *d, const char *name, _Atomic uint32_t *empty)
{
	struct graph_object *link, *from;
	struct graph_object *port =
		graph_port_by_name(&d->graph, node_id(&d->node), name);

	if (!port || atomic_load(empty) < DEAD_CYCLES)
		return;
	spa_list_for_each(link, &d->graph.objects[GRAPH_LINK], link)
	{
		if (link->in_port != port->id)
			continue;
		from = graph_find(&d->graph, GRAPH_NODE, link->out_node);
		if (!from || from->state != PW_NODE_STATE_RUNNING)
			continue;
		d->dead_buffers++;
		links_cut(&d->links, port->id);
		d->graph.changed = true;
		/* relaxed: one number; see pw_cycle.h for its two writers */
		atomic_store_explicit(empty, 0, memory_order_relaxed);
		return;
	}
}

static void
revive(struct driver *d)
{
	static const char *const sides[] = {"FL", "FR"};
	char name[32];

	for (uint32_t s = 0; s < d->config.strips; s++) {
		for (uint32_t i = 0; i < 2; i++) {
			snprintf(name, sizeof(name), "strip%u_%s", s + 1,
				sides[i]);
			cut_if_dead(d, name, &d->node.cycle->in_empty[s][i]);
		}
	}
	for (uint32_t w = 0; w < WIDES; w++) {
		for (uint32_t i = 0; i < CHANNELS_MAX; i++) {
			snprintf(name, sizeof(name), "wide%u_%u", w + 1, i + 1);
			cut_if_dead(d, name, &d->node.cycle->wide_empty[w][i]);
		}
	}
}

static void
arm_timer(struct driver *d, bool soon)
{
	struct timespec value = {0, soon ? TICK_NS : 0};

	pw_loop_update_timer(d->loop, d->timer, &value, NULL, false);
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

	(void)expirations;
	if (d->running)
		revive(d);
}

/* What is wanted of the graph, from what it is: all of it, each time. */
static void
look(struct driver *d)
{
	d->graph.changed = false;
	streams_scan(d);
	guard_walk(&d->graph, node_id(&d->node));
	streams_tell(d);
	tap_step_all(d);
	if (links_revive(&d->links, node_id(&d->node), driver_now_ns()))
		d->waiting = true;
	links_begin(&d->links);
	if (d->running) {
		tap_links(d);
		buses_links(d);
	}
	links_end(&d->links);
	buses_police(d);
	clocks_watch(d);
	midi_watch_links(d);
	peers_watch(d);
	streams_tell(d);
}

static void
settle(struct driver *d)
{
	if (!d->synced || d->lost)
		return;
	if (!d->running && !d->released)
		audio_start(d);
	if (d->running)
		follow_rate(d);
	if (d->running)
		judge_run(d);
	buses_make_loops(d);
	for (int i = 0; i < ROUNDS_MAX && d->graph.changed; i++)
		look(d);
	arm_timer(d, d->waiting || d->graph.changed ||
			     (d->running && !d->ran && !d->idle_said));
	if (d->node.failed)
		d->lost = true;
}

static int
connect_core(struct driver *d)
{
	struct pw_properties *props = pw_properties_new(PW_KEY_CONFIG_NAME,
		pw_compat_config_name(), PW_KEY_APP_NAME, "tapdeck",
		PW_KEY_APP_ICON_NAME, "tapdeck", NULL);
	struct timespec period = {0, WATCH_NS};

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
	if (!d->timer || !d->watch)
		return -ENOMEM;
	pw_loop_update_timer(d->loop, d->watch, &period, &period, false);
	return 0;
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
	spa_list_init(&d->apps);
	if ((ret = connect_core(d)) < 0 ||
		(ret = graph_init(&d->graph, d->core)) < 0) {
		driver_close(d);
		return ret;
	}
	links_init(&d->links, d->core, &d->graph);
	d->sync = pw_core_sync(d->core, PW_ID_CORE, 0);
	*out = d;
	return 0;
}

void
driver_close(struct driver *d)
{
	if (!d)
		return;
	audio_stop(d, d->lost ? "PipeWire has gone" : "closing");
	streams_forget(d);
	links_done(&d->links);
	graph_done(&d->graph);
	for (uint32_t b = 0; b < d->config.buses; b++)
		if (d->loop_proxy[b])
			pw_proxy_destroy(d->loop_proxy[b]);
	if (d->timer)
		pw_loop_destroy_source(d->loop, d->timer);
	if (d->watch)
		pw_loop_destroy_source(d->loop, d->watch);
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
	while (!d->lost && pw_loop_iterate(d->loop, 0) > 0)
		settle(d);
	settle(d);
	return d->lost ? -EPIPE : 0;
}

int
driver_tap(struct driver *d, uint32_t app_id, int strip, enum tap_mode mode)
{
	struct tapped *t;
	struct stream *s;

	spa_list_for_each(t, &d->apps, link)
	{
		if (t->app.id != app_id)
			continue;
		t->strip = strip;
		t->tap = mode;
		/* asked anew: the session manager may have changed its mind */
		spa_list_for_each(s, &t->streams, link) s->refused = false;
		d->graph.changed = true;
		arm_timer(d, true);
		return 0;
	}
	return -ENOENT;
}

void
driver_release_all(struct driver *d)
{
	uint64_t until_ns = driver_now_ns() + RELEASE_WAIT_NS;

	d->released = true;
	d->graph.changed = true;
	while (!d->lost && driver_now_ns() < until_ns) {
		settle(d);
		if (tap_idle(d) && !buses_drop_loops(d))
			break;
		pw_loop_iterate(d->loop, 10);
	}
}

struct mixer *
driver_mixer(const struct driver *d)
{
	return d->running ? d->node.mixer : NULL;
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
	snprintf(out->main_sink, sizeof(out->main_sink), "%s", d->main_now);
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
