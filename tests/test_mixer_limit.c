/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limiter of a bus in the mixer: off it is not there, on it is late, and
 * nobody hears it come or go. */
#include "tests/dsp_rig.h"
#include "tests/mixer_rig.h"

#include "core/dsp/limiter.h"

#define FRAMES RATE_HZ
#define ON     9600u
#define OFF    24000u
#define LATE   59u
#define GONE   (RATE_HZ * 3 / 100) /* a way in or out, with its ramp */

/* One strip into two buses, as main and loop: only the first has a limiter. */
static struct rig *
limit_rig(uint32_t frames, float loud)
{
	struct rig *r = rig_new(1, 2, frames);

	rig_route(r, 0, 3);
	for (int i = 0; i < 2; i++)
		for (uint32_t n = 0; n < frames; n++)
			r->in[0][i][n] *= loud;
	return r;
}

static void
tone(struct rig *r, double loud)
{
	for (uint32_t n = 0; n < r->frames; n++)
		r->in[0][0][n] = r->in[0][1][n] =
			(float)(loud * sin(2.0 * M_PI * TONE_HZ * n / RATE_HZ));
}

/* Of bus b, n frames from `at` on are those of the input, so many earlier. */
static void
assert_late(
	const struct rig *r, uint32_t b, uint32_t at, uint32_t n, uint32_t late)
{
	for (int i = 0; i < 2; i++)
		assert_memory_equal(r->out[b][i] + at, r->in[0][i] + at - late,
			n * sizeof(float));
}

static void
off_it_is_not_there(void **state)
{
	struct rig *r = limit_rig(FRAMES, 3.0f);

	(void)state;
	for (uint32_t n = 0; n < FRAMES; n += 7)
		r->in[0][n % 2][n] = n % 3 ? -0.0f : 1e-41f;
	rig_say(r, 100, MIX_BUS_LIMIT_CEILING, 0, 0.5f);
	rig_say(r, 100, MIX_BUS_LIMIT_RELEASE, 0, 20.0f);
	rig_run_all(r, 64);
	assert_late(r, 0, 0, FRAMES, 0);
	assert_int_equal(mixer_bus_delay(r->m, 0), 0);
	rig_free(r);
}

static void
on_from_the_start_it_is_late_and_the_same(void **state)
{
	struct rig *r = limit_rig(FRAMES, 0.37f);

	(void)state;
	/* and of what is hardly there, where gains are computed and not */
	for (uint32_t n = 0; n < FRAMES / 2; n++)
		r->in[0][0][n] = n / 70 % 5 == 0 ? 0.5f : 1e-41f;
	rig_say(r, 0, MIX_BUS_LIMIT, 0, 1.0f);
	rig_run_all(r, 100);
	assert_int_equal(LATE, limiter_delay(RATE_HZ));
	for (uint32_t n = 0; n < LATE; n++)
		assert_true(r->out[0][0][n] == 0.0f);
	assert_late(r, 0, LATE, FRAMES - LATE, LATE);
	assert_late(r, 1, 0, FRAMES, 0);
	assert_int_equal(mixer_bus_delay(r->m, 0), LATE);
	assert_int_equal(mixer_bus_delay(r->m, 1), 0);
	rig_free(r);
}

static void
nothing_is_above_the_ceiling(void **state)
{
	struct rig *r = limit_rig(FRAMES, 9.0f);

	(void)state;
	rig_say(r, 0, MIX_BUS_LIMIT, 0, 1.0f);
	rig_say(r, 0, MIX_BUS_LIMIT_CEILING, 0, 0.25f);
	rig_run_all(r, 100);
	for (int i = 0; i < 2; i++)
		for (uint32_t n = 0; n < FRAMES; n++)
			assert_true(fabsf(r->out[0][i][n]) <= 0.25f);
	assert_true(fabsf(r->out[0][0][FRAMES / 2]) > 0.0f);
	assert_late(r, 1, 0, FRAMES, 0);
	rig_free(r);
}

static void
nobody_hears_it_come_or_go(void **state)
{
	struct rig *r = limit_rig(FRAMES, 1.0f);
	const float *out = r->out[0][0];
	double turn = 2.0 * M_PI * TONE_HZ / RATE_HZ, bend = 0.0, splatter;

	(void)state;
	tone(r, 0.4);
	rig_say(r, ON, MIX_BUS_LIMIT, 0, 1.0f);
	rig_say(r, OFF, MIX_BUS_LIMIT, 0, 0.0f);
	while (r->at < OFF)
		rig_run(r, 64);
	assert_int_equal(mixer_bus_delay(r->m, 0), LATE);
	rig_run_all(r, 64);
	assert_int_equal(mixer_bus_delay(r->m, 0), 0);
	assert_late(r, 0, 0, ON, 0);
	assert_late(r, 0, ON + GONE, OFF - ON - GONE, LATE);
	assert_late(r, 0, OFF + GONE, FRAMES - OFF - GONE, 0);
	splatter = splatter_db(out, FRAMES) + 20.0 * log10(1.0 / 0.4);
	print_message("on and off: %.1f dB\n", splatter);
	assert_true(splatter < -80.0);
	for (uint32_t n = 2; n < FRAMES; n++)
		bend = fmax(
			bend, fabs((double)out[n] - 2.0 * (double)out[n - 1] +
				      (double)out[n - 2]));
	assert_true(bend < 1.05 * 0.4 * turn * turn);
	rig_free(r);
}

