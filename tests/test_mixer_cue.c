/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The headphones: what is cued before its fader, and main beside it. */
#include "tests/mixer_cue_rig.h"

#include <math.h>

/* ---- before the fader ---- */

static void
a_cued_strip_is_heard_before_its_fader_to_the_bit(void **state)
{
	struct rig *r = cue_rig(2);

	(void)state;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_GAIN, 0, 0.0f);
	rig_say(r, 0, MIX_MUTE, 0, 1.0f);
	rig_run_all(r, 100);
	for (int i = 0; i < 2; i++) {
		assert_samples_equal(r->out[CUE][i], r->in[0][i], FRAMES);
		assert_samples_equal(r->out[MAIN][i], r->in[1][i], FRAMES);
	}
	rig_free(r);
}

static void
a_cued_strip_is_heard_as_its_trim_and_eq_leave_it(void **state)
{
	struct rig *r = cue_rig(1);

	(void)state;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_TRIM, 0, 0.5f);
	rig_say(r, 0, MIX_EQ_LOW, 0, 0.0f);
	rig_say(r, 0, MIX_GAIN, 0, 1.0f);
	rig_run_all(r, 100);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[CUE][i], r->out[MAIN][i], FRAMES);
	assert_true(r->out[CUE][0][100] != r->in[0][0][100]);
	rig_free(r);
}

static void
cued_strips_are_summed_in_the_order_of_strips(void **state)
{
	struct rig *r = cue_rig(3);

	(void)state;
	rig_say(r, 0, MIX_CUE, 2, 1.0f);
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_run_all(r, 64);
	for (uint32_t n = 0; n < FRAMES; n++)
		assert_true(
			r->out[CUE][0][n] == r->in[0][0][n] + r->in[2][0][n]);
	rig_free(r);
}

static void
nothing_is_cued_at_first_and_cue_stays_silent(void **state)
{
	struct rig *r = cue_rig(2);
	float silence[FRAMES] = {0};

	(void)state;
	rig_run_all(r, 64);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[CUE][i], silence, FRAMES);
	rig_free(r);
}

static void
cueing_ramps_both_ways_and_moves_nothing_else(void **state)
{
	struct rig *r = cue_level_rig();

	(void)state;
	rig_say(r, TOUCH, MIX_CUE, 0, 1.0f);
	rig_say(r, 2 * ARRIVED, MIX_CUE, 0, 0.0f);
	rig_run_all(r, 100);
	assert_ramp(r->out[CUE][0], 2 * ARRIVED, TOUCH, 0.0, 1.0);
	assert_ramp(r->out[CUE][0] + 2 * ARRIVED, FRAMES - 2 * ARRIVED, 0, 1.0,
		0.0);
	assert_ramp(r->out[MAIN][0], FRAMES, FRAMES, 0.25, 0.25);
	rig_free(r);
}

/* An app that leaves fades out of the headphones as well. */
static void
a_strip_that_closes_fades_out_of_the_cue(void **state)
{
	struct rig *r = cue_level_rig();

	(void)state;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, TOUCH, MIX_OPEN, 0, 0.0f);
	rig_say(r, 2 * ARRIVED, MIX_OPEN, 0, 1.0f);
	rig_run_all(r, 100);
	assert_ramp(r->out[CUE][0], 2 * ARRIVED, TOUCH, 1.0, 0.0);
	assert_ramp(r->out[CUE][0] + 2 * ARRIVED, FRAMES - 2 * ARRIVED, 0, 0.0,
		1.0);
	rig_free(r);
}

static void
a_strip_that_is_kept_out_of_cue_is_not_cued(void **state)
{
	struct rig *r = cue_level_rig();

	(void)state;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_KEPT_OUT, 0, (float)(1u << CUE));
	rig_run_all(r, 100);
	assert_level(r, CUE, 0, 0, FRAMES, 0.0);
	rig_free(r);
}

