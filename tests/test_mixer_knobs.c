/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EQ and filter of a strip in the mixer: out of the path until somebody wants
 * them, into it and out of it unheard, and nothing stays of what went wrong. */
#include "tests/dsp_rig.h"
#include "tests/mixer_rig.h"

#include "core/level.h"
#include "core/mixer/mixer_state.h"

#define KILLED	0.0f
#define FRAMES	(3u * RATE_HZ)
#define TOUCH	4800u		/* when somebody turns a knob */
#define SETTLED (TOUCH + 9600u) /* when it has long come in */

static const enum mix bands[] = {MIX_EQ_LOW, MIX_EQ_MID, MIX_EQ_HIGH};

static struct rig *
tone_rig(double hz, uint32_t frames)
{
	struct rig *r = rig_new(1, 1, frames);

	rig_route(r, 0, 1);
	for (uint32_t n = 0; n < frames; n++)
		r->in[0][0][n] = r->in[0][1][n] =
			(float)(0.5 * sin(2.0 * M_PI * hz * n / RATE_HZ));
	return r;
}

static void
assert_same(const struct rig *r, uint32_t from, uint32_t to)
{
	for (int i = 0; i < 2; i++)
		assert_memory_equal(r->out[0][i] + from, r->in[0][i] + from,
			(to - from) * sizeof(float));
}

static void
untouched_they_change_no_bit(void **state)
{
	struct rig *r = rig_new(1, 1, FRAMES);

	(void)state;
	rig_route(r, 0, 1);
	for (uint32_t n = 0; n < FRAMES; n += 7)
		r->in[0][n % 2][n] = -0.0f;
	for (int b = 0; b < 3; b++)
		rig_say(r, 100, bands[b], 0, 1.0f);
	/* a knob of 127 steps has none at 0 */
	rig_say(r, 100, MIX_FILTER, 0, 63.0f / 127.0f * 2.0f - 1.0f);
	rig_say(r, 9000, MIX_FILTER, 0, 64.0f / 127.0f * 2.0f - 1.0f);
	rig_say(r, 100, MIX_RESONANCE, 0, 4.0f);
	rig_run_all(r, 64);
	assert_same(r, 0, FRAMES);
	rig_free(r);
}

/* Its input may go then, and a tail would be cut off. */
static void
a_filter_that_rings_is_not_heard_once_its_strip_is_closed(void **state)
{
	struct rig *r = tone_rig(60.0, FRAMES);

	(void)state;
	rig_say(r, 0, MIX_FILTER, 0, -0.95f);
	rig_say(r, 0, MIX_RESONANCE, 0, 4.0f);
	rig_say(r, SETTLED, MIX_OPEN, 0, 0.0f);
	rig_run_all(r, 256);
	assert_true(r->out[0][0][SETTLED] != 0.0f);
	for (uint32_t n = SETTLED + RATE_HZ * RAMP_MS / 1000; n < FRAMES; n++)
		assert_true(r->out[0][0][n] == 0.0f);
	rig_free(r);
}

/* What is left of a tone, in dB, once a knob has been turned. */
static double
left_db(double hz, enum mix knob, float to)
{
	struct rig *r = tone_rig(hz, FRAMES);
	uint32_t n = 2 * RATE_HZ;
	double was, is;

	rig_say(r, TOUCH, knob, 0, to);
	rig_run_all(r, 256);
	assert_same(r, 0, TOUCH);
	was = cabs(response(r->in[0][0] + SETTLED, n, hz / RATE_HZ));
	is = cabs(response(r->out[0][0] + SETTLED, n, hz / RATE_HZ));
	rig_free(r);
	return db(is / was);
}

static void
a_kill_takes_its_band_and_no_other(void **state)
{
	(void)state;
	assert_true(left_db(50.0, MIX_EQ_LOW, KILLED) < -50.0);
	assert_true(fabs(left_db(4000.0, MIX_EQ_LOW, KILLED)) < 0.01);
	assert_true(left_db(800.0, MIX_EQ_MID, KILLED) < -30.0);
	assert_true(fabs(left_db(30.0, MIX_EQ_MID, KILLED)) < 0.01);
	assert_true(left_db(10000.0, MIX_EQ_HIGH, KILLED) < -50.0);
	assert_true(fabs(left_db(200.0, MIX_EQ_HIGH, KILLED)) < 0.1);
	assert_true(fabs(left_db(50.0, MIX_EQ_LOW, 1.9952623f) - 6.0) < 0.05);
}

