/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beats that are tapped, sent, or set. Times are in ms. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "control/tempo/own_clock.h"

#define RATE_HZ 1000.0

static void
begin(struct own_clock *c)
{
	own_clock_init(c, RATE_HZ, 20.0, 400.0);
}

static double
bpm(const struct own_clock *c)
{
	assert_true(c->grid.runs);
	return grid_bpm(&c->grid, RATE_HZ);
}

static double
at(const struct own_clock *c, double time)
{
	return grid_position(&c->grid, time);
}

static bool
is_near(double a, double b, double by)
{
	return fabs(a - b) <= by;
}

static void
one_tap_is_no_tempo_and_two_are(void **state)
{
	struct own_clock c;

	(void)state;
	begin(&c);
	own_clock_beat(&c, 0, 1000.0);
	assert_false(c.grid.runs);
	own_clock_beat(&c, 0, 1500.0);
	assert_true(is_near(bpm(&c), 120.0, 1e-6));
	/* the first was the bar's */
	assert_true(is_near(at(&c, 1000.0), 0.0, 1e-6));
	assert_int_equal(grid_beat(at(&c, 1501.0)), 2);
}

static void
taps_of_a_hand_come_to_their_mean(void **state)
{
	static const double off[] = {12, -9, 4, -15, 8, 0, -6, 11, -3, 7, -12};
	struct own_clock c;

	(void)state;
	begin(&c);
	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		own_clock_beat(&c, 0, i * 468.75 + off[i]);
	assert_true(is_near(bpm(&c), 128.0, 0.8));
	assert_true(is_near(remainder(at(&c, 10 * 468.75), GRID_BEAT), 0.0,
		GRID_BEAT * 0.03));
}

static void
another_tempo_is_taken_at_once(void **state)
{
	struct own_clock c;
	double time = 0.0;

	(void)state;
	begin(&c);
	for (int i = 0; i < 10; i++, time += 500.0)
		own_clock_beat(&c, 0, time);
	for (int i = 0; i < 4; i++, time += 400.0)
		own_clock_beat(&c, 0, time);
	assert_true(is_near(bpm(&c), 150.0, 0.5));
}

static void
a_pause_begins_anew(void **state)
{
	struct own_clock c;

	(void)state;
	begin(&c);
	own_clock_beat(&c, 0, 0.0);
	own_clock_beat(&c, 0, 500.0);
	own_clock_beat(&c, 0, 9000.0);
	assert_true(is_near(bpm(&c), 120.0, 1e-6));
	own_clock_beat(&c, 0, 9600.0);
	assert_true(is_near(bpm(&c), 100.0, 1e-6));
}

static void
a_tap_that_is_left_out_changes_nothing(void **state)
{
	struct own_clock c;

	(void)state;
	begin(&c);
	for (int i = 0; i < 8; i++)
		if (i != 5)
			own_clock_beat(&c, 0, i * 500.0);
	assert_true(is_near(bpm(&c), 120.0, 1e-6));
}

static void
what_nobody_taps_is_no_tempo(void **state)
{
	struct own_clock c;

	(void)state;
	begin(&c);
	own_clock_beat(&c, 0, 0.0);
	own_clock_beat(&c, 0, 20.0); /* 3,000 BPM: a button that bounces */
	assert_false(c.grid.runs);
	own_clock_beat(&c, 0, 3600.0); /* 17 BPM */
	assert_false(c.grid.runs);
}

static void
a_beat_that_is_sent_has_its_place_in_the_bar(void **state)
{
	struct own_clock c;

	(void)state;
	begin(&c);
	own_clock_set(&c, 120.0, 0.0);
	assert_int_equal(grid_beat(at(&c, 10.0)), 1);
	/* Beat 3 is here, and no beat was: the nearest comes here. */
	own_clock_beat(&c, 3, 1100.0);
	assert_int_equal(grid_beat(at(&c, 1100.0) + 0.5), 3);
	assert_true(is_near(remainder(at(&c, 1100.0), GRID_BEAT), 0.0, 1e-6));
	assert_true(is_near(bpm(&c), 120.0, 1e-6));
	/* and with the next there is a tempo */
	own_clock_beat(&c, 4, 1600.0 + 20.0);
	own_clock_beat(&c, 1, 2120.0 + 20.0);
	assert_true(is_near(bpm(&c), 60000.0 / 520.0, 1e-3));
	assert_true(is_near(remainder(at(&c, 2140.0), GRID_BAR), 0.0, 1e-6));
}

static void
a_tempo_that_is_set_goes_on_from_where_it_is(void **state)
{
	struct own_clock c;
	double before;

	(void)state;
	begin(&c);
	own_clock_set(&c, 120.0, 0.0);
	before = at(&c, 777.0);
	own_clock_set(&c, 174.0, 777.0);
	assert_true(is_near(at(&c, 777.0), before, 1e-9));
	assert_true(is_near(bpm(&c), 174.0, 1e-9));
	own_clock_stop(&c);
	assert_false(c.grid.runs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_tap_is_no_tempo_and_two_are),
		cmocka_unit_test(taps_of_a_hand_come_to_their_mean),
		cmocka_unit_test(another_tempo_is_taken_at_once),
		cmocka_unit_test(a_pause_begins_anew),
		cmocka_unit_test(a_tap_that_is_left_out_changes_nothing),
		cmocka_unit_test(what_nobody_taps_is_no_tempo),
		cmocka_unit_test(a_beat_that_is_sent_has_its_place_in_the_bar),
		cmocka_unit_test(a_tempo_that_is_set_goes_on_from_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
