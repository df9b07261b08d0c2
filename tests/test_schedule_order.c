/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of what has a time and what is set now, the last in time wins, there where it
 * is heard as well. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/schedule_rig.h"

/* Set by hand while a later one waits in the mixer: the later wins, there and
 * in the table; set by hand after it: the hand wins. */
static void
the_last_in_time_wins(void **state)
{
	struct rig *r = *state;
	uint64_t frame = 24000;

	mixer_begin(r);
	run_block(r);
	schedule(r, "/strip/1/gain", 6, frame_ns(r, frame));
	run_and_watch(r, 22000, 1.0f); /* posted, not yet due */
	set(r, "/strip/1/gain", -90);
	run_and_watch(r, 23500, 1.0f);
	assert_true(r->out[0][0][0] == 0.0f);
	assert_true(get(r, "/strip/1/gain") == -90.0);
	run_and_watch(r, 26000, 0.0f);
	assert_true(r->out[0][0][0] == level_linear(6));
	assert_true(get(r, "/strip/1/gain") == 6.0);
	set(r, "/strip/1/gain", 0);
	run_and_watch(r, 28000, 0.0f);
	assert_true(r->out[0][0][0] == 1.0f);
	assert_true(get(r, "/strip/1/gain") == 0.0);
}

/* The mixer is a block ahead of the clock: it has made a change whose moment
 * the control thread has not reached, and then hears an earlier one. */
static void
the_mixer_being_ahead_does_not_turn_the_order_round(void **state)
{
	struct rig *r = *state;
	uint64_t frame = 24000;

	mixer_begin(r);
	run_block(r);
	schedule(r, "/strip/1/gain", 6, frame_ns(r, frame));
	model_run(r->model, frame_ns(r, 22000));
	while (r->frame < 24100)
		run_block(r);
	assert_true(get(r, "/strip/1/gain") == 0.0);
	set(r, "/strip/1/gain", -90); /* later than the other for the ear */
	model_run(r->model, frame_ns(r, frame) + MS);
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(get(r, "/strip/1/gain") == -90.0);
	assert_true(r->out[0][0][0] == 0.0f);
}

/* The moment has come but the mixer has not reached its frame: what is set now
 * must not be undone by it. */
static void
the_mixer_being_behind_does_not_turn_the_order_round(void **state)
{
	struct rig *r = *state;
	uint64_t frame = 24000;

	mixer_begin(r);
	run_block(r);
	schedule(r, "/strip/1/gain", 6, frame_ns(r, frame));
	run_and_watch(r, 23000, 1.0f);
	model_run(r->model, frame_ns(r, frame) + MS);
	assert_true(get(r, "/strip/1/gain") == 6.0);
	set(r, "/strip/1/gain", -90);
	while (r->frame < 26000)
		run_block(r);
	assert_true(get(r, "/strip/1/gain") == -90.0);
	assert_true(r->out[0][0][0] == 0.0f);
}

/* Two moments of one sample, the later one posted first. */
static void
within_one_sample_the_later_moment_wins(void **state)
{
	struct rig *r = *state;
	uint64_t frame = 24000;

	mixer_begin(r);
	run_block(r);
	schedule(r, "/strip/1/gain", 6, frame_ns(r, frame) + 3000);
	run_and_watch(r, 22000, 1.0f);
	schedule(r, "/strip/1/gain", -90, frame_ns(r, frame) - 3000);
	run_and_watch(r, 26000, 1.0f);
	assert_true(get(r, "/strip/1/gain") == 6.0);
	assert_true(r->out[0][0][0] == level_linear(6));
}

/* A message may reach the mixer a block later than it seemed when it was
 * posted, behind a change that is later in time. That needs two threads and
 * luck: here the message is posted as if it had happened. */
static void
what_has_overtaken_a_change_does_not_undo_it(void **state)
{
	struct rig *r = *state;
	struct message late = {
		.token = 1, .parameter = MIX_GAIN, .place = 0, .target = 0.0f};
	uint64_t frame = 24000;

	mixer_begin(r);
	run_block(r);
	schedule(r, "/strip/1/gain", 6, frame_ns(r, frame));
	model_run(r->model, frame_ns(r, 22000));
	while (r->frame < 24100)
		run_block(r);
	assert_true(mixer_post(r->m, &late, 1));
	model_run(r->model, frame_ns(r, frame) + MS);
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(get(r, "/strip/1/gain") == 6.0);
	assert_true(r->out[0][0][0] == level_linear(6));
}

/* An action is said at its moment, when the mixer has heard what came after it
 * for the same moment. */
