/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that begins, and who is quicker with it: we or the session manager,
 * without PipeWire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/tap_rig.h"

/* Younger than we are, and alone on its strip. */
static int
new_program(void **state)
{
	struct rig *r;
	struct stream *s;

	rig_new(state);
	r = *state;
	rig_node(&r->d.graph, OWN, "tapdeck", "")->serial = 1;
	for (int i = 0; i < 3; i++) {
		s = &r->s[i];
		s->strip = -1;
		s->step = STEP_NONE;
		s->linked = s->parked = false;
		s->born_ns = s->since_ns = now_ns;
		r->app[i].tap = i == 0 ? TAP_TAKE : TAP_OFF;
	}
	s = &r->s[0];
	s->serial = rig_stream(&r->d.graph, 0, "app")->serial;
	graph_node(&r->d.graph, 0)->state = PW_NODE_STATE_SUSPENDED;
	r->d.strip_closed[A] = true; /* as somebody has left it */
	return 0;
}

static int
done(void **state)
{
	struct rig *r = *state;

	graph_done(&r->d.graph);
	return 0;
}

static void
runs(struct rig *r)
{
	graph_node(&r->d.graph, 0)->state = PW_NODE_STATE_RUNNING;
}

static void
step(struct rig *r, uint64_t ms)
{
	now_ns += ms * MS;
	tap_step_all(&r->d);
}

/* The session manager's first link may come after our word, and goes again:
 * until the program runs without it, its first frame is to come. */
static void
it_begins_until_it_runs_on_its_strip_alone(void **state)
{
	struct rig *r = *state;
	struct stream *s = &r->s[0];

	step(r, 0);
	assert_true(s->linked && s->parked && s->begins);
	assert_false(r->d.strip_closed[A]);
	step(r, 1);
	assert_int_equal(s->step, STEP_ON);
	in_room[0] = true;
	step(r, 1);
	assert_int_equal(s->step, STEP_PARKING);
	assert_true(s->begins);
	runs(r); /* there, and on its strip */
	step(r, 1);
	assert_true(s->begins);
	in_room[0] = false;
	step(r, 1);
	assert_int_equal(s->step, STEP_ON);
	assert_false(s->begins);
}

/* It is on its open strip before it is moved, and heard in the room alone. */
static void
who_is_linked_already_is_recorded_from_its_start(void **state)
{
	struct rig *r = *state;
	struct stream *s = &r->s[0];

	in_room[0] = true;
	step(r, 0);
	assert_int_equal(s->step, STEP_LINKING);
	assert_false(r->d.strip_closed[A]);
	assert_true(r->d.strip_aside[A]);
	assert_false(s->parked);
	runs(r);
	arrived[0] = true;
	step(r, 10);
	assert_false(s->parked);
	step(r, 15);
	assert_int_equal(s->step, STEP_PARKING);
	assert_true(s->parked);
	assert_false(s->begins);
	assert_false(r->d.strip_aside[A]);
	assert_false(r->d.strip_closed[A]);
}

static void
who_has_not_begun_by_then_begins_on_its_strip(void **state)
{
	struct rig *r = *state;

	in_room[0] = arrived[0] = true;
	step(r, 0);
	step(r, 25);
	assert_int_equal(r->s[0].step, STEP_PARKING);
	assert_true(r->s[0].begins);
}

/* In the midst of its sound: the strip opens with a ramp. */
static void
assert_fades_in(struct rig *r)
{
	struct stream *s = &r->s[0];

	in_room[0] = true;
	runs(r);
	step(r, 0);
	assert_int_equal(s->step, STEP_NONE);
	step(r, 25);
	assert_int_equal(s->step, STEP_LINKING);
	assert_true(r->d.strip_closed[A]);
	arrived[0] = true;
	step(r, 1);
	assert_int_equal(s->step, STEP_PARKING);
	assert_false(r->d.strip_closed[A]);
}

static void
who_is_older_than_we_fades_in(void **state)
{
	struct rig *r = *state;

	r->s[0].serial = 0;
	assert_fades_in(r);
}

static void
who_began_a_while_ago_fades_in(void **state)
{
	struct rig *r = *state;

	now_ns += 100 * MS;
	r->s[0].since_ns = now_ns;
	assert_fades_in(r);
}