/* It comes when it has heard enough: no hole is mixed in. */
static void
what_is_steady_stays_so(void **state)
{
	struct rig *r = limit_rig(FRAMES, 1.0f);

	(void)state;
	for (uint32_t n = 0; n < FRAMES; n++)
		r->in[0][0][n] = r->in[0][1][n] = 0.5f;
	rig_say(r, ON, MIX_BUS_LIMIT, 0, 1.0f);
	rig_say(r, OFF, MIX_BUS_LIMIT, 0, 0.0f);
	rig_run_all(r, 64);
	for (uint32_t n = 0; n < FRAMES; n++)
		assert_true(fabsf(r->out[0][0][n] - 0.5f) < 1e-6f);
	rig_free(r);
}

/* Then there is nothing that would be heard on its way. */
static void
a_silent_bus_turns_at_once(void **state)
{
	struct rig *r = limit_rig(FRAMES, 0.3f);

	(void)state;
	for (int i = 0; i < 2; i++) {
		memset(r->in[0][i], 0, (ON + 700) * sizeof(float));
		memset(r->in[0][i] + OFF - 200, 0, 900 * sizeof(float));
	}
	rig_say(r, ON, MIX_BUS_LIMIT, 0, 1.0f);
	rig_say(r, OFF, MIX_BUS_LIMIT, 0, 0.0f);
	rig_run_all(r, 64);
	assert_late(r, 0, ON + 700, OFF - ON - 700, LATE);
	assert_late(r, 0, OFF + 700, FRAMES - OFF - 700, 0);
	rig_free(r);
}

/* Where the bus is on its way, a block's end is nowhere to be heard. */
static void
blocks_change_no_bit(void **state)
{
	static const uint32_t blocks[] = {16, 17, 100, 480, 1000, BLOCK_MAX};
	static float want[2][FRAMES];

	(void)state;
	for (size_t k = 0; k < sizeof(blocks) / sizeof(*blocks); k++) {
		struct rig *r = limit_rig(FRAMES, 1.7f);

		rig_say(r, 1003, MIX_BUS_LIMIT, 0, 1.0f);
		rig_say(r, 7001, MIX_BUS_LIMIT_CEILING, 0, 0.3f);
		rig_say(r, 11111, MIX_BUS_LIMIT_RELEASE, 0, 12.0f);
		rig_say(r, OFF + 5, MIX_BUS_LIMIT, 0, 0.0f);
		rig_say(r, OFF + 700, MIX_BUS_LIMIT, 0, 1.0f);
		rig_run_all(r, blocks[k]);
		for (int i = 0; i < 2; i++) {
			if (k == 0)
				memcpy(want[i], r->out[0][i], sizeof(want[i]));
			assert_memory_equal(
				want[i], r->out[0][i], sizeof(want[i]));
		}
		rig_free(r);
	}
}

/* A sum that is no number, and then silence. */
static void
nothing_stays_of_an_infinity(void **state)
{
	struct rig *r = limit_rig(FRAMES, 1.0f);

	(void)state;
	rig_say(r, 0, MIX_BUS_LIMIT, 0, 1.0f);
	rig_say(r, 0, MIX_GAIN, 0, 15.0f);
	for (uint32_t n = 1000; n < FRAMES; n++)
		r->in[0][0][n] = r->in[0][1][n] = n < 1100	    ? 3e38f
						  : n < RATE_HZ / 2 ? 0.0f
								    : 0.01f;
	rig_run_all(r, 64);
	assert_true(rig_counters(r).bad_samples > 0);
	for (uint32_t n = 2000; n < RATE_HZ / 2; n++)
		assert_true(r->out[0][0][n] == 0.0f);
	assert_true(fabsf(r->out[0][0][FRAMES - 1] - 0.15f) < 1e-6f);
	rig_free(r);
}

/* Ten million frames, at all rates. */
static void
it_stays_below_whatever_is_said(void **state)
{
	static const uint32_t rates[] = {44100, 48000, 96000, 192000};
	struct rig *r = limit_rig(FRAMES, 30.0f);

	(void)state;
	for (uint32_t frames = 0, k = 0; frames < 10000000; frames += FRAMES) {
		assert_int_equal(mixer_set_rate(r->m, rates[k++ % 4]), 0);
		for (r->at = 0; r->at < FRAMES;) {
			static const enum mix said[] = {MIX_BUS_LIMIT,
				MIX_BUS_LIMIT_CEILING, MIX_BUS_LIMIT_RELEASE};
			enum mix of = said[rig_random(r) % 3];
			const struct stage_value *value;
			float way = (float)(rig_random(r) % 1001) / 1000.0f;

			rig_stage(of, &value);
			if (of == MIX_BUS_LIMIT)
				way = way > 0.2f ? 1.0f : 0.0f;
			rig_say(r, 0, of, 0,
				value->least +
					(value->most - value->least) * way);
			rig_run(r, 480);
		}
		for (uint32_t n = 0; n < FRAMES; n++)
			assert_true(fabsf(r->out[0][0][n]) <= 30.0f);
	}
	assert_int_equal(rig_counters(r).bad_samples, 0);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(off_it_is_not_there),
		T(on_from_the_start_it_is_late_and_the_same),
		T(nothing_is_above_the_ceiling),
		T(nobody_hears_it_come_or_go),
		T(what_is_steady_stays_so),
		T(a_silent_bus_turns_at_once),
		T(blocks_change_no_bit),
		T(nothing_stays_of_an_infinity),
		T(it_stays_below_whatever_is_said),
	};

	return cmocka_run_group_tests_name("mixer_limit", tests, NULL, NULL);
}
