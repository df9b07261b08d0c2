/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tempo of a clock that jitters, and where it is. Times are in ms. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "control/tempo/midi_clock.h"

#define RATE_HZ	 1000.0 /* so that a frame is a ms */
#define BLOCK_MS (256.0 / 48.0)
#define TICK_120 (60000.0 / (24.0 * 120.0))
#define TICK_126 (60000.0 / (24.0 * 126.0))
#define AHEAD	 24 /* ticks: the next beat */
#define PI	 3.14159265358979

enum jitter {
	EXACT,
	USB,	/* a grid of 1 ms */
	NORMAL, /* a standard deviation of 1 ms */
	LATE,	/* three in a hundred, by up to 8 ms */
	BLOCKS, /* told at the end of a block of 256 frames */
};

static uint64_t random_state;

static double
draw(void)
{
	random_state =
		random_state * 6364136223846793005u + 1442695040888963407u;
	return (double)(random_state >> 11) / 9007199254740992.0;
}

static double
draw_normal(void)
{
	double size = sqrt(-2.0 * log(draw() + 1e-12));

	return size * cos(2.0 * PI * draw());
}

static double
shake(enum jitter kind, double time)
{
	switch (kind) {
	case USB:
		return ceil(time);
	case NORMAL:
		return time + draw_normal();
	case LATE:
		time += 0.2 * draw_normal();
		return draw() < 0.03 ? time + 8.0 * draw() : time;
	case BLOCKS:
		return ceil(time / BLOCK_MS) * BLOCK_MS;
	case EXACT:
		break;
	}
	return time;
}

static void
hear_tick(struct midi_clock *c, double time)
{
	midi_clock_hear(c, MIDI_CLOCK, 0, time);
}

static double
position(const struct midi_clock *c, double time)
{
	struct grid g;

	midi_clock_grid(c, &g);
	assert_true(g.runs);
	return grid_position(&g, time);
}

/* ---- jitter ---- */

#define TICKS 6000

/* The worst error of the next beat, but for what is the same in all: `mean`. */
static double
worst_beat(enum jitter kind, double *mean)
{
	static double error[TICKS];
	struct midi_clock c;
	double sum = 0.0, worst = 0.0;
	int n = 0;

	random_state = 1234 + (uint64_t)kind;
	midi_clock_init(&c, RATE_HZ);
	for (int i = 0; i < TICKS; i++) {
		hear_tick(&c, shake(kind, i * TICK_120));
		if (i < FIT_TICKS_MAX)
			continue;
		error[n] = fit_time(&c.fit, c.number + AHEAD) -
			   (i + AHEAD) * TICK_120;
		sum += error[n++];
	}
	/* It has counted each. */
	assert_true(c.number == TICKS);
	*mean = sum / n;
	for (int i = 0; i < n; i++)
		worst = fmax(worst, fabs(error[i] - *mean));
	return worst;
}

static void
the_next_beat_is_known(void **state)
{
	static const struct {
		enum jitter kind;
		double worst_ms, mean_ms;
	} row[] = {
		{EXACT, 1e-6, 1e-6},
		{USB, 0.1, 0.6},
		{NORMAL, 1.2, 0.1},
		{LATE, 0.3, 0.1},
		{BLOCKS, 0.7, 2.8},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		double mean_ms, worst_ms = worst_beat(row[i].kind, &mean_ms);

		print_message("jitter %d: worst %.3f ms, mean %.3f ms\n",
			row[i].kind, worst_ms, mean_ms);
		assert_true(worst_ms <= row[i].worst_ms);
		assert_true(fabs(mean_ms) <= row[i].mean_ms);
	}
}

/* After 120 to 126: the tick from which on the next beat is within 2 ms. */
static int
ticks_to_recover(enum jitter kind, double mean)
{
	struct midi_clock c;
	double time = 20.0 * draw();
	int back = 0;

	midi_clock_init(&c, RATE_HZ);
	for (int i = 0; i < 300; i++, time += TICK_120)
		hear_tick(&c, shake(kind, time));
	for (int i = 0; i < 200; i++) {
		double beat = time + (i + AHEAD) * TICK_126;

		hear_tick(&c, shake(kind, time + i * TICK_126));
		if (fabs(fit_time(&c.fit, c.number + AHEAD) - beat - mean) >
			2.0)
			back = i + 1;
	}
	return back;
}

