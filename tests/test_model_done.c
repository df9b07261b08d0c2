/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audio thread did by itself is not said to it again, unless control
 * comes to another end. */
#include "tests/model_mixer_rig.h"

#include "core/mixer/mixer_state.h"
#include "core/reflex.h"

/* The audio thread sets strip 1's gain in the block that comes next. */
static struct reflex_done
played(struct rig *r, const char *address, double db)
{
	struct reflex_done d = {.id = find(r, address),
		.message = {.frame = r->frame + 7,
			.parameter = MIX_GAIN,
			.target = level_linear(db)}};

	assert_true(mixer_play(r->m, &d.message));
	return d;
}

static void
handle(struct rig *r, const struct reflex_done *d, uint32_t taken,
	const char *address, double value)
{
	model_done_begin(r->model, d, 1);
	if (address)
		set(r, address, value);
	model_done_end(r->model, d->message.frame, taken);
}

static float
level_now(struct rig *r)
{
	for (uint32_t i = 0; i < RAMP / BLOCK + 2; i++)
		run_block(r);
	return r->out[0][0][BLOCK - 1];
}

static void
what_is_done_is_not_said_again(void **state)
{
	struct rig *r = *state;
	struct reflex_done d;
	uint32_t posted, taken;

	mixer_begin(r);
	run_block(r);
	taken = mixer_taken(r->m);
	posted = mixer_posted(r->m);
	d = played(r, "/strip/1/gain", -6.0);
	run_block(r);
	handle(r, &d, taken, "/strip/1/gain", -6.0);
	assert_int_equal(mixer_posted(r->m), posted);
	assert_true(level_now(r) == level_linear(-6.0));
	assert_true(get(r, "/strip/1/gain") == -6.0);
}

/* An older value must not come back when the audio thread went on. */
static void
an_older_one_does_not_undo_a_newer_one(void **state)
{
	struct rig *r = *state;
	struct reflex_done a, b;
	uint32_t taken;

	mixer_begin(r);
	run_block(r);
	taken = mixer_taken(r->m);
	a = played(r, "/strip/1/gain", -6.0);
	run_block(r);
	b = played(r, "/strip/1/gain", -12.0);
	run_block(r);
	handle(r, &a, taken, "/strip/1/gain", -6.0);
	assert_true(level_now(r) == level_linear(-12.0));
	handle(r, &b, taken, "/strip/1/gain", -12.0);
	assert_true(level_now(r) == level_linear(-12.0));
}

static void
what_control_does_not_do_is_undone(void **state)
{
	struct rig *r = *state;
	struct reflex_done d;
	uint32_t taken;

	mixer_begin(r);
	set(r, "/strip/1/gain", -3.0);
	run_block(r);
	taken = mixer_taken(r->m);
	d = played(r, "/strip/1/gain", -20.0);
	run_block(r);
	handle(r, &d, taken, NULL, 0);
	assert_true(level_now(r) == level_linear(-3.0));
}

static void
what_control_does_otherwise_holds(void **state)
{
	struct rig *r = *state;
	struct reflex_done d;
	uint32_t taken;

	mixer_begin(r);
	run_block(r);
	taken = mixer_taken(r->m);
	d = played(r, "/strip/1/gain", -20.0);
	run_block(r);
	handle(r, &d, taken, "/strip/1/gain", -10.0);
	assert_true(level_now(r) == level_linear(-10.0));
	assert_true(get(r, "/strip/1/gain") == -10.0);
}

/* Somebody else's value was on its way, and came after. */
static void
what_crossed_on_the_way_is_put_right(void **state)
{
	struct rig *r = *state;
	struct reflex_done d;
	uint32_t taken;

	mixer_begin(r);
	run_block(r);
	taken = mixer_taken(r->m);
	d = played(r, "/strip/1/gain", -6.0);
	run_block(r);
	set(r, "/strip/1/gain", -30.0);
	handle(r, &d, taken, "/strip/1/gain", -6.0);
	assert_true(level_now(r) == level_linear(-6.0));
	assert_true(get(r, "/strip/1/gain") == -6.0);
}

static void
set_at(struct rig *r, const char *address, double value, uint64_t frame)
{
	struct param_change c = change_of(r, address, value);

	param_apply(r->p, &c, 1, frame, PARAM_SOURCE_NONE);
}

