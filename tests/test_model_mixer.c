/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is set is heard. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/model_mixer_rig.h"

#include "core/mixer/mixer_state.h"

#define STRIPS 4u /* of the rig */

/* ---- what is set is heard ---- */

static void
a_mixer_that_starts_gets_every_value(void **state)
{
	struct rig *r = *state;

	set(r, "/strip/1/gain", -6);
	set(r, "/strip/1/trim", 1);
	set(r, "/strip/1/send/main", 0);
	set(r, "/bus/loop/gain", 3);
	mixer_begin(r);
	run_block(r);
	/* from the first frame on, without a ramp */
	assert_true(r->out[0][0][0] == 0.0f);
	assert_true(r->out[1][0][0] ==
		    level_linear(1) * level_linear(-6) * level_linear(3));
	assert_true(r->out[1][1][BLOCK - 1] == r->out[1][0][0]);
	mixer_end(r);
	/* set while there was none: the next one knows */
	set(r, "/strip/1/gain", 0);
	set(r, "/strip/1/trim", 0);
	set(r, "/bus/loop/gain", 0);
	set(r, "/strip/1/send/main", 1);
	mixer_begin(r);
	run_block(r);
	assert_true(r->out[0][0][0] == 1.0f);
	assert_true(r->out[1][0][0] == 1.0f);
}

static float
crossover_of(const struct rig *r, uint32_t strip, enum mix which)
{
	const struct mixer *m = r->m;

	return m->strip[strip].rack.value[m->of_strip.value_of[which]].ramp.to;
}

static void
every_strip_has_the_crossovers_of_the_configuration(void **state)
{
	struct rig *r = *state;
	struct model_config others = *model_config(r->model);

	mixer_begin(r);
	run_block(r);
	for (uint32_t s = 0; s < STRIPS; s++)
		assert_true(crossover_of(r, s, MIX_EQ_LOW_HZ) == 250.0f);
	others.eq_hz[0] = 90.0;
	others.eq_hz[1] = 4000.0;
	assert_int_equal(model_reload(r->model, &others), 0);
	run_block(r);
	for (uint32_t s = 0; s < STRIPS; s++) {
		assert_true(crossover_of(r, s, MIX_EQ_LOW_HZ) == 90.0f);
		assert_true(crossover_of(r, s, MIX_EQ_HIGH_HZ) == 4000.0f);
	}
	/* and a mixer that comes later */
	mixer_end(r);
	mixer_begin(r);
	run_block(r);
	assert_true(crossover_of(r, 0, MIX_EQ_HIGH_HZ) == 4000.0f);
}

static void
every_parameter_moves_its_part_of_the_mixer(void **state)
{
	struct {
		const char *address;
		double value;
		float main_wants, loop_wants;
	} cases[] = {{"/strip/1/gain", -90, 0.0f, 0.0f},
		{"/strip/1/gain", 0, 1.0f, 1.0f},
		{"/strip/1/fader", 0, 0.0f, 0.0f},
		{"/strip/1/fader", 0.75, 1.0f, 1.0f},
		{"/strip/1/mute", 1, 0.0f, 0.0f},
		{"/strip/1/mute", 0, 1.0f, 1.0f},
		{"/strip/1/route", 2, 0.0f, 1.0f},
		{"/strip/1/route", 3, 0.0f, 0.0f},
		{"/strip/1/send/main", 1, 1.0f, 0.0f},
		{"/strip/1/route", 0, 1.0f, 1.0f},
		{"/bus/main/mute", 1, 0.0f, 1.0f},
		{"/bus/main/mute", 0, 1.0f, 1.0f},
		{"/bus/loop/fader", 0, 1.0f, 0.0f},
		{"/bus/loop/gain", 0, 1.0f, 1.0f},
		{"/strip/1/trim", 6, 1.9952623f, 1.9952623f},
		{"/strip/1/trim", 0, 1.0f, 1.0f}};
	struct rig *r = *state;

	mixer_begin(r);
	run_block(r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set(r, cases[i].address, cases[i].value);
		for (uint32_t n = 0; n < RAMP + 2 * BLOCK; n += BLOCK)
			run_block(r);
		if (r->out[0][0][BLOCK - 1] != cases[i].main_wants ||
			r->out[1][1][BLOCK - 1] != cases[i].loop_wants)
			fail_msg("%s %g", cases[i].address, cases[i].value);
	}
}