static void
a_step_of_tempo_is_followed(void **state)
{
	static const int most[] = {[EXACT] = 10,
		[USB] = 14,
		[NORMAL] = 40,
		[LATE] = 24,
		[BLOCKS] = 36};

	(void)state;
	for (int kind = EXACT; kind <= BLOCKS; kind++) {
		double mean, worst = 0.0;

		worst_beat((enum jitter)kind, &mean);
		for (int i = 0; i < 40; i++)
			worst = fmax(worst,
				ticks_to_recover((enum jitter)kind, mean));
		print_message("step, jitter %d: %d ticks\n", kind, (int)worst);
		assert_true(worst <= most[kind]);
	}
}

static void
a_ramp_of_tempo_is_followed(void **state)
{
	struct midi_clock c;
	double time = 0.0, worst = 0.0, tick = TICK_120;
	double ahead = 0.0;

	(void)state;
	midi_clock_init(&c, RATE_HZ);
	for (int i = 0; i < 200; i++, time += TICK_120)
		hear_tick(&c, time);
	/* 5 % in 20 s, which are about 1,000 ticks */
	for (int i = 0; i < 1000; i++) {
		hear_tick(&c, time);
		ahead = fit_time(&c.fit, c.number + 1.0);
		tick *= 1.0 - 0.05 / 1000;
		time += tick;
		worst = fmax(worst, fabs(ahead - time));
	}
	print_message("ramp: %.2f ms\n", worst);
	assert_true(worst < 3.0);
}

/* ---- gaps ---- */

static double
run(struct midi_clock *c, double time, int ticks)
{
	for (int i = 0; i < ticks; i++, time += TICK_120)
		hear_tick(c, time);
	return time;
}

static void
ticks_that_are_lost_are_counted(void **state)
{
	struct midi_clock c;
	double time;

	(void)state;
	midi_clock_init(&c, RATE_HZ);
	midi_clock_hear(&c, MIDI_START, 0, 0.0);
	time = run(&c, 0.0, 100) + 3.0 * TICK_120;
	hear_tick(&c, time);
	assert_true(fabs(position(&c, time) - 103.0) < 0.01);
}

static void
a_tick_that_is_late_by_a_whole_one_is_one(void **state)
{
	struct midi_clock c;
	double time;

	(void)state;
	midi_clock_init(&c, RATE_HZ);
	midi_clock_hear(&c, MIDI_START, 0, 0.0);
	time = run(&c, 0.0, 100) + TICK_120; /* 100 comes with 101 */
	hear_tick(&c, time - 0.5);
	hear_tick(&c, time);
	run(&c, time + TICK_120, 100);
	time += 100 * TICK_120;
	assert_true(fabs(position(&c, time) - 201.0) < 0.05);
}

static void
a_clock_that_falls_silent_is_lost(void **state)
{
	struct midi_clock c;
	struct grid g;
	double time;

	(void)state;
	midi_clock_init(&c, RATE_HZ);
	assert_false(midi_clock_lost(&c, 1e6));
	time = run(&c, 0.0, 48);
	assert_false(midi_clock_lost(&c, time + 250.0));
	assert_true(midi_clock_lost(&c, time + 350.0));
	assert_false(midi_clock_lost(&c, time + 450.0));
	midi_clock_grid(&c, &g);
	assert_false(g.runs);
	/* It comes back, with another tempo; so many ticks are needed. */
	time += 2000.0;
	for (int i = 0; i < MIDI_CLOCK_LEAST; i++) {
		midi_clock_grid(&c, &g);
		assert_false(g.runs);
		hear_tick(&c, time + i * TICK_126);
	}
	midi_clock_grid(&c, &g);
	assert_true(g.runs);
	assert_true(fabs(g.tick - TICK_126) < 1e-6);
}

/* ---- start, continue, stop, position ---- */

/* Each letter a message: a START, b CONTINUE, c STOP, 2 position of 10
 * sixteenths, 8 tick. */
static double
hear_all(struct midi_clock *c, const char *script)
{
	double time = run(c, 0.0, 48);

	for (; *script; script++) {
		switch (*script) {
		case 'a':
			midi_clock_hear(c, MIDI_START, 0, time);
			break;
		case 'b':
			midi_clock_hear(c, MIDI_CONTINUE, 0, time);
			break;
		case 'c':
			midi_clock_hear(c, MIDI_STOP, 0, time);
			break;
		case '2':
			midi_clock_hear(c, MIDI_POSITION, 10, time);
			break;
		default:
			hear_tick(c, time);
			time += TICK_120;
		}
	}
	return time - TICK_120;
}

