/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the engine share. Control thread only. */
#ifndef ENGINE_OWN_H
#define ENGINE_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "control/engine/engine.h"
#include "control/engine/services.h"
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

/* One line for the log, unless it is to be quiet. */
void engine_say(void *engine, const char *line);

/* Tells the supervisor that control goes on: after each piece of work, by a
 * timer when there is none, and inside what takes long. */
void engine_beat(void *engine);

/* All zeros without a driver. */
void engine_status(void *engine, struct driver_status *out);

/* engine_sound.c: the driver, its news, and the rings. 0 or -errno. When the
 * connection is lost later, it is tried again by itself. */
int engine_driver_start(struct engine *e);
void engine_driver_retry(void *engine);
int engine_tap(void *engine, uint32_t app_id, int strip, enum tap_mode mode,
	uint32_t pair);

/* engine_ring.c: the memory of a ring of this bus, until audio ends; false:
 * there is none, or it is not wanted any more */
bool engine_ring(void *engine, uint32_t bus, bool wanted, const void **map,
	size_t *size_bytes);
/* No audio thread runs, nobody reads them. */
void engine_rings_free(struct engine *e);

/* engine_copy.c: engines before this one crashed, and so programs are only
 * copied */
bool engine_copies_only(const struct engine *e);
/* In this mode the strip's tap becomes "copy" instead of "take". */
void engine_copy(struct engine *e, int strip);
/* Back to what was asked for; false: it is so already */
bool engine_retake(void *engine);

/* engine_state.c: the model, with what was kept. 0 or -errno, having said why
 * where it is no lack of memory */
int engine_model_start(struct engine *e);

/* engine_osc.c: 0 or -errno, having said why */
int engine_osc_start(struct engine *e);
/* engine_network.c: says where tablets find it, and has them find it. */
void engine_network_start(struct engine *e);
/* Memory that outlives this process. */
struct osc_leases *engine_leases(struct engine *e);
struct hands *engine_hands(struct engine *e);
struct model_tempo *engine_tempo(struct engine *e); /* of the user's file */

/* engine_reload.c: from now on the user's file is read again when it is saved;
 * before any app is there. */
void engine_reload_start(struct engine *e);
void engine_reload_stop(struct engine *e);

/* engine_assign.c: what was put on strips by hand for good; read at the start,
 * and written when it becomes other. */
void engine_assign_start(struct engine *e);
void engine_assign_save(void *engine);
void engine_assign_stop(struct engine *e);

/* engine_scenes.c: 0 or -errno */
int engine_scenes_start(struct engine *e);

/* engine_midi.c: devices come and go by themselves afterwards. Without MIDI
 * everything else goes on. */
void engine_midi_start(struct engine *e);
/* e->mixer and e->reflex have come or gone. */
void engine_midi_audio(struct engine *e);
/* So many links go into the driver's MIDI port and out of it. */
void engine_midi_links(struct engine *e, uint32_t in, uint32_t out);
/* A link out of it has begun to flow. */
void engine_midi_flows(struct engine *e);
/* Something came at the driver's ports. */
void engine_midi_came(void *engine);

/* engine_tempo.c: 0 or -errno */
int engine_tempo_start(struct engine *e);
/* What the user's file says otherwise than it did is set, as by a hand. */
void engine_tempo_reload(struct engine *e, const struct model_tempo *next);
/* e->mixer has come or gone. */
void engine_tempo_audio(struct engine *e, uint32_t rate_hz);

/* Leaves the port where the commands of this user's session look for it, and
 * takes it away again. */
void engine_port_tell(const struct engine *e);
void engine_port_forget(void);

#endif