static void
the_filter_takes_what_is_beyond_it(void **state)
{
	(void)state;
	assert_true(left_db(5000.0, MIX_FILTER, -1.0f) < -80.0);
	assert_true(fabs(left_db(100.0, MIX_FILTER, -0.5f)) < 0.1);
	assert_true(left_db(100.0, MIX_FILTER, 1.0f) < -75.0);
	assert_true(fabs(left_db(15000.0, MIX_FILTER, 0.5f)) < 0.1);
}

static void
all_killed_is_silence(void **state)
{
	struct rig *r = tone_rig(440.0, FRAMES);

	(void)state;
	for (int b = 0; b < 3; b++)
		rig_say(r, TOUCH, bands[b], 0, KILLED);
	rig_run_all(r, 100);
	for (uint32_t n = SETTLED; n < FRAMES; n++)
		assert_true(r->out[0][0][n] == 0.0f);
	rig_free(r);
}

static void
resonance_alone_keeps_nothing_awake(void **state)
{
	struct rig *r = tone_rig(1000.0, FRAMES);

	(void)state;
	rig_say(r, 100, MIX_RESONANCE, 0, 4.0f);
	rig_run_all(r, 64);
	assert_int_equal(r->m->strip[0].rack.awake, 0);
	rig_free(r);
}

/* A filter's place and a side are no levels. */
static void
what_has_no_decibels_moves_evenly(void **state)
{
	static const struct message moves[] = {
		{.parameter = MIX_FILTER, .target = -0.5f},
		{.parameter = MIX_SIDE, .target = 1.0f}};

	(void)state;
	for (int k = 0; k < 2; k++) {
		struct rig *even = tone_rig(1000.0, FRAMES);
		struct rig *db = tone_rig(1000.0, FRAMES);
		struct message msg = moves[k];

		msg.frame = TOUCH;
		msg.ramp = RATE_HZ;
		rig_post(even, &msg);
		msg.law = RAMP_DB;
		rig_post(db, &msg);
		rig_run_all(even, 64);
		rig_run_all(db, 64);
		assert_samples_equal(db->out[0][0], even->out[0][0], FRAMES);
		rig_free(even);
		rig_free(db);
	}
}

/* It is far down a tick after it began. At 220 Hz the EQ turns the phase round:
 * what came at once would be a step of full size. */
static void
a_kill_by_decibels_is_no_step(void **state)
{
	const struct message kill = {.frame = TOUCH + 49,
		.parameter = MIX_EQ_HIGH,
		.target = KILLED,
		.law = RAMP_DB};
	struct rig *r = tone_rig(220.0, FRAMES);
	const float *out = r->out[0][0];

	(void)state;
	rig_post(r, &kill);
	rig_run_all(r, 64);
	for (uint32_t n = 1; n < FRAMES; n++)
		assert_true(fabsf(out[n] - out[n - 1]) < 0.02f);
	rig_free(r);
}

/* Loud where it comes into the path and where it leaves it again. */
static void
nobody_hears_them_come(void **state)
{
	static const struct {
		enum mix knob;
		float to;
		double most_db;
	} turns[] = {{MIX_EQ_LOW, 0.9440609f, -90.0},
		{MIX_EQ_HIGH, 1.0592537f, -90.0}, {MIX_FILTER, -0.1f, -90.0},
		/* A high pass that begins is a step, far below what is heard:
		 * of 8 Hz. */
		{MIX_FILTER, 0.1f, -55.0}};

	(void)state;
	for (size_t i = 0; i < sizeof(turns) / sizeof(*turns); i++) {
		struct rig *r = tone_rig(TONE_HZ, FRAMES);
		double splatter;

		rig_say(r, RATE_HZ / 2, turns[i].knob, 0, turns[i].to);
		rig_run_all(r, 64);
		splatter = splatter_db(r->out[0][0], RATE_HZ);
		print_message("turn %zu: %.1f dB\n", i, splatter);
		assert_true(splatter < turns[i].most_db);
		rig_free(r);
	}
}

