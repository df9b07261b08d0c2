/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor ("ward") and the engine's end of the line to it.
 *
 * `tapdeck run` is two processes. The supervisor is the parent: it owns the
 * silent parking sink, the cable and every word written into the session's
 * metadata, journals each before it is written, watches the engine's
 * heartbeat, and has no audio in it. The engine is its child, started as
 * `tapdeck engine ...` with the line's descriptors in the environment.
 *
 * They share one anonymous mapping: heartbeats, and the memory in which control
 * keeps its values, so that a new engine goes on where the old one was killed.
 */
#ifndef WARD_H
#define WARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WARD_NAME_MAX	  128
#define WARD_PEERS_MAX	  16
#define WARD_MEMORY_BYTES (256 * 1024)
#define WARD_CONFIG_BYTES (32 * 1024)

/* A port of another program. */
struct ward_peer {
	char node[WARD_NAME_MAX]; /* node.name */
	char port[WARD_NAME_MAX]; /* port.name */
	uint32_t output;
};

struct ward_shared {
	/* One more when a cycle is entered and one more when it is left: odd
	 * inside of one. The engine's audio thread stores. While it is 0, no
	 * audio has run and only control_beats count. */
	_Alignas(64) _Atomic uint64_t audio_turns;
	/* One more at least every WARD_BEAT_MS, and after each piece of work;
	 * the engine's control thread stores. */
	_Alignas(64) _Atomic uint64_t control_beats;
	_Atomic uint32_t
		audio_runs;	   /* engine control: 1 while cycles are due */
	_Atomic uint32_t block_ns; /* engine control: time of one block */
	_Atomic uint64_t engine_starts; /* the supervisor stores */
	/* Programs are only copied: the supervisor stores 1 before it starts an
	 * engine, and that engine's control 0 when its user asks for it. */
	_Atomic uint32_t copy_only;
	/* Strips that are set to copy for that, one bit each; engine control */
	_Atomic uint64_t copied_strips;
	/* Lines of the log that found no room; whoever drops one adds, the
	 * supervisor's log takes. */
	_Atomic uint32_t lines_dropped;
	char park_sink[WARD_NAME_MAX];	/* node.name; set before the engine */
	char cable_sink[WARD_NAME_MAX]; /* node.name, or "" */
	/* Engine control: what is linked to the MIDI ports. Such links die with
	 * the engine's node, and the next one makes them anew. */
	uint32_t peers; /* 0 while the others are written */
	struct ward_peer peer[WARD_PEERS_MAX];
	_Alignas(64) unsigned char config[WARD_CONFIG_BYTES];
	_Alignas(64) unsigned char memory[WARD_MEMORY_BYTES];
};

/* Programs are only copied, since engines before this one crashed. */
static inline bool
ward_copy_only(const struct ward_shared *s)
{
	/* relaxed: one flag */
	return atomic_load_explicit(&s->copy_only, memory_order_relaxed);
}

#define WARD_BEAT_MS 50
#define WARD_HUNG_MS 250

/* ---- supervisor ---- */

struct ward_options {
	bool cable;    /* make the visible sink Tapdeck */
	bool grab_new; /* and make it the default sink while we run */
	bool quiet;
	char *const *engine_argv; /* NULL-terminated, argv[0] included */
	/* What every engine gets, also one that is started later: at most
	 * WARD_CONFIG_BYTES of plain data. */
	const void *config;
	size_t config_bytes;
};

/* control (the supervisor's only thread): runs until the engine ended for good
 * or a signal asked to stop; puts everything back. Returns the exit code. */
int ward_run(const struct ward_options *options);

/* control: puts back what a tapdeck that was killed has left changed, from its
 * journal; to be called when no tapdeck runs in this session. 0 or -errno. */
int ward_recover(void);

/* ---- engine ---- */

struct ward_client;

struct ward_events {
	/* The user asked to stop: give apps back and end. */
	void (*quit)(void *data);
	/* The supervisor is gone: put things back ourselves and end. */
	void (*orphaned)(void *data);
};

/* control: -ENOENT when not started by a supervisor. Then the program runs
 * without one (tests of the engine alone) and can only copy. */
int ward_client_open(
	struct ward_client **out, const struct ward_events *events, void *data);
void ward_client_close(struct ward_client *w);
int ward_client_fd(const struct ward_client *w);
void ward_client_dispatch(struct ward_client *w);
struct ward_shared *ward_client_shared(struct ward_client *w);
/* Where the supervisor's log goes in the end. Our stderr is its log, and ends
 * with it. -1: it has none. */
int ward_client_log_fd(const struct ward_client *w);

/* control, before ward_client_open(): the configuration that the supervisor was
 * started with; false when there is none. */
bool ward_client_config(void *config, size_t config_bytes);

/* control: park this stream on the silent sink / send it back to where its user
 * had it. Never waits; what came of it shows in the graph. */
int ward_client_park(struct ward_client *w, uint32_t node_id, uint64_t serial);
int ward_client_release(
	struct ward_client *w, uint32_t node_id, uint64_t serial);

#endif
