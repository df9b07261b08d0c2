/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A journal whose disk is full, or whose folder cannot be made. */
#include "tests/journal_rig.h"

/* In a child, whose files cannot grow beyond this. */
static void
full(off_t size)
{
	struct rlimit limit = {
		.rlim_cur = (rlim_t)size, .rlim_max = RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
		_exit(100);
}

static void
child_was_killed(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFSIGNALED(status))
		fail_msg("the child ended with %d", WEXITSTATUS(status));
}

static void
a_full_disk_is_told_and_leaves_no_half_a_line(void **state)
{
	struct place *p = *state;
	struct journal_park a = park(1), b = park(2);
	struct journal *j;
	pid_t pid = fork();

	if (pid == 0) {
		struct stat st;

		if (journal_open(&j, p->path) || journal_park_put(j, &a) ||
			stat(p->path, &st) < 0 || journal_trouble(j))
			_exit(1);
		/* room for half of the next line */
		full(st.st_size + 20);
		/* it counts all the same, and it is said */
		if (journal_park_put(j, &b) || journal_parks(j) != 2 ||
			journal_trouble(j) != -EFBIG)
			_exit(2);
		raise(SIGKILL);
	}
	child_was_killed(pid);
	j = open_at(p);
	assert_int_equal(journal_damaged(j), 0);
	assert_int_equal(journal_parks(j), 1);
	same(journal_park_at(j, 0), &a);
	journal_close(j);
}

static void
what_did_not_fit_is_written_when_there_is_room(void **state)
{
	struct place *p = *state;
	struct journal_park a = park(1), b = park(2), c = park(3);
	struct journal *j;
	pid_t pid = fork();

	if (pid == 0) {
		if (journal_open(&j, p->path))
			_exit(1);
		full(30);
		if (journal_park_put(j, &a) || journal_park_put(j, &b) ||
			!journal_trouble(j))
			_exit(2);
		full(1 << 20);
		if (journal_park_put(j, &c) || journal_trouble(j))
			_exit(3);
		raise(SIGKILL);
	}
	child_was_killed(pid);
	j = open_at(p);
	assert_int_equal(journal_damaged(j), 0);
	assert_int_equal(journal_parks(j), 3);
	same(journal_park_at(j, 0), &a);
	same(journal_park_at(j, 1), &b);
	same(journal_park_at(j, 2), &c);
	journal_close(j);
}

/* Reading and dropping needs no room, also behind a torn line. */
static void
a_full_disk_keeps_nobody_from_reading(void **state)
{
	struct place *p = *state;
	struct journal_park a = park(1);
	struct journal *j = open_at(p);
	struct stat st;
	pid_t pid;

	assert_int_equal(journal_park_put(j, &a), 0);
	journal_close(j);
	write_raw(p, "park\t1\t2");
	assert_int_equal(stat(p->path, &st), 0);
	pid = fork();
	if (pid == 0) {
		full(10);
		if (journal_open(&j, p->path) || journal_parks(j) != 1 ||
			journal_damaged(j))
			_exit(1);
		journal_park_drop(j, DAEMON, 1);
		if (journal_parks(j) != 0)
			_exit(2);
		journal_close(j);
		if (access(p->path, F_OK) == 0)
			_exit(3);
		raise(SIGKILL);
	}
	child_was_killed(pid);
}

static void
a_folder_that_cannot_be_made_is_told(void **state)
{
	struct place *p = *state;
	struct journal_park a = park(1);
	struct journal *j;
	char path[PATH_MAX + 16];
	int fd;

	/* a file is in the folder's place */
	snprintf(path, sizeof(path), "%s/tapdeck", p->folder);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	j = open_at(p);
	assert_true(journal_trouble(j) < 0);
	assert_int_equal(journal_park_put(j, &a), 0);
	assert_int_equal(journal_parks(j), 1);
	assert_true(journal_default_put(j, DAEMON, &a.object) < 0);
	assert_null(journal_default(j));
	journal_park_drop(j, DAEMON, 1);
	assert_int_equal(journal_parks(j), 0);
	journal_close(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AT_A_PLACE(a_full_disk_is_told_and_leaves_no_half_a_line),
		AT_A_PLACE(what_did_not_fit_is_written_when_there_is_room),
		AT_A_PLACE(a_full_disk_keeps_nobody_from_reading),
		AT_A_PLACE(a_folder_that_cannot_be_made_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
