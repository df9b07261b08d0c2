/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every MIDI device of the machine: which mapping it has, what it sends to its
 * surface, what its surface sends back, learning. Devices come and go; one that
 * comes back is found, its lamps and faders are restored. Control thread only.
 */
#ifndef DEVICES_H
#define DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/mapping/mapping.h"
#include "control/midi/midi.h"
#include "control/midi/midi_ports.h"

#define MIDI_POLL_NS UINT64_C(1000000) /* while something may come */

struct loop;
struct devices;
struct params;
struct reflex;

struct devices_config {
	struct loop *loop;
	struct params *params;
	const struct midi_backend *backend; /* NULL: the machine's own */
	void *backend_data;
	void (*say)(void *data, const char *line); /* one for the log */
	/* As surface_peak; NULL: no meters. */
	float (*peak)(void *data, bool bus, uint32_t index);
	/* A device (0..) has sent a message of a clock; or NULL. clock_of: the
	 * shell pattern of those that are heard, and opened for it; "": any
	 * that is open. Borrowed; see devices_clock_of(). */
	const char *clock_of;
	void (*clock)(void *data, uint32_t device, const struct midi_event *e,
		uint64_t time_ns);
	void *data;
};

/* 0 and *out is the caller's, or -errno. A machine without MIDI is fine. */
int devices_open(struct devices **out, const struct devices_config *config);
void devices_close(struct devices *all); /* NULL is fine */

/* Devices may have come or gone: looked at in a quiet moment, within a second.
 * They are told so by the machine; for a backend of one's own. */
void devices_news(struct devices *all);

/* Another text stands in clock_of. */
void devices_clock_of(struct devices *all);

/* Audio has started or ended: meters. */
void devices_sound(struct devices *all);

/* Everything shown anew on all devices. */
void devices_resync(struct devices *all);

/* A device that is no PortMidi one, for mappings with this `port`: its number,
 * or -ENOSPC. send gets whole messages. */
int devices_add(struct devices *all, const char *name, enum mapping_port port,
	void (*send)(void *data, const uint8_t *bytes, uint32_t n), void *data);
/* It is there, or not. Each time that it is said to be there it is shown
 * everything anew. At first it is not. */
void devices_present(struct devices *all, int device, bool present);
/* What it was sent may have been lost: if it is there it is shown all once
 * more, and who has a hand on it keeps it. */
void devices_again(struct devices *all, int device);
/* What it is sent can come back so much later than by a cable. */
void devices_late(struct devices *all, int device, uint64_t late_ns);
/* Some of what it sent before was lost. */
void devices_lost(struct devices *all, int device);
/* It sent these bytes. */
void devices_take(
	struct devices *all, int device, const uint8_t *bytes, uint32_t n);
/* Where is kept up to date what the audio thread does with the
 * device's messages by itself; NULL: nowhere. */
void devices_reflex(struct devices *all, int device, struct reflex *x);

/* ---- for people ---- */

struct midi_device {
	const char *name;
	const char *socket; /* where it is plugged in, or "" */
	bool alike;	    /* another one of this name is there */
	bool input, output;
	bool present; /* else it was pulled out */
	bool own;     /* of devices_add() */
	bool in_open, out_open;
	int error;	       /* 0, or -errno of opening what is not */
	const char *mapping;   /* its name, "" when none fits */
	const char *path;      /* of its file */
	bool learned;	       /* controls of its own beside or instead of it */
	uint64_t events, lost; /* clocks are none */
	bool heard;	       /* the two that follow hold */
	struct midi_event last;
	uint64_t last_ns; /* CLOCK_MONOTONIC */
};

/* For so long all devices are opened, also those without a mapping, and each
 * message that one sends is told, but clocks. Instead of who listened before;
 * heard NULL: nobody. */
void devices_listen(struct devices *all, uint64_t for_ns,
	void (*heard)(
		void *data, const char *device, const struct midi_event *e),
	void *data);

/* Device i, from 0; false: no more. */
bool devices_at(struct devices *all, uint32_t i, struct midi_device *out);

/* ---- learning ---- */

/* Waits for a control of any device that shall move this address; what they
 * send moves nothing meanwhile. 0, or -EINVAL with why[MAPPING_WHY_MAX]. */
int devices_learn(struct devices *all, const char *address, char *why);
void devices_learn_cancel(struct devices *all);

struct devices_learning {
	const char *state; /* idle, move, left, twice, done, failed */
	const char *address;
	const char *text; /* for people: what to do, or what came of it */
};
void devices_learning(const struct devices *all, struct devices_learning *out);

/* Takes controls of this address out of what was learned: how many, or -errno
 * with why[MAPPING_WHY_MAX]. */
int devices_forget(struct devices *all, const char *address, char *why);

#endif
