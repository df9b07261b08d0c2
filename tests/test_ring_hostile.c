/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/ring/ring.h"
#include "core/ring/layout.h"
#include "tests/ring_rig.h"

/* Values that no writer would store, one field at a time. */
#define FIELD(f)                                                               \
	offsetof(struct ring_shared, f), sizeof(((struct ring_shared *)0)->f)

static const struct {
	size_t at, size;
	uint64_t value;
	int want; /* of ring_reader_init() */
} hostile[] = {
	{FIELD(magic), 0, -EPROTO},
	{FIELD(magic), UINT64_MAX, -EPROTO},
	{FIELD(version), 0, -EPROTONOSUPPORT},
	{FIELD(version), RING_VERSION + 1, -EPROTONOSUPPORT},
	{FIELD(header_bytes), 0, -EPROTO},
	{FIELD(header_bytes), UINT32_MAX, -EPROTO},
	{FIELD(size_bytes), 0, -EPROTO},
	{FIELD(size_bytes), UINT64_MAX, -EPROTO},
	{FIELD(size_bytes), RING_HEADER_BYTES, -EPROTO},
	{FIELD(rate_hz), 0, -EPROTO},
	{FIELD(rate_hz), RING_RATE_MIN_HZ - 1, -EPROTO},
	{FIELD(rate_hz), UINT32_MAX, -EPROTO},
	{FIELD(channels), 0, -EPROTO},
	{FIELD(channels), 1, -EPROTO}, /* fits, but is not the size said */
	{FIELD(channels), 3, -EPROTO},
	{FIELD(channels), 0x40000001, -EPROTO},
	{FIELD(channels), UINT32_MAX, -EPROTO},
	{FIELD(capacity_frames), 0, -EPROTO},
	{FIELD(capacity_frames), 1, -EPROTO},
	{FIELD(capacity_frames), 33, -EPROTO},
	{FIELD(capacity_frames), 64, -EPROTO},
	{FIELD(capacity_frames), 1u << 31, -EPROTO},
	{FIELD(capacity_frames), UINT32_MAX, -EPROTO},
	{FIELD(epoch), 0, -EPROTO},
	{FIELD(tail), 1, 0},
	{FIELD(tail), UINT64_MAX, 0},
	{FIELD(tail), 1ull << 60, 0},
	{FIELD(tail), 1ull << 63, 0},
	{FIELD(intent), 0, 0},
	{FIELD(intent), 41, 0},
	{FIELD(intent), UINT64_MAX, 0},
	{FIELD(intent), 1ull << 60, 0},
	{FIELD(clock.version), 1, 0},
	{FIELD(clock.version), UINT64_MAX, 0},
	{FIELD(clock.version), UINT64_MAX - 1, 0},
	{FIELD(clock.a), UINT64_MAX, 0},
	{FIELD(clock.a), 1ull << 63, 0},
	{FIELD(clock.b), 0, 0},
	{FIELD(clock.b), UINT64_MAX, 0},
	{FIELD(clock.b), 1ull << 63, 0},
	{FIELD(block_frames), 0, 0},
	{FIELD(block_frames), UINT32_MAX, 0},
	{FIELD(state), 3, 0},
	{FIELD(state), UINT32_MAX, 0},
	{FIELD(xruns), UINT64_MAX, 0},
	{FIELD(device), 0x4141414141414141, 0},
	{FIELD(channel_names), 0x4141414141414141, 0},
};

/* By number: near the reader, at both ends of all numbers. dst: 32 frames */
static void
at_exercise(const struct ring_reader *r, float *dst, uint32_t i)
{
	const uint64_t first[] = {r->frame - 40, r->frame, r->frame + 1, 0,
		UINT64_MAX, UINT64_MAX - 31, 1ull << 63};
	struct ring_reader copy = *r;

	for (size_t k = 0; k < sizeof(first) / sizeof(first[0]); k++) {
		uint32_t want = i & 1 ? 32 : 7, lost;
		uint32_t n = ring_read_at(r, first[k], dst, want, &lost);

		assert_true(n <= want && lost <= n);
		for (uint32_t s = 0; s < 2 * lost; s++)
			assert_true(dst[s] == 0.0f);
		assert_true(ring_seek_behind(&copy, first[k]) <= 28);
	}
}

/* Everything that a reader can do; in a time that the memory has no say in. */
static void
reader_exercise(struct ring_reader *r)
{
	float *dst = malloc(32 * 2 * sizeof(float)); /* to the sample */
	struct ring_counters count;
	uint64_t frame, time_ns, gap;

	assert_non_null(dst);
	for (int i = 0; i < 4; i++) {
		uint64_t start = r->frame, lost = r->lost;
		uint32_t n = ring_read(r, dst, i & 1 ? 32 : 7, &gap);

		assert_true(n <= (i & 1 ? 32u : 7u));
		assert_true(r->lost - lost == gap);
		assert_true(r->frame - start == gap + n);
		assert_true(ring_available(r) <= 32);
		assert_true(ring_wait_ns(r, (uint32_t)i * 20, 77777777777) <=
			    RING_WAIT_MAX_NS);
		assert_in_range(ring_block_frames(r), 1, 32);
		assert_in_range(
			ring_reader_state(r), RING_RUNNING, RING_CLOSED);
		at_exercise(r, dst, (uint32_t)i);
		ring_clock(r, &frame, &time_ns);
		ring_counters(r, &count);
	}
	assert_true(strlen(r->config.device) < sizeof(r->config.device));
	for (int i = 0; i < RING_CHANNELS_MAX; i++)
		assert_true(strlen(r->config.channel_names[i]) <
			    RING_CHANNEL_NAME_BYTES);
	free(dst);
}

