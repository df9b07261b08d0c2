/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has a time is heard on its sample. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "tests/schedule_rig.h"

static void
on_change(void *data, uint32_t id, uint32_t source)
{
	struct rig *r = data;

	r->heard++;
	r->heard_id = id;
	r->heard_source = source;
}

/* ---- what has a time ---- */

static void
a_change_with_a_time_lands_on_its_sample(void **state)
{
	struct rig *r = *state;
	static const uint64_t frames[] = {24000, 31337, 48001, 55555, 69999};

	mixer_begin(r);
	run_block(r);
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		assert_int_equal(schedule(r, "/strip/1/gain", i & 1 ? 0 : -90,
					 frame_ns(r, frames[i])),
			0);
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		uint64_t changed = run_and_watch(
			r, frames[i] + RAMP + 2 * BLOCK, i & 1 ? 0.0f : 1.0f);
		/* A ramp's first frame still has the old value, or is its
		 * first step. */
		if (changed != frames[i] && changed != frames[i] + 1)
			fail_msg("%llu, not %llu", (unsigned long long)changed,
				(unsigned long long)frames[i]);
		assert_true(r->out[0][0][BLOCK - 1] == (i & 1 ? 1.0f : 0.0f));
	}
}

/* The same moves at the same frames, with a time and by hand. */
static void
a_scheduled_ramp_is_the_same_as_one_posted_for_its_frame(void **state)
{
	struct rig *r = *state;
	uint64_t frame = 20011, last = frame + RAMP + BLOCK;
	float *got = calloc(last + BLOCK, sizeof(*got));
	struct param_change c;

	for (int pass = 0; pass < 2; pass++) {
		set(r, "/strip/1/gain", 0);
		mixer_begin(r);
		run_block(r);
		if (pass == 0) {
			schedule(r, "/strip/1/gain", -20, frame_ns(r, frame));
		} else {
			c = change_of(r, "/strip/1/gain", -20);
			param_apply(r->p, &c, 1, frame, PARAM_SOURCE_NONE);
		}
		while (r->frame < last) {
			uint64_t at = r->frame;

			if (pass == 0)
				model_run(r->model, frame_ns(r, at));
			run_block(r);
			for (uint32_t i = 0; i < BLOCK; i++) {
				if (pass == 0)
					got[at + i] = r->out[0][0][i];
				else
					assert_true(
						got[at + i] == r->out[0][0][i]);
			}
		}
		mixer_end(r);
	}
	free(got);
}

static void
the_value_is_told_when_its_moment_comes_and_not_before(void **state)
{
	struct rig *r = *state;
	uint64_t due_ns = r->start_ns + 400 * MS;

	mixer_begin(r);
	run_block(r);
	param_listen(r->p, on_change, r);
	assert_int_equal(schedule(r, "/strip/1/mute", 1, due_ns), 0);
	/* asleep until it must be posted */
	assert_true(model_run(r->model, due_ns - 300 * MS) > 150 * MS);
	model_run(r->model, due_ns - 50 * MS);
	assert_int_equal(r->heard, 0);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	/* what it knows of the two clocks is as good as its readings of them */
	assert_true(model_run(r->model, due_ns - 10 * MS) <= 11 * MS);
	assert_true(model_run(r->model, due_ns + MS) == UINT64_MAX);
	assert_int_equal(r->heard, 1);
	assert_int_equal(r->heard_id, find(r, "/strip/1/mute"));
	assert_int_equal(r->heard_source, 42);
	assert_true(get(r, "/strip/1/mute") == 1.0);
}

static void
without_a_mixer_it_is_just_set_in_time(void **state)
{
	struct rig *r = *state;
	uint64_t due_ns = r->start_ns + 400 * MS;

	assert_int_equal(schedule(r, "/strip/1/gain", -5, due_ns), 0);
	model_run(r->model, due_ns - MS);
	assert_true(get(r, "/strip/1/gain") == 0.0);
	model_run(r->model, due_ns + MS);
	assert_true(get(r, "/strip/1/gain") == -5.0);
}

static void
what_is_past_is_now_and_what_is_far_is_refused(void **state)
{
	struct rig *r = *state;
	uint64_t now_ns = loop_now_ns();

	assert_int_equal(schedule(r, "/strip/1/gain", -5, now_ns - SECOND), 0);
	assert_true(get(r, "/strip/1/gain") == -5.0);
	assert_int_equal(
		schedule(r, "/strip/1/gain", -6, now_ns + 9ull * SECOND), 0);
	assert_int_equal(
		schedule(r, "/strip/1/gain", -7, now_ns + 12ull * SECOND),
		-E2BIG);
	assert_true(get(r, "/strip/1/gain") == -5.0);
	model_run(r->model, now_ns + 20ull * SECOND);
	assert_true(get(r, "/strip/1/gain") == -6.0);
}