/* Flat again and silent for a moment: then it is the copy that it was. */
static void
after_a_rest_no_bit_changes(void **state)
{
	static const enum mix knobs[] = {
		MIX_EQ_LOW, MIX_EQ_MID, MIX_EQ_HIGH, MIX_FILTER};

	(void)state;
	for (size_t i = 0; i < sizeof(knobs) / sizeof(*knobs); i++) {
		struct rig *r = tone_rig(700.0, FRAMES);
		float rest = knobs[i] == MIX_FILTER ? 0.0f : 1.0f;

		rig_say(r, TOUCH, knobs[i], 0, 0.3f);
		rig_say(r, SETTLED, knobs[i], 0, rest);
		for (uint32_t n = RATE_HZ; n < RATE_HZ * 3 / 2; n++)
			r->in[0][0][n] = r->in[0][1][n] = 0.0f;
		rig_run_all(r, 100);
		assert_memory_not_equal(r->out[0][0] + SETTLED,
			r->in[0][0] + SETTLED, 4800 * sizeof(float));
		assert_same(r, RATE_HZ * 3 / 2, FRAMES);
		rig_free(r);
	}
}

/* Without a rest it leaves as softly as it came: no corner is sharper than
 * those of the tone, which it turns round at 220 Hz. */
static void
flat_for_long_it_leaves(void **state)
{
	uint32_t frames = 12 * RATE_HZ;
	struct rig *r = tone_rig(220.0, frames);
	const float *x = r->out[0][0];
	double turn = 2.0 * M_PI * 220.0 / RATE_HZ, bend = 0.0;

	(void)state;
	rig_say(r, TOUCH, MIX_EQ_LOW, 0, 0.5f);
	rig_say(r, SETTLED, MIX_EQ_LOW, 0, 1.0f);
	rig_run_all(r, 256);
	assert_memory_not_equal(r->out[0][0] + 9 * RATE_HZ,
		r->in[0][0] + 9 * RATE_HZ, RATE_HZ * sizeof(float));
	assert_same(r, frames - RATE_HZ, frames);
	for (uint32_t n = 9 * RATE_HZ; n < frames; n++)
		bend = fmax(bend, fabs((double)x[n] - 2.0 * (double)x[n - 1] +
					  (double)x[n - 2]));
	assert_true(bend < 1.2 * 0.5 * turn * turn);
	rig_free(r);
}

/* A program that comes back is heard as its knobs stand from its first frame.
 */
static void
what_comes_back_finds_its_kill(void **state)
{
	struct rig *r = tone_rig(440.0, FRAMES);

	(void)state;
	for (int b = 0; b < 3; b++)
		rig_say(r, TOUCH, bands[b], 0, KILLED);
	while (r->at < RATE_HZ)
		rig_run(r, 100);
	r->inputs = 0;
	while (r->at < 2 * RATE_HZ)
		rig_run(r, 100);
	r->inputs = 1;
	rig_run_all(r, 100);
	for (uint32_t n = RATE_HZ; n < FRAMES; n++)
		assert_true(r->out[0][0][n] == 0.0f);
	rig_free(r);
}

/* An infinity that trim has made, and then silence. */
static void
nothing_stays_of_an_infinity(void **state)
{
	struct rig *r = tone_rig(440.0, FRAMES);

	(void)state;
	rig_say(r, 0, MIX_EQ_LOW, 0, 0.3f);
	rig_say(r, 0, MIX_FILTER, 0, -0.5f);
	rig_say(r, 0, MIX_TRIM, 0, 15.0f);
	for (uint32_t n = 1000; n < 1100; n++)
		r->in[0][0][n] = 3e38f;
	for (uint32_t n = 1100; n < FRAMES; n++)
		r->in[0][0][n] = r->in[0][1][n] = 0.0f;
	rig_run_all(r, 64);
	assert_true(rig_counters(r).bad_samples > 0);
	for (uint32_t n = RATE_HZ; n < FRAMES; n++)
		assert_true(r->out[0][0][n] == 0.0f);
	rig_free(r);
}

