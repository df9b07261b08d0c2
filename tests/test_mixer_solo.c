/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solo in place: who is silent where, and on which way. */
#include "tests/mixer_cue_rig.h"

#define EVERYWHERE ((1u << CUE_BUSES) - 1)

/* Strips that give 1, 2, 4 and so on, in all buses: a level says which of them
 * are heard. */
static struct rig *
solo_rig(uint32_t strips)
{
	struct rig *r = cue_rig(strips);

	for (uint32_t s = 0; s < strips; s++) {
		rig_route(r, s, EVERYWHERE);
		for (uint32_t n = 0; n < FRAMES; n++)
			r->in[s][0][n] = r->in[s][1][n] = (float)(1u << s);
	}
	return r;
}

static void
who_is_soloed_is_heard_alone_in_the_room(void **state)
{
	struct rig *r = solo_rig(3);

	(void)state;
	rig_say(r, 0, MIX_SOLO, 1, 1.0f);
	rig_run_all(r, 100);
	assert_level(r, MAIN, 0, 0, FRAMES, 2.0);
	rig_free(r);
}

static void
several_are_heard_together(void **state)
{
	struct rig *r = solo_rig(3);

	(void)state;
	rig_say(r, 0, MIX_SOLO, 1, 1.0f);
	rig_say(r, 0, MIX_SOLO, 2, 1.0f);
	rig_say(r, 2 * ARRIVED, MIX_SOLO, 2, 0.0f);
	rig_run_all(r, 100);
	assert_level(r, MAIN, 0, 0, 2 * ARRIVED, 6.0);
	assert_level(r, MAIN, 0, 3 * ARRIVED, FRAMES, 2.0);
	rig_free(r);
}

static void
neither_the_loop_nor_the_headphones_hear_of_it(void **state)
{
	struct rig *r = solo_rig(3);

	(void)state;
	rig_say(r, TOUCH, MIX_SOLO, 1, 1.0f);
	rig_run_all(r, 100);
	assert_level(r, LOOP, 0, 0, FRAMES, 7.0);
	assert_level(r, CUE, 0, 0, FRAMES, 7.0);
	rig_free(r);
}

static void
the_loop_follows_when_it_is_asked_to(void **state)
{
	struct rig *r = solo_rig(2);

	(void)state;
	rig_say(r, 0, MIX_SOLO, 1, 1.0f);
	rig_say(r, TOUCH, MIX_SOLO_LOOP, 0, 1.0f);
	rig_say(r, 2 * ARRIVED, MIX_SOLO_LOOP, 0, 0.0f);
	rig_run_all(r, 100);
	assert_ramp(r->out[LOOP][0], 2 * ARRIVED, TOUCH, 3.0, 2.0);
	assert_ramp(r->out[LOOP][0] + 2 * ARRIVED, FRAMES - 2 * ARRIVED, 0, 2.0,
		3.0);
	assert_level(r, MAIN, 0, 0, FRAMES, 2.0);
	assert_level(r, CUE, 0, 0, FRAMES, 3.0);
	rig_free(r);
}

static void
the_others_ramp_away_and_back_and_the_soloed_stays(void **state)
{
	struct rig *r = solo_rig(2);

	(void)state;
	rig_say(r, TOUCH, MIX_SOLO, 1, 1.0f);
	rig_say(r, 2 * ARRIVED, MIX_SOLO, 1, 0.0f);
	rig_run_all(r, 100);
	assert_ramp(r->out[MAIN][0], 2 * ARRIVED, TOUCH, 3.0, 2.0);
	assert_ramp(r->out[MAIN][0] + 2 * ARRIVED, FRAMES - 2 * ARRIVED, 0, 2.0,
		3.0);
	rig_free(r);
}

/* At one frame: one is heard no more, and another is. */
static void
a_solo_that_changes_hands_crosses_over(void **state)
{
	struct rig *r = solo_rig(3);

	(void)state;
	rig_say(r, 0, MIX_SOLO, 0, 1.0f);
	rig_say(r, TOUCH, MIX_SOLO, 0, 0.0f);
	rig_say(r, TOUCH, MIX_SOLO, 1, 1.0f);
	rig_run_all(r, 100);
	assert_ramp(r->out[MAIN][0], FRAMES, TOUCH, 1.0, 2.0);
	rig_free(r);
}

