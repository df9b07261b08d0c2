/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenes when the process dies and when the disk is full: what is there is
 * whole, the one of before or the new one. */
#include "tests/scenes_rig.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define KILLS 200

/* Of all strips in the scene of this number. */
static double
gain_of(int number)
{
	return -1.0 - number % 4000 * 0.02;
}

/* Saves one scene over and over, with a gain of its own each time. Says when
 * the first is done. */
static void
save_for_ever(struct stage *s, int number, int say)
{
	for (int i = number;; i++) {
		uint64_t ticket;

		for (int strip = 1; strip <= 4; strip++) {
			char address[32];

			snprintf(address, sizeof(address), "/strip/%d/gain",
				strip);
			set(s->rig, address, NULL, gain_of(i));
		}
		if (scenes_save(
			    s->scenes, "x", NO_FADE, NULL, &ticket, s->why) < 0)
			_exit(1);
		stage_open(s); /* waits, and no longer than it has to */
		s->said[0] = '\0';
		if (i == number && write(say, "", 1) != 1)
			_exit(1);
	}
}

static void
nap(uint64_t ns)
{
	const struct timespec t = {0, (long)ns};

	nanosleep(&t, NULL);
}

/* One whole scene: the same gain on all four strips. */
static void
assert_whole(struct stage *s)
{
	struct rig *r = s->rig;

	recall(s, "x", 0.0);
	assert_true(get(r, "/strip/1/gain").f <= -1.0);
	for (int strip = 2; strip <= 4; strip++) {
		char address[32];

		snprintf(address, sizeof(address), "/strip/%d/gain", strip);
		assert_true(get(r, address).f == get(r, "/strip/1/gain").f);
	}
}

static void
a_scene_is_never_half_or_lost(void **state)
{
	struct stage *s = *state;
	unsigned seed = 1;
	double last = 0.0;

	set(s->rig, "/strip/1/gain", NULL, -1);
	set(s->rig, "/strip/2/gain", NULL, -1);
	set(s->rig, "/strip/3/gain", NULL, -1);
	set(s->rig, "/strip/4/gain", NULL, -1);
	assert_int_equal(save(s, "x"), 0);
	for (int i = 0; i < KILLS; i++) {
		int status, said[2];
		pid_t child;
		char c;

		assert_int_equal(pipe(said), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			save_for_ever(s, 1000 * (i + 1) + i, said[1]);
		close(said[1]);
		assert_int_equal(read(said[0], &c, 1), 1);
		close(said[0]);
		seed = seed * 1103515245u + 12345u;
		nap(100000 + seed / 65536 % 8000 * 1000);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_whole(s);
		assert_true(get(s->rig, "/strip/1/gain").f != last);
		last = get(s->rig, "/strip/1/gain").f;
	}
}

/* A file may have so many bytes only: the rest of a write is not taken, as by a
 * disk that is full. */
static int
save_within(struct stage *s, rlim_t bytes)
{
	const struct rlimit limit = {bytes, bytes};
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		set(s->rig, "/strip/1/gain", NULL, -20);
		_exit(save(s, "x") < 0 && strstr(s->said,
						  "scene x: cannot be saved: ")
				? 7
				: 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
a_full_disk_is_told_and_costs_nothing(void **state)
{
	struct stage *s = *state;
	char before[16384], after[16384], path[256], command[300];

	set(s->rig, "/strip/1/gain", NULL, -1);
	assert_int_equal(save(s, "x"), 0);
	file_get(s, "x.yaml", before);
	for (rlim_t bytes = 0; bytes < 200; bytes += 40) {
		assert_int_equal(save_within(s, bytes), 7);
		file_get(s, "x.yaml", after);
		assert_string_equal(after, before);
	}
	/* and nothing is left about */
	file_path(s, "", path);
	snprintf(command, sizeof(command), "test \"$(ls %s)\" = x.yaml", path);
	assert_int_equal(system(command), 0);
	assert_int_equal(save_within(s, 1 << 20), 0);
	file_get(s, "x.yaml", after);
	assert_non_null(strstr(after, "gain: -20\n"));
}

static void
a_folder_that_cannot_be_is_told(void **state)
{
	struct stage *s = *state;
	char path[300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/tapdeck", s->folder);
	f = fopen(path, "we"); /* in its place */
	assert_non_null(f);
	fclose(f);
	assert_true(save(s, "x") < 0);
	assert_non_null(strstr(s->said, "scene x: cannot be saved: Not a dir"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		S(a_scene_is_never_half_or_lost),
		S(a_full_disk_is_told_and_costs_nothing),
		S(a_folder_that_cannot_be_is_told),
	};

	return cmocka_run_group_tests_name("scenes_disk", tests, NULL, NULL);
}
