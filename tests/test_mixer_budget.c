/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block has time for so many messages: a flood of them is put off in its
 * order, in whole batches, and takes nothing from what is played. */
#include "tests/mixer_level_rig.h"

#define FRAMES	4096u
#define BLOCK	64u
#define A_FRAME 2u
#define MOST	(A_FRAME * BLOCK)

/* With little time for messages, and one block that has been. */
static struct rig *
slow_rig(uint32_t strips)
{
	struct rig *r = level_rig(strips, FRAMES);

	r->config.frame_messages = A_FRAME;
	rig_restart(r);
	for (uint32_t s = 0; s < strips; s++)
		rig_say(r, 0, MIX_ROUTE, s, 1);
	rig_run(r, BLOCK);
	return r;
}

static float
target_of(uint32_t i)
{
	return (float)(i + 1) / 4096.0f;
}

/* The target of the ramp that begins at `frame`, by its first step. */
static uint32_t
heard_at(const struct rig *r, uint32_t frame)
{
	const float *y = r->out[0][0];
	double to = y[frame - 1] + (y[frame] - (double)y[frame - 1]) * LEN;

	return (uint32_t)(to * 4096.0 + 0.5) - 1;
}

static void
trims_say(struct rig *r, uint64_t frame, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		rig_say(r, frame, MIX_TRIM, 0, target_of(i));
}

static void
no_more_than_a_block_has_time_for_is_taken(void **state)
{
	struct rig *r = slow_rig(1);
	uint32_t taken = mixer_taken(r->m);

	(void)state;
	trims_say(r, 0, 3 * MOST);
	rig_run(r, BLOCK);
	assert_int_equal(mixer_taken(r->m) - taken, MOST);
	assert_int_equal(heard_at(r, BLOCK), MOST - 1);
	rig_run(r, BLOCK / 4); /* it grows with the block */
	assert_int_equal(mixer_taken(r->m) - taken, MOST + MOST / 4);
	assert_int_equal(heard_at(r, 2 * BLOCK), MOST + MOST / 4 - 1);
	rig_run(r, BLOCK);
	rig_run(r, BLOCK);
	assert_int_equal(mixer_taken(r->m), mixer_posted(r->m));
	assert_int_equal(rig_counters(r).late_messages, 0);
	rig_free(r);
}

static void
without_a_bound_all_is_taken(void **state)
{
	struct rig *r = slow_rig(1);

	(void)state;
	r->config.frame_messages = 0;
	rig_restart(r);
	trims_say(r, 0, 3 * MOST);
	rig_run(r, BLOCK);
	assert_int_equal(mixer_taken(r->m), mixer_posted(r->m));
	rig_free(r);
}

/* They wait for one frame, and only so many of them are done at it. */
static void
what_is_due_within_a_block_is_bounded_as_well(void **state)
{
	struct rig *r = slow_rig(1);

	(void)state;
	trims_say(r, 10 * BLOCK + 20, 5 * MOST);
	while (r->at < 10 * BLOCK)
		rig_run(r, BLOCK);
	assert_int_equal(mixer_taken(r->m), mixer_posted(r->m));
	rig_run(r, BLOCK);
	assert_int_equal(heard_at(r, 10 * BLOCK + 20), MOST - 1);
	/* those that were put off: at its start, and within it */
	rig_run(r, BLOCK);
	assert_int_equal(heard_at(r, 11 * BLOCK), 3 * MOST - 1);
	rig_run(r, BLOCK);
	assert_int_equal(heard_at(r, 12 * BLOCK), 5 * MOST - 1);
	rig_free(r);
}

static void
what_is_for_a_frame_keeps_it_in_a_flood_of_now(void **state)
{
	const uint32_t start = 9 * BLOCK; /* the ramp is done */
	struct rig *r = slow_rig(2);

	(void)state;
	rig_say(r, 0, MIX_TRIM, 1, 0.0f);
	while (r->at < start)
		rig_run(r, BLOCK);
	rig_say(r, 1000, MIX_TRIM, 0, 0.25f);
	while (r->at < FRAMES) {
		while (mixer_posted(r->m) - mixer_taken(r->m) < 2 * MOST)
			rig_say(r, 0, MIX_GAIN, 1, 0.5f);
		rig_run(r, BLOCK);
	}
	assert_ramp(
		r->out[0][0] + start, FRAMES - start, 1000 - start, 1.0, 0.25);
	rig_free(r);
}

/* One strip goes as the next one comes, at once: whoever saw half of it would
 * hear none or two. */
static void
swap_say(struct rig *r, uint64_t frame, uint32_t from)
{
	const struct message batch[2] = {
		{.frame = frame,
			.parameter = MIX_KEPT_OUT,
			.place = (uint16_t)from,
			.target = 1.0f},
		{.frame = frame,
			.parameter = MIX_KEPT_OUT,
			.place = (uint16_t)!from,
			.target = 0.0f},
	};

	assert_true(mixer_post(r->m, batch, 2));
}