static void
what_is_sent_to_the_cue_bus_after_the_fader_is_there_as_well(void **state)
{
	struct rig *r = cue_level_rig();

	(void)state;
	rig_route(r, 0, 1u << CUE | 1u << MAIN);
	rig_run_all(r, 100);
	assert_level(r, CUE, 0, 0, FRAMES, 0.25);
	rig_free(r);
}

/* ---- the mix ---- */

/* Cue is 1, main 0.25: constant power between them, whatever the fader. */
static void
cue_and_main_are_mixed_by_the_law_of_constant_power(void **state)
{
	static const float mixes[] = {0.0f, 0.25f, 0.5f, 0.8f, 1.0f};

	(void)state;
	for (size_t k = 0; k < sizeof(mixes) / sizeof(*mixes); k++) {
		struct rig *r = cue_level_rig();
		double way = (double)mixes[k] * M_PI / 2.0;

		rig_say(r, 0, MIX_CUE, 0, 1.0f);
		rig_say(r, 0, MIX_CUE_MIX, 0, mixes[k]);
		rig_run_all(r, 64);
		assert_level(r, CUE, 0, 0, FRAMES, cos(way) + 0.25 * sin(way));
		assert_level(r, MAIN, 0, 0, FRAMES, 0.25);
		rig_free(r);
	}
}

static void
all_main_is_main_to_the_bit(void **state)
{
	struct rig *r = cue_rig(2);

	(void)state;
	for (uint32_t n = 0; n < FRAMES; n += 3)
		r->in[1][0][n] = n % 2 ? -0.0f : 1e-40f;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_CUE_MIX, 0, 1.0f);
	rig_say(r, 0, MIX_ROUTE, 0, 0.0f);
	rig_run_all(r, 100);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[CUE][i], r->in[1][i], FRAMES);
	rig_free(r);
}

static void
main_is_heard_in_the_cue_as_its_bus_leaves_it(void **state)
{
	struct rig *r = cue_level_rig();

	(void)state;
	rig_say(r, 0, MIX_CUE_MIX, 0, 1.0f);
	rig_say(r, 0, MIX_BUS_GAIN, MAIN, 0.5f);
	rig_say(r, 0, MIX_BUS_GAIN, CUE, 2.0f);
	rig_run_all(r, 100);
	assert_level(r, MAIN, 0, 0, FRAMES, 0.125);
	assert_level(r, CUE, 0, 0, FRAMES, 0.25);
	rig_free(r);
}

static void
the_cues_gain_is_of_what_is_cued_alone(void **state)
{
	struct rig *r = cue_level_rig();

	(void)state;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_CUE_MIX, 0, 0.5f);
	rig_say(r, TOUCH, MIX_CUE_GAIN, 0, 0.0f);
	rig_run_all(r, 100);
	assert_level(r, CUE, 0, 0, TOUCH, 1.25 * M_SQRT1_2);
	assert_level(r, CUE, 0, ARRIVED, FRAMES, 0.25 * M_SQRT1_2);
	assert_no_step(r, CUE, 0.75 / 480.0);
	rig_free(r);
}

static void
the_mix_moves_without_a_click(void **state)
{
	struct rig *r = cue_level_rig();

	(void)state;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, TOUCH, MIX_CUE_MIX, 0, 1.0f);
	rig_say(r, 2 * ARRIVED, MIX_CUE_MIX, 0, 0.0f);
	rig_run_all(r, 64);
	assert_level(r, CUE, 0, 0, TOUCH, 1.0);
	assert_level(r, CUE, 0, ARRIVED, 2 * ARRIVED, 0.25);
	assert_level(r, CUE, 0, 3 * ARRIVED, FRAMES, 1.0);
	assert_no_step(r, CUE, 0.01);
	rig_free(r);
}

static void
without_a_bus_main_it_is_cue_alone(void **state)
{
	struct rig *r = cue_rig(1);

	(void)state;
	r->config.room = 0;
	rig_restart(r);
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_CUE_MIX, 0, 1.0f);
	rig_say(r, 0, MIX_CUE_SPLIT, 0, 1.0f);
	rig_run_all(r, 64);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[CUE][i], r->in[0][i], FRAMES);
	rig_free(r);
}

