/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading by position. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/ring/layout.h"
#include "core/ring/ring.h"
#include "tests/fault.h"
#include "tests/ring_rig.h"

/* Silence, then the frames that belong there; how many of the n are not that.
 */
static uint32_t
at_wrong(const float *dst, uint64_t first, uint32_t n, uint32_t lost)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < 2 * lost; i++)
		wrong += dst[i] != 0.0f;
	return wrong +
	       frames_wrong(dst + 2 * (size_t)lost, first + lost, n - lost);
}

static void
frames_are_read_by_number_in_any_order(void **state)
{
	const struct {
		uint64_t first;
		uint32_t n, want;
	} is[] = {
		{0, 20, 20},
		{0, 7, 7},
		{5, 7, 7},
		{11, 9, 9},
		{11, 9, 9},
		{19, 5, 1}, /* what is not there yet can be had later */
		{20, 5, 0},
		{3, 0, 0},
		{1000, 5, 0},
		{UINT64_MAX, 5, 0},
	};
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 32);
	float dst[2 * 32];
	uint32_t lost;

	(void)state;
	write_numbered(&w, 20);
	for (size_t i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
		assert_int_equal(
			ring_read_at(&r, is[i].first, dst, is[i].n, &lost),
			is[i].want);
		assert_int_equal(lost, 0);
		assert_int_equal(at_wrong(dst, is[i].first, is[i].want, 0), 0);
	}
	assert_int_equal(r.frame, 0); /* nothing was consumed */
	assert_int_equal(ring_read(&r, dst, 32, NULL), 20);
	assert_int_equal(frames_wrong(dst, 0, 20), 0);
	assert_int_equal(ring_read_at(&r, 2, dst, 8, NULL), 8);
	assert_int_equal(at_wrong(dst, 2, 8, 0), 0);
	free(map);
}

static void
what_is_gone_is_silence_of_the_exact_length(void **state)
{
	const struct {
		uint64_t first;
		uint32_t n, want, lost;
	} is[] = {
		{8, 32, 32, 0},
		{7, 32, 32, 1},
		{0, 32, 32, 8},
		{0, 8, 8, 8},
		{0, 3, 3, 3},
		{5, 64, 35, 3},
		{0, 64, 40, 8},
		{30, 64, 10, 0},
	};
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 32);
	float dst[2 * 64];
	uint32_t lost;

	(void)state;
	write_numbered(&w, 31);
	write_numbered(&w, 9);
	for (size_t i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
		memset(dst, 1, sizeof(dst));
		assert_int_equal(
			ring_read_at(&r, is[i].first, dst, is[i].n, &lost),
			is[i].want);
		assert_int_equal(lost, is[i].lost);
		assert_int_equal(
			at_wrong(dst, is[i].first, is[i].want, lost), 0);
	}
	assert_int_equal(r.frame, 0);
	assert_int_equal(r.lost, 0);
	free(map);
}

static void
what_is_being_overwritten_is_gone(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	struct ring_shared *s = stereo_new(&w, &r, 32);
	float dst[2 * 32];
	uint32_t lost;

	(void)state;
	write_numbered(&w, 32);
	atomic_store(&s->intent, 32 + 10); /* a block begins, and pauses */
	memset(w.data, 0x55, 3 * 2 * sizeof(float)); /* inside it */
	assert_int_equal(ring_read_at(&r, 0, dst, 32, &lost), 32);
	assert_int_equal(lost, 10);
	assert_int_equal(at_wrong(dst, 0, 32, lost), 0);
	assert_int_equal(ring_read_at(&r, 32, dst, 10, &lost), 0);
	free(s);
}

#define COPY_CAPACITY	8192u
#define COPY_FRAMES	4096u
#define COPY_STOP_BYTES 16384u

static float block[2 * COPY_CAPACITY];

static void
write_a_block(void *arg)
{
	struct ring_writer *w = arg;

	frames_fill(block, ring_writer_frame(w), COPY_FRAMES / 4);
	ring_write(w, block, COPY_FRAMES / 4);
}

