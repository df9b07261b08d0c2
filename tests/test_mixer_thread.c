/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control and the audio thread at once; most of its use is under a thread
 * sanitizer. */
#include "tests/mixer_rig.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define BLOCK	     64u
#define BATCHES	     20000u
#define CLOCKS	     500000u
#define NS_PER_FRAME 20833u

struct run {
	struct rig *rig;
	_Atomic bool posted; /* control stores: that was the last batch */
	bool equal;	     /* audio's, read after join */
};

/* Two strips get the same level in each batch, and have the same sound. */
static void
post_pair(struct mixer *m, uint64_t frame, float value)
{
	const struct message batch[2] = {
		{.frame = frame, .parameter = MIX_GAIN, .target = value},
		{.frame = frame,
			.parameter = MIX_GAIN,
			.place = 1,
			.target = value},
	};

	while (!mixer_post(m, batch, 2))
		sched_yield();
}

static void *
control_run(void *data)
{
	struct run *run = data;
	struct mixer *m = run->rig->m;
	uint64_t quiet;

	for (uint32_t i = 0; i < BATCHES; i++)
		post_pair(m, i % 3 ? mixer_frame(m) + i % 200 : 0,
			(float)(i % 100) / 50.0f);
	quiet = mixer_frame(m) + 1000; /* by then, nothing waits any more */
	while (mixer_frame(m) < quiet)
		sched_yield();
	post_pair(m, 0, 0.5f);
	/* release: the batch is in the queue before audio sees this */
	atomic_store_explicit(&run->posted, true, memory_order_release);
	return NULL;
}

static void *
audio_run(void *data)
{
	struct run *run = data;
	struct rig *r = run->rig;
	uint32_t blocks_after = 0;

	run->equal = true;
	while (blocks_after < 20) { /* longer than a ramp */
		/* acquire: pairs with control_run() */
		blocks_after += atomic_load_explicit(
			&run->posted, memory_order_acquire);
		r->at = 0;
		rig_run(r, BLOCK);
		run->equal = run->equal && memcmp(r->out[0][0], r->out[1][0],
						   BLOCK * sizeof(float)) == 0;
	}
	return NULL;
}

static void
batches_stay_whole_between_threads(void **state)
{
	struct run run = {.rig = rig_new(2, 2, BLOCK)};
	pthread_t control, audio;

	(void)state;
	memcpy(run.rig->in[1][0], run.rig->in[0][0], BLOCK * sizeof(float));
	rig_route(run.rig, 0, 1);
	rig_route(run.rig, 1, 2);
	assert_int_equal(pthread_create(&audio, NULL, audio_run, &run), 0);
	assert_int_equal(pthread_create(&control, NULL, control_run, &run), 0);
	pthread_join(control, NULL);
	pthread_join(audio, NULL);
	assert_true(run.equal);
	for (uint32_t n = 0; n < BLOCK; n++)
		assert_true(
			run.rig->out[0][0][n] == run.rig->in[0][0][n] * 0.5f);
	rig_free(run.rig);
}

/* Its last pair has frame 16 * CLOCKS. */
static void *
clock_run(void *data)
{
	struct mixer *m = data;

	for (uint64_t frame = 0; frame <= 16 * CLOCKS; frame += 16) {
		mixer_set_clock(m, frame * NS_PER_FRAME);
		mixer_run(m, NULL, 0, NULL, 16);
	}
	return NULL;
}

static void
a_clock_is_never_torn_between_threads(void **state)
{
	struct rig *r = rig_new(1, 1, 16);
	uint64_t frame = 0, time_ns, last = 0;
	pthread_t audio;

	(void)state;
	assert_int_equal(pthread_create(&audio, NULL, clock_run, r->m), 0);
	while (last < 16 * CLOCKS) {
		if (!mixer_clock(r->m, &frame, &time_ns))
			continue;
		assert_int_equal(time_ns, frame * NS_PER_FRAME);
		assert_true(frame >= last);
		last = frame;
	}
	pthread_join(audio, NULL);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batches_stay_whole_between_threads),
		cmocka_unit_test(a_clock_is_never_torn_between_threads),
	};

	return cmocka_run_group_tests_name("mixer_thread", tests, NULL, NULL);
}
