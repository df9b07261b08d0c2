/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/ward_journal.h"

#define DAEMON 4711u

struct place {
	char folder[64];
	char path[PATH_MAX];
};

static int
place_new(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	strcpy(p->folder, "/tmp/tapdeck-journal.XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->path, sizeof(p->path), "%s/tapdeck/journal", p->folder);
	*state = p;
	return 0;
}

static int
place_free(void **state)
{
	struct place *p = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", p->folder);
	assert_int_equal(system(command), 0);
	free(p);
	return 0;
}

static struct journal *
open_at(const struct place *p)
{
	struct journal *j;

	assert_int_equal(journal_open(&j, p->path), 0);
	return j;
}

static struct journal_park
park(uint64_t serial)
{
	struct journal_park p;

	memset(&p, 0, sizeof(p));
	p.daemon = DAEMON;
	p.node_id = (uint32_t)serial + 7;
	p.serial = serial;
	strcpy(p.name, "a name\twith\n% and \xc3\xa4");
	strcpy(p.park, "tapdeck.park-0123456789abcdef");
	p.object.set = true;
	strcpy(p.object.type, "Spa:String:JSON");
	strcpy(p.object.value, "{ \"name\": \"-\" }");
	p.node.set = true; /* and both empty */
	return p;
}

static void
same(const struct journal_park *a, const struct journal_park *b)
{
	assert_non_null(a);
	assert_int_equal(a->daemon, b->daemon);
	assert_int_equal(a->node_id, b->node_id);
	assert_true(a->serial == b->serial);
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->park, b->park);
	assert_int_equal(a->object.set, b->object.set);
	assert_string_equal(a->object.type, b->object.type);
	assert_string_equal(a->object.value, b->object.value);
	assert_int_equal(a->node.set, b->node.set);
	assert_string_equal(a->node.type, b->node.type);
	assert_string_equal(a->node.value, b->node.value);
}

