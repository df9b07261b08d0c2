/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which word of several for one place holds, and how a message is gone after.
 */
#include "tests/mixer_level_rig.h"

#define FRAMES 4000u

static void
say_token(struct rig *r, uint64_t frame, uint64_t token, enum mix parameter,
	uint32_t place, float target)
{
	const struct message msg = {.frame = frame,
		.token = token,
		.parameter = (uint8_t)parameter,
		.place = (uint16_t)place,
		.target = target};

	rig_post(r, &msg);
}

static void
a_later_word_supersedes_one_that_waits(void **state)
{
	struct rig *r = level_rig(1, FRAMES);

	(void)state;
	say_token(r, 2000, 5, MIX_GAIN, 0, 0.5f);
	say_token(r, 1000, 6, MIX_GAIN, 0, 0.25f);
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], FRAMES, 1000, 1.0, 0.25);
	rig_free(r);
}

static void
an_earlier_word_does_not_undo_a_later_one(void **state)
{
	struct rig *r = level_rig(1, FRAMES);

	(void)state;
	say_token(r, 1000, 5, MIX_GAIN, 0, 0.5f);
	say_token(r, 2000, 6, MIX_GAIN, 0, 0.25f);
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], 2000, 1000, 1.0, 0.5);
	assert_ramp(r->out[0][0] + 2000, FRAMES - 2000, 0, 0.5, 0.25);
	rig_free(r);
}

/* Of the same age, and of none, it is as if there were no tokens; and each
 * place has its own. */
static void
only_an_older_word_for_the_same_place_is_left_out(void **state)
{
	struct rig *r = level_rig(2, FRAMES);

	(void)state;
	rig_route(r, 1, 0);
	say_token(r, 500, 6, MIX_GAIN, 0, 0.25f);
	say_token(r, 600, 5, MIX_GAIN, 1, 0.0f);
	say_token(r, 600, 5, MIX_BUS_MUTE, 0, 0.0f);
	say_token(r, 600, 5, MIX_TRIM, 0, 1.0f);
	say_token(r, 1500, 6, MIX_GAIN, 0, 0.5f);
	say_token(r, 2500, 0, MIX_GAIN, 0, 0.75f);
	rig_run_all(r, 64);
	assert_ramp(r->out[0][0], 1500, 500, 1.0, 0.25);
	assert_ramp(r->out[0][0] + 1500, 1000, 0, 0.25, 0.5);
	assert_ramp(r->out[0][0] + 2500, FRAMES - 2500, 0, 0.5, 0.75);
	rig_free(r);
}

static void
a_route_leaves_the_send_that_has_heard_a_later_word(void **state)
{
	struct rig *r = rig_new(1, 2, FRAMES);
	float *silence = rig_buffer(FRAMES);

	(void)state;
	say_token(r, 0, 6, MIX_SEND, mix_send_place(0, 1), 0.0f);
	say_token(r, 0, 5, MIX_ROUTE, 0, 3.0f);
	rig_run_all(r, 64);
	assert_samples_equal(r->out[0][0], r->in[0][0], FRAMES);
	assert_samples_equal(r->out[1][0], silence, FRAMES);
	free(silence);
	rig_free(r);
}

static void
a_message_ramps_as_long_as_it_says_and_by_its_law(void **state)
{
	for (int law = 0; law < RAMP_LAWS; law++) {
		struct rig *r = level_rig(1, FRAMES);
		const struct message msg = {.frame = 500,
			.ramp = 3000,
			.parameter = MIX_GAIN,
			.target = 0.25f,
			.law = (uint8_t)law};
		struct ramp want;

		(void)state;
		ramp_jump(&want, 1.0f);
		ramp_start(&want, 500, 0.25f, 3000, (enum ramp_law)law);
		rig_post(r, &msg);
		rig_run_all(r, 100);
		for (uint32_t n = 500; n < FRAMES; n++)
			assert_true(r->out[0][0][n] == ramp_at(&want, n));
		rig_free(r);
	}
}

static void
a_ramp_that_is_asked_for_at_frame_0_is_made(void **state)
{
	struct rig *r = level_rig(1, FRAMES);
	const struct message msg = {.ramp = 1000, .parameter = MIX_TRIM};

	(void)state;
	rig_post(r, &msg);
	rig_run_all(r, 100);
	for (uint32_t n = 0; n < FRAMES; n++)
		assert_float_equal(r->out[0][0][n],
			n < 1000 ? 1.0 - (n + 1.0) / 1000.0 : 0.0, 2e-7);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_later_word_supersedes_one_that_waits),
		cmocka_unit_test(an_earlier_word_does_not_undo_a_later_one),
		cmocka_unit_test(
			only_an_older_word_for_the_same_place_is_left_out),
		cmocka_unit_test(
			a_route_leaves_the_send_that_has_heard_a_later_word),
		cmocka_unit_test(
			a_message_ramps_as_long_as_it_says_and_by_its_law),
		cmocka_unit_test(a_ramp_that_is_asked_for_at_frame_0_is_made),
	};

	return cmocka_run_group_tests_name("mixer_words", tests, NULL, NULL);
}