static void
assert_one_is_heard(const struct rig *r, uint32_t from)
{
	for (uint32_t n = from; n < r->at; n++)
		assert_true(r->out[0][0][n] == 1.0f);
}

static void
a_batch_is_done_whole(void **state)
{
	struct rig *r = slow_rig(2);
	uint32_t taken;

	(void)state;
	rig_say(r, 0, MIX_KEPT_OUT, 1, 1.0f);
	rig_run(r, BLOCK);
	taken = mixer_taken(r->m);
	trims_say(r, 0, 1); /* or every batch would end at the bound */
	for (uint32_t i = 0; i < MOST; i++)
		swap_say(r, 0, i % 2);
	rig_run(r, BLOCK);
	assert_int_equal(mixer_taken(r->m) - taken, MOST + 1);
	rig_free(r);
}

static void
a_batch_for_a_frame_is_done_whole(void **state)
{
	struct rig *r = slow_rig(2);

	(void)state;
	rig_say(r, 0, MIX_KEPT_OUT, 1, 1.0f);
	rig_run(r, BLOCK);
	rig_say(r, 1010, MIX_WIDTH, 0, 1.0f);
	for (uint32_t i = 0; i < MOST + 1; i++)
		swap_say(r, 1010, i % 2);
	rig_run_all(r, BLOCK);
	assert_one_is_heard(r, BLOCK);
	rig_free(r);
}

/* It is longer than a block has time for, and nothing else can be done. */
static void
a_long_batch_is_done_at_one_frame(void **state)
{
	static struct message batch[3 * MOST];
	struct rig *r = slow_rig(1);

	(void)state;
	for (uint32_t i = 0; i < 3 * MOST; i++)
		batch[i] = (struct message){
			.parameter = MIX_TRIM, .target = target_of(i)};
	assert_true(mixer_post(r->m, batch, 3 * MOST));
	rig_run(r, BLOCK);
	assert_int_equal(heard_at(r, BLOCK), 3 * MOST - 1);
	rig_free(r);
}

static void
play(struct rig *r, uint64_t frame, float target)
{
	assert_true(mixer_play(r->m, &(struct message){.frame = frame,
					     .parameter = MIX_TRIM,
					     .target = target}));
}

static void
what_is_played_is_heard_in_its_block(void **state)
{
	struct rig *r = slow_rig(1);

	(void)state;
	for (uint32_t i = 0; i < 3 * MOST; i++)
		rig_say(r, 0, MIX_GAIN, 0, 1.0f);
	play(r, BLOCK + 30, 0.5f);
	rig_run_all(r, BLOCK);
	assert_ramp(r->out[0][0] + BLOCK, LEN + BLOCK, 30, 1.0, 0.5);
	rig_free(r);
}

/* The hand moved after the frame of what was put off. */
static void
what_was_put_off_does_not_undo_what_was_played(void **state)
{
	struct rig *r = slow_rig(2);

	(void)state;
	for (uint32_t i = 0; i < MOST; i++)
		rig_say(r, 10 * BLOCK + 20, MIX_TRIM, 1, 1.0f);
	rig_say(r, 10 * BLOCK + 20, MIX_TRIM, 0, 0.0f);
	rig_say(r, 10 * BLOCK + 40, MIX_TRIM, 1, 0.5f);
	while (r->at < 10 * BLOCK)
		rig_run(r, BLOCK);
	play(r, 10 * BLOCK + 30, 0.5f);
	rig_run_all(r, BLOCK);
	assert_ramp(r->out[0][0] + 10 * BLOCK, BLOCK, 30, 2.0, 1.5);
	/* that of the other strip was later than nothing: it is done */
	assert_float_equal(r->out[0][0][FRAMES - 1], 1.0, 1e-6);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_than_a_block_has_time_for_is_taken),
		cmocka_unit_test(without_a_bound_all_is_taken),
		cmocka_unit_test(what_is_due_within_a_block_is_bounded_as_well),
		cmocka_unit_test(
			what_is_for_a_frame_keeps_it_in_a_flood_of_now),
		cmocka_unit_test(a_batch_is_done_whole),
		cmocka_unit_test(a_batch_for_a_frame_is_done_whole),
		cmocka_unit_test(a_long_batch_is_done_at_one_frame),
		cmocka_unit_test(what_is_played_is_heard_in_its_block),
		cmocka_unit_test(
			what_was_put_off_does_not_undo_what_was_played),
	};

	return cmocka_run_group_tests_name("mixer_budget", tests, NULL, NULL);
}
