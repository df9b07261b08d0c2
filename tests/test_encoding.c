/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "control/midi/encoding.h"

#define MS UINT64_C(1000000)

static void
each_coding_says_its_steps(void **state)
{
	static const struct {
		enum encoding coding;
		uint8_t byte;
		int steps;
	} rows[] = {
		{ENCODING_TWOS, 1, 1},
		{ENCODING_TWOS, 63, 63},
		{ENCODING_TWOS, 64, -64},
		{ENCODING_TWOS, 65, -63},
		{ENCODING_TWOS, 127, -1},
		{ENCODING_TWOS, 0, 0},
		{ENCODING_OFFSET, 65, 1},
		{ENCODING_OFFSET, 127, 63},
		{ENCODING_OFFSET, 64, 0},
		{ENCODING_OFFSET, 63, -1},
		{ENCODING_OFFSET, 0, -64},
		{ENCODING_SIGN_DOWN, 1, 1},
		{ENCODING_SIGN_DOWN, 63, 63},
		{ENCODING_SIGN_DOWN, 0, 0},
		{ENCODING_SIGN_DOWN, 64, 0},
		{ENCODING_SIGN_DOWN, 65, -1},
		{ENCODING_SIGN_DOWN, 127, -63},
		{ENCODING_SIGN_UP, 65, 1},
		{ENCODING_SIGN_UP, 127, 63},
		{ENCODING_SIGN_UP, 64, 0},
		{ENCODING_SIGN_UP, 0, 0},
		{ENCODING_SIGN_UP, 1, -1},
		{ENCODING_SIGN_UP, 63, -63},
		{ENCODING_OFFSET_16, 17, 1},
		{ENCODING_OFFSET_16, 15, -1},
		{ENCODING_OFFSET_16, 16, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(encoding_steps(rows[i].coding, rows[i].byte),
			rows[i].steps);
}

/* Up and down by the same magnitude cancel, in each coding. */
static void
there_and_back_is_nowhere(void **state)
{
	(void)state;
	for (int k = 1; k < 64; k++) {
		uint8_t n = (uint8_t)k;

		assert_int_equal(encoding_steps(ENCODING_TWOS, n) +
					 encoding_steps(ENCODING_TWOS,
						 (uint8_t)(128 - n)),
			0);
		assert_int_equal(encoding_steps(ENCODING_OFFSET, 64 + n) +
					 encoding_steps(ENCODING_OFFSET,
						 (uint8_t)(64 - n)),
			0);
		assert_int_equal(encoding_steps(ENCODING_SIGN_DOWN, 64 + n) +
					 encoding_steps(ENCODING_SIGN_DOWN, n),
			0);
		assert_int_equal(encoding_steps(ENCODING_SIGN_UP, n) +
					 encoding_steps(ENCODING_SIGN_DOWN, n),
			0);
	}
}

static void
slow_turns_are_not_accelerated(void **state)
{
	struct acceleration a = {0};

	(void)state;
	for (uint64_t i = 0; i < 20; i++)
		assert_true(
			acceleration_steps(&a, 1, 8.0, i * 150 * MS) == 1.0);
	assert_true(acceleration_steps(&a, -3, 8.0, 5000 * MS) == -3.0);
	assert_true(acceleration_steps(&a, 0, 8.0, 5001 * MS) == 0.0);
}

static void
fast_turns_reach_the_factor_and_a_turn_back_starts_over(void **state)
{
	struct acceleration a = {0};
	double before = 0.0, steps = 0.0;

	(void)state;
	for (uint64_t i = 0; i < 20; i++) {
		steps = acceleration_steps(&a, 1, 8.0, i * 5 * MS);
		assert_true(steps >= before && steps <= 8.0);
		before = steps;
	}
	assert_true(steps == 8.0);
	assert_true(acceleration_steps(&a, -1, 8.0, 101 * MS) == -1.0);
	assert_true(acceleration_steps(&a, -1, 8.0, 400 * MS) == -1.0);
	assert_true(acceleration_steps(&a, -1, 1.0, 401 * MS) == -1.0);
}

/* Random rates: the sign stays, and a step is 1 to 8 times itself. */
static void
acceleration_stays_within_its_factor(void **state)
{
	struct acceleration a = {0};
	uint64_t now_ns = 1;
	bool grew = false;

	(void)state;
	srand(1);
	for (int i = 0; i < 100000; i++) {
		int steps = rand() % 7 - 3;
		double out;

		now_ns += (uint64_t)rand() % (200 * MS);
		if (rand() % 3)
			now_ns -= now_ns % (20 * MS);
		out = acceleration_steps(&a, steps, 8.0, now_ns);
		if (steps == 0) {
			assert_true(out == 0.0);
			continue;
		}
		assert_true(out / steps >= 1.0 && out / steps <= 8.0);
		grew = grew || out / steps > 2.0;
	}
	assert_true(grew);
}

static void
a_pair_is_told_once_with_its_lsb(void **state)
{
	struct pair p;
	uint16_t value;

	(void)state;
	pair_reset(&p);
	/* the first MSB does not know of an LSB to come */
	assert_true(pair_msb(&p, 1, 0, &value));
	assert_int_equal(value, 129);
	assert_true(pair_lsb(&p, 5, 0, &value));
	assert_int_equal(value, 133);
	for (unsigned v = 134; v < 3000; v += 13) {
		uint64_t now_ns = v * MS;

		assert_false(pair_msb(&p, (uint8_t)(v >> 7), now_ns, &value));
		assert_true(pair_lsb(&p, v & 127, now_ns + MS / 2, &value));
		assert_int_equal(value, v);
		assert_int_equal(pair_wait_ns(&p, now_ns), UINT64_MAX);
	}
}

static void
a_device_without_lsb_does_not_wait_and_reaches_both_ends(void **state)
{
	struct pair p;
	uint16_t value;

	(void)state;
	pair_reset(&p);
	for (uint8_t msb = 0; msb < 128; msb++) {
		assert_true(pair_msb(&p, msb, msb * MS, &value));
		assert_int_equal(value, msb * 16383 / 127);
	}
}

static void
an_msb_alone_resets_the_lsb_after_the_wait(void **state)
{
	struct pair p;
	uint16_t value;

	(void)state;
	pair_reset(&p);
	pair_msb(&p, 1, 0, &value);
	pair_lsb(&p, 5, 0, &value);
	assert_false(pair_msb(&p, 2, 100 * MS, &value));
	assert_int_equal(pair_wait_ns(&p, 104 * MS), 6 * MS);
	assert_false(pair_run(&p, 109 * MS, &value));
	assert_true(pair_run(&p, 110 * MS, &value));
	assert_int_equal(value, 256);
	assert_false(pair_run(&p, 120 * MS, &value));
}

/* A half that comes again and again without the other one is followed, not
 * waited for until it rests. */
static void
halves_without_the_other_are_told_while_they_move(void **state)
{
	(void)state;
	for (int lsb_first = 0; lsb_first < 2; lsb_first++) {
		uint64_t now_ns, last_ns = 0, worst_ns = 0;
		struct pair p;
		uint16_t value;

		pair_reset(&p);
		for (now_ns = 0; now_ns < 100 * MS; now_ns += 10 * MS) {
			if (lsb_first)
				pair_lsb(&p, 1, now_ns, &value);
			pair_msb(&p, 1, now_ns, &value);
			if (!lsb_first)
				pair_lsb(&p, 1, now_ns, &value);
			last_ns = now_ns;
		}
		for (uint8_t v = 0; v < 100; v++) {
			bool told;

			now_ns += 2 * MS;
			told = lsb_first ? pair_lsb(&p, v, now_ns, &value)
					 : pair_msb(&p, v, now_ns, &value);
			if (told || pair_run(&p, now_ns, &value))
				last_ns = now_ns;
			if (now_ns - last_ns > worst_ns)
				worst_ns = now_ns - last_ns;
		}
		assert_true(worst_ns <= 30 * MS);
	}
}

static void
an_lsb_alone_moves_the_fine_part(void **state)
{
	struct pair p;
	uint16_t value;

	(void)state;
	pair_reset(&p);
	pair_msb(&p, 1, 0, &value);
	pair_lsb(&p, 5, 0, &value);
	pair_msb(&p, 2, 100 * MS, &value);
	pair_lsb(&p, 6, 100 * MS, &value);
	assert_true(pair_lsb(&p, 7, 200 * MS, &value));
	assert_int_equal(value, 2 << 7 | 7);
}

static void
an_lsb_before_any_msb_is_no_value(void **state)
{
	struct pair p;
	uint16_t value;

	(void)state;
	pair_reset(&p);
	assert_false(pair_lsb(&p, 5, 0, &value));
	assert_false(pair_run(&p, 20 * MS, &value));
	assert_int_equal(pair_wait_ns(&p, 20 * MS), UINT64_MAX);
}

static void
lsb_first_is_understood(void **state)
{
	struct pair p;
	uint16_t value;

	(void)state;
	pair_reset(&p);
	for (unsigned v = 100; v < 3000; v += 13) {
		uint64_t now_ns = v * MS;

		assert_false(pair_lsb(&p, v & 127, now_ns, &value));
		assert_true(pair_msb(
			&p, (uint8_t)(v >> 7), now_ns + MS / 4, &value));
		assert_int_equal(value, v);
	}
	/* alone it moves the fine part, after the wait */
	assert_false(pair_lsb(&p, 9, 9000 * MS, &value));
	assert_true(pair_run(&p, 9010 * MS, &value));
	assert_int_equal(value & 127, 9);
}

/* Joined in the middle, in either order, dense: right after a few pairs. */
static void
the_order_is_learned_from_the_middle(void **state)
{
	(void)state;
	for (int lsb_first = 0; lsb_first < 2; lsb_first++) {
		struct pair p;
		unsigned told = 0;

		pair_reset(&p);
		for (unsigned i = 1; i < 200; i++) {
			unsigned v = 1000 + i / 2 * 9;
			uint64_t now_ns = i / 2 * 3 * MS + (i % 2 ? MS / 2 : 0);
			bool is_msb = (i % 2 == 0) != lsb_first;
			uint16_t value;

			if (!(is_msb ? pair_msb(&p, (uint8_t)(v >> 7), now_ns,
					       &value)
				     : pair_lsb(&p, v & 127, now_ns, &value)))
				continue;
			if (i > 12) {
				assert_int_equal(value, v);
				told++;
			}
		}
		assert_true(told > 90);
	}
}

/* At one moment, as what is polled comes, time says nothing. */
static void
what_begins_says_the_order(void **state)
{
	struct pair p;
	uint16_t value;

	(void)state;
	for (int lsb_first = 0; lsb_first < 2; lsb_first++) {
		pair_reset(&p);
		pair_msb(&p, 1, 0, &value);
		pair_lsb(&p, 5, 0, &value);
		for (unsigned v = 100; v < 3000; v += 13) {
			bool told;

			pair_begins(&p, !lsb_first);
			told = lsb_first ? pair_lsb(&p, v & 127, v * MS, &value)
					 : pair_msb(&p, (uint8_t)(v >> 7),
						   v * MS, &value);
			assert_false(told);
			assert_true(lsb_first ? pair_msb(&p, (uint8_t)(v >> 7),
							v * MS, &value)
					      : pair_lsb(&p, v & 127, v * MS,
							&value));
			assert_int_equal(value, v);
		}
	}
	/* It tells its number before each half. */
	pair_reset(&p);
	pair_msb(&p, 1, 0, &value);
	pair_lsb(&p, 5, 0, &value);
	for (unsigned v = 100; v < 3000; v += 13) {
		pair_begins(&p, true);
		assert_false(pair_msb(&p, (uint8_t)(v >> 7), v * MS, &value));
		pair_begins(&p, false);
		assert_true(pair_lsb(&p, v & 127, v * MS + MS / 2, &value));
		assert_int_equal(value, v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_coding_says_its_steps),
		cmocka_unit_test(there_and_back_is_nowhere),
		cmocka_unit_test(slow_turns_are_not_accelerated),
		cmocka_unit_test(
			fast_turns_reach_the_factor_and_a_turn_back_starts_over),
		cmocka_unit_test(acceleration_stays_within_its_factor),
		cmocka_unit_test(a_pair_is_told_once_with_its_lsb),
		cmocka_unit_test(
			a_device_without_lsb_does_not_wait_and_reaches_both_ends),
		cmocka_unit_test(an_msb_alone_resets_the_lsb_after_the_wait),
		cmocka_unit_test(
			halves_without_the_other_are_told_while_they_move),
		cmocka_unit_test(an_lsb_alone_moves_the_fine_part),
		cmocka_unit_test(an_lsb_before_any_msb_is_no_value),
		cmocka_unit_test(lsb_first_is_understood),
		cmocka_unit_test(the_order_is_learned_from_the_middle),
		cmocka_unit_test(what_begins_says_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
