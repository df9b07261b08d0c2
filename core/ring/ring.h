/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loopback ring: one writer broadcasts a bus to any number of readers, in
 * any processes, through memory that readers map read-only.
 *
 * The writer never waits, never reads anything back and does not know who
 * listens. A reader that is too slow loses frames, and knows how many. No
 * wake-up object is shared: a reader sleeps on a timer of its own
 * (ring_wait_ns()). Frames are counted in 64 bits from 0 and never wrap.
 * Samples are 32-bit float, interleaved.
 *
 * A reader trusts nothing in the memory: what it needs is copied and checked
 * once, and whatever changes later can make it silent but cannot crash it. The
 * rejected alternative, a ring with an index of the reader's in shared memory,
 * lets any reader stop or corrupt the writer. */
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/rt.h"

/* Of the memory and of what is said about it, together: who would misread
 * either has another number, and is refused. */
#define RING_VERSION 2u

#define RING_RATE_MIN_HZ	32000u
#define RING_RATE_MAX_HZ	192000u
#define RING_BLOCK_MIN		16u   /* frames */
#define RING_BLOCK_MAX		8192u /* frames */
#define RING_CHANNELS_MAX	64
#define RING_CAPACITY_MIN	32u	   /* frames */
#define RING_CAPACITY_MAX	(1u << 20) /* frames */
#define RING_NAME_BYTES		64	   /* device name, with its NUL */
#define RING_CHANNEL_NAME_BYTES 32	   /* with its NUL */
#define RING_WAIT_MAX_NS	250000000u /* longest ring_wait_ns() */

enum ring_state {
	RING_RUNNING,
	RING_FREEWHEEL, /* the graph exports: time is not real, nothing comes */
	RING_CLOSED,	/* no frame will come any more; attach again */
};

struct ring_config {
	uint32_t rate_hz;	  /* RING_RATE_MIN_HZ..MAX */
	uint32_t channels;	  /* 1..RING_CHANNELS_MAX */
	uint32_t capacity_frames; /* a power of two, RING_CAPACITY_MIN..MAX */
	uint32_t block_frames;	  /* usual length of a write, RING_BLOCK_MIN..
				     MAX, at most half the capacity */
	char device[RING_NAME_BYTES]; /* what a user sees */
	char channel_names[RING_CHANNELS_MAX][RING_CHANNEL_NAME_BYTES];
};

/* control: bytes of memory for a ring, or 0 if the shape is not allowed */
size_t ring_size_bytes(uint32_t capacity_frames, uint32_t channels);

struct ring_shared; /* core/ring/layout.h; nobody but the ring looks inside */

/* The writer's private side. One thread writes. */
struct ring_writer {
	struct ring_shared *shared;
	float *data;	   /* [capacity][channels], interleaved */
	uint64_t tail;	   /* frames written so far: the next frame's number */
	uint64_t xruns;	   /* counted so far */
	uint64_t overruns; /* writes longer than the ring */
	uint64_t clock_version;
	uint32_t capacity; /* frames, a power of two */
	uint32_t channels;
	uint32_t block; /* frames of the last write */
	/* the fastest for this processor, see interleave.h */
	void (*interleave)(float *dst, const float *const *ch,
		uint32_t channels, uint32_t offset, uint32_t n);
};

/* control: makes a ring in size_bytes of writable memory at map (aligned to 64
 * bytes), empty and running, with an epoch that is new each time. Touches all
 * of it. 0, or -EINVAL if a value or the size is not allowed. The memory stays
 * the caller's; nothing to undo. */
int ring_writer_init(struct ring_writer *w, void *map, size_t size_bytes,
	const struct ring_config *config);

/* control, when nobody writes: readers see RING_CLOSED */
void ring_close(struct ring_writer *w);

/* writer: src[n][channels], any n */
RT void ring_write(struct ring_writer *w, const float *src, uint32_t n);

/* writer: ch[channels][n], interleaved straight into the ring, any n */
RT void ring_write_planar(
	struct ring_writer *w, const float *const *ch, uint32_t n);

/* writer: the number of the next frame */
RT uint64_t ring_writer_frame(const struct ring_writer *w);

