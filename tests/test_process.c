/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/program/process.h"

/* A child whose name looks like the end of its name and another state */
static pid_t
child(void)
{
	pid_t pid;

	prctl(PR_SET_NAME, "a) T (b) R"); /* which it inherits */
	pid = fork();
	if (pid == 0) {
		for (;;)
			pause();
	}
	assert_true(pid > 0);
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
who_is_stopped_is_known_whatever_its_name(void **state)
{
	pid_t pid = child();

	(void)state;
	assert_false(process_is_stopped(pid));
	kill(pid, SIGSTOP);
	assert_int_equal(waitpid(pid, NULL, WUNTRACED), pid);
	assert_true(process_is_stopped(pid));
	kill(pid, SIGCONT);
	assert_int_equal(waitpid(pid, NULL, WCONTINUED), pid);
	assert_false(process_is_stopped(pid));
	end(pid);
}

static void
who_is_not_there_is_not_stopped(void **state)
{
	pid_t pid = child();

	(void)state;
	end(pid);
	assert_false(process_is_stopped(pid));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_stopped_is_known_whatever_its_name),
		cmocka_unit_test(who_is_not_there_is_not_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
