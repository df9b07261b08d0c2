/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stages in a mixer: when they are asked, what they are told, and that one that
 * misbehaves is heard for no longer than to the next tick. */
#include "tests/stage_rig.h"

/* ---- the tick ---- */

/* Two words on the way and a gap without input. */
#define WORD_1 1003u
#define WORD_2 1900u
#define GAP    3001u
#define BACK   3777u

static float
leak_at(uint32_t frame)
{
	struct ramp ramp;

	ramp_jump(&ramp, 0.0f);
	if (frame >= WORD_1)
		ramp_start(&ramp, WORD_1, 0.875f, LEN, RAMP_LINEAR);
	if (frame >= WORD_2)
		ramp_start(&ramp, WORD_2, 0.25f, LEN, RAMP_LINEAR);
	return ramp_at(&ramp, frame);
}

/* Frame by frame. */
static void
leak_want(const struct rig *r, float *to, int side)
{
	const float *x = r->in[0][side];
	float y = 0.0f, factor = 0.0f, step = 0.0f;
	bool on = false;

	for (uint32_t n = 0; n < FRAMES; n++) {
		bool begins = n == BACK || !on;

		if (n >= GAP && n < BACK) {
			to[n] = 0.0f;
			continue;
		}
		if (n % STAGE_TICK == 0 || n == BACK) {
			factor = begins ? leak_at(n) : factor;
			y = begins ? 0.0f : y;
			step = (leak_at(n) - factor) / STAGE_TICK;
			on = !(begins && leak_at(n) == 0.0f);
		}
		to[n] = x[n];
		if (!on)
			continue;
		factor += step;
		y = x[n] + factor * y;
		to[n] = y * 0.25f;
	}
}

static void
leak_play(struct rig *r, uint32_t most, uint64_t seed)
{
	const struct mixer_input input = r->input[0];

	rig_say(r, WORD_1, LEAK, 0, 0.875f);
	rig_say(r, WORD_2, LEAK, 0, 0.25f);
	run_cut(r, GAP, most, seed);
	r->input[0].ch[0] = r->input[0].ch[1] = NULL;
	run_cut(r, BACK, most, seed + 1);
	r->input[0] = input;
	run_cut(r, FRAMES, most, seed + 2);
}

static void
the_tick_hangs_on_no_block_and_no_cut(void **state)
{
	static float want[2][FRAMES];

	(void)state;
	for (uint32_t k = 0; k < BLOCKS; k++) {
		struct rig *r = staged(1, leaks, none);

		leak_want(r, want[0], 0);
		leak_want(r, want[1], 1);
		leak_play(r, blocks[k], k);
		/* by the first word; and where the input came back */
		assert_int_equal(woke, 1);
		assert_int_equal(began, 2);
		for (int i = 0; i < 2; i++)
			assert_samples_equal(r->out[0][i], want[i], FRAMES);
		assert_int_equal(rig_counters(r).bad_samples, 0);
		rig_free(r);
	}
}

/* What is not there stays so, and the other is what it always was. */
static void
one_side_alone_is_as_in_two(void **state)
{
	static float want[FRAMES];
	struct rig *r = staged(1, leaks, none);

	(void)state;
	leak_want(r, want, 1);
	r->input[0].ch[0] = NULL;
	leak_play(r, 100, 1);
	assert_samples_equal(r->out[0][1], want, FRAMES);
	for (uint32_t n = 0; n < FRAMES; n++)
		assert_true(r->out[0][0][n] == 0.0f);
	rig_free(r);
}

static void
a_rate_begins_anew(void **state)
{
	struct rig *r = staged(1, leaks, none);

	(void)state;
	rig_say(r, 0, LEAK, 0, 0.5f);
	rig_run(r, 100);
	assert_int_equal(leak_rate_hz, 48000);
	assert_int_equal(mixer_set_rate(r->m, 96000), 0);
	rig_run(r, 1);
	assert_int_equal(leak_rate_hz, 96000);
	for (int i = 0; i < 2; i++)
		assert_true(r->out[0][i][100] == r->in[0][i][100] * 0.25f);
	rig_free(r);
}