/* However they are turned: ten million frames. */
static void
they_stay_finite(void **state)
{
	struct rig *r = rig_new(1, 1, RATE_HZ);
	static const enum mix knobs[] = {
		MIX_EQ_LOW, MIX_EQ_MID, MIX_EQ_HIGH, MIX_FILTER, MIX_RESONANCE};

	(void)state;
	rig_route(r, 0, 1);
	for (uint32_t frames = 0; frames < 10000000; frames += RATE_HZ) {
		for (r->at = 0; r->at < r->frames;) {
			enum mix knob = knobs[rig_random(r) % 5];
			const struct stage_value *value;

			rig_stage(knob, &value);
			rig_say(r, 0, knob, 0,
				value->least +
					(value->most - value->least) *
						(float)(rig_random(r) % 1001) /
						1000.0f);
			rig_run(r, 480);
		}
		for (uint32_t n = 0; n < r->frames; n++)
			assert_true(fabsf(r->out[0][0][n]) < 100.0f);
	}
	assert_int_equal(rig_counters(r).bad_samples, 0);
	rig_free(r);
}

struct sweep {
	enum mix knob;
	float from, to, steps;
	bool fader; /* on its scale, as a hand moves it */
};

static float
swept(const struct sweep *w, float way)
{
	float value = w->from + (w->to - w->from) * way;

	return w->fader ? level_linear(level_from_fader((double)value)) : value;
}

/* What of a tone it puts elsewhere, in dB of the tone. grid: how often a word
 * comes, where what moves it has no steps. */
static double
sweep_db(const struct sweep *w, const float *way, uint32_t grid)
{
	struct rig *r = tone_rig(TONE_HZ, 2 * RATE_HZ);
	double splatter;

	rig_say(r, 0, MIX_RESONANCE, 0, 2.0f);
	rig_say(r, 0, MIX_SIDE, 0, 1.0f);
	rig_say(r, 0, MIX_CROSSFADER, 0, 0.0f);
	rig_say(r, 0, w->knob, 0, swept(w, 0.0f));
	for (uint32_t n = grid; n < 2 * RATE_HZ; n += grid)
		if (way[n] != way[n - grid])
			rig_say(r, n, w->knob, 0, swept(w, way[n]));
	rig_run_all(r, 64);
	splatter = splatter_db(r->out[0][0] + RATE_HZ / 2, RATE_HZ) + 6.0;
	rig_free(r);
	return splatter;
}

/* A knob or a fader of 127 steps over a second, under a tone; beside a hand
 * without steps, which is told 500 times. */
static void
nobody_hears_the_steps_of_a_hand(void **state)
{
	static float steps[2 * RATE_HZ], ideal[2 * RATE_HZ];
	static const struct sweep sweeps[] = {
		{MIX_GAIN, 0.0f, 0.75f, 96.0f, true},
		{MIX_GAIN, 0.75f, 0.0f, 96.0f, true},
		{MIX_GAIN, 0.0f, 1.0f, 127.0f, false},
		{MIX_CROSSFADER, 0.0f, 1.0f, 127.0f, false},
		{MIX_CROSSFADER, 1.0f, 0.0f, 127.0f, false},
		{MIX_EQ_MID, 0.0f, 1.0f, 127.0f, false},
		{MIX_FILTER, 0.0f, -1.0f, 63.0f, false},
		{MIX_FILTER, 0.0f, 1.0f, 63.0f, false}};

	(void)state;
	straight(ideal, 2 * RATE_HZ, RATE_HZ / 2);
	for (size_t i = 0; i < sizeof(sweeps) / sizeof(*sweeps); i++) {
		double hand, best;

		stepped(steps, 2 * RATE_HZ, RATE_HZ / 2, sweeps[i].steps);
		hand = sweep_db(&sweeps[i], steps, 1);
		best = sweep_db(&sweeps[i], ideal, 96);
		print_message("sweep %zu: %.1f dB, without steps %.1f dB\n", i,
			hand, best);
		assert_true(hand < -80.0);
		assert_true(best < -80.0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(untouched_they_change_no_bit),
		T(a_filter_that_rings_is_not_heard_once_its_strip_is_closed),
		T(a_kill_takes_its_band_and_no_other),
		T(the_filter_takes_what_is_beyond_it),
		T(all_killed_is_silence),
		T(a_kill_by_decibels_is_no_step),
		T(resonance_alone_keeps_nothing_awake),
		T(what_has_no_decibels_moves_evenly),
		T(nobody_hears_them_come),
		T(after_a_rest_no_bit_changes),
		T(flat_for_long_it_leaves),
		T(what_comes_back_finds_its_kill),
		T(nothing_stays_of_an_infinity),
		T(they_stay_finite),
		T(nobody_hears_the_steps_of_a_hand),
	};

	return cmocka_run_group_tests_name("mixer_knobs", tests, NULL, NULL);
}
