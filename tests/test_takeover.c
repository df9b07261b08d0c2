/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "control/surface/takeover.h"

#define MS    UINT64_C(1000000)
#define HANDS 300
#define MOVES 400

static bool
near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static void
jump_follows_at_once(void **state)
{
	struct takeover t;
	double out;

	(void)state;
	takeover_reset(&t);
	assert_true(takeover_move(&t, MAPPING_JUMP, 0.9, 0.1, 0, &out));
	assert_true(out == 0.9);
	assert_true(t.held);
}

static void
pickup_waits_until_the_control_is_there(void **state)
{
	struct takeover t;
	double out, at = 0.1;

	(void)state;
	takeover_reset(&t);
	for (; at < 0.5 - TAKEOVER_NEAR - 1e-9; at += 0.01) {
		assert_false(takeover_move(&t, MAPPING_PICKUP, at, 0.5,
			(uint64_t)(at * 1000) * MS, &out));
		assert_false(t.held);
	}
	assert_true(takeover_move(&t, MAPPING_PICKUP, at, 0.5, 0, &out));
	assert_true(out == at);
	assert_true(t.held);
	/* 1:1 from there, however far, however long the rest was */
	assert_true(
		takeover_move(&t, MAPPING_PICKUP, 0.05, at, 60000 * MS, &out));
	assert_true(out == 0.05);
}

static void
a_fast_throw_past_the_value_is_picked_up(void **state)
{
	struct takeover t;
	double out;

	(void)state;
	takeover_reset(&t);
	assert_false(takeover_move(&t, MAPPING_PICKUP, 0.1, 0.5, 0, &out));
	assert_true(takeover_move(
		&t, MAPPING_PICKUP, 0.8, 0.5, TAKEOVER_THROW_NS, &out));
	assert_true(out == 0.8);
}

/* What happened between is not known: it may have moved for another strip. */
static void
a_late_pass_is_not_picked_up(void **state)
{
	struct takeover t;
	double out;

	(void)state;
	takeover_reset(&t);
	assert_false(takeover_move(&t, MAPPING_PICKUP, 0.1, 0.5, 0, &out));
	assert_false(takeover_move(
		&t, MAPPING_PICKUP, 0.8, 0.5, TAKEOVER_THROW_NS + 1, &out));
	/* fast, but not past it */
	assert_false(takeover_move(
		&t, MAPPING_PICKUP, 0.6, 0.5, TAKEOVER_THROW_NS + 2, &out));
	/* small enough to have been seen */
	assert_false(
		takeover_move(&t, MAPPING_PICKUP, 0.517, 0.5, 1000 * MS, &out));
	assert_true(
		takeover_move(&t, MAPPING_PICKUP, 0.49, 0.5, 9000 * MS, &out));
	/* not small enough */
	takeover_reset(&t);
	takeover_move(&t, MAPPING_PICKUP, 0.48, 0.5, 0, &out);
	assert_false(takeover_move(&t, MAPPING_PICKUP,
		0.48 + 1.3 * TAKEOVER_STEP, 0.5, 9000 * MS, &out));
}

static void
the_first_position_is_no_pass(void **state)
{
	struct takeover t;
	double out;

	(void)state;
	takeover_reset(&t);
	assert_false(takeover_move(&t, MAPPING_PICKUP, 1.0, 0.5, 1, &out));
	takeover_reset(&t);
	assert_false(takeover_move(&t, MAPPING_PICKUP, 0.0, 0.5, 2, &out));
}

static void
a_parameter_moved_by_another_is_let_go_of(void **state)
{
	struct takeover t;
	double out;

	(void)state;
	for (int mode = MAPPING_PICKUP; mode <= MAPPING_SCALE; mode++) {
		takeover_reset(&t);
		assert_true(takeover_move(&t, mode, 0.5, 0.5, 0, &out));
		assert_true(takeover_move(&t, mode, 0.52, 0.5, MS, &out));
		assert_true(near(out, 0.52));
		if (takeover_move(&t, mode, 0.53, 0.9, 2 * MS, &out))
			assert_true(
				fabs(out - 0.9) <= 0.01 * TAKEOVER_SLOPE_MAX);
		assert_false(t.held);
	}
}

static void
a_parameter_of_few_steps_is_not_let_go_of(void **state)
{
	struct takeover t;
	double out, parameter = 0.5;

	(void)state;
	takeover_reset(&t);
	for (double at = 0.5; at < 1.0; at += 0.01) {
		assert_true(takeover_move(
			&t, MAPPING_PICKUP, at, parameter, 0, &out));
		parameter = round(out * 2.0) / 2.0; /* three choices */
		takeover_applied(&t, parameter);
	}
	assert_true(parameter == 1.0);
}

static void
scale_reaches_the_end_with_the_control(void **state)
{
	struct takeover t;
	double parameter = 0.5, out;

	(void)state;
	takeover_reset(&t);
	assert_false(
		takeover_move(&t, MAPPING_SCALE, 0.25, parameter, 0, &out));
	assert_true(
		takeover_move(&t, MAPPING_SCALE, 0.625, parameter, 0, &out));
	assert_true(near(out, 0.75)); /* half of either way */
	parameter = out;
	assert_true(takeover_move(&t, MAPPING_SCALE, 1.0, parameter, 0, &out));
	assert_true(out == 1.0);
	assert_true(t.held);
	assert_true(takeover_move(&t, MAPPING_SCALE, 0.3, 1.0, 0, &out));
	assert_true(out == 0.3);
}

