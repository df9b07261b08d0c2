/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/ring/ring.h"
#include "core/ring/layout.h"
#include "tests/fault.h"
#include "tests/ring_rig.h"

/* Two rings' worth and a stop: the writer is inside its block until told. */
#define PAUSE_CAPACITY	 8192u
#define PAUSE_BLOCK	 4096u	/* 32 KiB */
#define PAUSE_STOP_BYTES 16384u /* half the block has been copied by then */

struct pause {
	struct ring_writer *w;
	const float *src;
	sem_t go, paused, resume;
};

static void
pause_hit(void *arg)
{
	struct pause *p = arg;

	sem_post(&p->paused);
	while (sem_wait(&p->resume) < 0)
		;
}

static void *
pause_write(void *arg)
{
	struct pause *p = arg;

	while (sem_wait(&p->go) < 0)
		;
	ring_write(p->w, p->src, PAUSE_BLOCK);
	return NULL;
}

/* A writer thread that waits for `go`, and then stops inside its next block. */
static pthread_t
pause_start(struct pause *p, struct ring_writer *w)
{
	static float block[2 * PAUSE_BLOCK];
	pthread_t thread;

	frames_fill(block, ring_writer_frame(w), PAUSE_BLOCK);
	p->w = w;
	p->src = fault_memory(
		0, block, sizeof(block), PAUSE_STOP_BYTES, pause_hit, p);
	sem_init(&p->go, 0, 0);
	sem_init(&p->paused, 0, 0);
	sem_init(&p->resume, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, pause_write, p), 0);
	return thread;
}

static void
pause_end(struct pause *p, pthread_t thread)
{
	sem_post(&p->resume);
	pthread_join(thread, NULL);
	munmap((void *)p->src, 2 * PAUSE_BLOCK * sizeof(float));
}

static void
a_writer_paused_inside_a_block_gives_no_torn_frame(void **state)
{
	static float dst[2 * PAUSE_CAPACITY];
	struct ring_writer w;
	struct ring_reader behind, safe;
	void *map = stereo_new(&w, &behind, PAUSE_CAPACITY);
	const struct ring_shared *s = map;
	struct pause p;
	pthread_t thread;
	uint64_t gap;

	(void)state;
	safe = behind;
	write_numbered(&w, PAUSE_CAPACITY);
	assert_int_equal(ring_read(&safe, dst, PAUSE_BLOCK, NULL), PAUSE_BLOCK);
	thread = pause_start(&p, &w);
	sem_post(&p.go);
	sem_wait(&p.paused);
	/* It is inside: the block is begun, half is there, tail has not moved.
	 */
	assert_int_equal(atomic_load(&s->tail), PAUSE_CAPACITY);
	assert_int_equal(atomic_load(&s->intent), PAUSE_CAPACITY + PAUSE_BLOCK);

	/* all that it stood on is being overwritten, and more */
	assert_int_equal(ring_read(&behind, dst, 16, &gap), 0);
	assert_int_equal(gap, PAUSE_CAPACITY);
	/* what is not being overwritten can still be had */
	assert_int_equal(
		ring_read(&safe, dst, PAUSE_CAPACITY, &gap), PAUSE_BLOCK);
	assert_int_equal(gap, 0);
	assert_int_equal(frames_wrong(dst, PAUSE_BLOCK, PAUSE_BLOCK), 0);

	pause_end(&p, thread);
	assert_int_equal(
		ring_read(&behind, dst, PAUSE_CAPACITY, &gap), PAUSE_BLOCK);
	assert_int_equal(frames_wrong(dst, PAUSE_CAPACITY, PAUSE_BLOCK), 0);
	free(map);
}

static void
let_the_writer_begin(void *arg)
{
	struct pause *p = arg;

	sem_post(&p->go);
	while (sem_wait(&p->paused) < 0)
		;
}

static void
a_writer_that_begins_during_the_copy_is_noticed(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, PAUSE_CAPACITY);
	struct pause p;
	pthread_t thread;
	uint64_t gap;
	float *dst;

	(void)state;
	write_numbered(&w, PAUSE_CAPACITY);
	thread = pause_start(&p, &w);
	/* the reader's own copy stops half way, and the writer begins */
	dst = fault_memory(1, NULL, 2 * PAUSE_BLOCK * sizeof(float),
		PAUSE_STOP_BYTES, let_the_writer_begin, &p);
	assert_int_equal(ring_read(&r, dst, PAUSE_BLOCK, &gap), 0);
	assert_null(faults[1].from);
	assert_int_equal(gap, PAUSE_CAPACITY);
	assert_int_equal(r.lost, PAUSE_CAPACITY);
	pause_end(&p, thread);
	munmap(dst, 2 * PAUSE_BLOCK * sizeof(float));
	free(map);
}

static float quarter[2 * PAUSE_CAPACITY / 4];

static void
write_a_quarter(void *arg)
{
	ring_write(arg, quarter, PAUSE_CAPACITY / 4);
}

static void
a_writer_elsewhere_does_not_disturb_the_copy(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, PAUSE_CAPACITY);
	uint64_t gap;
	float *dst;

	(void)state;
	write_numbered(&w, 3 * PAUSE_CAPACITY / 4);
	dst = fault_memory(1, NULL, 2 * PAUSE_BLOCK * sizeof(float),
		PAUSE_STOP_BYTES, write_a_quarter, &w);
	assert_int_equal(ring_read(&r, dst, PAUSE_BLOCK, &gap), PAUSE_BLOCK);
	assert_null(faults[1].from);
	assert_int_equal(gap, 0);
	assert_int_equal(frames_wrong(dst, 0, PAUSE_BLOCK), 0);
	munmap(dst, 2 * PAUSE_BLOCK * sizeof(float));
	free(map);
}