/* writer, before it writes a block: ring frame `frame` (usually
 * ring_writer_frame()) was or is due at time_ns, CLOCK_MONOTONIC */
RT void ring_set_clock(struct ring_writer *w, uint64_t frame, uint64_t time_ns);

/* writer: one more xrun of the audio graph */
RT void ring_count_xrun(struct ring_writer *w);

/* writer: readers see RING_FREEWHEEL while true, RING_RUNNING after */
RT void ring_set_freewheel(struct ring_writer *w, bool freewheel);

/* A reader's private side. One thread reads; it needs no permission to write.
 */
struct ring_reader {
	const struct ring_shared *shared;
	const float *data;	   /* [capacity][channels], interleaved */
	uint64_t frame;		   /* number of the next frame to be read */
	uint64_t lost;		   /* frames lost so far */
	uint64_t clock_frame;	   /* the last consistent clock pair */
	uint64_t clock_ns;	   /* CLOCK_MONOTONIC; 0: none yet */
	uint64_t epoch;		   /* of the writer that was there at init */
	struct ring_config config; /* checked; names end in NUL */
};

/* reader: starts at the newest frame of the ring in size_bytes of memory at
 * map. 0, -EINVAL if that is no ring's memory (too small, not aligned to 64
 * bytes), -EPROTONOSUPPORT if its writer has another RING_VERSION, or -EPROTO
 * if the header says anything that cannot be. Nothing to undo. */
int ring_reader_init(struct ring_reader *r, const void *map, size_t size_bytes);

/* reader: goes to so many frames behind the newest, or as far back as there is
 * something and a block can be written before it is gone, up to 7/8 of the
 * ring. How many they are. What it passes over is not lost. */
RT uint64_t ring_seek_behind(struct ring_reader *r, uint64_t behind);

/* reader: frames that can be read now; not more than the ring holds */
RT uint64_t ring_available(const struct ring_reader *r);

/* reader: frames put into dst[n][channels]; fewer than n when there are no
 * more. *gap (may be NULL) is how many frames are missing before them, exactly:
 * put in so many frames of silence to stay in time. After a gap the reader goes
 * on half a ring behind the writer. May give 0 frames with a gap. dst beyond
 * the frames given may have been scribbled on. Lost + read is all that was
 * written. */
RT uint32_t ring_read(
	struct ring_reader *r, float *dst, uint32_t n, uint64_t *gap);

/* reader: frames first..first + n by their number, as many of them as are
 * written: how many. The first *lost of them (may be NULL) are gone, exactly,
 * and silence in dst; the others are whole, frame first + i at dst[i]. In any
 * order, as often as one likes: r stays where it is, and counts nothing. dst
 * beyond what is given may have been scribbled on. */
RT uint32_t ring_read_at(const struct ring_reader *r, uint64_t first,
	float *dst, uint32_t n, uint32_t *lost);

/* reader: RING_CLOSED also when the ring has a new writer or is nonsense.
 * Frames from before may still be there. */
RT enum ring_state ring_reader_state(const struct ring_reader *r);

/* reader: a pair of (frame, CLOCK_MONOTONIC ns), consistent, as the writer gave
 * it; false and untouched if there is none yet */
RT bool ring_clock(struct ring_reader *r, uint64_t *frame, uint64_t *time_ns);

/* reader: how long to sleep from now_ns (CLOCK_MONOTONIC) until n frames can be
 * read, by the writer's clock: 0 when they are there, else 50000..
 * RING_WAIT_MAX_NS. A prediction: look again afterwards. */
RT uint64_t ring_wait_ns(struct ring_reader *r, uint32_t n, uint64_t now_ns);

/* reader: how long the writer's blocks are now, in frames, clamped */
RT uint32_t ring_block_frames(const struct ring_reader *r);

struct ring_counters {
	uint64_t written;  /* frames since the writer started */
	uint64_t xruns;	   /* of the writer's audio graph */
	uint64_t overruns; /* writes longer than the ring */
};

/* reader: what the writer says of itself */
RT void ring_counters(const struct ring_reader *r, struct ring_counters *out);

#endif
