/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What waits for a beat lands on its sample. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/tempo_rig.h"

#define FIRST 5000u /* frame of the clock's position 0 */

/* ---- where it lands ---- */

static void
a_mute_lands_on_the_sample_of_the_bar(void **state)
{
	static const struct {
		const char *word;
		uint32_t lands; /* frames after position 0 */
	} row[] = {
		{"beat", 2 * BEAT},
		{"bar", BAR},
		{"2bars", 2 * BAR},
		{"4bars", 4 * BAR},
	};
	struct rig *r = *state;
	struct beat b;

	r->start_ns += 2ull * SECOND; /* the clock does not reach the beats */
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		beat_begin(&b, r);
		beat_start(&b, FIRST);
		quantise(&b, row[i].word);
		beat_run(&b, FIRST + BEAT + 500);
		ask(&b, "/strip/1/mute", 1, PARAM_AS_SET);
		assert_true(get(r, "/strip/1/mute") == 0.0);
		assert_true(get(r, "/strip/1/pending") == 1.0);
		assert_true(get(r, "/quantise/pending") == 1.0);
		beat_run(&b, FIRST + row[i].lands - BLOCK);
		assert_true(get(r, "/strip/1/mute") == 0.0);
		beat_run(&b, FIRST + row[i].lands + RAMP + 2 * BLOCK);
		assert_changed(&b, FIRST + row[i].lands, 0.0);
		assert_true(get(r, "/strip/1/mute") == 1.0);
		assert_true(get(r, "/strip/1/pending") == 0.0);
		assert_true(get(r, "/quantise/pending") == 0.0);
		set(r, "/strip/1/mute", 0);
		beat_end(&b);
		mixer_end(r);
	}
}

static uint64_t random_state;

static double
draw(void)
{
	random_state =
		random_state * 6364136223846793005u + 1442695040888963407u;
	return (double)(random_state >> 11) / 9007199254740992.0;
}

static double
usb(double frame) /* a grid of 1 ms */
{
	return ceil(frame / 48.0) * 48.0;
}

static double
blocks(double frame)
{
	return ceil(frame / 256.0) * 256.0;
}

static double
normal(double frame) /* a standard deviation of 1 ms */
{
	return frame + 48.0 * sqrt(-2.0 * log(draw() + 1e-12)) *
			       cos(2.0 * 3.14159265 * draw());
}

static double
late(double frame) /* three in a hundred, by up to 8 ms */
{
	return draw() < 0.03 ? frame + 384.0 * draw() : frame;
}

static void
a_clock_that_jitters_moves_it_little(void **state)
{
	static const struct {
		double (*shake)(double frame);
		double mean, worst; /* frames */
	} row[] = {
		{NULL, 0.0, 0.0},
		{usb, 24.0, 12.0},
		{blocks, 128.0, 24.0},
		{normal, 0.0, 40.0},
		{late, 0.0, 4.0},
	};
	struct rig *r = *state;
	struct beat b;

	random_state = 42;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		double worst = 0.0;

		for (int n = 0; n < 8; n++) {
			double first = FIRST + 100.0 * n;

			beat_begin(&b, r);
			b.shake = row[i].shake;
			beat_start(&b, first);
			beat_run(&b, (uint64_t)first + BAR + 10 * TICK);
			ask(&b, "/strip/1/mute", 1, PARAM_ON_BAR);
			beat_run(&b, (uint64_t)first + 2 * BAR + 2000);
			worst = fmax(worst, fabs((double)b.changed - first -
						    2 * BAR - row[i].mean));
			assert_changed(&b, first + 2 * BAR + row[i].mean,
				row[i].worst);
			set(r, "/strip/1/mute", 0);
			beat_end(&b);
			mixer_end(r);
		}
		print_message("kind %zu: %.0f frames\n", i, worst);
	}
}

static void
what_is_asked_for_the_same_bar_lands_as_one(void **state)
{
	struct rig *r = *state;
	struct param_change c[3];
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BEAT);
	c[0] = change_of(r, "/strip/1/mute", 1);
	c[1] = change_of(r, "/strip/2/mute", 1);
	c[2] = change_of(r, "/strip/3/gain", -6);
	param_request(r->p, c, 3, 0, 7, PARAM_ON_BAR);
	assert_int_equal(param_pendings(r->p), 3);
	beat_run(&b, FIRST + BAR - BLOCK);
	assert_true(get(r, "/strip/3/gain") == 0.0);
	beat_run(&b, FIRST + BAR + BLOCK);
	assert_true(get(r, "/strip/1/mute") == 1.0);
	assert_true(get(r, "/strip/2/mute") == 1.0);
	assert_true(get(r, "/strip/3/gain") == -6.0);
	beat_end(&b);
}

static void
a_switch_is_what_it_would_have_been(void **state)
{
	struct rig *r = *state;
	struct param_change c;
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	quantise(&b, "beat");
	beat_run(&b, FIRST + BEAT);
	assert_int_equal(
		param_match_set(r->p, "/strip/1/mute/toggle", &c.id, 1), 1);
	c.value = (struct param_value){.type = PARAM_INT, .i = 1};
	param_request(r->p, &c, 1, 0, 7, PARAM_AS_SET);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	beat_run(&b, FIRST + 2 * BEAT + 1000);
	assert_changed(&b, FIRST + 2 * BEAT, 0.0);
	assert_true(get(r, "/strip/1/mute") == 1.0);
	/* one that is let go does nothing */
	c.value.i = 0;
	param_request(r->p, &c, 1, 0, 7, PARAM_AS_SET);
	assert_int_equal(param_pendings(r->p), 0);
	beat_end(&b);
}