static void
no_more_wait_than_there_is_room_for(void **state)
{
	struct rig *r = *state;
	uint64_t due_ns = loop_now_ns() + 5ull * SECOND;
	uint64_t real_ns = real_of(due_ns);
	struct param_change three[3], one;
	struct share_who other = {.address = {1}};

	for (int i = 0; i < 3; i++)
		three[i] = change_of(r, "/strip/1/gain", -i);
	for (int i = 0; i < 4094; i++) {
		one = change_of(r, "/strip/2/gain", -(i % 50));
		assert_int_equal(
			param_schedule(r->p, &one, 1,
				real_ns + (uint64_t)i * 10000, 1, &share_here),
			0);
	}
	assert_int_equal(
		param_schedule(r->p, three, 3, real_ns, 1, &share_here),
		-ENOBUFS);
	assert_int_equal(
		param_schedule(r->p, three, 2, real_ns, 1, &share_here), 0);
	assert_int_equal(schedule(r, "/strip/3/gain", -1, due_ns), -ENOBUFS);
	assert_int_equal(param_schedule(r->p, three, 2, real_ns, 1, &other), 0);
	model_run(r->model, due_ns + SECOND);
	assert_true(get(r, "/strip/1/gain") == -1.0);
	assert_true(get(r, "/strip/2/gain") == -(4093 % 50));
	assert_true(get(r, "/strip/3/gain") == 0.0);
	assert_int_equal(
		schedule(r, "/strip/3/gain", -1, loop_now_ns() + SECOND), 0);
}

static void
changes_come_in_order_of_their_time(void **state)
{
	struct rig *r = *state;
	uint64_t t_ns = loop_now_ns() + 2ull * SECOND;

	schedule(r, "/strip/1/gain", -3, t_ns + 30 * MS);
	schedule(r, "/strip/1/gain", -1, t_ns + 10 * MS);
	schedule(r, "/strip/1/gain", -2, t_ns + 20 * MS);
	for (int i = 1; i <= 3; i++) {
		model_run(r->model, t_ns + (uint64_t)i * 10 * MS + MS);
		assert_true(get(r, "/strip/1/gain") == -i);
	}
}

/* All the room of four machines, on its frame, in blocks as they come. */
static void
what_all_machines_may_have_is_posted_in_time(void **state)
{
	static struct param_change change[4096];
	struct rig *r = *state;
	struct mixer_counters counters;
	uint64_t moment_ns;

	mixer_begin(r);
	run_block(r);
	moment_ns = real_of(frame_ns(r, 24031));
	for (uint8_t host = 0; host < 4; host++) {
		struct share_who who = {.address = {host}};

		for (int i = 0; i < 4096; i++)
			change[i] = change_of(r,
				host == 3 ? "/strip/1/gain" : "/strip/2/gain",
				-90);
		assert_int_equal(
			param_schedule(r->p, change, 4096, moment_ns, 42, &who),
			0);
	}
	assert_true(run_and_watch(r, 24031 + RAMP, 1.0f) - 24031 <= 1);
	mixer_counters(r->m, &counters);
	assert_int_equal(counters.late_messages, 0);
}

/* Also one that was given when a later one was posted to the mixer. */
static void
what_comes_in_front_of_what_is_posted_lands_on_its_sample(void **state)
{
	struct rig *r = *state;
	uint64_t changed;

	mixer_begin(r);
	run_block(r);
	schedule(r, "/strip/2/gain", 6, frame_ns(r, 24000));
	model_run(r->model, frame_ns(r, 23000));
	schedule(r, "/strip/1/gain", -90, frame_ns(r, 23601));
	changed = run_and_watch(r, 24000 + RAMP, 1.0f);
	assert_true(changed == 23601 || changed == 23602);
}

/* How a strip is tapped decides where it goes, from where it goes then. */
static void
a_tap_with_a_time_goes_by_the_route_of_its_moment(void **state)
{
	struct rig *r = *state;

	mixer_begin(r);
	run_block(r);
	schedule(r, "/strip/1/tap", 1, frame_ns(r, 24000)); /* copy */
	set(r, "/strip/1/send/loop", 0);
	run_and_watch(r, 24000 + RAMP + 2 * BLOCK, 0.0f);
	model_run(r->model, frame_ns(r, 24000) + MS);
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(get(r, "/strip/1/send/main") == 0.0);
	assert_true(get(r, "/strip/1/send/loop") == 0.0);
	assert_true(r->out[0][0][0] == 0.0f);
	assert_true(r->out[1][0][0] == 0.0f);
}

static void
a_new_mixer_gets_what_the_old_one_was_posted(void **state)
{
	struct rig *r = *state;
	uint64_t frame = 24000;

	mixer_begin(r);
	run_block(r);
	schedule(r, "/strip/1/gain", -90, frame_ns(r, frame));
	run_and_watch(r, 22000, 1.0f);
	mixer_end(r);
	r->start_ns = frame_ns(r, 22000);
	mixer_begin(r);
	run_block(r);
	assert_true(run_and_watch(r, 1984, 1.0f) == UINT64_MAX);
	run_and_watch(r, 3000, 1.0f);
	assert_true(r->out[0][0][0] == 0.0f);
	assert_true(get(r, "/strip/1/gain") == -90.0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up_ahead, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_change_with_a_time_lands_on_its_sample),
		TEST(a_scheduled_ramp_is_the_same_as_one_posted_for_its_frame),
		TEST(the_value_is_told_when_its_moment_comes_and_not_before),
		TEST(without_a_mixer_it_is_just_set_in_time),
		TEST(what_is_past_is_now_and_what_is_far_is_refused),
		TEST(no_more_wait_than_there_is_room_for),
		TEST(changes_come_in_order_of_their_time),
		TEST(what_all_machines_may_have_is_posted_in_time),
		TEST(what_comes_in_front_of_what_is_posted_lands_on_its_sample),
		TEST(a_tap_with_a_time_goes_by_the_route_of_its_moment),
		TEST(a_new_mixer_gets_what_the_old_one_was_posted),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