static void
what_the_queue_had_no_room_for_comes_later(void **state)
{
	struct rig *r = *state;
	struct message filler = {
		.parameter = MIX_MUTE, .place = 3, .target = 0.0f};

	mixer_begin(r);
	run_block(r);
	while (mixer_post(r->m, &filler, 1))
		;
	set(r, "/strip/1/gain", -90);
	set(r, "/strip/1/gain", 6);
	set(r, "/bus/loop/mute", 1);
	assert_true(get(r, "/strip/1/gain") == 6.0);
	/* still full: it wants to be called again */
	assert_true(model_run(r->model, loop_now_ns()) < 100 * MS);
	for (int i = 0; i < 100; i++)
		run_block(r);
	assert_true(r->out[0][0][0] == 1.0f);
	assert_true(r->out[1][0][0] == 1.0f);
	assert_true(model_run(r->model, loop_now_ns()) == UINT64_MAX);
	for (int i = 0; i < 100; i++)
		run_block(r);
	assert_true(r->out[0][0][0] == level_linear(6)); /* the latest */
	assert_true(r->out[1][0][0] == 0.0f);
}

static void
set_often(struct rig *r, const char *address, uint32_t times)
{
	for (uint32_t i = 0; i < times; i++)
		set(r, address, -(double)(i % 60));
}

/* Sound that one machine waits for beside another's flood. */
static void
a_value_does_not_wait_behind_a_flood(void **state)
{
	struct rig *r = *state;
	uint32_t blocks = 0;

	mixer_begin_with(r, FRAME_MESSAGES);
	for (int i = 0; i < 20; i++)
		run_block(r);
	set_often(r, "/strip/2/gain", QUEUE_MESSAGES);
	set(r, "/strip/1/gain", -6);
	set_often(r, "/strip/2/gain", QUEUE_MESSAGES);
	while (r->out[0][0][BLOCK - 1] == 1.0f) {
		run_block(r);
		model_run(r->model, loop_now_ns());
		assert_true(++blocks < 10);
	}
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(r->out[0][0][0] == level_linear(-6));
	assert_true(model_run(r->model, loop_now_ns()) == UINT64_MAX);
}

/* Of a bundle that could not be said at once no part comes before. */
static void
what_is_said_later_is_said_as_one(void **state)
{
	struct rig *r = *state;

	mixer_begin_with(r, FRAME_MESSAGES);
	run_block(r);
	set_often(r, "/strip/2/gain", QUEUE_MESSAGES);
	set(r, "/bus/loop/gain", -6);
	while (mixer_is_behind(r->m))
		run_block(r);
	set(r, "/bus/main/gain", -6);
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(r->out[0][0][BLOCK - 1] == r->out[1][0][BLOCK - 1]);
	model_run(r->model, loop_now_ns());
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(r->out[0][0][BLOCK - 1] == level_linear(-6));
	assert_true(r->out[1][0][BLOCK - 1] == level_linear(-6));
}

static void
a_batch_is_one_even_with_thousands_of_changes(void **state)
{
	struct rig *r = *state;
	struct param_change *many = calloc(20000, sizeof(*many));

	mixer_begin(r);
	run_block(r);
	for (int i = 0; i < 20000; i++)
		many[i] = change_of(
			r, i & 1 ? "/strip/1/gain" : "/bus/main/gain", i % 12);
	param_apply(r->p, many, 20000, 0, PARAM_SOURCE_NONE);
	for (int i = 0; i < 20; i++)
		run_block(r);
	assert_true(r->out[1][0][0] == level_linear(19999 % 12));
	free(many);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_mixer_that_starts_gets_every_value),
		TEST(every_strip_has_the_crossovers_of_the_configuration),
		TEST(every_parameter_moves_its_part_of_the_mixer),
		TEST(what_the_queue_had_no_room_for_comes_later),
		TEST(a_value_does_not_wait_behind_a_flood),
		TEST(what_is_said_later_is_said_as_one),
		TEST(a_batch_is_one_even_with_thousands_of_changes),
	};

	return cmocka_run_group_tests_name("model_mixer", tests, NULL, NULL);
}
