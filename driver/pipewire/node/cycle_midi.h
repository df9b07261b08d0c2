/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MIDI ports of the engine's node: the audio thread's side, and what it
 * shares with the control thread. node_midi.c is the other side. */
#ifndef CYCLE_MIDI_H
#define CYCLE_MIDI_H

#include <stdatomic.h>
#include <stdint.h>

#include <spa/utils/ringbuffer.h>

#include "core/clock_out.h"
#include "core/reflex.h"
#include "core/rt.h"

#define MIDI_RING_BYTES 65536u /* each way; a power of two */
#define MIDI_PIECE_MAX                                                         \
	1024u			 /* bytes of one record; a longer message is   \
				  * several */
#define MIDI_BUFFER_BYTES 32768u /* of a port's buffer that is looked at */

/* What a record takes in a ring, and an event in a buffer, of so many bytes */
#define MIDI_ROUND(n) (((n) + 7u) & ~7u)

/* What was sent may come back, through the graph or a device: for so many
 * frames control is to judge what looks like that. */
#define MIDI_BACK_FRAMES 16384u
#define MIDI_BACK_SLOTS	 1024u /* a power of two */

struct mixer;

/* Ticks of a clock, in order. */
struct midi_ticks {
	struct clock_event event[CLOCK_OUT_EVENTS];
	uint32_t count;
};

/* Records from one thread to another. The reader may be late, the writer never
 * waits. */
struct midi_ring {
	struct spa_ringbuffer ring;
	uint8_t data[MIDI_RING_BYTES];
};

/* Writes, reads a piece at an index; where the next one is. It is told with
 * spa_ringbuffer_write_update(), spa_ringbuffer_read_update(). */
static inline uint32_t
midi_ring_put(
	struct midi_ring *r, uint32_t at, const void *data, uint32_t size_bytes)
{
	spa_ringbuffer_write_data(&r->ring, r->data, MIDI_RING_BYTES,
		at & (MIDI_RING_BYTES - 1), data, size_bytes);
	return at + MIDI_ROUND(size_bytes);
}

static inline uint32_t
midi_ring_get(struct midi_ring *r, uint32_t at, void *data, uint32_t size_bytes)
{
	spa_ringbuffer_read_data(&r->ring, r->data, MIDI_RING_BYTES,
		at & (MIDI_RING_BYTES - 1), data, size_bytes);
	return at + MIDI_ROUND(size_bytes);
}

/* A message that came, and what was done with it already: followed in the ring
 * by done * struct reflex_done and the bytes, up to a multiple of 8. */
struct midi_record {
	uint64_t frame; /* of the mixer */
	uint32_t taken; /* see mixer_taken() */
	uint16_t bytes; /* 0..MIDI_PIECE_MAX */
	uint8_t done;	/* 0..REFLEX_TARGETS_MAX */
	uint8_t lost;	/* 1: what came before it had no room */
};

/* audio, of a counter that nobody else stores. relaxed: nothing goes with it */
static inline void
cycle_count(_Atomic uint64_t *counter)
{
	atomic_store_explicit(counter,
		atomic_load_explicit(counter, memory_order_relaxed) + 1,
		memory_order_relaxed);
}

struct cycle_midi {
	void *in, *out; /* ports; set before audio starts */
	int bell;	/* an eventfd; likewise. Audio rings, control looks */
	struct reflex *reflex;
	struct clock_out clock;	 /* see there for its owners */
	struct midi_ticks ticks; /* of this block, or late; audio */
	struct midi_ring heard;	 /* audio to control */
	struct midi_ring spoken; /* control to audio; a uint32_t of bytes,
				  * then these up to a multiple of 8 */
	_Atomic uint64_t lost;	 /* messages; audio stores */
	_Atomic uint64_t bad;	 /* buffers that hold no MIDI, likewise */
	bool losing;		 /* the last one had no room; audio */
	uint32_t untold;	 /* bytes in heard that control cannot see yet;
				  * audio */
	/* By a hash of the bytes that were sent: until this frame they may be
	 * ours. audio */
	uint64_t back_until[MIDI_BACK_SLOTS];
	_Alignas(8) uint8_t copy[MIDI_BUFFER_BYTES]; /* audio */
};

/* audio, before mixer_run() of this block of n frames, which begins at `frame`
 * of the mixer. m NULL: nothing is mixed, and nothing moved. */
RT void cycle_midi_run(
	struct cycle_midi *c, struct mixer *m, uint64_t frame, uint32_t n);

/* audio: the next frame is one of another mixer */
RT void cycle_midi_restart(struct cycle_midi *c);

/* audio, after mixer_run(): control may know, and is rung for. What it says to
 * the mixer then comes after what was done; said before, it would be undone by
 * that. */
RT void cycle_midi_tell(struct cycle_midi *c);

#endif