static void
field_set(void *map, size_t i)
{
	char *at = (char *)map + hostile[i].at;

	for (size_t b = 0; b < hostile[i].size; b++)
		at[b] = (char)(hostile[i].value >> (8 * (b % 8)));
}

static void
no_header_value_crashes_a_reader(void **state)
{
	const size_t size = ring_size_bytes(32, 2);

	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct ring_writer w;
		struct ring_reader before, after;
		void *map = stereo_new(&w, &before, 32);

		write_numbered(&w, 40);
		ring_set_clock(&w, 30, 77777000000);
		field_set(map, i);
		reader_exercise(&before);
		assert_int_equal(
			ring_reader_init(&after, map, size), hostile[i].want);
		if (hostile[i].want == 0)
			reader_exercise(&after);
		free(map);
	}
}

static void
a_tail_that_goes_back_closes_the_ring(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 32);
	struct ring_shared *s = map;
	float dst[2 * 32];
	uint64_t gap;

	(void)state;
	write_numbered(&w, 20);
	assert_int_equal(ring_read(&r, dst, 20, NULL), 20);
	atomic_store(&s->tail, 10);
	assert_int_equal(ring_available(&r), 0);
	assert_int_equal(ring_read(&r, dst, 20, &gap), 0);
	assert_int_equal(gap, 0);
	assert_int_equal(ring_reader_state(&r), RING_CLOSED);
	atomic_store(&s->tail, 1ull << 60); /* and jumps ahead */
	assert_int_equal(ring_read(&r, dst, 32, &gap), 16);
	assert_int_equal(gap, (1ull << 60) - 16 - 20);
	free(map);
}

static uint64_t
random_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static void
an_intent_far_ahead_does_not_push_a_reader_past_tail(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 32);
	struct ring_shared *s = map;
	float dst[2 * 32];
	uint64_t gap;

	(void)state;
	write_numbered(&w, 20);
	atomic_store(&s->intent, 20 + 31); /* a block of nearly a ring begins */
	assert_int_equal(ring_read(&r, dst, 32, &gap), 0);
	assert_int_equal(gap, 20);
	atomic_store(&s->intent, UINT64_MAX);
	assert_int_equal(ring_read(&r, dst, 32, &gap), 0);
	assert_int_equal(gap, 0);
	write_numbered(&w, 8);
	assert_int_equal(ring_read(&r, dst, 32, &gap), 8);
	assert_int_equal(gap, 0);
	assert_int_equal(frames_wrong(dst, 20, 8), 0);
	free(map);
}

/* Some random bytes anywhere in the header, before and after a reader comes. */
static void
no_random_header_crashes_a_reader(void **state)
{
	const size_t size = ring_size_bytes(32, 2);
	uint64_t seed = 0x9e3779b97f4a7c15;
	struct ring_writer w;
	struct ring_reader r, fresh;
	unsigned char *map = stereo_new(&w, &r, 32);
	unsigned char *good = malloc(size);
	uint32_t accepted = 0;

	(void)state;
	assert_non_null(good);
	write_numbered(&w, 40);
	memcpy(good, map, size);
	for (int round = 0; round < 20000; round++) {
		struct ring_reader before = r;
		uint64_t dice = random_next(&seed);
		size_t names = offsetof(struct ring_shared, channel_names);
		size_t live = offsetof(struct ring_shared, intent);

		memcpy(map, good, RING_HEADER_BYTES);
		for (uint64_t k = 0; k <= dice % 12; k++) {
			uint64_t x = random_next(&seed);
			/* names are most of it, and least of the danger */
			size_t at =
				x & 1 ? (x >> 8) % names
				      : live + (x >> 8) %
							(sizeof(struct
								 ring_shared) -
								live);

			map[at] = (unsigned char)(x >> 56);
		}
		reader_exercise(&before);
		if (ring_reader_init(&fresh, map, size) == 0) {
			accepted++;
			reader_exercise(&fresh);
		}
	}
	assert_in_range(accepted, 1000, 19000); /* both ways were taken */
	free(good);
	free(map);
}

static void
no_random_memory_crashes_a_reader(void **state)
{
	const size_t size = ring_size_bytes(32, 2);
	uint64_t seed = 88172645463325252;
	uint64_t *map = aligned_alloc(64, size);
	struct ring_shared *s = (struct ring_shared *)map;
	struct ring_reader r;

	(void)state;
	assert_non_null(map);
	assert_int_equal(ring_reader_init(&r, map, 63), -EINVAL);
	assert_int_equal(
		ring_reader_init(&r, (char *)map + 8, size - 8), -EINVAL);
	for (int round = 0; round < 3000; round++) {
		for (size_t i = 0; i < size / sizeof(*map); i++)
			map[i] = random_next(&seed);
		assert_int_equal(ring_reader_init(&r, map, size), -EPROTO);
		/* what must be right is right, all else is noise */
		s->magic = RING_MAGIC;
		s->version = RING_VERSION;
		s->header_bytes = RING_HEADER_BYTES;
		s->size_bytes = size;
		s->rate_hz = 48000;
		s->channels = 2;
		s->capacity_frames = 32;
		assert_int_equal(ring_reader_init(&r, map, size), 0);
		for (int again = 0; again < 4; again++) {
			s->tail = random_next(&seed);
			s->intent = random_next(&seed);
			reader_exercise(&r);
		}
	}
	free(map);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_header_value_crashes_a_reader),
		cmocka_unit_test(a_tail_that_goes_back_closes_the_ring),
		cmocka_unit_test(
			an_intent_far_ahead_does_not_push_a_reader_past_tail),
		cmocka_unit_test(no_random_header_crashes_a_reader),
		cmocka_unit_test(no_random_memory_crashes_a_reader),
	};

	return cmocka_run_group_tests_name(
		"ring, hostile memory", tests, NULL, NULL);
}
