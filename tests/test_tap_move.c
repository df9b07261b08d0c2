/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams that share strips, on their way from one to another, without
 * PipeWire: which strips are open meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/pipewire/tap_move.h"
#include "tests/tap_rig.h"

static void
gone(struct rig *r, int i)
{
	r->s[i].linked = false;
	r->s[i].strip = -1;
}

/* It is linked to B as well, and not heard there yet. */
static void
set_out(struct rig *r, int i, int to)
{
	r->app[i].strip = to;
	for (int tries = 0; tries < 2 && r->s[i].step == STEP_ON; tries++) {
		tap_move(&r->d, &r->s[i]);
		now_ns += 100 * MS; /* the strip closes first */
	}
	assert_int_equal(r->s[i].step, STEP_MOVING);
	assert_true(r->d.strip_closed[to]);
}

static void
arrive(struct rig *r, int i)
{
	arrived[r->s[i].node_id] = true;
	tap_step_moving(&r->d, &r->s[i]);
}

/* One leaves the strip for good while another is on its way off it: that is
 * heard there alone, until where it goes to has opened. */
static void
who_leaves_closes_for_nobody_on_his_way(void **state)
{
	struct rig *r = *state;

	gone(r, 2);
	set_out(r, 1, B);
	tap_strip_open(&r->d, &r->s[0], false);
	assert_false(r->d.strip_closed[A]);
	gone(r, 0);
	arrive(r, 1);
	assert_true(r->d.strip_closed[A]);
	assert_false(r->d.strip_closed[B]);
}

/* Nor does who comes, and would wait on the closed strip. */
static void
who_comes_closes_for_nobody_on_his_way(void **state)
{
	struct rig *r = *state;

	gone(r, 0);
	gone(r, 2);
	set_out(r, 1, B);
	r->s[0].strip = A;
	tap_strip_open(&r->d, &r->s[0], false);
	assert_false(r->d.strip_closed[A]);
	/* it may not be kept out of main either */
	assert_true(tap_strip_has(&r->d, &r->s[0], A, IN_MAIN));
	arrive(r, 1);
	assert_true(tap_strip_has(&r->d, &r->s[0], A, IN_MAIN));
	now_ns += 1000 * MS;
	tap_step_moved(&r->d, &r->s[1]);
	assert_false(tap_strip_has(&r->d, &r->s[0], A, IN_MAIN));
}

/* Two go to two strips, and one of them is late. */
static void
who_arrives_closes_for_nobody_on_his_way(void **state)
{
	struct rig *r = *state;

	gone(r, 2);
	set_out(r, 0, B);
	set_out(r, 1, B + 1);
	now_ns += 1000 * MS;
	arrive(r, 0);
	assert_int_equal(r->s[0].step, STEP_MOVED);
	assert_false(r->d.strip_closed[A]);
	arrive(r, 1);
	assert_true(r->d.strip_closed[A]);
}

/* Two change places: who comes waits until the other one has gone. */
static void
two_that_change_places_are_not_heard_twice(void **state)
{
	struct rig *r = *state;

	gone(r, 2);
	r->s[1].strip = r->app[1].strip = B;
	r->app[0].strip = B;
	r->app[1].strip = A;
	tap_move(&r->d, &r->s[0]);
	assert_int_equal(r->s[0].step, STEP_MOVING);
	tap_move(&r->d, &r->s[1]);
	assert_int_equal(r->s[1].step, STEP_ON);
	arrive(r, 0);
	assert_true(r->d.strip_closed[A]);
	now_ns += 100 * MS;
	tap_step_moved(&r->d, &r->s[0]);
	tap_move(&r->d, &r->s[1]);
	assert_int_equal(r->s[1].step, STEP_MOVING);
	arrive(r, 1);
	assert_false(r->d.strip_closed[A]);
	assert_false(r->d.strip_closed[B]);
}

/* The session manager is slow with one who comes to a strip. */
static void
is_slow_with(struct rig *r, int i)
{
	in_room[i] = true;
	tap_set_step(&r->d, &r->s[i], STEP_PARKING);
}

/* He is kept out of main as soon as the strip is his. */
static void
who_comes_is_not_refused_for_who_leaves(void **state)
{
	struct rig *r = *state;

	gone(r, 2);
	r->app[2].tap = TAP_OFF;
	set_out(r, 1, B);
	is_slow_with(r, 0);
	now_ns += 60 * MS;
	arrive(r, 1);
	assert_int_equal(r->s[1].step, STEP_MOVED);
	r->d.waiting = false;
	tap_step_all(&r->d);
	assert_int_equal(r->s[0].step, STEP_PARKING);
	assert_false(r->s[0].aside);
	assert_true(r->d.waiting);
	now_ns += 100 * MS;
	tap_step_all(&r->d);
	assert_int_equal(r->s[1].step, STEP_ON);
	tap_step_all(&r->d);
	assert_int_equal(r->s[0].step, STEP_PARKING);
	assert_true(r->s[0].aside);
	assert_int_equal(r->s[0].refusals, 0);
}

static void
who_comes_is_refused_for_who_stays(void **state)
{
	struct rig *r = *state;

	set_out(r, 1, B);
	arrive(r, 1);
	is_slow_with(r, 0);
	now_ns += 60 * MS;
	tap_step_all(&r->d);
	assert_int_equal(r->s[0].step, STEP_LEAVING);
	assert_int_equal(r->s[0].refusals, 1);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup(test, rig_new)
	const struct CMUnitTest tests[] = {
		T(who_leaves_closes_for_nobody_on_his_way),
		T(who_comes_closes_for_nobody_on_his_way),
		T(who_arrives_closes_for_nobody_on_his_way),
		T(two_that_change_places_are_not_heard_twice),
		T(who_comes_is_not_refused_for_who_leaves),
		T(who_comes_is_refused_for_who_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