static void
without_a_cue_bus_its_words_change_no_bit(void **state)
{
	struct rig *r = cue_rig(2);

	(void)state;
	r->config.cue = 0;
	rig_restart(r);
	rig_route(r, 1, 1u << MAIN);
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, TOUCH, MIX_CUE_MIX, 0, 1.0f);
	rig_say(r, TOUCH, MIX_CUE_SPLIT, 0, 1.0f);
	rig_run_all(r, 64);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[MAIN][i], r->in[1][i], FRAMES);
	rig_free(r);
}

/* ---- split ---- */

static void
split_has_cue_on_the_left_and_main_on_the_right_in_mono(void **state)
{
	struct rig *r = cue_rig(2);

	(void)state;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_GAIN, 0, 0.0f);
	rig_say(r, 0, MIX_CUE_SPLIT, 0, 1.0f);
	rig_say(r, 0, MIX_CUE_GAIN, 0, 0.5f);
	rig_run_all(r, 100);
	for (uint32_t n = 0; n < FRAMES; n++) {
		float cue[2] = {0.5f * r->in[0][0][n], 0.5f * r->in[0][1][n]};

		assert_true(r->out[CUE][0][n] == 0.5f * cue[0] + 0.5f * cue[1]);
		assert_true(r->out[CUE][1][n] ==
			    0.5f * r->in[1][0][n] + 0.5f * r->in[1][1][n]);
	}
	rig_free(r);
}

/* With one output the right side is the room: no knob of the headphones may
 * turn it down. */
static void
no_mix_moves_what_is_split(void **state)
{
	struct rig *r = cue_level_rig();

	(void)state;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_CUE_SPLIT, 0, 1.0f);
	rig_say(r, TOUCH, MIX_CUE_MIX, 0, 0.7f);
	rig_run_all(r, 64);
	assert_level(r, CUE, 0, 0, FRAMES, 1.0);
	assert_level(r, CUE, 1, 0, FRAMES, 0.25);
	rig_free(r);
}

static void
split_ramps_both_ways(void **state)
{
	struct rig *r = cue_level_rig();

	(void)state;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, TOUCH, MIX_CUE_SPLIT, 0, 1.0f);
	rig_say(r, 2 * ARRIVED, MIX_CUE_SPLIT, 0, 0.0f);
	rig_run_all(r, 64);
	assert_ramp(r->out[CUE][1], 2 * ARRIVED, TOUCH, 1.0, 0.25);
	assert_ramp(r->out[CUE][1] + 2 * ARRIVED, FRAMES - 2 * ARRIVED, 0, 0.25,
		1.0);
	assert_level(r, CUE, 0, 0, FRAMES, 1.0);
	rig_free(r);
}

/* ---- what does not depend on blocks, and what is no number ---- */

static void
blocks_and_cuts_change_no_bit(void **state)
{
	static float kept[2][FRAMES];
	uint32_t blocks[] = {4096, 16, 100, 333};

	(void)state;
	for (size_t k = 0; k < sizeof(blocks) / sizeof(*blocks); k++) {
		struct rig *r = cue_rig(3);

		cue_moves(r);
		rig_run_all(r, blocks[k]);
		for (int i = 0; i < 2; i++) {
			if (k > 0)
				assert_samples_equal(
					r->out[CUE][i], kept[i], FRAMES);
			memcpy(kept[i], r->out[CUE][i], sizeof(kept[i]));
		}
		rig_free(r);
	}
}