/* ---- and others ---- */

static void
other_is_on(struct rig *r, int strip)
{
	r->app[1].tap = TAP_TAKE;
	r->app[1].strip = r->s[1].strip = strip;
	r->s[1].step = STEP_ON;
	r->s[1].linked = r->s[1].parked = true;
	r->d.strip_closed[strip] = false;
}

/* They must not be kept out of main for it. */
static void
who_comes_to_others_is_not_kept_out(void **state)
{
	struct rig *r = *state;

	other_is_on(r, A);
	in_room[0] = arrived[0] = true;
	step(r, 0);
	assert_int_equal(r->s[0].step, STEP_LINKING);
	assert_false(r->d.strip_aside[A]);
	assert_false(r->d.strip_closed[A]);
	step(r, 24);
	assert_false(r->s[0].parked);
	step(r, 1);
	assert_int_equal(r->s[0].step, STEP_PARKING);
}

/* It is on its way to another strip and fades out here. */
static void
nor_is_who_still_fades_out(void **state)
{
	struct rig *r = *state;

	other_is_on(r, B);
	r->s[1].step = STEP_MOVED;
	r->s[1].old_strip = A;
	r->s[1].since_ns = now_ns;
	r->d.strip_closed[A] = true;
	in_room[0] = true;
	step(r, 0);
	assert_int_equal(r->s[0].step, STEP_LINKING);
	assert_false(r->d.strip_aside[A]);
	assert_true(r->d.strip_closed[A]);
}

/* It does not wait for the one that the session manager was quicker with. */
static void
who_comes_second_is_in_main_at_once(void **state)
{
	struct rig *r = *state;
	int posted;

	in_room[0] = arrived[0] = true;
	step(r, 0);
	assert_true(r->d.strip_aside[A]);
	r->app[1].tap = TAP_TAKE;
	r->s[1].born_ns = r->s[1].since_ns = now_ns;
	step(r, 1);
	assert_true(r->s[1].parked && r->s[1].begins);
	assert_false(r->d.strip_aside[A]);
	posted = posts;
	step(r, 1);
	assert_int_equal(posts, posted);
	assert_int_equal(r->s[0].step, STEP_LINKING);
	step(r, 23);
	assert_int_equal(r->s[0].step, STEP_PARKING);
}

/* ---- what comes in between ---- */

static void
who_may_belong_elsewhere_is_not_moved(void **state)
{
	struct rig *r = *state;

	in_room[0] = arrived[0] = true;
	step(r, 0);
	doubted[0] = true;
	step(r, 100);
	assert_int_equal(r->s[0].step, STEP_LINKING);
	assert_true(r->d.strip_aside[A]);
	assert_false(r->s[0].parked);
	doubted[0] = false;
	step(r, 1);
	assert_true(r->s[0].parked);
}

/* It was never heard in main, and is not on its way out. */
static void
who_is_not_wanted_any_more_stays_out_of_main(void **state)
{
	struct rig *r = *state;

	in_room[0] = arrived[0] = true;
	runs(r);
	step(r, 0);
	r->app[0].tap = TAP_OFF;
	step(r, 1);
	assert_int_equal(r->s[0].step, STEP_CLOSING);
	assert_true(r->d.strip_closed[A]);
	assert_true(r->d.strip_aside[A]);
	/* and whoever is next is heard */
	step(r, 100);
	in_room[0] = false;
	r->app[0].tap = TAP_TAKE;
	step(r, 1);
	assert_false(r->d.strip_closed[A]);
	assert_false(r->d.strip_aside[A]);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, new_program, done)
	const struct CMUnitTest tests[] = {
		T(it_begins_until_it_runs_on_its_strip_alone),
		T(who_is_linked_already_is_recorded_from_its_start),
		T(who_has_not_begun_by_then_begins_on_its_strip),
		T(who_is_older_than_we_fades_in),
		T(who_began_a_while_ago_fades_in),
		T(who_comes_to_others_is_not_kept_out),
		T(nor_is_who_still_fades_out),
		T(who_comes_second_is_in_main_at_once),
		T(who_may_belong_elsewhere_is_not_moved),
		T(who_is_not_wanted_any_more_stays_out_of_main),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
