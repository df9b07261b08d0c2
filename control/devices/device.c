/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The devices of the machine: who is there, and with which mapping. */
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/util/loop.h"
#include "control/devices/devices_own.h"
#include "control/devices/device.h"
#include "control/devices/mapping_merge.h"
#include "control/devices/midi_watch.h"
#include "core/reflex.h"

#define SOURCE_FIRST 0x4D000000u /* "M": not those of other protocols */

void
devices_say(struct devices *all, const char *fmt, ...)
{
	char line[2 * MAPPING_WHY_MAX];
	va_list args;

	if (!all->config.say)
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	all->config.say(all->config.data, line);
}

/* ---- what it is sent ---- */

static void
on_send(void *data, const uint8_t *bytes, uint32_t n)
{
	struct device *d = data;
	struct devices *all = d->all;

	if (d->send)
		d->send(d->send_data, bytes, n);
	else if (d->out_open &&
		 all->config.backend->write(
			 all->config.backend_data, d->port, bytes, n) < 0) {
		d->lost++;
		if (d->unsent_ns == 0)
			d->unsent_ns = loop_now_ns();
	}
}

static float
on_peak(void *data, bool bus, uint32_t index)
{
	const struct devices *all = ((struct device *)data)->all;

	return all->config.peak(all->config.data, bus, index);
}

/* ---- life ---- */

/* A free place, or that of the one that has been gone for longest. Others stay
 * where they are: the engine knows its ports by their place. */
static uint32_t
free_place(const struct devices *all)
{
	uint32_t place = DEVICES_MAX;
	uint64_t since_ns = UINT64_MAX;

	if (all->devices < DEVICES_MAX)
		return all->devices;
	for (uint32_t i = 0; i < all->devices; i++) {
		const struct device *d = all->device[i];

		if (d->present || d->send || d->gone_ns >= since_ns)
			continue;
		since_ns = d->gone_ns;
		place = i;
	}
	return place;
}

struct device *
device_new(struct devices *all, const char *name, enum mapping_port kind)
{
	uint32_t place = free_place(all);
	struct device *d;

	if (place == DEVICES_MAX)
		return NULL;
	d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	if (place < all->devices)
		device_free(all->device[place]);
	else
		all->devices++;
	all->device[place] = d;
	d->place = place;
	snprintf(d->name, sizeof(d->name), "%s", name);
	d->all = all;
	d->which = 1;
	d->kind = kind;
	d->source = SOURCE_FIRST + all->sources++;
	device_listen(d);
	return d;
}

void
device_listen(struct device *d)
{
	midi_parser_init(&d->parser, d->all->listener, d);
}

bool
device_is_alike(const struct device *d)
{
	for (uint32_t i = 0; i < d->all->devices; i++) {
		const struct device *o = d->all->device[i];

		if (o != d && o->present && !o->send &&
			!strcmp(o->name, d->name))
			return true;
	}
	return false;
}

void
device_free(struct device *d)
{
	surface_free(d->surface);
	mapping_free(d->merged);
	free(d);
}

bool
device_is_clock(const struct device *d)
{
	return d->all->config.clock_of[0] &&
	       fnmatch(d->all->config.clock_of, d->name, FNM_CASEFOLD) == 0;
}

/* ---- mappings ---- */

/* In the place of the one before, whose lamps it puts out; also when there is
 * no mapping any more. */
static void
surface_make(struct device *d)
{
	static const struct mapping nothing;
	const struct mapping *m = d->mapping ? d->mapping : d->learned;
	struct surface_config config = {.params = d->all->config.params,
		.source = d->source,
		.send = on_send,
		.peak = d->all->config.peak ? on_peak : NULL,
		.data = d};
	struct surface *before = d->surface;
	struct mapping *merged = NULL;
	uint32_t count;
	int ret = 0;

	if (before) {
		surface_let_go(before);
		surface_bank(before, &config.bank, &count);
	}
	d->surface = NULL;
	d->reflex_stale = true;
	if (d->mapping && d->learned)
		m = merged = mapping_merge(d->mapping, d->learned);
	config.mapping = m ? m : &nothing;
	if (m || before)
		ret = surface_new(&d->surface, &config);
	if (d->surface) {
		surface_late(d->surface, d->late_ns);
		surface_resync(d->surface);
	}
	if (d->surface && before)
		ret = surface_inherit(d->surface, before, loop_now_ns());
	if (ret < 0)
		devices_say(d->all, "MIDI: %s: %s", d->name, strerror(-ret));
	surface_free(before);
	mapping_free(d->merged);
	d->merged = merged;
}

/* What a mapping for just any device is not for: what brings back what programs
 * send, ours first, and what programs send themselves. The volumes of a song
 * would move strips. */
static bool
is_no_device(const struct device *d)
{
	return d->program ||
	       !strncasecmp(d->name, "Midi Through", strlen("Midi Through"));
}

void
device_pick(struct device *d)
{
	const struct mapping_device device = {d->name, d->socket, d->which};
	const struct mapping *m =
		mapping_store_pick(d->all->store, &device, d->kind);
	const struct mapping *learned =
		mapping_store_learned(d->all->store, d->name);

	if (m && is_no_device(d) && mapping_fits(m, d->name) < 2)
		m = NULL;
	if (m == d->mapping && learned == d->learned)
		return;
	d->mapping = m;
	d->learned = learned;
	surface_make(d);
	if (d->present)
		device_say(d);
}

void
device_say(const struct device *d)
{
	const struct mapping *m = d->mapping, *learned = d->learned;

	if (m)
		devices_say(d->all, "MIDI: %s: %s (%s)%s", d->name, m->name,
			m->path, learned ? ", and what was learned" : "");
	else
		devices_say(d->all, "MIDI: %s: %s", d->name,
			learned ? "what was learned" : "no mapping fits");
}

/* ---- reflexes ---- */

bool
device_reflex_stale(const struct device *d)
{
	return d->reflex &&
	       (d->reflex_stale ||
		       (d->surface && surface_reflex_stale(d->surface)));
}

void
device_reflex(struct device *d)
{
	struct reflex_table *t;

	if (!device_reflex_stale(d))
		return;
	d->reflex_stale = false;
	t = reflex_begin(d->reflex);
	if (d->surface && !d->all->learning)
		surface_reflex(d->surface, t);
	reflex_publish(d->reflex);
}
