/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "driver/pipewire/node/stall.h"

#define MS	1000000ull
#define TICK_NS (10 * MS)

static struct stall stall;
static uint64_t now_ns;
static uint64_t cycles;

static int
fresh(void **state)
{
	(void)state;
	memset(&stall, 0, sizeof(stall));
	now_ns = 123456789;
	cycles = 7;
	stall_look(&stall, cycles, 0, now_ns);
	return 0;
}

static enum stall_level
look(uint64_t after_ns, uint64_t block_ns)
{
	now_ns += after_ns;
	return stall_look(&stall, cycles, block_ns, now_ns);
}

/* How long it stands still until the level is reached, at most a second */
static uint64_t
ms_until(enum stall_level level, uint64_t block_ns)
{
	uint64_t start_ns = now_ns;

	cycles++;
	assert_int_equal(look(0, block_ns), STALL_NONE);
	while (look(stall_pace_ns(&stall, block_ns), block_ns) < level)
		assert_true(now_ns - start_ns < 1000 * MS);
	return (now_ns - start_ns) / MS;
}

static void
a_graph_that_runs_is_no_stall(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		if (i % 2)
			cycles++;
		assert_int_equal(look(TICK_NS, 20 * MS), STALL_NONE);
	}
}

static void
a_long_block_is_no_stall(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		if (i % 17 == 0)
			cycles++;
		assert_int_equal(look(TICK_NS, 170 * MS), STALL_NONE);
	}
}

static void
somebody_is_off_within_100_ms(void **state)
{
	static const uint64_t blocks_us[] = {333, 1333, 5333, 21333, 42667};

	(void)state;
	for (size_t i = 0; i < sizeof(blocks_us) / sizeof(blocks_us[0]); i++)
		assert_in_range(
			ms_until(STALL_ACT, blocks_us[i] * 1000), 60, 100);
}

static void
who_it_is_is_asked_before_a_second_block_is_due(void **state)
{
	(void)state;
	assert_in_range(ms_until(STALL_ASK, 21333000), 21, 42);
	assert_in_range(ms_until(STALL_ASK, 42667000), 42, 85);
}

static void
short_blocks_that_come_are_looked_at_less_often(void **state)
{
	(void)state;
	cycles++;
	look(20 * MS, 5 * MS);
	assert_int_equal(stall_pace_ns(&stall, 5 * MS), 20 * MS);
	assert_int_equal(stall_pace_ns(&stall, 21 * MS), 10 * MS);
	look(20 * MS, 5 * MS); /* none came */
	assert_int_equal(stall_pace_ns(&stall, 5 * MS), 10 * MS);
	cycles++;
	look(10 * MS, 5 * MS);
	assert_int_equal(stall_pace_ns(&stall, 5 * MS), 20 * MS);
}

static void
time_in_which_we_did_not_look_does_not_count(void **state)
{
	(void)state;
	assert_int_equal(look(500 * MS, 5 * MS), STALL_ASK);
	assert_int_equal(look(500 * MS, 5 * MS), STALL_ASK);
	assert_int_equal(look(500 * MS, 5 * MS), STALL_ACT);
}

static void
a_cycle_ends_it(void **state)
{
	(void)state;
	ms_until(STALL_ACT, 5 * MS);
	cycles++;
	assert_int_equal(look(TICK_NS, 5 * MS), STALL_NONE);
}

static bool
late(uint32_t status, uint64_t age_ns)
{
	struct turn t = {
		.status = status,
		.finish_ns = age_ns ? now_ns - age_ns : 0,
	};

	return turn_is_late(&t, 21 * MS, 0, now_ns);
}

static void
who_was_woken_and_does_not_finish_is_late(void **state)
{
	(void)state;
	assert_true(late(TURN_TRIGGERED, 62 * MS));
	assert_true(late(TURN_AWAKE, 62 * MS));
	assert_true(late(TURN_TRIGGERED, 0)); /* has never finished */
}

static void
who_waits_for_others_is_not_late(void **state)
{
	(void)state;
	assert_false(late(TURN_NOT_TRIGGERED, 900 * MS));
	assert_false(late(TURN_FINISHED, 900 * MS));
	assert_false(late(4, 900 * MS)); /* inactive, from 1.4 on */
}

static void
who_finished_a_moment_ago_is_not_late(void **state)
{
	(void)state;
	assert_false(late(TURN_TRIGGERED, 21 * MS));
	assert_false(late(TURN_AWAKE, 42 * MS));
}

static void
a_cycle_that_is_made_up_for_was_not_due(void **state)
{
	struct turn turns[2] = {{.due_ns = 900 * MS}};

	(void)state;
	turns[1].signal_ns = 879 * MS; /* told when the next one begins */
	assert_true(cycle_was_due(turns, 2));
	turns[1].signal_ns = 2500 * MS;
	assert_false(cycle_was_due(turns, 2));
}

static void
time_before_cycles_were_due_does_not_count(void **state)
{
	struct turn t = {.status = TURN_TRIGGERED};

	(void)state;
	now_ns += 3000 * MS;
	t.finish_ns = now_ns - 1600 * MS;
	assert_false(turn_is_late(&t, 21 * MS, now_ns - 30 * MS, now_ns));
	assert_true(turn_is_late(&t, 21 * MS, now_ns - 62 * MS, now_ns));
}

static void
what_was_before_the_stall_is_not_of_it(void **state)
{
	struct turn driver = {0};

	(void)state;
	now_ns += 1000 * MS;
	ms_until(STALL_ACT, 21 * MS);
	driver.due_ns = now_ns - 40 * MS;
	assert_true(cycle_is_of(&stall, &driver, 21 * MS, now_ns));
	driver.due_ns = now_ns - 400 * MS;
	assert_false(cycle_is_of(&stall, &driver, 21 * MS, now_ns));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_graph_that_runs_is_no_stall, fresh),
		cmocka_unit_test_setup(a_long_block_is_no_stall, fresh),
		cmocka_unit_test_setup(somebody_is_off_within_100_ms, fresh),
		cmocka_unit_test_setup(
			who_it_is_is_asked_before_a_second_block_is_due, fresh),
		cmocka_unit_test_setup(
			short_blocks_that_come_are_looked_at_less_often, fresh),
		cmocka_unit_test_setup(
			time_in_which_we_did_not_look_does_not_count, fresh),
		cmocka_unit_test_setup(a_cycle_ends_it, fresh),
		cmocka_unit_test_setup(
			who_was_woken_and_does_not_finish_is_late, fresh),
		cmocka_unit_test_setup(who_waits_for_others_is_not_late, fresh),
		cmocka_unit_test_setup(
			who_finished_a_moment_ago_is_not_late, fresh),
		cmocka_unit_test_setup(
			a_cycle_that_is_made_up_for_was_not_due, fresh),
		cmocka_unit_test_setup(
			time_before_cycles_were_due_does_not_count, fresh),
		cmocka_unit_test_setup(
			what_was_before_the_stall_is_not_of_it, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
