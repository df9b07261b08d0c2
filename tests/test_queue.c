/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "core/queue.h"

#define BATCHES	  40000u
#define BATCH_MAX 500u

static int
setup(void **state)
{
	struct queue *q = aligned_alloc(64, sizeof(*q));

	*state = q;
	if (q)
		queue_init(q);
	return q ? 0 : -1;
}

static int
teardown(void **state)
{
	free(*state);
	return 0;
}

static void
a_batch_comes_out_as_it_went_in(void **state)
{
	struct queue *q = *state;
	const struct message in[3] = {
		{.frame = 7, .parameter = MIX_GAIN, .target = 0.5f},
		{.frame = 0,
			.parameter = MIX_BUS_MUTE,
			.place = 3,
			.target = 1.0f},
		{.frame = 9, .parameter = MIX_ROUTE, .target = 0xa5},
	};

	assert_int_equal(queue_count(q), 0);
	assert_true(queue_post(q, in, 3));
	assert_int_equal(queue_count(q), 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_memory_equal(queue_at(q, i), &in[i], sizeof(in[i]));
		assert_int_equal(queue_is_last(q, i), i == 2);
	}
	queue_drop(q, 2);
	assert_int_equal(queue_count(q), 1);
	assert_memory_equal(queue_at(q, 0), &in[2], sizeof(in[2]));
}

static void
a_batch_that_does_not_fit_leaves_nothing(void **state)
{
	static const struct message many[QUEUE_MESSAGES + 1];
	struct queue *q = *state;

	assert_false(queue_post(q, many, QUEUE_MESSAGES + 1));
	assert_int_equal(queue_count(q), 0);
	assert_true(queue_post(q, many, QUEUE_MESSAGES - 2));
	assert_false(queue_post(q, many, 3));
	assert_int_equal(queue_count(q), QUEUE_MESSAGES - 2);
	assert_true(queue_post(q, many, 2));
	assert_false(queue_post(q, many, 1));
	assert_true(queue_post(q, many, 0));
	queue_drop(q, 1);
	assert_true(queue_post(q, many, 1));
	assert_int_equal(queue_count(q), QUEUE_MESSAGES);
}

static void
a_batch_keeps_its_order_across_the_wrap(void **state)
{
	struct queue *q = *state;
	struct message in[1000];
	uint64_t next = 0, want = 0;

	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 1000; i++)
			in[i] = (struct message){.frame = next++};
		assert_true(queue_post(q, in, 1000));
		for (uint32_t i = 0; i < 1000; i++)
			assert_int_equal(queue_at(q, i)->frame, want++);
		queue_drop(q, 1000);
	}
}

/* Long ones, so that one which is not published at once is seen in part. */
static uint32_t
batch_size(uint32_t k)
{
	return 1 + k * 37 % BATCH_MAX;
}

/* Each message says which batch it is of, and how many of it follow. */
static void *
post_all(void *queue)
{
	struct message batch[BATCH_MAX];

	for (uint32_t k = 0; k < BATCHES; k++) {
		uint32_t size = batch_size(k);

		for (uint32_t i = 0; i < size; i++)
			batch[i] = (struct message){
				.frame = k,
				.target = (float)(size - 1 - i),
			};
		while (!queue_post(queue, batch, size))
			sched_yield();
	}
	return NULL;
}

static void
a_batch_is_seen_whole_by_the_other_thread(void **state)
{
	struct queue *q = *state;
	pthread_t control;
	uint32_t batch = 0, in_batch = 0;

	assert_int_equal(pthread_create(&control, NULL, post_all, q), 0);
	while (batch < BATCHES) {
		uint32_t count = queue_count(q);

		for (uint32_t i = 0; i < count; i++) {
			const struct message *msg = queue_at(q, i);
			uint32_t size = batch_size(batch);

			assert_int_equal(msg->frame, batch);
			assert_true(msg->target == (float)(size - ++in_batch));
			assert_int_equal(queue_is_last(q, i), in_batch == size);
			if (in_batch == size) {
				batch++;
				in_batch = 0;
			}
		}
		assert_int_equal(in_batch, 0); /* no part of a batch */
		queue_drop(q, count);
		if (count == 0)
			sched_yield();
	}
	pthread_join(control, NULL);
	assert_int_equal(queue_count(q), 0);
}

static int
pending_setup(void **state)
{
	struct pending *p = malloc(sizeof(*p));

	*state = p;
	if (p)
		pending_init(p);
	return p ? 0 : -1;
}

static void
pending_messages_come_by_frame_then_as_they_were_put(void **state)
{
	struct pending *p = *state;
	uint32_t random = 1;
	struct message last = {0};

	assert_null(pending_first(p));
	for (uint32_t i = 0; i < PENDING_MESSAGES; i++) {
		random = random * 1664525u + 1013904223u;
		pending_put(p, &(struct message){
				       .frame = 1 + (random >> 16) % 500,
				       .target = (float)i,
			       });
	}
	for (uint32_t i = 0; i < PENDING_MESSAGES; i++) {
		uint64_t next = pending_first(p)->frame;
		struct message msg = pending_take(p);

		assert_int_equal(msg.frame, next);
		assert_true(
			msg.frame > last.frame ||
			(msg.frame == last.frame && msg.target > last.target));
		last = msg;
	}
	assert_null(pending_first(p));
}

static void
pending_messages_mix_with_new_ones(void **state)
{
	static const uint64_t frames[] = {50, 10, 40, 20, 30};
	struct pending *p = *state;

	for (size_t i = 0; i < 5; i++)
		pending_put(p, &(struct message){.frame = frames[i]});
	assert_int_equal(pending_take(p).frame, 10);
	assert_int_equal(pending_take(p).frame, 20);
	pending_put(p, &(struct message){.frame = 35});
	pending_put(p, &(struct message){.frame = 5});
	assert_int_equal(pending_take(p).frame, 5);
	assert_int_equal(pending_take(p).frame, 30);
	assert_int_equal(pending_take(p).frame, 35);
	assert_int_equal(pending_take(p).frame, 40);
	assert_int_equal(pending_take(p).frame, 50);
}

/* Of two batches for one frame, and what of the first is for another. */
static void
pending_messages_know_their_batch(void **state)
{
	static const uint64_t frame[] = {10, 20, 10, 0, 10, 10, 0};
	static const bool goes_on[] = {true, false, true, false, false};
	struct pending *p = *state;

	assert_false(pending_goes_on(p));
	for (size_t i = 0; i < sizeof(frame) / sizeof(frame[0]); i++) {
		if (frame[i])
			pending_put(p, &(struct message){.frame = frame[i]});
		else
			pending_end_batch(p);
	}
	assert_false(pending_goes_on(p));
	for (size_t i = 0; i < sizeof(goes_on) / sizeof(goes_on[0]); i++) {
		pending_take(p);
		assert_int_equal(pending_goes_on(p), goes_on[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(a_batch_comes_out_as_it_went_in),
		T(a_batch_that_does_not_fit_leaves_nothing),
		T(a_batch_keeps_its_order_across_the_wrap),
		T(a_batch_is_seen_whole_by_the_other_thread),
#undef T
#define T(f) cmocka_unit_test_setup_teardown(f, pending_setup, teardown)
		T(pending_messages_come_by_frame_then_as_they_were_put),
		T(pending_messages_mix_with_new_ones),
		T(pending_messages_know_their_batch),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
