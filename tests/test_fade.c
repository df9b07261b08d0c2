/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that take seconds: what is heard, what is read meanwhile, and whose
 * word counts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "control/model/scene/fade.h"
#include "tests/model_mixer_rig.h"

#define FADE_FRAMES (RATE_HZ / 4)
#define FADE_NS	    (UINT64_C(1000000000) / 4)

static void
fade_ns(struct rig *r, const char *address, double number, uint64_t ns)
{
	struct param_change c = change_of(r, address, number);

	param_fade(r->p, &c, 1, 0, ns, PARAM_SOURCE_NONE);
}

static void
fade(struct rig *r, const char *address, double number)
{
	fade_ns(r, address, number, FADE_NS);
}

/* So many frames more, in whole blocks. */
static void
run(struct rig *r, uint32_t frames)
{
	for (uint32_t n = 0; n < frames; n += BLOCK)
		run_block(r);
	model_run(r->model, loop_now_ns());
}

static double
heard(const struct rig *r)
{
	return (double)r->out[0][0][BLOCK - 1];
}

static double
on_scale(double from_db, double to_db, double way)
{
	double a = level_to_fader(from_db), b = level_to_fader(to_db);

	return level_from_fader(a + (b - a) * way);
}

/* Its clock is far ahead: time that passes here moves nothing. */
static void
begin(struct rig *r)
{
	r->start_ns += UINT64_C(1000) * SECOND;
	mixer_begin(r);
	run(r, 10 * BLOCK);
}

/* ---- the way ---- */

static void
it_goes_evenly_on_the_scale_of_a_fader(void **state)
{
	struct rig *r = *state;
	uint64_t start;

	begin(r);
	set(r, "/strip/1/gain", -90);
	run(r, 2 * RAMP);
	start = r->frame;
	fade(r, "/strip/1/gain", 0);
	while (r->frame - start + BLOCK < FADE_FRAMES) {
		double way, want;

		run_block(r);
		way = (double)(r->frame - start) / FADE_FRAMES;
		want = level_linear(on_scale(-90, 0, way));
		assert_float_equal(heard(r), want, 1e-4 * want + 1e-6);
		/* of the block's first frame, as the mixer's clock has it */
		way -= (double)BLOCK / FADE_FRAMES;
		assert_float_equal(
			get(r, "/strip/1/gain"), on_scale(-90, 0, way), 1e-3);
		assert_float_equal(get(r, "/strip/1/fader"), 0.75 * way, 1e-4);
	}
	run(r, 2 * BLOCK);
	assert_true(heard(r) == 1.0);
	assert_true(get(r, "/strip/1/gain") == 0.0);
	assert_int_equal(param_fades(r->p), 0);
}

static void
what_has_no_silence_goes_in_its_own_unit(void **state)
{
	struct rig *r = *state;

	begin(r);
	fade(r, "/strip/1/trim", -24);
	fade(r, "/strip/1/filter", 0.5);
	fade(r, "/crossfader", 1);
	run(r, FADE_FRAMES / 2 + BLOCK);
	assert_float_equal(get(r, "/strip/1/trim"), -12, 0.1);
	assert_float_equal(get(r, "/strip/1/filter"), 0.25, 0.002);
	assert_float_equal(get(r, "/crossfader"), 0.75, 0.002);
	run(r, FADE_FRAMES);
	assert_true(get(r, "/strip/1/trim") == -24.0);
	assert_true(get(r, "/strip/1/filter") == 0.5);
	assert_true(get(r, "/crossfader") == 1.0);
}

static void
names_sides_and_routes_are_set_at_once(void **state)
{
	struct rig *r = *state;

	begin(r);
	fade(r, "/strip/1/side", 2);
	fade(r, "/strip/1/route", 2);
	assert_true(get(r, "/strip/1/side") == 2.0);
	assert_true(get(r, "/strip/1/send/main") == 0.0);
	assert_int_equal(param_fades(r->p), 0);
}

static uint32_t told;

static void
listen(void *data, uint32_t id, uint32_t source)
{
	struct rig *r = data;

	told += id == r->heard_id && source == PARAM_SOURCE_NONE;
}

static void
whoever_listens_is_told_on_the_way(void **state)
{
	struct rig *r = *state;

	begin(r);
	r->heard_id = find(r, "/strip/1/fader");
	told = 0;
	param_listen(r->p, listen, r);
	fade(r, "/strip/1/gain", -30);
	for (uint32_t i = 1; i < 10; i++) {
		run(r, FADE_FRAMES / 10);
		assert_true(told >= i);
	}
	param_unlisten(r->p, listen, r);
}

