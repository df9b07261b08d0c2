/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the engine share. Control thread only. */
#ifndef ENGINE_OWN_H
#define ENGINE_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "control/engine/engine.h"
#include "control/engine/services/services.h"
#include "control/scene/scene_osc.h"
#include "control/util/loop.h"
#include "core/mixer/mixer.h"
#include "core/ring/share.h"
#include "driver/program/desktop_file.h"
#include "driver/driver.h"
#include "driver/supervisor/supervisor.h"

#define ENGINE_MS 1000000u /* ns */

/* What only this process reads. */
struct engine_ring {
	void *map; /* NULL: there is none */
	size_t size_bytes;
	struct ring_writer writer;
};

struct engine {
	const struct engine_config *config; /* the caller's, or: */
	struct engine_config *live;	    /* what has changed since */
	const struct engine_reread *reread;
	struct file_watch *watch; /* on the user's file; NULL: none */
	struct loop *loop;
	struct model *model;
	struct state *state; /* NULL: nothing is saved */
	struct osc *osc;
	struct services services;
	struct scenes *scenes; /* NULL: there is no state folder */
	struct scene_osc scene_osc;
	struct zeroconf *zeroconf;
	struct devices *midi; /* NULL: it could not be had */
	int midi_device;      /* of the devices: the driver's own ports */
	int midi_timer;
	const struct driver_midi *midi_at; /* that is being taken, or NULL */
	struct tempo *tempo;
	uint32_t midi_in, midi_out; /* links of them */
	struct ring_share *share;   /* NULL: its folder takes nothing */
	struct supervisor_client *supervisor; /* NULL: nobody supervises us */
	struct supervisor_shared *shared;     /* NULL likewise */
	struct desktop_files *files;	      /* what programs are called */
	struct driver *driver; /* NULL while there is no PipeWire */
	struct mixer *mixer;   /* NULL while no audio runs */
	struct reflex *reflex; /* NULL likewise */
	struct ring_writer ring[BUSES_MAX];
	bool has_ring[BUSES_MAX];
	struct engine_ring own_ring[BUSES_MAX]; /* where it has none */
	uint32_t rate_hz, block_frames;		/* of the audio that runs */
	bool unlocked; /* a ring that could not be locked in memory */
	bool unlocked_said;
	struct file_saver *saver; /* of the assignments */
	int saver_timer;
	bool assign_off;   /* a file that is not to be lost is in the way */
	bool assign_again; /* they are others by now than what is on its way */
	void *memory;	   /* as shared->memory, when nobody supervises us */
	int retry_timer;
	uint64_t retry_ns;
	bool ended;
};

#endif