static void
write_raw(const struct place *p, const char *text)
{
	int fd = open(p->path, O_WRONLY | O_APPEND);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
what_was_put_is_there_after_a_kill(void **state)
{
	struct place *p = *state;
	struct journal_park a = park(1), b = park(UINT64_MAX);
	struct journal *j;
	int status;
	pid_t pid = fork();

	b.object.set = false;
	b.object.type[0] = b.object.value[0] = '\0';
	if (pid == 0) {
		if (journal_open(&j, p->path) || journal_park_put(j, &a) ||
			journal_park_put(j, &b))
			_exit(1);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	j = open_at(p);
	assert_int_equal(journal_damaged(j), 0);
	assert_int_equal(journal_parks(j), 2);
	same(journal_park_at(j, 0), &a);
	same(journal_park_at(j, 1), &b);
	assert_null(journal_park_at(j, 2));
	journal_close(j);
}

static void
what_was_dropped_is_gone_and_so_is_the_file(void **state)
{
	struct place *p = *state;
	struct journal_park a = park(1), b = park(2);
	struct journal *j = open_at(p);
	struct stat st;

	assert_int_equal(journal_park_put(j, &a), 0);
	assert_int_equal(journal_park_put(j, &b), 0);
	journal_park_drop(j, DAEMON, 1);
	journal_park_drop(j, DAEMON, 99);
	journal_close(j);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);

	j = open_at(p);
	assert_int_equal(journal_parks(j), 1);
	same(journal_park_at(j, 0), &b);
	/* the serial of another daemon is another stream */
	journal_park_drop(j, DAEMON + 1, 2);
	assert_int_equal(journal_parks(j), 1);
	journal_park_drop(j, DAEMON, 2);
	journal_close(j);
	assert_int_equal(access(p->path, F_OK), -1);
}

static void
the_last_word_about_a_stream_counts(void **state)
{
	struct place *p = *state;
	struct journal_park a = park(1);
	struct journal *j = open_at(p);

	assert_int_equal(journal_park_put(j, &a), 0);
	strcpy(a.object.value, "31");
	assert_int_equal(journal_park_put(j, &a), 0);
	assert_int_equal(journal_parks(j), 1);
	journal_close(j);
	j = open_at(p);
	assert_int_equal(journal_parks(j), 1);
	same(journal_park_at(j, 0), &a);
	journal_close(j);
}

/* Cut after every byte of the last line: the lines before it stand, it does
 * not, and nothing is called damaged. */
static void
a_torn_line_never_was(void **state)
{
	struct place *p = *state;
	struct journal_park a = park(1), b = park(2);
	struct journal *j = open_at(p);
	struct stat before, after;

	assert_int_equal(journal_park_put(j, &a), 0);
	assert_int_equal(stat(p->path, &before), 0);
	assert_int_equal(journal_park_put(j, &b), 0);
	assert_int_equal(stat(p->path, &after), 0);
	journal_close(j);
	for (off_t size = after.st_size - 1; size >= before.st_size; size--) {
		assert_int_equal(truncate(p->path, size), 0);
		j = open_at(p);
		assert_int_equal(journal_damaged(j), 0);
		assert_int_equal(journal_parks(j), 1);
		same(journal_park_at(j, 0), &a);
		assert_int_equal(journal_park_put(j, &b), 0);
		journal_close(j);
	}
}

static void
a_damaged_file_is_set_aside_and_the_rest_of_it_counts(void **state)
{
	static const char *const bad[] = {"park\t1\t2\n", "nonsense\n", "\n",
		"park\t1\t99999999999999999999\t3\tn\tp\t-\t-\t-\t-\n",
		"park\t1\t2\t3\tn\tp\t=%G0\t=\t-\t-\n",
		"park\t1\t2\t3\tn\tp\t=%\t=\t-\t-\n",
		"park\t1\t2\t3\tn%00\tp\t-\t-\t-\t-\n",
		"park\t1\t2\t3\tn\tp\t-\t-\t-\t-\t-\t-\t-\n", "free\t-1\t2\n",
		"default\ts\t=\n"};
	struct place *p = *state;
	struct journal_park a = park(1);
	char aside[PATH_MAX + 16];

	snprintf(aside, sizeof(aside), "%s.damaged", p->path);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct journal *j = open_at(p);

		assert_int_equal(journal_park_put(j, &a), 0);
		journal_close(j);
		write_raw(p, bad[i]);
		j = open_at(p);
		assert_int_equal(journal_damaged(j), 1);
		assert_int_equal(journal_parks(j), 1);
		same(journal_park_at(j, 0), &a);
		assert_int_equal(access(aside, F_OK), 0);
		unlink(aside);
		journal_close(j);
	}
}

static void
a_file_of_something_else_is_set_aside(void **state)
{
	struct place *p = *state;
	char aside[PATH_MAX + 16];
	struct journal_park a = park(1);
	struct journal *j = open_at(p);

	snprintf(aside, sizeof(aside), "%s.damaged", p->path);
	assert_int_equal(journal_park_put(j, &a), 0);
	journal_close(j);
	assert_int_equal(truncate(p->path, 0), 0);
	write_raw(p, "tapdeck-journal 2\npark\n");
	j = open_at(p);
	assert_int_equal(journal_damaged(j), 1);
	assert_int_equal(journal_parks(j), 0);
	assert_int_equal(access(aside, F_OK), 0);
	journal_close(j);
}

static void
a_long_life_does_not_make_a_long_file(void **state)
{
	struct place *p = *state;
	struct journal *j = open_at(p);
	struct journal_park a = park(0);
	struct stat st;

	for (uint64_t i = 0; i < 20000; i++) {
		a.serial = i;
		assert_int_equal(journal_park_put(j, &a), 0);
		if (i >= 3)
			journal_park_drop(j, DAEMON, i - 3);
	}
	assert_int_equal(stat(p->path, &st), 0);
	assert_in_range(st.st_size, 1, 512 * 1024);
	journal_close(j);
	j = open_at(p);
	assert_int_equal(journal_parks(j), 3);
	journal_close(j);
}

