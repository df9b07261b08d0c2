/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services of OSC that need more than the model: /info, /apps,
 * /apps/explain, /status, /retake, /assign, /app/SLUG/strip, /midi,
 * /midi/watch, /learn and /loudness. Control thread only. */
#ifndef SERVICES_H
#define SERVICES_H

#include <stdbool.h>
#include <stdint.h>

#include "control/osc/answers/osc_service.h"
#include "control/osc/osc.h"
#include "control/osc/transport/osc_peer.h"
#include "control/util/timer.h"
#include "driver/driver.h"

#define MIDI_WATCHERS 8

struct devices;
struct loudness;
struct osc_request;

struct services_source {
	struct osc_source osc; /* what the server itself asks, and its data */
	void (*status)(void *data, struct driver_status *out);
	/* further lines of /status: name and value, until it returns false */
	bool (*counter)(void *data, uint32_t i, char name[32], double *value);
	struct devices *(*midi)(void *data); /* NULL: there is none */
	/* What was assigned for good is another. */
	void (*assigned)(void *data);
	/* Tells of each stream that plays. */
	void (*streams)(void *data, driver_tell_stream tell, void *to);
	/* Memory of a ring of this bus while it is wanted, until audio ends.
	 * false: there is none now. NULL: there never is */
	bool (*ring)(void *data, uint32_t bus, bool wanted, const void **map,
		size_t *size_bytes);
	/* Programs are to be taken again. False: they are already. */
	bool (*retake)(void *data);
};

/* Who is told what MIDI devices send. */
struct midi_watcher {
	struct osc_peer peer;
	uint64_t until_ns;
};

#define LOUDNESS_LISTENERS 8

/* Who is told how loud buses are. */
struct loudness_listener {
	struct osc_peer peer;
	uint32_t buses; /* a set */
	uint64_t until_ns, period_ns, next_ns;
};

struct loud {
	struct timer timer;
	struct loudness_listener listener[LOUDNESS_LISTENERS];
	uint32_t listeners;		 /* of them in use, from [0] */
	struct loudness *bus[BUSES_MAX]; /* NULL: it is not measured */
	uint32_t broken; /* a set: audio has ended under them meanwhile */
};

struct services {
	struct osc *osc;
	struct model *model;
	struct services_source source;

	struct osc_peer learner;   /* who began to learn */
	bool learns, learner_asks; /* it has; and how it goes */
	struct timer learner_gone; /* it does not ask any more */
	struct midi_watcher watcher[MIDI_WATCHERS];
	uint32_t watchers; /* of them in use, from [0] */
	struct loud loud;
};

/* Of a server that has just been opened. 0 or -errno */
int services_init(struct services *s, struct osc *o, struct loop *l,
	struct model *c, const struct services_source *source);
/* Behind osc_close(); of one that is all zeros as well. */
void services_done(struct services *s);

/* Each file's part; a pattern of NULL ends it. */
extern const struct osc_service osc_status_services[], osc_assign_services[],
	osc_explain_services[], osc_midi_services[], osc_midi_watch_services[],
	osc_loudness_services[];

/* Of learner_gone and loud.timer */
void osc_learner_tick(void *services);
void osc_loudness_tick(void *services);

void osc_midi_watch_done(struct services *s);
void osc_loudness_done(struct services *s);

/* Audio ends: its rings are not read any more. */
void osc_loudness_stop(struct services *s);

/* NULL: there is none, and r, if any, is refused. */
struct devices *services_devices(
	struct services *s, const struct osc_request *r);

#endif
