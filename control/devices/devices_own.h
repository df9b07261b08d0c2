/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of devices share; for devices*.c only. */
#ifndef DEVICES_OWN_H
#define DEVICES_OWN_H

#include "control/devices/mapping_store.h"
#include "control/devices/devices.h"
#include "control/devices/midi_learn.h"
#include "control/util/file_saver.h"
#include "control/midi/midi_parse.h"
#include "control/surface/surface.h"
#include "control/util/timer.h"

#define DEVICES_MAX (2 * MIDI_PORTS_MAX) /* those that are gone too */

struct midi_watch;

struct device {
	struct devices *all;
	uint32_t place; /* all->device[place], for as long as it lives */
	char name[MIDI_PORT_NAME_MAX];
	char socket[MIDI_SOCKET_MAX]; /* where it is plugged in, or "" */
	uint32_t twin;	 /* of those with this name and socket, from 0 */
	uint32_t which;	 /* of those with this name, from 1 */
	uint32_t source; /* of its changes */
	enum mapping_port kind;
	bool input, output;
	bool program; /* see struct midi_port */
	bool present;
	uint64_t gone_ns; /* since then, if not */
	bool in_open, out_open;
	bool wakes; /* we are told when it sends something */
	int error;
	uint64_t tried_ns;  /* to open it; error < 0 */
	uint64_t unsent_ns; /* something could not be sent then; 0: nothing */
	uint32_t port;	    /* in the backend's list, while present */
	void (*send)(void *data, const uint8_t *bytes, uint32_t n);
	void *send_data;       /* of devices_add() */
	uint64_t late_ns;      /* see devices_late() */
	struct reflex *reflex; /* or NULL */
	bool reflex_stale;

	struct midi_parser parser;
	const struct mapping *mapping, *learned; /* the store's, or NULL */
	struct mapping *merged; /* both in one, when there are both */
	struct surface *surface;
	struct learn learn;

	uint64_t read_ns; /* when what is being read came */
	uint64_t events, lost;
	bool heard;
	struct midi_event last;
	uint64_t last_ns;
};

struct devices {
	struct devices_config config;
	midi_listener listener; /* of each device's parser */

	struct midi_ports *ports; /* the machine's; NULL: not ours */
	struct midi_watch *watch;
	struct mapping_store *store;
	struct device *device[DEVICES_MAX];
	uint32_t devices;
	uint32_t sources;

	struct timer timer;    /* set to when there is something to do */
	uint64_t wake_ns;      /* we were told that something comes */
	uint64_t input_ns;     /* something came last */
	uint64_t listen_ns;    /* until then all devices are heard */
	uint64_t news_ns;      /* of the first news; 0: none */
	uint64_t last_news_ns; /* of the last */

	bool learning;
	uint64_t learn_ns; /* since then */
	char address[PARAM_ADDRESS_MAX];
	const char *state;
	char text[MAPPING_WHY_MAX];
	struct file_saver saver;
	bool saving;		    /* it is to be looked at */
	bool keeping;		    /* what is learned is being saved */
	char kept[MAPPING_WHY_MAX]; /* what is said then */

	void (*heard)(void *data, const char *device,
		const struct midi_event *e); /* or NULL */
	void *heard_data;
};

/* One line for the log. */
void devices_say(struct devices *all, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
