/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "driver/ward_watch.h"

#define MS 1000000ll

static struct ward_shared shared;
static struct ward_watch watch;
static int64_t now_ns;

static int
fresh(void **state)
{
	(void)state;
	memset(&shared, 0, sizeof(shared));
	now_ns = 123456789;
	ward_watch_start(&watch, now_ns);
	return 0;
}

static enum ward_health
tick(int64_t ms, bool audio, bool control)
{
	now_ns += ms * MS;
	shared.audio_beats += audio;
	shared.control_beats += control;
	return ward_watch_tick(&watch, &shared, now_ns);
}

static void
run(uint32_t block_ns)
{
	shared.audio_runs = 1;
	shared.block_ns = block_ns;
	assert_int_equal(tick(25, true, true), WARD_WELL);
	assert_true(watch.lives);
}

/* ms until it is found hung, of at most so many */
static int
hung_after(bool audio, bool control, int max_ms)
{
	for (int ms = 25; ms <= max_ms; ms += 25)
		if (tick(25, audio, control) == WARD_HUNG)
			return ms;
	return -1;
}

static void
beats_are_well_for_ever(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(hung_after(true, true, 60000), -1);
	assert_int_equal(hung_after(true, false, 60000), -1);
}

static void
no_beat_at_all_is_hung_after_its_time(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(hung_after(false, false, 1000), WARD_HUNG_MS);
}

static void
long_blocks_have_three_of_them(void **state)
{
	(void)state;
	run(256 * MS);
	assert_int_equal(hung_after(false, false, 2000), 775);
}

static void
audio_alone_has_a_second(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(hung_after(false, true, 2000), 1000);
}

static void
no_audio_is_due_while_none_runs(void **state)
{
	(void)state;
	run(5 * MS);
	shared.audio_runs = 0;
	assert_int_equal(hung_after(false, true, 60000), -1);
	assert_int_equal(hung_after(false, false, 60000), 5000);
}

static void
a_start_has_five_seconds(void **state)
{
	(void)state;
	assert_int_equal(hung_after(false, false, 60000), 5000);
	fresh(NULL);
	assert_int_equal(hung_after(false, false, 4900), -1);
	assert_int_equal(hung_after(false, true, 60000), -1);
}

static void
a_machine_that_stood_still_proves_nothing(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(tick(60000, false, false), WARD_WELL);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(tick(80, false, false), WARD_WELL);
	/* on time again, it counts from here */
	assert_int_equal(hung_after(false, false, 1000), WARD_HUNG_MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(beats_are_well_for_ever, fresh),
		cmocka_unit_test_setup(
			no_beat_at_all_is_hung_after_its_time, fresh),
		cmocka_unit_test_setup(long_blocks_have_three_of_them, fresh),
		cmocka_unit_test_setup(audio_alone_has_a_second, fresh),
		cmocka_unit_test_setup(no_audio_is_due_while_none_runs, fresh),
		cmocka_unit_test_setup(a_start_has_five_seconds, fresh),
		cmocka_unit_test_setup(
			a_machine_that_stood_still_proves_nothing, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
