/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/log.h"

#define LINES 20000 /* more than two pipes hold */

static int ends[2]; /* the reader reads ends[0], stderr went to ends[1] */
static int before;
static char *got;
static size_t got_bytes;

static int
set_up(void **state)
{
	(void)state;
	assert_int_equal(pipe(ends), 0);
	got = calloc(1, 4 * 1024 * 1024);
	got_bytes = 0;
	before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	return got && before >= 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	dup2(before, STDERR_FILENO);
	close(before);
	close(ends[0]);
	close(ends[1]);
	free(got);
	return 0;
}

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* All that comes until there is nothing for a while. */
static void
read_all(int quiet_ms)
{
	struct pollfd p = {.fd = ends[0], .events = POLLIN};
	ssize_t n;

	while (poll(&p, 1, quiet_ms) > 0 &&
		(n = read(ends[0], got + got_bytes,
			 4 * 1024 * 1024 - 1 - got_bytes)) > 0)
		got_bytes += (size_t)n;
	got[got_bytes] = '\0';
}

static void
read_until(const char *text)
{
	uint64_t end = now_ms() + 5000;

	while (!strstr(got, text) && now_ms() < end)
		read_all(20);
	assert_non_null(strstr(got, text));
}

static void
lines_come_in_their_order(void **state)
{
	char want[32];

	(void)state;
	assert_int_equal(log_start(ends[1], NULL), 0);
	for (int i = 0; i < 1000; i++)
		log_line("line %d", i);
	assert_true(log_stop(5000));
	read_all(0);
	for (int i = 0; i < 1000; i++) {
		char *at = i ? strstr(got, want) : got;

		assert_non_null(at);
		snprintf(want, sizeof(want), "line %d\n", i);
		assert_memory_equal(
			i ? strchr(at, '\n') + 1 : at, want, strlen(want));
	}
}

static void
what_libraries_write_is_carried_too(void **state)
{
	(void)state;
	assert_int_equal(log_start(ends[1], NULL), 0);
	fprintf(stderr, "from %s\n", "elsewhere");
	assert_true(log_stop(5000));
	read_all(0);
	assert_string_equal(got, "from elsewhere\n");
	assert_int_equal(log_fd(), -1);
}

/* Every line that was said is whole and there once, or in the count. */
static void
count_lines(uint32_t *lines, uint32_t *dropped)
{
	int last = -1, i;
	unsigned n;

	*lines = *dropped = 0;
	for (char *at = got, *end; (end = strchr(at, '\n')); at = end + 1) {
		if (sscanf(at, "number %d ", &i) == 1) {
			assert_true(i > last);
			last = i;
			assert_memory_equal(end - 4, " end", 4);
			++*lines;
		} else {
			assert_int_equal(sscanf(at, "tapdeck: %u line", &n), 1);
			*dropped += n;
		}
	}
}

static void
nobody_waits_for_a_reader_and_what_was_dropped_is_said(void **state)
{
	static _Atomic uint32_t dropped_now;
	uint32_t lines, dropped;
	uint64_t start_ms = now_ms();
	int said;

	(void)state;
	assert_int_equal(log_start(ends[1], &dropped_now), 0);
	/* A thread that begins late takes the first count before it waits. */
	for (said = 0; said < LINES || dropped_now == 0; said++) {
		log_line("number %d of a reader that does not read end", said);
		assert_true(now_ms() - start_ms < 5000);
	}
	read_until("dropped here");
	log_line("number %d after it end", said++);
	assert_true(log_stop(5000));
	read_all(0);
	count_lines(&lines, &dropped);
	assert_true(dropped > 0);
	assert_int_equal(lines + dropped, said);
	assert_non_null(strstr(got, "after it end"));
	assert_int_equal(dropped_now, 0);
}

static void
fill(int fd)
{
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	while (write(fd, "\n", 1) == 1)
		;
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
}

static void
the_end_does_not_wait_for_ever(void **state)
{
	uint64_t start_ms = now_ms();

	(void)state;
	fill(ends[1]);
	assert_int_equal(log_start(ends[1], NULL), 0);
	log_line("for a reader that does not read");
	assert_false(log_stop(100));
	assert_in_range(now_ms() - start_ms, 100, 5000);
}

static void
the_shared_description_is_left_alone(void **state)
{
	(void)state;
	assert_int_equal(log_start(ends[1], NULL), 0);
	assert_false(fcntl(ends[1], F_GETFL) & O_NONBLOCK);
	assert_true(log_fd() >= 0);
	assert_true(log_stop(5000));
	assert_false(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK);
}

static void
without_a_log_lines_go_to_stderr(void **state)
{
	char long_text[2 * LOG_LINE_MAX];

	(void)state;
	assert_true(log_stop(0));
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	dup2(ends[1], STDERR_FILENO);
	log_line("plain %d", 1);
	log_line("%s", long_text);
	read_all(20);
	assert_memory_equal(got, "plain 1\nxxx", 11);
	assert_int_equal(got_bytes, 8 + LOG_LINE_MAX - 1);
	assert_int_equal(got[got_bytes - 1], '\n');
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(without_a_log_lines_go_to_stderr),
		T(lines_come_in_their_order),
		T(what_libraries_write_is_carried_too),
		T(nobody_waits_for_a_reader_and_what_was_dropped_is_said),
		T(the_shared_description_is_left_alone),
		/* the last: its thread waits for ever */
		T(the_end_does_not_wait_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
