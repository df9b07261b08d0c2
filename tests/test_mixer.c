/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens to a sample on its way. */
#include "tests/mixer_rig.h"

#include <math.h>

#define FRAMES 5000u
#define DB3    0.70710678f

static uint32_t
bits_of(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

static float
float_of(uint32_t bits)
{
	float x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/* Any pattern that is a number: also denormals, -0.0, the largest. */
static float
random_number(struct rig *r)
{
	uint32_t bits = rig_random(r);

	if (rig_random(r) % 4 == 0)
		bits &= 0x807fffff; /* denormal or zero */
	if (rig_random(r) % 16 == 0)
		bits &= 0x80000000;
	if ((bits & 0x7f800000) == 0x7f800000)
		bits &= 0xbfffffff;
	return float_of(bits);
}

static void
unity_into_a_bus_of_its_own_is_bit_identical(void **state)
{
	struct rig *r = rig_new(8, 8, FRAMES);

	(void)state;
	for (uint32_t s = 0; s < 8; s++) {
		rig_route(r, s, 1u << s);
		for (int i = 0; i < 2; i++)
			for (uint32_t n = 0; n < FRAMES; n++)
				r->in[s][i][n] = random_number(r);
	}
	r->in[0][0][3] = -0.0f;
	r->in[0][0][4] = float_of(1);
	rig_run_all(r, 333);
	for (uint32_t s = 0; s < 8; s++)
		for (int i = 0; i < 2; i++)
			assert_samples_equal(r->out[s][i], r->in[s][i], FRAMES);
	assert_int_equal(rig_counters(r).bad_samples, 0);
	assert_int_equal(rig_counters(r).frames, FRAMES);
	rig_free(r);
}

static void
unity_is_bit_identical_after_moves_that_came_back(void **state)
{
	struct rig *r = rig_new(2, 2, FRAMES);

	(void)state;
	for (uint32_t n = 0; n < FRAMES; n++)
		r->in[0][0][n] = random_number(r);
	rig_route(r, 0, 1);
	rig_say(r, 100, MIX_GAIN, 0, 0.5f);
	rig_say(r, 200, MIX_TRIM, 0, 2.0f);
	rig_say(r, 1000, MIX_GAIN, 0, 1.0f);
	rig_say(r, 1001, MIX_TRIM, 0, 1.0f);
	rig_run_all(r, 64);
	assert_samples_equal(r->out[0][0], r->in[0][0], 100);
	assert_true(r->out[0][0][600] != r->in[0][0][600] ||
		    r->out[0][0][601] != r->in[0][0][601]);
	assert_samples_equal(r->out[0][0] + 1001 + 479,
		r->in[0][0] + 1001 + 479, FRAMES - 1001 - 479);
	rig_free(r);
}

static void
a_bus_that_nothing_feeds_is_silent(void **state)
{
	struct rig *r = rig_new(2, 3, FRAMES);
	float *silence = rig_buffer(FRAMES);

	(void)state;
	rig_route(r, 0, 1);
	rig_route(r, 1, 2);
	r->input[1].ch[0] = NULL;
	r->input[1].ch[1] = NULL;
	rig_run_all(r, 64);
	for (int i = 0; i < 2; i++) {
		assert_samples_equal(r->out[0][i], r->in[0][i], FRAMES);
		assert_samples_equal(r->out[1][i], silence, FRAMES);
		assert_samples_equal(r->out[2][i], silence, FRAMES);
	}
	free(silence);
	rig_free(r);
}

static void
a_muted_strip_a_closed_one_and_a_muted_bus_are_silent(void **state)
{
	struct rig *r = rig_new(3, 3, FRAMES);
	float *silence = rig_buffer(FRAMES);

	(void)state;
	for (uint32_t s = 0; s < 3; s++)
		rig_route(r, s, 1u << s);
	rig_say(r, 0, MIX_MUTE, 0, 1.0f);
	rig_say(r, 0, MIX_OPEN, 1, 0.0f);
	rig_say(r, 0, MIX_BUS_MUTE, 2, 1.0f);
	rig_run_all(r, 64);
	for (int b = 0; b < 3; b++)
		for (int i = 0; i < 2; i++)
			assert_samples_equal(r->out[b][i], silence, FRAMES);
	free(silence);
	rig_free(r);
}

static void
a_strip_that_is_kept_out_of_a_bus_never_reaches_it(void **state)
{
	struct rig *r = rig_new(1, 2, FRAMES);
	float *silence = rig_buffer(FRAMES);

	(void)state;
	rig_route(r, 0, 3);
	rig_say(r, 0, MIX_KEPT_OUT, 0, 1u << 1);
	rig_say(r, 0, MIX_OPEN, 0, 1.0f);
	rig_say(r, 64, MIX_SEND, 0, 1.0f);
	rig_route(r, 0, 3); /* as somebody who sets the route meanwhile */
	rig_run_all(r, 64);
	for (int i = 0; i < 2; i++) {
		assert_samples_equal(r->out[0][i], r->in[0][i], FRAMES);
		assert_samples_equal(r->out[1][i], silence, FRAMES);
	}
	rig_say(r, 0, MIX_KEPT_OUT, 0, 0.0f);
	r->at = 0;
	rig_run_all(r, 64);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[1][i], r->in[0][i], FRAMES);
	free(silence);
	rig_free(r);
}

/* What is heard elsewhere as well is then neither missing nor doubled. */
static void
a_strip_that_is_halved_in_a_bus_is_whole_in_the_others(void **state)
{
	const uint32_t ramp = 48, from = 128, to = 512;
	struct rig *r = rig_new(2, 2, FRAMES);

	(void)state;
	rig_route(r, 0, 3);
	rig_run(r, from);
	rig_say(r, 0, MIX_HALVED, 0, 1u << 1);
	rig_run(r, to - from);
	rig_say(r, 0, MIX_HALVED, 0, 0.0f);
	rig_run_all(r, 64);
	assert_samples_equal(r->out[0][0], r->in[0][0], FRAMES);
	assert_samples_equal(r->out[1][0], r->in[0][0], from);
	for (uint32_t n = from + ramp - 1; n < to; n++)
		assert_true(r->out[1][0][n] == 0.5f * r->in[0][0][n]);
	for (uint32_t n = to + ramp - 1; n < FRAMES; n++)
		assert_true(r->out[1][0][n] == r->in[0][0][n]);
	rig_free(r);
}

static void
a_send_that_is_halved_goes_and_comes_as_a_half(void **state)
{
	struct rig *r = rig_new(1, 1, FRAMES);

	(void)state;
	rig_say(r, 0, MIX_HALVED, 0, 1.0f);
	rig_route(r, 0, 1);
	rig_run(r, 64);
	assert_true(r->out[0][0][63] == 0.5f * r->in[0][0][63]);
	rig_say(r, 0, MIX_SEND, 0, 0.0f);
	rig_run(r, 600);
	assert_true(r->out[0][0][663] == 0.0f);
	rig_say(r, 0, MIX_HALVED, 0, 0.0f);
	rig_run(r, 64);
	assert_true(r->out[0][0][727] == 0.0f);
	rig_say(r, 0, MIX_SEND, 0, 1.0f);
	rig_run_all(r, 64);
	assert_true(r->out[0][0][FRAMES - 1] == r->in[0][0][FRAMES - 1]);
	rig_free(r);
}

static void
trim_fader_and_bus_gain_multiply(void **state)
{
	struct rig *r = rig_new(1, 1, FRAMES);

	(void)state;
	rig_route(r, 0, 1);
	rig_say(r, 0, MIX_TRIM, 0, 2.0f);
	rig_say(r, 0, MIX_GAIN, 0, 0.75f);
	rig_say(r, 0, MIX_BUS_GAIN, 0, 0.3f);
	rig_run_all(r, 100);
	for (uint32_t n = 0; n < FRAMES; n++) {
		float want = r->in[0][1][n] * 2.0f * 0.75f * 0.3f;

		assert_true(r->out[0][1][n] == want);
	}
	rig_free(r);
}

static void
what_is_no_number_is_silence_and_counted_and_spares_the_rest(void **state)
{
	static const uint32_t bad[] = {0x7fc00000, 0xffc12345, 0x7f800000,
		0xff800000, 0x7f800001, 0xffffffff};
	struct rig *r = rig_new(2, 2, FRAMES);
	float *want = rig_buffer(FRAMES);
	uint64_t count = 0;

	(void)state;
	rig_route(r, 0, 1);
	rig_route(r, 1, 2);
	for (uint32_t n = 0; n < FRAMES; n++)
		r->in[0][0][n] = random_number(r);
	memcpy(want, r->in[0][0], FRAMES * sizeof(float));
	for (uint32_t n = 5; n < FRAMES; n += 1 + n / 3) {
		r->in[0][0][n] = float_of(bad[count++ % 6]);
		want[n] = 0.0f;
	}
	rig_run_all(r, 100);
	assert_samples_equal(r->out[0][0], want, FRAMES);
	assert_samples_equal(r->out[0][1], r->in[0][1], FRAMES);
	assert_samples_equal(r->out[1][0], r->in[1][0], FRAMES);
	assert_int_equal(rig_counters(r).bad_samples, count);
	free(want);
	rig_free(r);
}

static void
a_bad_sample_of_one_input_spares_the_strips_other_input(void **state)
{
	struct rig *r = rig_new(2, 1, 64);

	(void)state;
	rig_route(r, 0, 1);
	r->input[1].strip = 0;
	r->in[0][0][10] = NAN;
	r->in[1][0][20] = INFINITY;
	rig_run_all(r, 64);
	assert_true(r->out[0][0][10] == r->in[1][0][10]);
	assert_true(r->out[0][0][20] == r->in[0][0][20]);
	assert_true(r->out[0][0][30] == r->in[0][0][30] + r->in[1][0][30]);
	assert_int_equal(rig_counters(r).bad_samples, 2);
	rig_free(r);
}

static void
numbers_too_large_to_add_never_reach_a_bus(void **state)
{
	struct rig *r = rig_new(3, 1, 64);

	(void)state;
	for (uint32_t s = 0; s < 3; s++) {
		rig_route(r, s, 1);
		r->in[s][0][7] = 3e38f;
	}
	r->in[2][0][7] = -3e38f;
	rig_say(r, 0, MIX_TRIM, 2, GAIN_MAX);
	rig_run_all(r, 64);
	for (uint32_t n = 0; n < 64; n++)
		assert_true(isfinite(r->out[0][0][n]));
	assert_true(isfinite(mixer_strip_meter(r->m, MIXER_PEAK, 2, 0)));
	assert_true(isfinite(mixer_bus_meter(r->m, MIXER_PEAK, 0, 0)));
	assert_int_equal(rig_counters(r).bad_samples, 2);
	rig_free(r);
}

static void
mono_reaches_both_sides_bit_identical(void **state)
{
	struct rig *r = rig_new(1, 1, FRAMES);

	(void)state;
	rig_route(r, 0, 1);
	for (uint32_t n = 0; n < FRAMES; n++)
		r->in[0][0][n] = random_number(r);
	r->input[0].layout = LAYOUT_MONO;
	rig_run_all(r, 256);
	assert_samples_equal(r->out[0][0], r->in[0][0], FRAMES);
	assert_samples_equal(r->out[0][1], r->in[0][0], FRAMES);
	rig_free(r);
}

static void
one_side_alone_leaves_the_other_silent(void **state)
{
	struct rig *r = rig_new(1, 1, FRAMES);
	float *silence = rig_buffer(FRAMES);

	(void)state;
	rig_route(r, 0, 1);
	r->input[0].ch[0] = NULL;
	rig_run_all(r, 256);
	assert_samples_equal(r->out[0][0], silence, FRAMES);
	assert_samples_equal(r->out[0][1], r->in[0][1], FRAMES);
	free(silence);
	rig_free(r);
}

/* channels programs' channels, made of the buffers of strips 0..3 */
static void
surround_is(uint32_t channels, const float left[8], const float right[8])
{
	struct rig *r = rig_new(4, 1, FRAMES);

	rig_route(r, 0, 1);
	r->inputs = 1;
	r->input[0].layout = layout_for_channels(channels);
	for (uint32_t c = 0; c < channels; c++)
		r->input[0].ch[c] = r->in[c / 2][c % 2];
	rig_run_all(r, 256);
	for (uint32_t n = 0; n < FRAMES; n++) {
		double want[2] = {0.0, 0.0};

		for (uint32_t c = 0; c < channels; c++) {
			float x = r->in[c / 2][c % 2][n];

			want[0] += (double)left[c] * (double)x;
			want[1] += (double)right[c] * (double)x;
		}
		assert_float_equal(r->out[0][0][n], want[0], 1e-6);
		assert_float_equal(r->out[0][1][n], want[1], 1e-6);
	}
	rig_free(r);
}

static void
surround_is_mixed_down_by_bs_775(void **state)
{
	const float left_6[8] = {1, 0, DB3, 0, DB3, 0};
	const float right_6[8] = {0, 1, DB3, 0, 0, DB3};
	const float left_8[8] = {1, 0, DB3, 0, DB3, 0, DB3, 0};
	const float right_8[8] = {0, 1, DB3, 0, 0, DB3, 0, DB3};

	(void)state;
	surround_is(6, left_6, right_6);
	surround_is(8, left_8, right_8);
}

static void
sums_go_by_input_then_by_strip(void **state)
{
	struct rig *r = rig_new(5, 1, FRAMES);
	const struct mixer_input all[5] = {r->input[3], r->input[0],
		r->input[2], r->input[1], r->input[4]};

	(void)state;
	for (uint32_t s = 0; s < 5; s++)
		rig_route(r, s, 1);
	memcpy(r->input, all, sizeof(all));
	r->input[3].strip = 2; /* strip 2 has in[2], in[1], in[4] */
	r->input[4].strip = 2;
	rig_run_all(r, 256);
	for (uint32_t n = 0; n < FRAMES; n++) {
		float two = r->in[2][0][n] + r->in[1][0][n] + r->in[4][0][n];
		float want = r->in[0][0][n] + two + r->in[3][0][n];

		assert_int_equal(bits_of(r->out[0][0][n]), bits_of(want));
	}
	rig_free(r);
}

static void
an_input_of_no_strip_is_ignored(void **state)
{
	struct rig *r = rig_new(3, 1, FRAMES);

	(void)state;
	rig_route(r, 0, 1);
	r->input[1].strip = 3;
	r->input[2].strip = UINT32_MAX;
	rig_run_all(r, 256);
	assert_samples_equal(r->out[0][0], r->in[0][0], FRAMES);
	rig_free(r);
}

/* 1e-40 is a denormal; volatile, so that it is added here and now. */
static bool
denormals_survive(void)
{
	volatile float tiny = 1e-40f;

	tiny = tiny + tiny;
	return tiny != 0.0f;
}

static void
denormals_are_flushed_in_a_mix_and_only_there(void **state)
{
	struct rig *r = rig_new(2, 1, 64);

	(void)state;
	rig_route(r, 0, 1);
	rig_route(r, 1, 1);
	r->in[0][0][5] = 1e-40f;
	r->in[1][0][5] = 1e-40f;
	rig_run_all(r, 64);
	assert_int_equal(bits_of(r->out[0][0][5]), 0);
	assert_true(denormals_survive());
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(unity_into_a_bus_of_its_own_is_bit_identical),
		T(unity_is_bit_identical_after_moves_that_came_back),
		T(a_bus_that_nothing_feeds_is_silent),
		T(a_muted_strip_a_closed_one_and_a_muted_bus_are_silent),
		T(a_strip_that_is_kept_out_of_a_bus_never_reaches_it),
		T(a_strip_that_is_halved_in_a_bus_is_whole_in_the_others),
		T(a_send_that_is_halved_goes_and_comes_as_a_half),
		T(trim_fader_and_bus_gain_multiply),
		T(what_is_no_number_is_silence_and_counted_and_spares_the_rest),
		T(a_bad_sample_of_one_input_spares_the_strips_other_input),
		T(numbers_too_large_to_add_never_reach_a_bus),
		T(mono_reaches_both_sides_bit_identical),
		T(one_side_alone_leaves_the_other_silent),
		T(surround_is_mixed_down_by_bs_775),
		T(sums_go_by_input_then_by_strip),
		T(an_input_of_no_strip_is_ignored),
		T(denormals_are_flushed_in_a_mix_and_only_there),
	};

	return cmocka_run_group_tests_name("mixer", tests, NULL, NULL);
}
