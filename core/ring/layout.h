/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ring's memory as both sides see it. Only the sources of core/ring and the
 * ring's tests include this.
 *
 * A write is: intent (relaxed), a release fence, the frames, tail (release). A
 * read is: tail (acquire), the copy, an acquire fence, intent (relaxed).
 * Whoever copied a sample of a newer frame than tail said then also sees its
 * intent, and knows what of the copy had begun to be overwritten. Tail in place
 * of intent would pass at full speed and fail for a writer that pauses inside a
 * block. */
#ifndef RING_LAYOUT_H
#define RING_LAYOUT_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ring/pair.h"
#include "core/ring/ring.h"

#define RING_MAGIC	  0x676e697264706174u /* "tapdring", little endian */
#define RING_HEADER_BYTES 4096u /* the samples start on a page of their own */

/* Two processes share these words: a lock hidden in one of them would not. A
 * reader's map is read-only, so that it may only load, never exchange. */
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "lock-free 32-bit atomics");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "lock-free 64-bit atomics");

/* Padded on purpose: what is stored at different times has its own cache line.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct ring_shared {
	/* written once, before magic; a reader copies them once */
	_Atomic uint64_t magic; /* last of all, release */
	uint32_t version;
	uint32_t header_bytes;
	uint64_t size_bytes; /* of header and samples */
	uint32_t rate_hz;
	uint32_t channels;
	uint32_t capacity_frames;
	uint32_t reserved;
	char device[RING_NAME_BYTES];
	char channel_names[RING_CHANNELS_MAX][RING_CHANNEL_NAME_BYTES];

	/* the writer's, changing */
	_Alignas(64) _Atomic uint64_t intent; /* frames begun to be written */
	_Alignas(64) _Atomic uint64_t tail;   /* frames written */
	_Alignas(64) struct word_pair clock;  /* frame, CLOCK_MONOTONIC ns */
	_Alignas(64) _Atomic uint64_t epoch;  /* new for every writer; not 0 */
	_Atomic uint64_t xruns;
	_Atomic uint64_t overruns;
	_Atomic uint32_t state; /* enum ring_state */
	_Atomic uint32_t block_frames;
};

_Static_assert(sizeof(struct ring_shared) <= RING_HEADER_BYTES, "header");

/* Version 2, whatever the compiler: another place is another RING_VERSION. */
_Static_assert(offsetof(struct ring_shared, channel_names) == 104, "");
_Static_assert(offsetof(struct ring_shared, intent) == 2176, "");
_Static_assert(offsetof(struct ring_shared, tail) == 2240, "");
_Static_assert(offsetof(struct ring_shared, clock.b) == 2320, "");
_Static_assert(offsetof(struct ring_shared, block_frames) == 2396, "");

#endif