static void
who_is_soloed_stays_as_it_is_to_the_bit(void **state)
{
	struct rig *r = cue_rig(2);

	(void)state;
	rig_say(r, 0, MIX_GAIN, 1, 0.0f);
	rig_say(r, TOUCH, MIX_SOLO, 0, 1.0f);
	rig_say(r, 2 * ARRIVED, MIX_SOLO, 0, 0.0f);
	rig_run_all(r, 64);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[MAIN][i], r->in[0][i], FRAMES);
	rig_free(r);
}

static void
after_a_solo_all_is_as_it_was_to_the_bit(void **state)
{
	struct rig *r = cue_rig(1);
	float silence[FRAMES] = {0};
	const uint32_t shut = TOUCH + LEN, open = 2 * ARRIVED + LEN;

	(void)state;
	r->config.strips = 2;
	rig_restart(r);
	rig_route(r, 0, EVERYWHERE);
	rig_say(r, TOUCH, MIX_SOLO, 1, 1.0f);
	rig_say(r, 2 * ARRIVED, MIX_SOLO, 1, 0.0f);
	rig_run_all(r, 100);
	for (int i = 0; i < 2; i++) {
		assert_samples_equal(r->out[LOOP][i], r->in[0][i], FRAMES);
		assert_samples_equal(r->out[MAIN][i], r->in[0][i], TOUCH);
		assert_samples_equal(
			r->out[MAIN][i] + shut, silence, 2 * ARRIVED - shut);
		assert_samples_equal(r->out[MAIN][i] + open, r->in[0][i] + open,
			FRAMES - open);
	}
	rig_free(r);
}

/* Who is heard beside them is soloed too, even with nothing to play. */
static void
a_soloed_strip_without_sound_silences_the_others(void **state)
{
	struct rig *r = solo_rig(2);

	(void)state;
	r->inputs = 1;
	rig_say(r, 0, MIX_SOLO, 1, 1.0f);
	rig_run_all(r, 100);
	assert_level(r, MAIN, 0, 0, FRAMES, 0.0);
	rig_free(r);
}

static void
a_second_word_of_the_same_changes_nothing(void **state)
{
	struct rig *r = solo_rig(2);

	(void)state;
	rig_say(r, 0, MIX_SOLO, 1, 1.0f);
	rig_say(r, TOUCH, MIX_SOLO, 1, 1.0f);
	rig_say(r, ARRIVED, MIX_SOLO, 1, 0.0f);
	rig_run_all(r, 100);
	assert_level(r, MAIN, 0, 0, ARRIVED, 2.0);
	assert_level(r, MAIN, 0, 2 * ARRIVED, FRAMES, 3.0);
	rig_free(r);
}

static void
blocks_and_cuts_change_no_bit(void **state)
{
	static float kept[CUE_BUSES][2][FRAMES];
	uint32_t blocks[] = {4096, 16, 100, 333};

	(void)state;
	for (size_t k = 0; k < sizeof(blocks) / sizeof(*blocks); k++) {
		struct rig *r = cue_rig(4);

		for (uint32_t s = 0; s < 4; s++)
			rig_route(r, s, EVERYWHERE);
		cue_moves(r);
		rig_run_all(r, blocks[k]);
		for (int b = 0; b < CUE_BUSES; b++)
			for (int i = 0; i < 2; i++) {
				if (k > 0)
					assert_samples_equal(r->out[b][i],
						kept[b][i], FRAMES);
				memcpy(kept[b][i], r->out[b][i],
					sizeof(kept[b][i]));
			}
		rig_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(who_is_soloed_is_heard_alone_in_the_room),
		T(several_are_heard_together),
		T(neither_the_loop_nor_the_headphones_hear_of_it),
		T(the_loop_follows_when_it_is_asked_to),
		T(the_others_ramp_away_and_back_and_the_soloed_stays),
		T(a_solo_that_changes_hands_crosses_over),
		T(who_is_soloed_stays_as_it_is_to_the_bit),
		T(after_a_solo_all_is_as_it_was_to_the_bit),
		T(a_soloed_strip_without_sound_silences_the_others),
		T(a_second_word_of_the_same_changes_nothing),
		T(blocks_and_cuts_change_no_bit),
	};

	return cmocka_run_group_tests_name("mixer_solo", tests, NULL, NULL);
}
