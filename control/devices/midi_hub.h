/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every MIDI device of the machine: which mapping it has, what it sends to its
 * surface, what its surface sends back, learning. Devices come and go; one that
 * comes back is found, its lamps and faders are restored. Control thread only.
 */
#ifndef MIDI_HUB_H
#define MIDI_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/mapping/mapping.h"
#include "control/midi/midi.h"
#include "control/midi/midi_ports.h"

#define MIDI_POLL_NS UINT64_C(1000000) /* while something may come */

struct loop;
struct midi_hub;
struct params;
struct reflex;

struct midi_hub_config {
	struct loop *loop;
	struct params *params;
	const struct midi_backend *backend; /* NULL: the machine's own */
	void *backend_data;
	void (*say)(void *data, const char *line); /* one for the log */
	/* As surface_peak; NULL: no meters. */
	float (*peak)(void *data, bool bus, uint32_t index);
	void *data;
};

/* 0 and *out is the caller's, or -errno. A machine without MIDI is fine. */
int midi_hub_open(struct midi_hub **out, const struct midi_hub_config *config);
void midi_hub_close(struct midi_hub *h); /* NULL is fine */

/* Devices may have come or gone: looked at in a quiet moment, within a second.
 * The hub is told so by the machine; for a backend of one's own. */
void midi_hub_news(struct midi_hub *h);

/* Audio has started or ended: meters. */
void midi_hub_sound(struct midi_hub *h);

/* Everything shown anew on all devices. */
void midi_hub_resync(struct midi_hub *h);

/* A device that is no PortMidi one, for mappings with this `port`: its number,
 * or -ENOSPC. send gets whole messages. */
int midi_hub_add(struct midi_hub *h, const char *name, enum mapping_port port,
	void (*send)(void *data, const uint8_t *bytes, uint32_t n), void *data);
/* It is there, or not. Each time that it is said to be there it is shown
 * everything anew. At first it is not. */
void midi_hub_present(struct midi_hub *h, int device, bool present);
/* What it was sent may have been lost: if it is there it is shown all once
 * more, and who has a hand on it keeps it. */
void midi_hub_again(struct midi_hub *h, int device);
/* What it is sent can come back so much later than by a cable. */
void midi_hub_late(struct midi_hub *h, int device, uint64_t late_ns);
/* Some of what it sent before was lost. */
void midi_hub_lost(struct midi_hub *h, int device);
/* It sent these bytes. */
void midi_hub_take(
	struct midi_hub *h, int device, const uint8_t *bytes, uint32_t n);
/* Where the hub keeps up to date what the audio thread does with the device's
 * messages by itself; NULL: nowhere. */
void midi_hub_reflex(struct midi_hub *h, int device, struct reflex *x);

/* ---- for people ---- */

struct midi_hub_device {
	const char *name;
	const char *socket; /* where it is plugged in, or "" */
	bool alike;	    /* another one of this name is there */
	bool input, output;
	bool present; /* else it was pulled out */
	bool own;     /* of midi_hub_add() */
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
void midi_hub_listen(struct midi_hub *h, uint64_t for_ns,
	void (*heard)(
		void *data, const char *device, const struct midi_event *e),
	void *data);

/* Device i, from 0; false: no more. */
bool midi_hub_device(
	struct midi_hub *h, uint32_t i, struct midi_hub_device *out);

/* ---- learning ---- */

/* Waits for a control of any device that shall move this address; what they
 * send moves nothing meanwhile. 0, or -EINVAL with why[MAPPING_WHY_MAX]. */
int midi_hub_learn(struct midi_hub *h, const char *address, char *why);
void midi_hub_learn_cancel(struct midi_hub *h);

struct midi_hub_learning {
	const char *state; /* idle, move, left, twice, done, failed */
	const char *address;
	const char *text; /* for people: what to do, or what came of it */
};
void midi_hub_learning(const struct midi_hub *h, struct midi_hub_learning *out);

/* Takes controls of this address out of what was learned: how many, or -errno
 * with why[MAPPING_WHY_MAX]. */
int midi_hub_forget(struct midi_hub *h, const char *address, char *why);

#endif