/* Nothing that came is not the same as nobody there. */
static void
a_bus_of_silence_runs_on(void **state)
{
	(void)state;
	for (uint32_t k = 0; k < BLOCKS; k++) {
		struct rig *r = staged(1, none, counts);

		rig_say(r, 0, MIX_MUTE, 0, 1.0f);
		rig_say(r, 2000, MIX_MUTE, 0, 0.0f);
		rig_say(r, 3001, MIX_MUTE, 0, 1.0f);
		run_cut(r, FRAMES, blocks[k], k);
		for (uint32_t n = 0; n < FRAMES; n++)
			if (n < 2000 || n >= 3001 + LEN)
				assert_true(r->out[0][0][n] == (float)(n + 1));
		rig_free(r);
	}
}

/* ---- at rest ---- */

static void
at_rest_it_is_not_asked_and_no_bit_changes(void **state)
{
	struct rig *r = staged(2, leaks, leaks);

	(void)state;
	for (uint32_t n = 0; n < FRAMES; n += 3) {
		r->in[0][0][n] = -0.0f;
		r->in[0][1][n] = FLT_MIN / 7;
	}
	rig_run(r, 5000);
	/* but for the first chunk, to learn that it is at rest */
	assert_int_equal(prepared, 4 * CHUNK_FRAMES / STAGE_TICK);
	assert_int_equal(run_frames, 0);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[0][i], r->in[0][i], 5000);
	rig_say(r, 0, LEAK, 1, 0.5f);
	rig_run(r, 1000);
	assert_true(run_frames > 900 && run_frames < 1000);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[0][i], r->in[0][i], FRAMES);
	rig_free(r);
}

/* ---- misbehaving ---- */

/* From a bomb that starts at frame 0. */
static void
assert_bombed(const float *out, const float *in)
{
	uint32_t ran = 0;
	bool silent = false;

	for (uint32_t n = 0; n < FRAMES; n++) {
		if (silent && n % STAGE_TICK == 0) {
			silent = false;
			ran = 0;
		}
		silent = silent || ran++ == BOMB_FRAMES;
		assert_true(out[n] == (silent ? 0.0f : in[n]));
	}
}

static void
bomb_play(const struct stage *const strip[], const struct stage *const bus[])
{
	for (uint32_t k = 0; k < 2 * BLOCKS; k++) {
		struct rig *r = staged(2, strip, bus);

		bomb_side = k % 2;
		run_cut(r, FRAMES, blocks[k / 2], k);
		for (uint32_t s = 0; s < 2; s++)
			for (int i = 0; i < 2; i++)
				assert_bombed(r->out[s][i], r->in[s][i]);
		/* 38 frames and what is left of their third tick */
		assert_int_equal(rig_counters(r).bad_samples,
			2 * ((FRAMES + 48 - 38) / 48));
		rig_free(r);
	}
}

static void
no_number_is_silence_to_the_next_tick(void **state)
{
	static const float with[] = {NAN, INFINITY, -INFINITY};

	(void)state;
	for (uint32_t k = 0; k < 3; k++) {
		bomb_with = with[k];
		bomb_play(bombs, none);
		bomb_play(none, bombs);
	}
}

/* What comes after one that fails is not spoilt by it, nor are the others. */
static void
what_comes_after_it_stays_whole(void **state)
{
	struct rig *r = staged(2, fuse_and_leak, none);

	(void)state;
	bomb_with = NAN;
	rig_say(r, 0, AMOUNT, 0, 0.5f);
	rig_say(r, 0, LEAK, 0, 0.75f);
	rig_run_all(r, 100);
	for (uint32_t n = 0; n < FRAMES; n++)
		for (int i = 0; i < 2; i++)
			assert_true(fabsf(r->out[0][i][n]) <= 1.0f);
	for (int i = 0; i < 2; i++)
		assert_samples_equal(r->out[1][i], r->in[1][i], FRAMES);
	assert_true(rig_counters(r).bad_samples > 0);
	rig_free(r);
}