static void
only_what_goes_by_it_waits(void **state)
{
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	quantise(&b, "bar");
	beat_run(&b, FIRST + BEAT);
	ask(&b, "/strip/1/gain", -6, PARAM_AS_SET); /* a fader */
	assert_true(get(r, "/strip/1/gain") == -6.0);
	ask(&b, "/strip/1/mute", 1, PARAM_AT_ONCE);
	assert_true(get(r, "/strip/1/mute") == 1.0);
	ask(&b, "/strip/1/gain", -9, PARAM_ON_BAR); /* a button */
	assert_true(get(r, "/strip/1/gain") == -6.0);
	assert_true(param_waits(r->p, find(r, "/strip/1/mute"), PARAM_AS_SET));
	assert_false(param_waits(r->p, find(r, "/strip/1/gain"), PARAM_AS_SET));
	assert_true(param_waits(r->p, find(r, "/strip/1/gain"), PARAM_ON_BAR));
	assert_false(
		param_waits(r->p, find(r, "/strip/1/mute"), PARAM_AT_ONCE));
	beat_end(&b);
}

static void
a_start_from_the_top_moves_the_bar(void **state)
{
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	quantise(&b, "bar");
	beat_run(&b, FIRST + BEAT);
	ask(&b, "/strip/1/mute", 1, PARAM_AS_SET);
	beat_start(&b, FIRST + BEAT + 11000);
	beat_run(&b, FIRST + BEAT + 11000 + BAR + 2000);
	assert_changed(&b, FIRST + BEAT + 11000 + BAR, 0.0);
	beat_end(&b);
}

/* ---- rows ---- */

static void
tempo_and_beat_are_told(void **state)
{
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BAR + BEAT / 2);
	assert_true(get(r, "/tempo") == 120.0);
	assert_true(get(r, "/tempo/running") == 1.0);
	assert_true(get(r, "/beat") == 1.0);
	beat_run(&b, FIRST + BAR + BEAT + BEAT / 2);
	assert_true(get(r, "/beat") == 2.0);
	b.tick = TICK * 120.0 / 126.0;
	beat_run(&b, FIRST + 2 * BAR + 2 * BEAT);
	assert_true(fabs(get(r, "/tempo") - 126.0) < 0.05);
	beat_end(&b);
}

static void
a_tempo_that_is_set_is_our_own_clock(void **state)
{
	struct rig *r = *state;
	struct beat b;
	double first;

	beat_begin(&b, r);
	assert_true(get(r, "/tempo/running") == 0.0);
	set(r, "/tempo", 150);
	assert_true(get(r, "/tempo/running") == 1.0);
	{
		struct grid g;

		tempo_grid(b.t, &g);
		first = g.zero;
		assert_true(fabs(g.tick - 800.0) < 1e-9);
	}
	beat_run(&b, (uint64_t)first + 1); /* it is behind the first bar */
	ask(&b, "/strip/1/mute", 1, PARAM_ON_BAR);
	beat_run(&b, (uint64_t)first + 96 * 800 + 2000);
	assert_changed(&b, first + 96 * 800, 1.0);
	/* A MIDI clock goes before it. */
	beat_start(&b, (double)r->frame + 2000);
	beat_run(&b, r->frame + BEAT);
	assert_true(get(r, "/tempo") == 120.0);
	set(r, "/tempo", 99); /* it is what it is */
	assert_true(get(r, "/tempo") == 120.0);
	beat_end(&b);
}

static void
an_offset_moves_the_beat(void **state)
{
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	set(r, "/tempo/offset", -2.5);
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BEAT);
	ask(&b, "/strip/1/mute", 1, PARAM_ON_BAR);
	beat_run(&b, FIRST + BAR + 2000);
	assert_changed(&b, FIRST + BAR - 120, 0.0);
	beat_end(&b);
}

/* The configuration names a tempo while a MIDI clock leads. */
static void
our_own_tempo_is_there_when_the_midi_clock_is_lost(void **state)
{
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BAR);
	tempo_set_own(b.t, 90.0);
	assert_true(get(r, "/tempo") == 120.0);
	b.tick = 0.0;
	beat_run(&b, FIRST + 2 * BAR);
	assert_true(get(r, "/tempo") == 90.0);
	assert_true(get(r, "/tempo/running") == 1.0);
	tempo_set_own(b.t, 100.0);
	assert_true(get(r, "/tempo") == 100.0);
	beat_end(&b);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_mute_lands_on_the_sample_of_the_bar),
		T(a_clock_that_jitters_moves_it_little),
		T(what_is_asked_for_the_same_bar_lands_as_one),
		T(a_switch_is_what_it_would_have_been),
		T(only_what_goes_by_it_waits),
		T(a_start_from_the_top_moves_the_bar),
		T(tempo_and_beat_are_told),
		T(a_tempo_that_is_set_is_our_own_clock),
		T(an_offset_moves_the_beat),
		T(our_own_tempo_is_there_when_the_midi_clock_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