/* What was said last is for an earlier frame than what was said before. */
static void
what_waits_for_its_frame_is_put_right(void **state)
{
	struct rig *r = *state;
	struct reflex_done d;
	uint32_t taken;

	mixer_begin(r);
	run_block(r);
	set_at(r, "/strip/1/gain", -30.0, 20 * BLOCK);
	set_at(r, "/strip/1/gain", -10.0, 2 * BLOCK);
	while (r->frame < 4 * BLOCK)
		run_block(r);
	taken = mixer_taken(r->m);
	d = played(r, "/strip/1/gain", -6.0);
	while (r->frame < 30 * BLOCK)
		run_block(r);
	handle(r, &d, taken, "/strip/1/gain", -6.0);
	assert_true(level_now(r) == level_linear(-6.0));
}

/* What had a time came before it, control is late for both, and the message
 * comes to nothing there. */
static void
what_had_a_time_holds_over_what_comes_to_nothing(void **state)
{
	struct rig *r = *state;
	struct param_change change = change_of(r, "/strip/1/gain", -20.0);
	struct timespec now;
	struct reflex_done d;
	uint32_t taken;

	mixer_begin(r);
	run_block(r);
	clock_gettime(CLOCK_REALTIME, &now);
	assert_int_equal(
		param_schedule(r->p, &change, 1,
			(uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec +
				frame_ns(r, 24000) - loop_now_ns(),
			42, &share_here),
		0);
	model_run(r->model, frame_ns(r, 22000));
	while (r->frame < 24200)
		run_block(r);
	taken = mixer_taken(r->m);
	d = played(r, "/strip/1/gain", 0.0);
	run_block(r);
	handle(r, &d, taken, NULL, 0);
	model_run(r->model, frame_ns(r, r->frame));
	assert_true(get(r, "/strip/1/gain") == -20.0);
	assert_true(level_now(r) == level_linear(-20.0));
}

/* The counters of messages are those of months ago. */
static void
counters_that_went_round_are_no_news(void **state)
{
	static const uint32_t counts[] = {
		0x7ffffff0, 0x80000010, 0xfffffff0, 0x10};
	struct rig *r = *state;

	mixer_begin(r);
	set(r, "/strip/1/gain", -3.0);
	run_block(r);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct reflex_done d;
		double db = -6.0 - (double)i;

		atomic_store(&r->m->queue.put, counts[i]);
		atomic_store(&r->m->queue.taken, counts[i]);
		d = played(r, "/strip/1/gain", db);
		run_block(r);
		handle(r, &d, counts[i], "/strip/1/gain", db);
		assert_int_equal(mixer_posted(r->m), counts[i]);
		assert_true(level_now(r) == level_linear(db));
	}
}

static void
other_parameters_are_said(void **state)
{
	struct rig *r = *state;
	struct reflex_done d;
	uint32_t taken;

	mixer_begin(r);
	run_block(r);
	taken = mixer_taken(r->m);
	d = played(r, "/strip/1/gain", -6.0);
	run_block(r);
	model_done_begin(r->model, &d, 1);
	set(r, "/strip/1/gain", -6.0);
	set(r, "/bus/main/mute", 1);
	model_done_end(r->model, d.message.frame, taken);
	assert_true(level_now(r) == 0.0f);
	set(r, "/strip/1/gain", -8.0);
	set(r, "/bus/main/mute", 0);
	assert_true(level_now(r) == level_linear(-8.0));
}

/* The mixer may have gone between the two. */
static void
without_a_mixer_nothing_is_said(void **state)
{
	struct rig *r = *state;
	struct reflex_done d;

	mixer_begin(r);
	run_block(r);
	d = played(r, "/strip/1/gain", -6.0);
	mixer_end(r);
	handle(r, &d, 0, "/strip/1/gain", -9.0);
	assert_true(get(r, "/strip/1/gain") == -9.0);
	mixer_begin(r);
	assert_true(level_now(r) == level_linear(-9.0));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_is_done_is_not_said_again),
		T(an_older_one_does_not_undo_a_newer_one),
		T(what_control_does_not_do_is_undone),
		T(what_control_does_otherwise_holds),
		T(what_crossed_on_the_way_is_put_right),
		T(what_waits_for_its_frame_is_put_right),
		T(what_had_a_time_holds_over_what_comes_to_nothing),
		T(counters_that_went_round_are_no_news),
		T(other_parameters_are_said),
		T(without_a_mixer_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
