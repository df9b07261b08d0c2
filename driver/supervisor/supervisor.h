/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor ("supervisor") and the engine's end of the line to it.
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
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUPERVISOR_NAME_MAX	128
#define SUPERVISOR_PEERS_MAX	16
#define SUPERVISOR_MEMORY_BYTES (256 * 1024)
#define SUPERVISOR_CONFIG_BYTES (128 * 1024)

/* A link of the user's at our node, and the port at its other end. */
struct supervisor_peer {
	char own[SUPERVISOR_NAME_MAX];	/* port.name */
	char node[SUPERVISOR_NAME_MAX]; /* node.name */
	char port[SUPERVISOR_NAME_MAX]; /* port.name */
};

struct supervisor_shared {
	/* One more when a cycle is entered and one more when it is left: odd
	 * inside of one. The engine's audio thread stores. While it is 0, no
	 * audio has run and only control_beats count. */
	_Alignas(64) _Atomic uint64_t audio_turns;
	/* One more at least every HEARTBEAT_MS, and after each piece of work;
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
	char park_sink[SUPERVISOR_NAME_MAX]; /* node.name; set before the engine
					      */
	char cable_sink[SUPERVISOR_NAME_MAX]; /* node.name, or "" */
	/* Engine control: what its user has linked to the MIDI ports and the
	 * buses. Such links die with the engine's node, and the next one makes
	 * them anew. */
	uint32_t peers; /* 0 while the others are written */
	struct supervisor_peer peer[SUPERVISOR_PEERS_MAX];
	_Alignas(64) unsigned char config[SUPERVISOR_CONFIG_BYTES];
	_Alignas(64) unsigned char memory[SUPERVISOR_MEMORY_BYTES];
};

/* Programs are only copied, since engines before this one crashed. */
static inline bool
supervisor_copy_only(const struct supervisor_shared *s)
{
	/* relaxed: one flag */
	return atomic_load_explicit(&s->copy_only, memory_order_relaxed);
}

#define HEARTBEAT_MS	  50
#define HEARTBEAT_HUNG_MS 250

/* ---- supervisor ---- */

struct supervisor_options {
	bool cable;    /* make the visible sink Tapdeck */
	bool grab_new; /* and make it the default sink while we run */
	bool quiet;
	char *const *engine_argv; /* NULL-terminated, argv[0] included */
	/* What every engine gets, also one that is started later: at most
	 * SUPERVISOR_CONFIG_BYTES of plain data. */
	const void *config;
	size_t config_bytes;
};

/* control (the supervisor's only thread): runs until the engine ended for good
 * or a signal asked to stop; puts everything back. Returns the exit code. */
int supervisor_run(const struct supervisor_options *options);

/* control: puts back what a tapdeck that was killed has left changed, from its
 * journal; to be called when no tapdeck runs in this session. 0 or -errno. */
int supervisor_recover(void);

/* ---- engine ---- */

struct supervisor_client;

struct supervisor_events {
	/* The user asked to stop: give apps back and end. */
	void (*quit)(void *data);
	/* The supervisor is gone: put things back ourselves and end. */
	void (*orphaned)(void *data);
};

/* control: -ENOENT when not started by a supervisor. Then the program runs
 * without one (tests of the engine alone) and can only copy. */
int supervisor_client_open(struct supervisor_client **out,
	const struct supervisor_events *events, void *data);
void supervisor_client_close(struct supervisor_client *w);
int supervisor_client_fd(const struct supervisor_client *w);
void supervisor_client_dispatch(struct supervisor_client *w);
/* NULL of NULL: there is no supervisor */
struct supervisor_shared *supervisor_client_shared(struct supervisor_client *w);
/* Where the supervisor's log goes in the end. Our stderr is its log, and ends
 * with it. -1: it has none. */
int supervisor_client_log_fd(const struct supervisor_client *w);

/* control, before supervisor_client_open(): the configuration that the
 * supervisor was started with; false when there is none. */
bool supervisor_client_config(void *config, size_t config_bytes);

/* control: park this stream on the silent sink / send it back to where its user
 * had it. Never waits; what came of it shows in the graph. sent: its user has
 * sent it somewhere, as the session manager remembers: the word about that must
 * be known before it is moved. */
int supervisor_client_park(
	struct supervisor_client *w, uint64_t serial, bool sent);
int supervisor_client_restore(struct supervisor_client *w, uint64_t serial);

#endif