/* The copy stops half way, and a block is written over its beginning. */
static void
a_block_that_is_written_during_the_copy_is_noticed(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, COPY_CAPACITY);
	uint32_t lost;
	float *dst;

	(void)state;
	write_numbered(&w, COPY_CAPACITY);
	dst = fault_memory(1, NULL, 2 * COPY_FRAMES * sizeof(float),
		COPY_STOP_BYTES, write_a_block, &w);
	assert_int_equal(
		ring_read_at(&r, 0, dst, COPY_FRAMES, &lost), COPY_FRAMES);
	assert_null(faults[1].from);
	assert_int_equal(lost, COPY_FRAMES / 4);
	assert_int_equal(at_wrong(dst, 0, COPY_FRAMES, lost), 0);
	munmap(dst, 2 * COPY_FRAMES * sizeof(float));
	free(map);
}

static void
a_reader_goes_so_many_frames_back(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 128);
	float dst[2 * 128];
	uint64_t gap;

	(void)state;
	assert_int_equal(ring_seek_behind(&r, 5), 0); /* there is nothing */
	write_numbered(&w, 16);
	assert_int_equal(ring_seek_behind(&r, UINT64_MAX), 16);
	for (int i = 0; i < 20; i++)
		write_numbered(&w, 16);
	assert_int_equal(ring_seek_behind(&r, 7), 7);
	assert_int_equal(ring_read(&r, dst, 128, &gap), 7);
	assert_int_equal(frames_wrong(dst, 336 - 7, 7), 0);
	assert_int_equal(ring_seek_behind(&r, 0), 0);
	assert_int_equal(ring_available(&r), 0);
	/* as far back as there is, and a block may come before it is read */
	assert_int_equal(ring_seek_behind(&r, UINT64_MAX), 112);
	write_numbered(&w, 16);
	assert_int_equal(ring_read(&r, dst, 128, &gap), 128);
	assert_int_equal(gap, 0);
	assert_int_equal(frames_wrong(dst, 336 - 112, 128), 0);
	write_numbered(&w, 64); /* the longest block of this ring */
	assert_int_equal(ring_seek_behind(&r, UINT64_MAX), 64);
	assert_int_equal(r.lost, 0);
	free(map);
}

/* A writer at full speed, and readers all over the ring. */
#define STREAM_FRAMES	2000000u
#define STREAM_CAPACITY 4096u
#define STREAM_READ	512u

struct stream {
	struct ring_reader r;
	uint64_t seed, wrong;
	_Atomic uint64_t good, lost; /* frames */
};

static bool
stream_met_both(struct stream *s)
{
	return atomic_load(&s->good) && atomic_load(&s->lost);
}

static void *
stream_read(void *arg)
{
	float *dst = malloc(2 * STREAM_READ * sizeof(float));
	struct stream *s = arg;
	struct ring_counters count;

	while (dst && ring_reader_state(&s->r) == RING_RUNNING) {
		uint64_t first, back;
		uint32_t n, lost;

		s->seed = s->seed * 6364136223846793005u + 1;
		back = (s->seed >> 33) % (STREAM_CAPACITY + STREAM_READ);
		ring_counters(&s->r, &count);
		first = count.written > back ? count.written - back : 0;
		n = ring_read_at(&s->r, first, dst, STREAM_READ, &lost);
		s->wrong += at_wrong(dst, first, n, lost);
		atomic_fetch_add(&s->good, n - lost);
		atomic_fetch_add(&s->lost, lost);
		sched_yield();
	}
	free(dst);
	return NULL;
}

static void
no_torn_frame_is_read_by_number(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, STREAM_CAPACITY);
	struct stream s[2] = {{.seed = 1}, {.seed = 2}};
	pthread_t thread[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		s[i].r = r;
		assert_int_equal(
			pthread_create(&thread[i], NULL, stream_read, &s[i]),
			0);
	}
	for (uint64_t at = 0; at < STREAM_FRAMES || !stream_met_both(&s[0]) ||
			      !stream_met_both(&s[1]);) {
		uint32_t n = 16 + (uint32_t)(at % 241);

		frames_fill(block, at, n);
		ring_write(&w, block, n);
		at += n;
	}
	ring_close(&w);
	for (int i = 0; i < 2; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(s[i].wrong, 0);
	}
	free(map);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_read_by_number_in_any_order),
		cmocka_unit_test(what_is_gone_is_silence_of_the_exact_length),
		cmocka_unit_test(what_is_being_overwritten_is_gone),
		cmocka_unit_test(
			a_block_that_is_written_during_the_copy_is_noticed),
		cmocka_unit_test(a_reader_goes_so_many_frames_back),
		cmocka_unit_test(no_torn_frame_is_read_by_number),
	};

	return cmocka_run_group_tests_name(
		"ring, by position", tests, NULL, NULL);
}
