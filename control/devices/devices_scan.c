/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices that come and go. One is known by its name and by where it is plugged
 * in; where that is not known, by its place among those of its name. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/util/loop.h"
#include "control/devices/devices_own.h"
#include "control/devices/device.h"
#include "control/devices/devices_scan.h"
#include "control/devices/midi_watch.h"

#define RETRY_NS UINT64_C(2000000000) /* another program lets go of it */

/* What is there now. */
struct scan {
	struct midi_port port[MIDI_PORTS_MAX];
	uint32_t ports;
	uint32_t named[MIDI_PORTS_MAX]; /* those of its name before it */
	uint32_t twin[MIDI_PORTS_MAX];	/* likewise with its socket */
};

static void
scan_look(struct scan *s, struct devices *all)
{
	s->ports = all->config.backend->scan(
		all->config.backend_data, s->port, MIDI_PORTS_MAX);
	for (uint32_t i = 0; i < s->ports; i++) {
		struct midi_port *p = &s->port[i];

		s->named[i] = s->twin[i] = 0;
		for (uint32_t k = 0; k < i; k++)
			s->named[i] += !strcmp(s->port[k].name, p->name);
		if (all->watch)
			midi_watch_socket(
				all->watch, p->name, s->named[i], p->socket);
		for (uint32_t k = 0; k < i; k++)
			s->twin[i] += !strcmp(s->port[k].name, p->name) &&
				      !strcmp(s->port[k].socket, p->socket);
	}
}

/* In the order of their sockets, which is the same each time. */
static uint32_t
which_of(const struct scan *s, uint32_t i)
{
	uint32_t which = 1;

	for (uint32_t k = 0; k < s->ports; k++) {
		int order = strcmp(s->port[k].socket, s->port[i].socket);

		if (!strcmp(s->port[k].name, s->port[i].name))
			which += order < 0 || (order == 0 && k < i);
	}
	return which;
}

static bool
is_port(const struct device *d, const struct scan *s, uint32_t i)
{
	return !d->send && !strcmp(d->name, s->port[i].name) &&
	       !strcmp(d->socket, s->port[i].socket) && d->twin == s->twin[i];
}

static bool
is_there(const struct device *d, const struct scan *s)
{
	for (uint32_t i = 0; i < s->ports; i++)
		if (is_port(d, s, i))
			return true;
	return false;
}

/* The one that was there, or one that is gone: it was plugged in elsewhere. */
static struct device *
device_find(struct devices *all, const struct scan *s, uint32_t i)
{
	struct device *gone = NULL;

	for (uint32_t k = 0; k < all->devices; k++) {
		struct device *d = all->device[k];

		if (is_port(d, s, i))
			return d;
		if (!gone && !d->send && !d->present && !is_there(d, s) &&
			!strcmp(d->name, s->port[i].name))
			gone = d;
	}
	return gone;
}

static void
device_arrive(struct devices *all, const struct scan *s, uint32_t i)
{
	const struct midi_port *port = &s->port[i];
	struct device *d = device_find(all, s, i);
	bool back = d && !d->present;

	if (!d)
		d = device_new(all, port->name, MAPPING_ALSA);
	if (!d)
		return;
	snprintf(d->socket, sizeof(d->socket), "%s", port->socket);
	d->twin = s->twin[i];
	d->which = which_of(s, i);
	d->port = i;
	d->input = port->input;
	d->output = port->output;
	d->program = port->program ||
		     (all->watch && midi_watch_is_program(all->watch, d->name));
	d->present = true;
	/* What was cut off is not continued by what comes now. */
	device_listen(d);
	if (back) {
		d->error = 0;
		devices_say(all, "MIDI: %s is back", d->name);
		if (d->surface)
			surface_resync(d->surface);
	} else if (d->surface) {
		/* Closed and opened again: some put out lights. Or it was
		 * away for a moment, and knows nothing any more. */
		surface_refresh(d->surface);
		surface_doubt(d->surface, loop_now_ns());
	}
	device_pick(d);
}

/* Of equal devices that are plugged in who knows where nobody knows which one
 * is which. When one comes or goes the others may have changed places, so their
 * faders stand anywhere. */
static void
equals_resync(struct devices *all, const struct device *changed)
{
	for (uint32_t i = 0; i < all->devices; i++) {
		struct device *d = all->device[i];

		if (d != changed && d->surface && !d->send && !d->socket[0] &&
			!strcmp(d->name, changed->name))
			surface_replaced(d->surface, loop_now_ns());
	}
}

void
devices_scan(struct devices *all)
{
	bool was[DEVICES_MAX] = {false};
	uint64_t now_ns = loop_now_ns();
	uint32_t devices = all->devices;
	struct scan s = {.ports = 0};

	scan_look(&s, all);
	for (uint32_t i = 0; i < devices; i++) {
		struct device *d = all->device[i];
		bool there = is_there(d, &s);

		was[i] = d->present;
		if (d->send)
			continue;
		if (was[i] && !there) {
			devices_say(all, "MIDI: %s is gone", d->name);
			if (d->surface)
				surface_let_go(d->surface);
		}
		d->in_open = d->out_open = false;
		d->tried_ns = 0;
		d->present = there && was[i]; /* device_arrive() says so */
		if (there != was[i])
			d->gone_ns = now_ns;
	}
	for (uint32_t i = 0; i < s.ports; i++)
		device_arrive(all, &s, i);
	for (uint32_t i = 0; i < all->devices; i++)
		if (all->device[i]->present != was[i])
			equals_resync(all, all->device[i]);
	devices_open_wanted(all);
}

bool
device_is_open(const struct device *d)
{
	return d->in_open || d->out_open;
}

static void
device_open(struct devices *all, struct device *d, uint64_t now_ns)
{
	int error = all->config.backend->open(
		all->config.backend_data, d->port, &d->in_open, &d->out_open);

	if (error < 0 && error != d->error)
		devices_say(all, "MIDI: %s: %s%s", d->name,
			d->in_open    ? "output: "
			: d->out_open ? "input: "
				      : "",
			strerror(-error));
	else if (error == 0 && d->error < 0)
		devices_say(all, "MIDI: %s is open now", d->name);
	d->error = error;
	d->tried_ns = now_ns;
	d->wakes = d->in_open && all->watch &&
		   midi_watch_listen(all->watch, d->name);
}

uint64_t
devices_open_wanted(struct devices *all)
{
	uint64_t now_ns = loop_now_ns(), next_ns = UINT64_MAX;
	bool every = all->learning || now_ns < all->listen_ns;

	for (uint32_t i = 0; i < all->devices; i++) {
		struct device *d = all->device[i];
		bool could_show = d->out_open;

		if (!d->present || d->send ||
			(!every && !d->surface && !device_is_clock(d)) ||
			(device_is_open(d) && d->error == 0))
			continue;
		if (d->tried_ns == 0 || now_ns - d->tried_ns >= RETRY_NS)
			device_open(all, d, now_ns);
		if (d->out_open && !could_show && d->surface)
			surface_refresh(d->surface);
		if (d->error < 0 && d->tried_ns + RETRY_NS - now_ns < next_ns)
			next_ns = d->tried_ns + RETRY_NS - now_ns;
	}
	return next_ns;
}