static void
of_one_moment_the_last_wins_over_an_action(void **state)
{
	struct rig *r = *state;
	struct param_change step = {.value = {.type = PARAM_FLOAT, .f = 6.0}};
	struct param_change gain = {.id = find(r, "/strip/1/gain"),
		.value = {.type = PARAM_FLOAT, .f = -20.0}};
	uint64_t moment_ns; /* one, to the nanosecond */

	mixer_begin(r);
	run_block(r);
	assert_int_equal(
		param_match_set(r->p, "/strip/1/gain/step", &step.id, 1), 1);
	moment_ns = real_of(frame_ns(r, 24000));
	param_schedule(r->p, &step, 1, moment_ns, 42, &share_here);
	param_schedule(r->p, &gain, 1, moment_ns, 42, &share_here);
	model_run(r->model, frame_ns(r, 22000));
	while (r->frame < 24100)
		run_block(r);
	model_run(r->model, frame_ns(r, 24000) + MS);
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(get(r, "/strip/1/gain") == -20.0);
	assert_true(r->out[0][0][0] == level_linear(-20));
}

/* One that says nothing, of the same moment, stands between an action and a
 * value that was posted ahead. */
static void
of_one_moment_the_last_wins_whatever_stands_between(void **state)
{
	struct rig *r = *state;
	struct param_change toggle = {.value = {.type = PARAM_INT, .i = 1}};
	struct param_change unmute = change_of(r, "/strip/1/mute", 0);
	struct param_change name = {.id = find(r, "/strip/1/name"),
		.value = {.type = PARAM_TEXT, .s = "x"}};
	uint64_t moment_ns;

	mixer_begin(r);
	run_block(r);
	assert_int_equal(
		param_match_set(r->p, "/strip/1/mute/toggle", &toggle.id, 1),
		1);
	moment_ns = real_of(frame_ns(r, 24000));
	param_schedule(r->p, &toggle, 1, moment_ns, 42, &share_here);
	param_schedule(r->p, &name, 1, moment_ns, 42, &share_here);
	param_schedule(r->p, &unmute, 1, moment_ns, 42, &share_here);
	model_run(r->model, frame_ns(r, 22000));
	while (r->frame < 24100)
		run_block(r);
	model_run(r->model, frame_ns(r, 24000) + MS);
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	assert_true(r->out[0][0][0] == 1.0f);
}

/* It is posted when the mixer has passed the later one already. */
static void
what_comes_late_in_front_of_a_change_does_not_undo_it(void **state)
{
	struct rig *r = *state;

	mixer_begin(r);
	run_block(r);
	schedule(r, "/strip/1/gain", 6, frame_ns(r, 24000));
	model_run(r->model, frame_ns(r, 22000));
	while (r->frame < 24100)
		run_block(r);
	schedule(r, "/strip/1/gain", -20, frame_ns(r, 23900));
	model_run(r->model, frame_ns(r, 22000));
	run_block(r);
	model_run(r->model, frame_ns(r, 24000) + MS);
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(get(r, "/strip/1/gain") == 6.0);
	assert_true(r->out[0][0][0] == level_linear(6));
}

/* Its moment had come before it was read, and something earlier is still to be
 * done: what that sets then is not the last word. */
static void
what_has_passed_waits_for_what_is_earlier(void **state)
{
	struct rig *r = *state;
	struct param_change first = change_of(r, "/strip/1/gain", -20);
	uint64_t earlier_ns = loop_now_ns();

	param_schedule_behind(r->p, earlier_ns);
	schedule(r, "/strip/1/gain", -6, earlier_ns);
	model_run(r->model, loop_now_ns());
	assert_true(get(r, "/strip/1/gain") == 0.0);
	param_apply(r->p, &first, 1, 0, PARAM_SOURCE_NONE);
	param_schedule_behind(r->p, UINT64_MAX);
	model_run(r->model, loop_now_ns());
	assert_true(get(r, "/strip/1/gain") == -6.0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up_ahead, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_last_in_time_wins),
		TEST(the_mixer_being_ahead_does_not_turn_the_order_round),
		TEST(the_mixer_being_behind_does_not_turn_the_order_round),
		TEST(within_one_sample_the_later_moment_wins),
		TEST(what_has_overtaken_a_change_does_not_undo_it),
		TEST(of_one_moment_the_last_wins_over_an_action),
		TEST(of_one_moment_the_last_wins_whatever_stands_between),
		TEST(what_comes_late_in_front_of_a_change_does_not_undo_it),
		TEST(what_has_passed_waits_for_what_is_earlier),
	};

	return cmocka_run_group_tests_name("schedule order", tests, NULL, NULL);
}
