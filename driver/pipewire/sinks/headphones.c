/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The headphones' sink beside that of main: have they one clock, and which of
 * the two is heard later.
 *
 * Linked to both, our node ties them: PipeWire runs both by the clock of one,
 * and the other is resampled to follow, unless both say that they have the same
 * clock (those of one card do). How late a sink is PipeWire tells our ports.
 * Its resampler, which it leaves out of that, is late by half of its 48 taps.
 */
#include "driver/pipewire/sinks/headphones.h"

#include <stdio.h>
#include <string.h>

#include "driver/pipewire/node/latency.h"
#include "driver/pipewire/sinks/buses_where.h"
#include "driver/pipewire/sinks/handover.h"

#define RESAMPLER_FRAMES 24

/* "": it has none of its own, and goes by any */
static const char *
clock_of(const struct graph_object *sink)
{
	const char *name = graph_prop(sink, "clock.name");

	return name[0] ? name : graph_prop(sink, "api.bluez5.address");
}

static bool
is_resampled(const struct graph_object *sink, const struct graph_object *by)
{
	const char *own = clock_of(sink);

	return own[0] && strcmp(own, clock_of(by)) != 0;
}

/* From the mixer to what is heard of this bus: its limiter, and what comes
 * behind its ports */
static double
late_frames(const struct driver *d, uint32_t bus)
{
	const struct cycle *c = d->node.cycle;
	const struct latency_port *port = c->out[bus][0];
	const struct spa_latency_info *heard = &port->heard;
	/* relaxed: a number alone */
	uint32_t block =
		atomic_load_explicit(&c->block_seen, memory_order_relaxed);

	return (double)d->node.latency.told[bus] +
	       (double)heard->max_quantum * block + heard->max_rate +
	       (double)heard->max_ns * d->rate_hz / 1e9;
}

static struct headphones
headphones_look(const struct driver *d, uint32_t cue, uint32_t room)
{
	const struct graph_object *phones = buses_target(d, cue);
	const struct graph_object *speakers = buses_target(d, room);
	struct headphones h = {0};
	double frames;
	bool leads;

	if (!phones || !speakers)
		return h;
	h.cue = phones->serial;
	h.room = speakers->serial;
	if (phones == speakers)
		return h;
	leads = handover_leads(phones, speakers);
	h.resamples = leads ? is_resampled(speakers, phones)
			    : is_resampled(phones, speakers);
	h.cue_leads = leads;
	frames = late_frames(d, cue) - late_frames(d, room);
	if (h.resamples)
		frames += leads ? -RESAMPLER_FRAMES : RESAMPLER_FRAMES;
	h.late_us = (int32_t)(frames * 1e6 / d->rate_hz);
	return h;
}

static bool
is_same(const struct headphones *a, const struct headphones *b)
{
	return a->cue == b->cue && a->room == b->room &&
	       a->resamples == b->resamples && a->cue_leads == b->cue_leads &&
	       a->late_us == b->late_us;
}

/* "": all is as it would be without them */
static void
tell(const struct driver *d, const struct headphones *h, uint32_t cue,
	uint32_t room, char line[HEADPHONES_LINE_MAX])
{
	const char *phones = d->bus_now[cue], *speakers = d->bus_now[room];
	double late_ms = h->late_us / 1000.0;

	line[0] = '\0';
	if (h->cue && h->cue == h->room)
		snprintf(line, HEADPHONES_LINE_MAX,
			"cue and main both play into %s, one on top of the "
			"other; with one output, --bus cue=main splits it",
			phones);
	else if (h->resamples)
		snprintf(line, HEADPHONES_LINE_MAX,
			"%s and %s have a clock each: PipeWire resamples %s to "
			"follow; cue is heard %.1f ms %s main",
			phones, speakers, h->cue_leads ? "main" : "cue",
			late_ms < 0.0 ? -late_ms : late_ms,
			late_ms < 0.0 ? "before" : "after");
}

/* PipeWire tells in pieces: what stays so for a while is said. */
bool
headphones_watch(struct driver *d, char line[HEADPHONES_LINE_MAX])
{
	int cue = buses_find(d, BUS_NAME_CUE);
	int room = buses_find(d, BUS_NAME_MAIN);
	struct headphones before = d->phones;

	if (cue < 0 || room < 0 || buses_has_mains_output(d, (uint32_t)cue))
		return false;
	d->phones = headphones_look(d, (uint32_t)cue, (uint32_t)room);
	if (!is_same(&d->phones, &before) ||
		is_same(&d->phones, &d->phones_said))
		return false;
	d->phones_said = d->phones;
	tell(d, &d->phones, (uint32_t)cue, (uint32_t)room, line);
	return line[0] != '\0';
}

void
headphones_status(const struct driver *d, struct driver_status *out)
{
	int cue = buses_find(d, BUS_NAME_CUE);

	if (cue < 0)
		return;
	snprintf(out->cue_sink, sizeof(out->cue_sink), "%s", d->bus_now[cue]);
	out->cue_resampled = d->phones.resamples;
	out->cue_late_us = d->phones.late_us;
}