static void
scale_never_throws_a_quiet_strip_to_full(void **state)
{
	struct takeover t;
	double out;

	(void)state;
	takeover_reset(&t);
	takeover_move(&t, MAPPING_SCALE, 126.0 / 127.0, 0.0, 0, &out);
	assert_true(takeover_move(&t, MAPPING_SCALE, 1.0, 0.0, 0, &out));
	assert_true(near(out, TAKEOVER_SLOPE_MAX / 127.0));
	/* at its end it waits for the way down */
	assert_false(takeover_move(&t, MAPPING_SCALE, 1.0, out, 0, &out));
}

static double
chance(void)
{
	return rand() / (double)RAND_MAX;
}

/* A hand: slow turns, throws, rests; now and then something else moves the
 * parameter, or the bank changes. */
struct hand {
	struct takeover t;
	double control, parameter;
	uint64_t now_ns;
	bool reset; /* before this move */
};

static void
hand_move(struct hand *h)
{
	double reach = chance() < 0.2 ? 1.0 : 0.03;

	h->now_ns += (uint64_t)(chance() * 20.0) * MS;
	if (chance() < 0.05)
		h->now_ns += (uint64_t)(chance() * 5000.0) * MS;
	if (chance() < 0.02)
		h->parameter = chance();
	h->reset = chance() < 0.02;
	if (h->reset) {
		takeover_reset(&h->t);
		h->control = chance();
	}
	h->control += (chance() - 0.5) * 2.0 * reach;
	h->control = fmin(fmax(h->control, 0.0), 1.0);
	if (chance() < 0.5)
		h->control = round(h->control * 127.0) / 127.0;
}

/* The rule, said a second time from outside: how far may the parameter go? */
static double
jump_allowed(const struct hand *h, enum mapping_takeover mode)
{
	const struct takeover *t = &h->t;
	double by = fabs(h->control - t->control);
	bool ours = t->known && t->held &&
		    fabs(h->parameter - t->parameter) <= TAKEOVER_NEAR;

	if (ours)
		return by + fabs(h->parameter - t->control);
	if (mode == MAPPING_SCALE)
		return fmax(t->known ? by * TAKEOVER_SLOPE_MAX + TAKEOVER_MEET
				     : 0.0,
			TAKEOVER_MEET);
	if (t->known && (by <= TAKEOVER_STEP ||
				h->now_ns - t->moved_ns <= TAKEOVER_THROW_NS))
		return fmax(by, TAKEOVER_NEAR);
	return TAKEOVER_NEAR;
}

static void
no_hand_makes_a_jump_larger_than_the_rule(void **state)
{
	unsigned moved = 0, kept = 0;

	(void)state;
	srand(2);
	for (int run = 0; run < HANDS; run++) {
		enum mapping_takeover mode =
			run % 2 ? MAPPING_SCALE : MAPPING_PICKUP;
		struct hand h = {.control = chance(), .parameter = chance()};

		for (int i = 0; i < MOVES; i++) {
			double out = -1.0, allowed;

			hand_move(&h);
			allowed = jump_allowed(&h, mode);
			if (!takeover_move(&h.t, mode, h.control, h.parameter,
				    h.now_ns, &out)) {
				kept++;
				continue;
			}
			moved++;
			assert_true(out >= 0.0 && out <= 1.0);
			assert_true(fabs(out - h.parameter) <= allowed + 1e-9);
			h.parameter = out;
		}
	}
	assert_true(moved > 10000 && kept > 10000);
}

/* Whatever the start: sweeping the whole way up and down takes over. */
static void
a_sweep_always_takes_over(void **state)
{
	(void)state;
	srand(3);
	for (int run = 0; run < HANDS; run++) {
		enum mapping_takeover mode =
			run % 2 ? MAPPING_SCALE : MAPPING_PICKUP;
		double parameter = chance(), out;
		int from = rand() % 128;
		struct takeover t;

		takeover_reset(&t);
		for (int i = 0; i < 6 * 128; i++) {
			int phase = (from + i) % 254;
			double at = (phase < 128 ? phase : 254 - phase) / 127.0;

			if (takeover_move(&t, mode, at, parameter,
				    (uint64_t)i * 200 * MS, &out))
				parameter = out;
		}
		assert_true(t.held);
	}
}

static void
what_is_no_number_stays_within_the_way(void **state)
{
	struct takeover t;
	double out = 0.5;

	(void)state;
	takeover_reset(&t);
	assert_true(takeover_move(&t, MAPPING_JUMP, NAN, 0.5, 0, &out));
	assert_true(out == 0.0);
	assert_true(takeover_move(&t, MAPPING_JUMP, 7.0, NAN, 0, &out));
	assert_true(out == 1.0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jump_follows_at_once),
		cmocka_unit_test(pickup_waits_until_the_control_is_there),
		cmocka_unit_test(a_fast_throw_past_the_value_is_picked_up),
		cmocka_unit_test(a_late_pass_is_not_picked_up),
		cmocka_unit_test(the_first_position_is_no_pass),
		cmocka_unit_test(a_parameter_moved_by_another_is_let_go_of),
		cmocka_unit_test(a_parameter_of_few_steps_is_not_let_go_of),
		cmocka_unit_test(scale_reaches_the_end_with_the_control),
		cmocka_unit_test(scale_never_throws_a_quiet_strip_to_full),
		cmocka_unit_test(no_hand_makes_a_jump_larger_than_the_rule),
		cmocka_unit_test(a_sweep_always_takes_over),
		cmocka_unit_test(what_is_no_number_stays_within_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