/* A stage before it can have made infinity of finite input. */
static void
what_it_is_given_is_forgotten_too(void **state)
{
	const struct stage *const list[] = {&stage_trim, &leak, NULL};
	struct rig *r = staged(1, list, none);

	(void)state;
	r->in[0][0][1000] = FLT_MAX;
	rig_say(r, 0, MIX_TRIM, 0, 4.0f);
	rig_say(r, 0, LEAK, 0, 0.5f);
	rig_run_all(r, 100);
	for (uint32_t n = 1000; n < 1008; n++)
		assert_true(r->out[0][0][n] == 0.0f && r->out[0][1][n] == 0.0f);
	assert_true(r->out[0][0][1008] == r->in[0][0][1008]);
	assert_int_equal(rig_counters(r).bad_samples, 1);
	rig_free(r);
}

/* A tail comes to nothing and not to denormals; such an input is no fault. */
static void
denormals_are_flushed(void **state)
{
	struct rig *r = staged(1, leaks, none);

	(void)state;
	for (int i = 0; i < 2; i++) {
		memset(r->in[0][i], 0, FRAMES * sizeof(float));
		r->in[0][i][0] = 1.0f;
		for (uint32_t n = 2000; n < FRAMES; n++)
			r->in[0][i][n] = FLT_MIN / 3;
	}
	rig_say(r, 0, LEAK, 0, 0.5f);
	rig_run_all(r, 64);
	for (uint32_t n = 0; n < FRAMES; n++) {
		float y = r->out[0][0][n];

		assert_true(y == 0.0f || fabsf(y) >= FLT_MIN);
		assert_true(n < 200 || y == 0.0f);
	}
	assert_true(leak_last->y[0] == 0.0f && leak_last->y[1] == 0.0f);
	assert_int_equal(rig_counters(r).bad_samples, 0);
	rig_free(r);
}

/* ---- the table ---- */

static void
assert_row(const struct stage *s, bool of_bus)
{
	_Alignas(STAGE_ALIGN) static unsigned char memory[65536];
	float value[STAGE_VALUES_MAX];
	const struct stage_tick t = {
		.value = value, .rate_hz = 48000, .begins = true};

	assert_non_null(s->name);
	for (uint32_t v = 0; v < s->values; v++) {
		const struct stage_value *row = &s->value[v];

		assert_true(row->parameter > MIX_NONE &&
			    row->parameter < MIX_COUNT);
		assert_int_equal(row->parameter >= MIX_BUS_GAIN, of_bus);
		assert_true(row->least <= row->rest && row->rest <= row->most);
		value[v] = row->rest;
	}
	if (s->level) {
		assert_int_equal(s->values, 1);
		assert_null(s->prepare);
		return;
	}
	assert_non_null(s->run);
	assert_true(s->state_bytes <= sizeof(memory));
	memset(memory, 0, sizeof(memory));
	if (s->values > 0)
		assert_false(s->prepare(memory, &t));
}

static void
every_row_holds_what_stage_h_says(void **state)
{
	uint32_t of[MIX_COUNT] = {0};

	(void)state;
	for (uint32_t k = 0; stages_strip[k]; k++)
		assert_row(stages_strip[k], false);
	for (uint32_t k = 0; stages_bus[k]; k++)
		assert_row(stages_bus[k], true);
	for (uint32_t k = 0; stages_strip[k]; k++)
		for (uint32_t v = 0; v < stages_strip[k]->values; v++)
			of[stages_strip[k]->value[v].parameter]++;
	assert_int_equal(of[MIX_TRIM], 1);
	assert_int_equal(of[MIX_WIDTH], 1);
	for (uint32_t p = 0; p < MIX_COUNT; p++)
		assert_true(of[p] <= 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tick_hangs_on_no_block_and_no_cut),
		cmocka_unit_test(one_side_alone_is_as_in_two),
		cmocka_unit_test(a_rate_begins_anew),
		cmocka_unit_test(a_bus_of_silence_runs_on),
		cmocka_unit_test(at_rest_it_is_not_asked_and_no_bit_changes),
		cmocka_unit_test(no_number_is_silence_to_the_next_tick),
		cmocka_unit_test(what_comes_after_it_stays_whole),
		cmocka_unit_test(what_it_is_given_is_forgotten_too),
		cmocka_unit_test(denormals_are_flushed),
		cmocka_unit_test(every_row_holds_what_stage_h_says),
	};

	return cmocka_run_group_tests_name("stage", tests, NULL, NULL);
}
