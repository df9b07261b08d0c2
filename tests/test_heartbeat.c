/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/program/process.h"
#include "driver/supervisor/heartbeat.h"

#define MS 1000000ll

static struct supervisor_shared shared;
static struct heartbeat watch;
static int64_t now_ns;

static int
fresh(void **state)
{
	(void)state;
	memset(&shared, 0, sizeof(shared));
	now_ns = 123456789;
	heartbeat_start(&watch, now_ns);
	return 0;
}

/* inside: an odd count, as within a cycle */
static enum health
tick_as(char state, int64_t ms, uint64_t turns, bool control)
{
	now_ns += ms * MS;
	shared.audio_turns += turns;
	shared.control_beats += control;
	return heartbeat_tick(&watch, &shared, state, now_ns);
}

static enum health
tick(int64_t ms, bool audio, bool control)
{
	return tick_as('S', ms, audio ? 2 : 0, control);
}

static void
run(uint32_t block_ns)
{
	shared.audio_runs = 1;
	shared.block_ns = block_ns;
	assert_int_equal(tick(25, true, true), HEALTH_WELL);
	assert_true(watch.lives);
}

/* ms until it is found hung, of at most so many */
static int
hung_as(char state, bool audio, bool control, int max_ms)
{
	for (int ms = 25; ms <= max_ms; ms += 25)
		if (tick_as(state, 25, audio ? 2 : 0, control) != HEALTH_WELL)
			return ms;
	return -1;
}

static int
hung_after(bool audio, bool control, int max_ms)
{
	return hung_as('S', audio, control, max_ms);
}

static void
beats_are_well_for_ever(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(hung_after(true, true, 60000), -1);
}

static void
no_beat_at_all_is_hung_after_its_time(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(hung_after(false, false, 1000), HEARTBEAT_HUNG_MS);
}

static void
a_stopped_engine_is_found_so_and_after_its_time(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(hung_as('T', false, false, 1000), HEARTBEAT_HUNG_MS);
	assert_int_equal(tick_as('T', 25, 0, false), HEALTH_HUNG_STOPPED);
	assert_int_equal(tick_as('S', 25, 0, false), HEALTH_HUNG_SILENT);
}

static void
long_blocks_have_three_of_them(void **state)
{
	(void)state;
	run(256 * MS);
	assert_int_equal(hung_after(false, false, 2000), 775);
	fresh(NULL);
	run(256 * MS);
	assert_int_equal(tick_as('S', 25, 1, true), HEALTH_WELL);
	assert_int_equal(hung_after(false, true, 2000), 775);
}

static void
a_graph_that_stands_still_is_no_hang(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(hung_after(false, true, 60000), -1);
	assert_true(watch.still_ns == 60000 * MS);
	assert_int_equal(tick(25, true, true), HEALTH_WELL);
	assert_true(watch.still_ns == 0);
}

static void
a_cycle_that_is_not_left_is_a_hang(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(tick_as('S', 25, 1, true), HEALTH_WELL);
	for (int ms = 25; ms < HEARTBEAT_HUNG_MS; ms += 25)
		assert_int_equal(tick(25, false, true), HEALTH_WELL);
	assert_int_equal(tick(25, false, true), HEALTH_HUNG_IN_CYCLE);
}

/* Each look may fall into a cycle, and it is another one each time. */
static void
being_in_a_cycle_at_every_look_is_no_hang(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(tick_as('S', 25, 1, true), HEALTH_WELL);
	assert_int_equal(hung_after(true, true, 60000), -1);
}

static void
a_long_turn_of_control_is_no_hang_while_audio_goes_on(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(hung_after(true, false, 60000), 10000);
}

static void
work_and_a_slow_disk_have_more_time(void **state)
{
	(void)state;
	run(5 * MS);
	assert_int_equal(hung_as('R', false, false, 60000), 2000);
	fresh(NULL);
	run(5 * MS);
	assert_int_equal(hung_as('D', false, false, 60000), 10000);
}

static void
a_doubt_comes_before_a_verdict(void **state)
{
	(void)state;
	run(5 * MS);
	assert_false(heartbeat_doubts(&watch));
	while (!heartbeat_doubts(&watch))
		assert_int_equal(tick_as('?', 25, 0, false), HEALTH_WELL);
}

static void
no_audio_is_due_while_none_runs(void **state)
{
	(void)state;
	run(5 * MS);
	shared.audio_runs = 0;
	assert_int_equal(hung_after(false, true, 60000), -1);
	assert_true(watch.still_ns == 0);
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
	assert_int_equal(tick(60000, false, false), HEALTH_WELL);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(tick(80, false, false), HEALTH_WELL);
	/* on time again, it counts from here */
	assert_int_equal(hung_after(false, false, 1000), HEARTBEAT_HUNG_MS);
	fresh(NULL);
	run(5 * MS);
	assert_int_equal(tick_as('S', 25, 1, false), HEALTH_WELL);
	assert_int_equal(tick(60000, false, false), HEALTH_WELL);
}

static void
the_state_of_a_process_is_told(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_int_equal(process_state(getpid()), 'R');
	if (pid == 0) {
		prctl(PR_SET_NAME, "a) S 1 (b");
		raise(SIGSTOP);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_int_equal(process_state(pid), 'T');
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(process_state(pid), '?');
}

#define T(test) cmocka_unit_test_setup(test, fresh)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(beats_are_well_for_ever),
		T(no_beat_at_all_is_hung_after_its_time),
		T(a_stopped_engine_is_found_so_and_after_its_time),
		T(long_blocks_have_three_of_them),
		T(a_graph_that_stands_still_is_no_hang),
		T(a_cycle_that_is_not_left_is_a_hang),
		T(being_in_a_cycle_at_every_look_is_no_hang),
		T(a_long_turn_of_control_is_no_hang_while_audio_goes_on),
		T(work_and_a_slow_disk_have_more_time),
		T(a_doubt_comes_before_a_verdict),
		T(no_audio_is_due_while_none_runs),
		T(a_start_has_five_seconds),
		T(a_machine_that_stood_still_proves_nothing),
		T(the_state_of_a_process_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