/* ---- whose word counts ---- */

static void
a_hand_ends_the_fade_of_its_parameter_and_no_other(void **state)
{
	struct rig *r = *state;
	double there;

	begin(r);
	fade(r, "/strip/1/gain", -90);
	fade(r, "/strip/2/gain", -90);
	run(r, FADE_FRAMES / 2);
	set(r, "/strip/1/gain", -6);
	run(r, 2 * RAMP);
	there = get(r, "/strip/2/gain");
	assert_true(there < -14.0 && there > -90.0);
	run(r, 2 * FADE_FRAMES);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	assert_true(heard(r) == (double)level_linear(-6));
	assert_true(get(r, "/strip/2/gain") == -90.0);
}

/* The hand takes hold of a fader that comes by, and says what it has there. */
static void
a_hand_that_says_what_is_there_ends_it_as_well(void **state)
{
	struct rig *r = *state;
	double there;

	begin(r);
	fade(r, "/strip/1/gain", -90);
	run(r, FADE_FRAMES / 2);
	there = get(r, "/strip/1/gain");
	set(r, "/strip/1/gain", there);
	run(r, 2 * FADE_FRAMES);
	assert_float_equal(get(r, "/strip/1/gain"), there, 1e-5);
	assert_float_equal(heard(r), level_linear(there), 1e-5);
}

static void
a_step_counts_from_where_it_is(void **state)
{
	struct rig *r = *state;
	struct param_change step = {.value = {.type = PARAM_FLOAT, .f = 3.0}};
	double there;

	begin(r);
	fade(r, "/strip/1/gain", -90);
	run(r, FADE_FRAMES / 2);
	there = get(r, "/strip/1/gain");
	assert_int_equal(
		param_match_set(r->p, "/strip/1/gain/step", &step.id, 1), 1);
	param_apply(r->p, &step, 1, 0, PARAM_SOURCE_NONE);
	run(r, FADE_FRAMES);
	assert_float_equal(get(r, "/strip/1/gain"), there + 3.0, 0.2);
}

static void
the_newest_counts_and_starts_where_it_is(void **state)
{
	struct rig *r = *state;
	double there, before;

	begin(r);
	fade(r, "/strip/1/gain", -90);
	fade(r, "/strip/2/gain", -90);
	run(r, FADE_FRAMES / 2);
	there = get(r, "/strip/1/gain");
	before = heard(r);
	fade(r, "/strip/1/gain", 0);
	assert_float_equal(get(r, "/strip/1/gain"), there, 0.1);
	run_block(r);
	assert_float_equal(heard(r), before, 0.01);
	run(r, FADE_FRAMES - FADE_FRAMES / 4);
	assert_true(get(r, "/strip/1/gain") < -1.0);
	assert_true(get(r, "/strip/2/gain") == -90.0); /* went on */
	run(r, FADE_FRAMES);
	assert_true(heard(r) == 1.0);
}

/* ---- mutes ---- */

static void
fade_two(struct rig *r, double gain, double mute)
{
	struct param_change both[2] = {change_of(r, "/strip/1/gain", gain),
		change_of(r, "/strip/1/mute", mute)};

	param_fade(r->p, both, 2, 0, FADE_NS, PARAM_SOURCE_NONE);
}

static void
it_is_heard_again_before_it_rises(void **state)
{
	struct rig *r = *state;
	double last = 0.0;

	begin(r);
	set(r, "/strip/1/mute", 1);
	run(r, 2 * RAMP);
	assert_true(heard(r) == 0.0);
	fade_two(r, 0, 0);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	assert_true(get(r, "/strip/1/gain") == -90.0);
	for (uint32_t i = 0; i < FADE_FRAMES / BLOCK; i++) {
		run_block(r);
		/* not from where the fader stood: that was not heard */
		assert_true(heard(r) >= last && heard(r) < last + 0.05);
		last = heard(r);
	}
	run(r, 4 * BLOCK);
	assert_true(heard(r) == 1.0);
}

static void
it_is_mute_after_it_has_fallen(void **state)
{
	struct rig *r = *state;
	double last = 1.0;

	begin(r);
	fade_two(r, -6, 1);
	for (uint32_t i = 0; i + 1 < FADE_FRAMES / BLOCK; i++) {
		run_block(r);
		model_run(r->model, loop_now_ns());
		assert_true(get(r, "/strip/1/mute") == 0.0);
		assert_true(heard(r) <= last && heard(r) > last - 0.05);
		last = heard(r);
	}
	assert_true(last < 0.001);
	run(r, 4 * BLOCK);
	assert_true(get(r, "/strip/1/mute") == 1.0);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	for (uint32_t i = 0; i < 4 * RAMP / BLOCK; i++) {
		run_block(r);
		assert_true(heard(r) < 0.001);
	}
	assert_true(heard(r) == 0.0);
}