static void
the_default_sink_is_kept_until_it_is_back(void **state)
{
	struct place *p = *state;
	struct journal *j = open_at(p);
	struct ward_value was = park(1).object, none;

	memset(&none, 0, sizeof(none));
	assert_null(journal_default(j));
	assert_int_equal(journal_default_put(j, DAEMON, &none), 0);
	assert_int_equal(journal_default_put(j, DAEMON, &was), 0);
	journal_close(j);
	j = open_at(p);
	assert_int_equal(journal_damaged(j), 0);
	assert_non_null(journal_default(j));
	assert_string_equal(journal_default(j)->value, was.value);
	assert_string_equal(journal_default(j)->type, was.type);
	journal_forget_others(j, DAEMON);
	assert_non_null(journal_default(j));
	journal_default_drop(j);
	assert_null(journal_default(j));
	assert_int_equal(journal_default_put(j, DAEMON, &none), 0);
	journal_close(j);
	j = open_at(p);
	assert_non_null(journal_default(j));
	assert_false(journal_default(j)->set);
	journal_forget_others(j, DAEMON + 1);
	assert_null(journal_default(j));
	journal_close(j);
	assert_int_equal(access(p->path, F_OK), -1);
}

static void
parks_of_another_daemon_are_void(void **state)
{
	struct place *p = *state;
	struct journal *j = open_at(p);
	struct journal_park a = park(1), b = park(1);

	b.daemon++;
	assert_int_equal(journal_park_put(j, &a), 0);
	assert_int_equal(journal_park_put(j, &b), 0);
	assert_int_equal(journal_parks(j), 2);
	journal_forget_others(j, DAEMON + 1);
	assert_int_equal(journal_parks(j), 1);
	same(journal_park_at(j, 0), &b);
	journal_close(j);
	j = open_at(p);
	assert_int_equal(journal_parks(j), 1);
	journal_close(j);
}

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

static void
the_path_is_in_the_session(void **state)
{
	char path[PATH_MAX], small[8];

	(void)state;
	setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
	assert_int_equal(journal_path(path, sizeof(path)), 0);
	assert_string_equal(path, "/run/user/7/tapdeck/journal");
	assert_int_equal(journal_path(small, sizeof(small)), -ENAMETOOLONG);
	setenv("XDG_RUNTIME_DIR", "relative", 1);
	assert_int_equal(journal_path(path, sizeof(path)), -ENOENT);
	unsetenv("XDG_RUNTIME_DIR");
	assert_int_equal(journal_path(path, sizeof(path)), -ENOENT);
}

#define AT_A_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_new, place_free)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AT_A_PLACE(what_was_put_is_there_after_a_kill),
		AT_A_PLACE(what_was_dropped_is_gone_and_so_is_the_file),
		AT_A_PLACE(the_last_word_about_a_stream_counts),
		AT_A_PLACE(a_torn_line_never_was),
		AT_A_PLACE(
			a_damaged_file_is_set_aside_and_the_rest_of_it_counts),
		AT_A_PLACE(a_file_of_something_else_is_set_aside),
		AT_A_PLACE(a_long_life_does_not_make_a_long_file),
		AT_A_PLACE(the_default_sink_is_kept_until_it_is_back),
		AT_A_PLACE(parks_of_another_daemon_are_void),
		AT_A_PLACE(a_full_disk_is_told_and_leaves_no_half_a_line),
		AT_A_PLACE(what_did_not_fit_is_written_when_there_is_room),
		AT_A_PLACE(a_full_disk_keeps_nobody_from_reading),
		AT_A_PLACE(a_folder_that_cannot_be_made_is_told),
		cmocka_unit_test(the_path_is_in_the_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
