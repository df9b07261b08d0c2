/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/mixer/downmix.h"

#define DB3 0.70710678f

/* Row c: what channel c of a program gives to the left and to the right. */
static void
assert_gains(uint32_t channels, const float want[][2])
{
	uint32_t layout = layout_for_channels(channels);

	for (uint32_t c = 0; c < channels; c++) {
		uint32_t channel = layout_channel(layout, c);
		const float *got = downmix_gains(channel);

		assert_int_not_equal(channel, CHANNEL_NONE);
		assert_true(got[0] == want[c][0]);
		assert_true(got[1] == want[c][1]);
	}
	if (channels < CHANNELS_MAX)
		assert_int_equal(
			layout_channel(layout, channels), CHANNEL_NONE);
}

static void
mono_goes_to_both_sides_at_unity(void **state)
{
	const float want[1][2] = {{1, 1}};

	(void)state;
	assert_gains(1, want);
}

static void
stereo_stays_stereo(void **state)
{
	const float want[2][2] = {{1, 0}, {0, 1}};

	(void)state;
	assert_gains(2, want);
}

static void
three_to_five_channels_follow_bs_775(void **state)
{
	const float three[3][2] = {{1, 0}, {0, 1}, {DB3, DB3}};
	const float four[4][2] = {{1, 0}, {0, 1}, {DB3, 0}, {0, DB3}};
	const float five[5][2] = {
		{1, 0}, {0, 1}, {DB3, DB3}, {DB3, 0}, {0, DB3}};

	(void)state;
	assert_gains(3, three);
	assert_gains(4, four);
	assert_gains(5, five);
}

static void
in_5_1_the_low_frequency_channel_is_left_out(void **state)
{
	const float want[6][2] = {
		{1, 0}, {0, 1}, {DB3, DB3}, {0, 0}, {DB3, 0}, {0, DB3}};

	(void)state;
	assert_gains(6, want);
}

static void
in_6_1_the_rear_centre_goes_to_both_sides(void **state)
{
	const float want[7][2] = {{1, 0}, {0, 1}, {DB3, DB3}, {0, 0},
		{DB3, DB3}, {DB3, 0}, {0, DB3}};

	(void)state;
	assert_gains(7, want);
}

static void
in_7_1_rears_and_sides_stay_on_their_side(void **state)
{
	const float want[8][2] = {{1, 0}, {0, 1}, {DB3, DB3}, {0, 0}, {DB3, 0},
		{0, DB3}, {DB3, 0}, {0, DB3}};

	(void)state;
	assert_gains(8, want);
}

static void
the_usual_layouts_have_names(void **state)
{
	(void)state;
	assert_int_equal(layout_for_channels(1), LAYOUT_MONO);
	assert_int_equal(layout_for_channels(2), LAYOUT_STEREO);
}

static void
other_counts_have_no_layout(void **state)
{
	(void)state;
	assert_int_equal(layout_for_channels(0), 0);
	assert_int_equal(layout_for_channels(9), 0);
	assert_int_equal(layout_for_channels(UINT32_MAX), 0);
}

static void
a_channel_that_does_not_exist_gives_nothing(void **state)
{
	(void)state;
	for (uint32_t channel = CHANNEL_RC + 1; channel < 16; channel++) {
		assert_true(downmix_gains(channel)[0] == 0.0f);
		assert_true(downmix_gains(channel)[1] == 0.0f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mono_goes_to_both_sides_at_unity),
		cmocka_unit_test(stereo_stays_stereo),
		cmocka_unit_test(three_to_five_channels_follow_bs_775),
		cmocka_unit_test(in_5_1_the_low_frequency_channel_is_left_out),
		cmocka_unit_test(in_6_1_the_rear_centre_goes_to_both_sides),
		cmocka_unit_test(in_7_1_rears_and_sides_stay_on_their_side),
		cmocka_unit_test(the_usual_layouts_have_names),
		cmocka_unit_test(other_counts_have_no_layout),
		cmocka_unit_test(a_channel_that_does_not_exist_gives_nothing),
	};

	return cmocka_run_group_tests_name("downmix", tests, NULL, NULL);
}