static void
a_hand_on_the_mute_keeps_the_strip_in_the_room(void **state)
{
	struct rig *r = *state;
	double there;

	begin(r);
	fade_two(r, -6, 1);
	run(r, FADE_FRAMES / 2);
	set(r, "/strip/1/mute", 0);
	there = get(r, "/strip/1/gain");
	assert_true(there < -14.0);
	run(r, BLOCK);
	run(r, FADE_FRAMES / 4); /* not on to silence any more */
	assert_true(get(r, "/strip/1/gain") > there);
	run(r, FADE_FRAMES);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	assert_true(heard(r) == (double)level_linear(-6));
}

/* ---- all of them, and another mixer ---- */

static void
finish_goes_to_the_end_and_stop_stays(void **state)
{
	struct rig *r = *state;
	double there;

	begin(r);
	fade_two(r, -6, 1);
	run(r, FADE_FRAMES / 4);
	param_fade_finish(r->p);
	assert_true(get(r, "/strip/1/mute") == 1.0);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	run(r, 2 * RAMP);
	assert_true(heard(r) == 0.0);
	set(r, "/strip/1/mute", 0);
	fade_two(r, -90, 1);
	run(r, FADE_FRAMES / 4);
	param_fade_stop(r->p);
	there = get(r, "/strip/1/gain");
	assert_true(there < -7.0 && there > -80.0);
	run(r, 2 * FADE_FRAMES);
	assert_true(get(r, "/strip/1/gain") == there);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	assert_float_equal(heard(r), level_linear(there), 1e-6);
}

static void
it_goes_on_when_the_mixer_is_another(void **state)
{
	struct rig *r = *state;
	double there, here;

	begin(r);
	/* longer than a busy machine takes for another mixer */
	fade_ns(r, "/strip/1/gain", -90, 20 * FADE_NS);
	run(r, 10 * FADE_FRAMES);
	there = get(r, "/strip/1/gain");
	mixer_end(r);
	mixer_begin(r); /* meanwhile it goes by time */
	run(r, BLOCK);
	here = get(r, "/strip/1/gain");
	assert_true(here <= there && here > -90.0);
	assert_float_equal(heard(r), level_linear(here), 0.02);
	assert_int_equal(param_fades(r->p), 1);
	run(r, 10 * FADE_FRAMES + 2 * BLOCK);
	assert_true(heard(r) == 0.0);
	assert_true(get(r, "/strip/1/gain") == -90.0);
}

static void
without_a_mixer_it_goes_by_time(void **state)
{
	struct rig *r = *state;
	struct param_change c = change_of(r, "/strip/1/gain", -90);
	uint64_t start_ns = loop_now_ns(), next_ns;
	double last = 0.0;

	param_fade(r->p, &c, 1, 0, 30 * MS, PARAM_SOURCE_NONE);
	while ((next_ns = model_run(r->model, loop_now_ns())) != UINT64_MAX) {
		assert_true(get(r, "/strip/1/gain") <= last);
		last = get(r, "/strip/1/gain");
	}
	assert_true(loop_now_ns() - start_ns >= 30 * MS);
	assert_true(get(r, "/strip/1/gain") == -90.0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		T(it_goes_evenly_on_the_scale_of_a_fader),
		T(what_has_no_silence_goes_in_its_own_unit),
		T(names_sides_and_routes_are_set_at_once),
		T(whoever_listens_is_told_on_the_way),
		T(a_hand_ends_the_fade_of_its_parameter_and_no_other),
		T(a_hand_that_says_what_is_there_ends_it_as_well),
		T(a_step_counts_from_where_it_is),
		T(the_newest_counts_and_starts_where_it_is),
		T(it_is_heard_again_before_it_rises),
		T(it_is_mute_after_it_has_fallen),
		T(a_hand_on_the_mute_keeps_the_strip_in_the_room),
		T(finish_goes_to_the_end_and_stop_stays),
		T(it_goes_on_when_the_mixer_is_another),
		T(without_a_mixer_it_goes_by_time),
	};

	return cmocka_run_group_tests_name("fade", tests, NULL, NULL);
}