static void
positions_are_as_midi_has_them(void **state)
{
	static const struct {
		const char *script;
		double at; /* of the last tick; -1: it does not run */
	} row[] = {
		{"8", 48},		    /* it has told nothing: it runs */
		{"a8", 0},		    /* start: the next tick is 0 */
		{"a888", 2}, {"a88a88", 1}, /* from the top once more */
		{"a88c", -1},
		{"a88c888", -1}, /* goes on ticking while it stands */
		{"a88c88b8", 2}, /* and continues behind the last one */
		{"a88b88", 3},	 /* it runs already */
		{"a88288", 3},	 /* told while it runs: not heard */
		{"a88c2b8", 60}, /* ten sixteenths */
		{"a88c2b888", 62}, {"a88c2a8", 0}, /* start is from the top */
		{"a88ca2b8", 0}, /* it is to start: not heard */
		{"c2c2b8", 60},	 /* twice is once */
		{"cb8", 48},	 /* the first stop: behind the last one */
		{"ac8", -1},	 /* before the first tick */
		{"acb8", 0}, {"a88c2", -1},
		{"a8c2b8c8b8", 61}, /* stopped again, and on behind it */
		{"b8", 48},	    /* it runs already */
		{"28", 48}, {"cccb8", 48}, {"a", -1}, /* not before the tick */
	};
	struct midi_clock c;
	struct grid g;

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		double time;

		midi_clock_init(&c, RATE_HZ);
		time = hear_all(&c, row[i].script);
		midi_clock_grid(&c, &g);
		if (g.runs != (row[i].at >= 0.0) ||
			(g.runs && fabs(grid_position(&g, time) - row[i].at) >
					   1e-6))
			fail_msg("\"%s\": runs %d, position %f", row[i].script,
				g.runs, g.runs ? grid_position(&g, time) : 0.0);
	}
}

static void
the_tempo_is_learnt_while_it_stands(void **state)
{
	struct midi_clock c;
	double time;

	(void)state;
	midi_clock_init(&c, RATE_HZ);
	midi_clock_hear(&c, MIDI_STOP, 0, 0.0);
	time = run(&c, 0.0, 48);
	assert_true(midi_clock_holds(&c));
	midi_clock_hear(&c, MIDI_START, 0, time);
	hear_tick(&c, time);
	/* at once, and not after some ticks */
	assert_true(fabs(position(&c, time + 24 * TICK_120) - 24.0) < 0.01);
}

static void
only_a_stop_of_what_ran_is_told(void **state)
{
	struct midi_clock c;

	(void)state;
	midi_clock_init(&c, RATE_HZ);
	run(&c, 0.0, 48);
	assert_int_equal(
		midi_clock_hear(&c, MIDI_STOP, 0, 1000.0), MIDI_CLOCK_STOPPED);
	assert_int_equal(
		midi_clock_hear(&c, MIDI_STOP, 0, 1000.0), MIDI_CLOCK_NOTHING);
	midi_clock_hear(&c, MIDI_START, 0, 1000.0);
	assert_int_equal(
		midi_clock_hear(&c, MIDI_CLOCK, 0, 1000.0), MIDI_CLOCK_MOVED);
}

/* ---- the bar ---- */

static void
a_beat_gets_the_name_that_it_is_told(void **state)
{
	struct midi_clock c;

	(void)state;
	for (int of = 1; of <= 4; of++) {
		double time, at;

		midi_clock_init(&c, RATE_HZ);
		time = run(&c, 0.0, 240);
		/* somebody who is late by 30 ms */
		midi_clock_name_beat(&c, 216 * TICK_120 + 30.0, of);
		at = position(&c, 216 * TICK_120);
		assert_int_equal(grid_beat(at + 0.5), of);
		assert_true(fabs(remainder(at, GRID_BEAT)) < 1e-6);
		(void)time;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_beat_is_known),
		cmocka_unit_test(a_step_of_tempo_is_followed),
		cmocka_unit_test(a_ramp_of_tempo_is_followed),
		cmocka_unit_test(ticks_that_are_lost_are_counted),
		cmocka_unit_test(a_tick_that_is_late_by_a_whole_one_is_one),
		cmocka_unit_test(a_clock_that_falls_silent_is_lost),
		cmocka_unit_test(positions_are_as_midi_has_them),
		cmocka_unit_test(the_tempo_is_learnt_while_it_stands),
		cmocka_unit_test(only_a_stop_of_what_ran_is_told),
		cmocka_unit_test(a_beat_gets_the_name_that_it_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
