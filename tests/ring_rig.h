/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the ring's tests: rings in plain memory, and stereo frames that tell
 * their number. Include after cmocka.h. */
#ifndef RING_RIG_H
#define RING_RIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/ring/ring.h"

/* Whole numbers up to 2^24 are exact in a float. */
static inline void
frames_fill(float *dst, uint64_t first, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		dst[2 * (size_t)i] = (float)((first + i) & 0xffffff);
		dst[2 * (size_t)i + 1] = -(float)((first + i) & 0xffffff) - 1;
	}
}

/* How many of these n frames are not frames first.. */
static inline uint32_t
frames_wrong(const float *src, uint64_t first, uint32_t n)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < n; i++) {
		float want = (float)((first + i) & 0xffffff);

		wrong += src[2 * (size_t)i] != want ||
			 src[2 * (size_t)i + 1] != -want - 1;
	}
	return wrong;
}

static inline struct ring_config
stereo_config(uint32_t capacity_frames, uint32_t block_frames)
{
	return (struct ring_config){
		.rate_hz = 48000,
		.channels = 2,
		.capacity_frames = capacity_frames,
		.block_frames = block_frames,
		.device = "Tapdeck Loopback",
		.channel_names = {"FL", "FR"},
	};
}

/* A ring of exactly its size, so that the address sanitizer sees one step too
 * far. */
static inline void *
ring_new(struct ring_writer *w, const struct ring_config *c)
{
	size_t size = ring_size_bytes(c->capacity_frames, c->channels);
	void *map;

	assert_true(size > 0);
	map = aligned_alloc(64, (size + 63) / 64 * 64);
	assert_non_null(map);
	assert_int_equal(ring_writer_init(w, map, size, c), 0);
	return map;
}

static inline void *
stereo_new(struct ring_writer *w, struct ring_reader *r, uint32_t capacity)
{
	struct ring_config c = stereo_config(capacity, 16);
	void *map = ring_new(w, &c);

	assert_int_equal(
		ring_reader_init(r, map, ring_size_bytes(capacity, 2)), 0);
	return map;
}

static inline void
write_numbered(struct ring_writer *w, uint32_t n)
{
	float *src = malloc(n * 2 * sizeof(float));

	assert_non_null(src);
	frames_fill(src, ring_writer_frame(w), n);
	ring_write(w, src, n);
	free(src);
}

#endif