/* One writer thread at full speed, three readers with habits of their own. */
#define STREAM_FRAMES	3000000u
#define STREAM_CAPACITY 4096u

struct stream {
	void *map;
	uint32_t chunk; /* frames of one read */
	bool slow;
	uint64_t first, received, torn, gaps;
	struct ring_reader r;
};

static void *
stream_read(void *arg)
{
	static const uint32_t chunk_max = 1024;
	struct stream *s = arg;
	struct ring_reader *r = &s->r;
	float *dst = malloc(chunk_max * 2 * sizeof(float));
	struct ring_counters count;

	while (dst) {
		/* in this order: what came before the close is read after it */
		enum ring_state st = ring_reader_state(r);
		uint64_t gap;
		uint32_t n = ring_read(r, dst, s->chunk, &gap);

		s->gaps += gap;
		s->received += n;
		s->torn += frames_wrong(dst, r->frame - n, n);
		if (n == 0 && gap == 0) {
			if (st == RING_CLOSED)
				break;
			sched_yield();
		}
		ring_counters(r, &count);
		while (s->slow && ring_reader_state(r) == RING_RUNNING &&
			count.written - r->frame < 2 * STREAM_CAPACITY) {
			sched_yield();
			ring_counters(r, &count);
		}
	}
	free(dst);
	return NULL;
}

static void
three_readers_lose_frames_but_never_get_torn_ones(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, STREAM_CAPACITY);
	struct stream streams[3] = {
		{.chunk = 64}, {.chunk = 1024}, {.chunk = 500, .slow = true}};
	pthread_t threads[3];
	float block[2 * 256];

	(void)state;
	for (int i = 0; i < 3; i++) {
		streams[i].r = r;
		assert_int_equal(pthread_create(&threads[i], NULL, stream_read,
					 &streams[i]),
			0);
	}
	for (uint64_t at = 0; at < STREAM_FRAMES;) {
		uint32_t n = 16 + (uint32_t)(at % 241);

		frames_fill(block, at, n);
		ring_write(&w, block, n);
		ring_set_clock(&w, at, at);
		at += n;
	}
	ring_close(&w);
	for (int i = 0; i < 3; i++) {
		struct stream *s = &streams[i];

		pthread_join(threads[i], NULL);
		assert_int_equal(s->torn, 0);
		assert_int_equal(s->gaps, s->r.lost);
		assert_int_equal(
			s->received + s->r.lost, ring_writer_frame(&w));
		assert_true(s->received > 0);
	}
	assert_true(streams[2].r.lost > 0);
	free(map);
}

#define CLOCK_PAIRS 300000u

struct clock_stream {
	struct ring_reader r;
	uint64_t wrong;
	_Atomic bool done;
};

static void *
clock_read(void *arg)
{
	struct clock_stream *c = arg;
	uint64_t frame, time_ns;

	for (uint32_t pairs = 0; pairs < CLOCK_PAIRS;) {
		if (!ring_clock(&c->r, &frame, &time_ns))
			continue;
		c->wrong += time_ns != frame * 3 + 1;
		pairs++;
	}
	atomic_store(&c->done, true);
	return NULL;
}

static void
a_clock_pair_is_never_torn(void **state)
{
	struct ring_writer w;
	struct clock_stream c = {.wrong = 0};
	void *map = stereo_new(&w, &c.r, 32);
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, clock_read, &c), 0);
	for (uint64_t i = 0; !atomic_load(&c.done); i++)
		ring_set_clock(&w, i, i * 3 + 1);
	pthread_join(thread, NULL);
	assert_int_equal(c.wrong, 0);
	free(map);
}

static void
a_writer_stopped_inside_a_clock_pair_leaves_the_last_one(void **state)
{
	struct ring_writer w;
	struct ring_reader r, fresh;
	struct ring_shared *s = stereo_new(&w, &r, 32);
	uint64_t frame, time_ns;

	(void)state;
	fresh = r;
	ring_set_clock(&w, 10, 31);
	assert_true(ring_clock(&r, &frame, &time_ns));
	atomic_store(&s->clock.version, 3); /* as ring_set_clock() begins */
	atomic_store(&s->clock.a, 11);
	assert_true(ring_clock(&r, &frame, &time_ns));
	assert_true(frame == 10 && time_ns == 31);
	assert_false(ring_clock(&fresh, &frame, &time_ns));
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_writer_paused_inside_a_block_gives_no_torn_frame),
		cmocka_unit_test(
			a_writer_that_begins_during_the_copy_is_noticed),
		cmocka_unit_test(a_writer_elsewhere_does_not_disturb_the_copy),
		cmocka_unit_test(
			three_readers_lose_frames_but_never_get_torn_ones),
		cmocka_unit_test(a_clock_pair_is_never_torn),
		cmocka_unit_test(
			a_writer_stopped_inside_a_clock_pair_leaves_the_last_one),
	};

	return cmocka_run_group_tests_name(
		"ring, torn frames", tests, NULL, NULL);
}
