/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audio thread's side of the PipeWire driver: get buffers, mixer_run(),
 * give buffers back. node.c sets it up. */
#ifndef CYCLE_H
#define CYCLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "core/mixer/fold.h"
#include "core/limits.h"
#include "core/mixer/mixer.h"
#include "driver/pipewire/node/cycle_midi.h"

struct spa_io_position;

/* Inputs of more than two channels are rare: a few groups of ports, lent to the
 * strips that need one. */
#define WIDES 4

struct cycle {
	/* Another rate has another mixer. Control has these, folds and reflex
	 * to itself while it has stored `paused` and seen audio outside;
	 * without a mixer audio goes on, silent. */
	_Atomic uint32_t paused; /* control stores */
	_Atomic uint32_t inside; /* audio stores */
	struct mixer *mixer;
	uint32_t rate_hz;
	uint32_t changes; /* one more for each mixer */

	/* set before audio starts */
	uint32_t strips;
	uint32_t buses;
	_Atomic uint64_t *turns; /* the supervisor's, or NULL; audio stores */

	/* ports of the filter; set before audio starts */
	void *in[STRIPS_MAX][2];
	void *wide[WIDES][CHANNELS_MAX];
	void *out[BUSES_MAX][2];
	struct fold fold[BUSES_MAX]; /* see there for its owners */
	struct cycle_midi midi;

	/* control stores, audio reads: the strip in the low byte, and the
	 * layout (of at most 8 channels, 4 bits each) from bit 32 on: one
	 * word, so that they change together. 0: nobody has this group. */
	_Atomic uint64_t wide_use[WIDES];

	/* audio stores, control reads; relaxed: counters, nothing hangs on
	 * their order */
	_Atomic uint64_t cycles;
	_Atomic uint64_t cycle_ns; /* when the last one began */
	_Atomic uint64_t xruns;
	_Atomic uint32_t rate_seen_hz;
	_Atomic uint32_t block_seen;
	_Atomic float load;
	_Atomic float load_max;
	/* Cycles without a buffer. Audio stores; control stores 0 when it
	 * links the port anew, and should that be lost, looks once more. */
	_Atomic uint32_t in_empty[STRIPS_MAX][2];
	_Atomic uint32_t wide_empty[WIDES][CHANNELS_MAX];
	_Atomic pthread_t thread;
	_Atomic uint32_t thread_known;

	/* audio thread only */
	uint64_t next_position;
	uint32_t clock_id;
	uint32_t changes_seen;
	struct mixer_input inputs[STRIPS_MAX + WIDES];
};

/* audio: the filter's process event */
RT void cycle_run(void *cycle, struct spa_io_position *position);

#endif