static void
what_is_no_number_is_silence_in_the_cue_and_then_zeros(void **state)
{
	struct rig *r = cue_rig(2);

	(void)state;
	for (uint32_t n = TOUCH; n < FRAMES; n++)
		for (int i = 0; i < 2; i++)
			for (int s = 0; s < 2; s++)
				r->in[s][i][n] = n < 2 * TOUCH ? NAN : 0.0f;
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_CUE_MIX, 0, 0.5f);
	rig_say(r, 2 * TOUCH - 100, MIX_CUE_SPLIT, 0, 1.0f);
	rig_run_all(r, 64);
	for (uint32_t n = TOUCH; n < FRAMES; n++)
		for (int i = 0; i < 2; i++)
			assert_true(r->out[CUE][i][n] == 0.0f);
	rig_free(r);
}

static void
assert_finite(const struct rig *r)
{
	for (int b = 0; b < CUE_BUSES; b++)
		for (int i = 0; i < 2; i++)
			for (uint32_t n = 0; n < FRAMES; n++)
				assert_true(isfinite(r->out[b][i][n]));
}

/* Once it is in the path it stays there. */
static bool
is_eq(const struct message *msg)
{
	return msg->parameter >= MIX_EQ_LOW && msg->parameter <= MIX_EQ_HIGH;
}

/* And when all that was said is taken back, it is as it was to the bit. */
static void
of_a_million_frames_of_random_words_nothing_is_left(void **state)
{
	struct rig *r = cue_rig(4);

	(void)state;
	for (int turn = 0; turn < 100; turn++) {
		for (r->at = 0; r->at < FRAMES;) {
			struct message msg = rig_random_message(r);
			uint32_t n = 16 + rig_random(r) % 500;

			msg.frame = mixer_frame(r->m) + rig_random(r) % n;
			if (!is_eq(&msg))
				rig_post(r, &msg);
			rig_run(r, n < FRAMES - r->at ? n : FRAMES - r->at);
		}
		assert_finite(r);
	}
	for (enum mix p = MIX_GAIN; p < MIX_COUNT; p++)
		for (uint32_t s = 0; s < 4; s++)
			for (uint32_t b = 0; b < CUE_BUSES; b++)
				rig_rest(r, p, s, b);
	rig_say(r, 0, MIX_CUE, 0, 1.0f);
	rig_say(r, 0, MIX_ROUTE, 1, 1u << MAIN);
	for (int turn = 0; turn < 2; turn++)
		for (r->at = 0; r->at < FRAMES;)
			rig_run(r, 64);
	for (int i = 0; i < 2; i++) {
		assert_samples_equal(r->out[CUE][i], r->in[0][i], FRAMES);
		assert_samples_equal(r->out[MAIN][i], r->in[1][i], FRAMES);
	}
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(a_cued_strip_is_heard_before_its_fader_to_the_bit),
		T(a_cued_strip_is_heard_as_its_trim_and_eq_leave_it),
		T(cued_strips_are_summed_in_the_order_of_strips),
		T(nothing_is_cued_at_first_and_cue_stays_silent),
		T(cueing_ramps_both_ways_and_moves_nothing_else),
		T(a_strip_that_closes_fades_out_of_the_cue),
		T(a_strip_that_is_kept_out_of_cue_is_not_cued),
		T(what_is_sent_to_the_cue_bus_after_the_fader_is_there_as_well),
		T(cue_and_main_are_mixed_by_the_law_of_constant_power),
		T(all_main_is_main_to_the_bit),
		T(main_is_heard_in_the_cue_as_its_bus_leaves_it),
		T(the_cues_gain_is_of_what_is_cued_alone),
		T(the_mix_moves_without_a_click),
		T(without_a_bus_main_it_is_cue_alone),
		T(without_a_cue_bus_its_words_change_no_bit),
		T(split_has_cue_on_the_left_and_main_on_the_right_in_mono),
		T(no_mix_moves_what_is_split),
		T(split_ramps_both_ways),
		T(blocks_and_cuts_change_no_bit),
		T(what_is_no_number_is_silence_in_the_cue_and_then_zeros),
		T(of_a_million_frames_of_random_words_nothing_is_left),
	};

	return cmocka_run_group_tests_name("mixer_cue", tests, NULL, NULL);
}
