/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our node and its mixer: they begin, change their rate, end; and whether the
 * graph runs them. */
#include <stdio.h>
#include <string.h>

#include "driver/pipewire/graph/peers.h"
#include "driver/pipewire/node/audio.h"
#include "driver/pipewire/node/node_midi.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/handover.h"

#define RUN_WAIT_NS 1000000000u /* a first cycle is due */

static void
audio_runs(struct driver *d, bool runs)
{
	struct supervisor_shared *shared =
		supervisor_client_shared(d->config.supervisor);

	if (shared)
		atomic_store(&shared->audio_runs, runs);
}

void
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
	links_end(&d->links, driver_now_ns());
	node_done(&d->node);
	memset(d->strip_closed, 0, sizeof(d->strip_closed));
	memset(d->strip_aside, 0, sizeof(d->strip_aside));
	memset(d->strip_halved, 0, sizeof(d->strip_halved));
	memset(d->wide_serial, 0, sizeof(d->wide_serial));
}

void
audio_start(struct driver *d)
{
	int ret = node_init(&d->node, d->core, &d->config, d->rate_hz,
		d->rate.asked_hz == d->rate_hz, d->bell->fd);

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
	d->cycles_before = 0;
	d->started_ns = driver_now_ns();
	audio_runs(d, true);
}

/* Another rate: the node and all links stay, also those of others. */
static void
change_mixer(struct driver *d, const char *why)
{
	int ret;

	d->running = false;
	d->events->stop(d->data, why);
	ret = node_set_rate(&d->node, &d->config, d->rate_hz);
	if (ret < 0) {
		driver_say(d, "the mixer: %s", strerror(-ret));
		audio_runs(d, false);
		node_done(&d->node);
		d->lost = true;
		return;
	}
	d->running = true;
	d->events->start(d->data, d->node.mixer, d->node.cycle->midi.reflex,
		d->rate_hz, atomic_load(&d->node.cycle->block_seen));
	node_resume(&d->node);
}

void
driver_change_rate(struct driver *d, uint32_t hz)
{
	char why[64];

	snprintf(why, sizeof(why), "the graph runs at %u Hz now", hz);
	d->rate_hz = hz;
	if (node_pause(&d->node) == 0) {
		change_mixer(d, why);
	} else {
		audio_stop(d, why);
		audio_start(d);
	}
	d->graph.changed = true;
}

/* A program that is parked before that would be silent. */
void
audio_judge_run(struct driver *d)
{
	uint64_t cycles;

	if (d->ran)
		return;
	/* relaxed: one number, nothing else has to be seen with it */
	cycles = atomic_load_explicit(
		&d->node.cycle->cycles, memory_order_relaxed);
	/* until then another sink may run us, as the silent one does */
	if (!handover_plays(d))
		d->cycles_before = cycles;
	d->ran = cycles > d->cycles_before;
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
