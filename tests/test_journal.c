/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/journal_rig.h"

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
a_line_of_before_sinks_were_paused_counts(void **state)
{
	static const char text[] =
		"tapdeck-journal 1\npark\t1\t2\t3\tn\tp\t-\t-\t-\t-\n";
	struct place *p = *state;
	struct journal *j = open_at(p);
	FILE *f;

	journal_close(j); /* there is its folder now */
	f = fopen(p->path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	j = open_at(p);
	assert_int_equal(journal_damaged(j), 0);
	assert_int_equal(journal_parks(j), 1);
	assert_true(journal_park_at(j, 0)->serial == 2);
	assert_true(journal_park_at(j, 0)->paused == 0);
	journal_close(j);
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
	struct metadata_value was = park(1).object, none;

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AT_A_PLACE(what_was_put_is_there_after_a_kill),
		AT_A_PLACE(what_was_dropped_is_gone_and_so_is_the_file),
		AT_A_PLACE(a_line_of_before_sinks_were_paused_counts),
		AT_A_PLACE(the_last_word_about_a_stream_counts),
		AT_A_PLACE(a_torn_line_never_was),
		AT_A_PLACE(
			a_damaged_file_is_set_aside_and_the_rest_of_it_counts),
		AT_A_PLACE(a_file_of_something_else_is_set_aside),
		AT_A_PLACE(a_long_life_does_not_make_a_long_file),
		AT_A_PLACE(the_default_sink_is_kept_until_it_is_back),
		AT_A_PLACE(parks_of_another_daemon_are_void),
		cmocka_unit_test(the_path_is_in_the_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
