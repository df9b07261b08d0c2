/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whoever saves may be killed at any moment, and the disk may be full or stand
 * still. */
#include "tests/state_rig.h"

#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "control/util/loop.h"

#define KILLS	 200
#define MOVE_NS	 2000000u
#define SPAN_NS	 8000000.0
#define SPAN_MAX 0.9e9

/* What the writer has come to; it stores, and is dead when it is read. */
struct moves {
	_Atomic uint32_t set;
	_Atomic uint64_t set_ns[1 << 16]; /* when, by number */
};

static struct moves *
moves_new(void)
{
	struct moves *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(m != MAP_FAILED);
	return m;
}

/* One set of values in four places, as one change. */
static void
move(struct rig *r, uint32_t number)
{
	char name[32];

	snprintf(name, sizeof(name), "Move %u", number);
	set(r, "/strip/1/trim", NULL, number % 1000 * 0.001);
	set(r, "/strip/4/gain", NULL, -(number % 1000 * 0.001));
	set(r, "/strip/2/name", name, 0);
	set(r, "/crossfader", NULL, number % 1000 * 0.001);
}

/* Of the file: all four are of one move. */
static uint32_t
moved(struct rig *r)
{
	uint32_t number = 0;
	double part;

	if (sscanf(get(r, "/strip/2/name").s, "Move %u", &number) != 1)
		return 0;
	part = number % 1000 * 0.001;
	assert_gain(r, "/strip/1/trim", (float)part);
	assert_gain(r, "/strip/4/gain", -(float)part);
	assert_gain(r, "/crossfader", (float)part);
	return number;
}

static void
died(pid_t child)
{
	int status;

	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* ---- at any moment ---- */

static void
write_until_killed(struct state_rig *s, uint32_t number, struct moves *m)
{
	state_begin(s);
	for (;; number++) {
		move(&s->r, number);
		state_look(s->state);
		atomic_store(&m->set, number);
	}
}

static void
a_writer_killed_at_any_moment_leaves_a_whole_file(void **state)
{
	struct state_rig *s = *state;
	struct moves *m = moves_new();
	uint32_t last = 0, written = 0;
	double span = SPAN_NS; /* follows the disk: half of them save */
	unsigned seed = 1;

	for (int i = 0; i < KILLS; i++) {
		struct timespec t = {.tv_nsec = 0};
		uint32_t now;
		pid_t child;

		seed = seed * 1103515245u + 12345u;
		t.tv_nsec = (long)((seed >> 8) * 0x1p-24 * span);
		atomic_store(&m->set, last);
		state_end(s);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			write_until_killed(s, last + 1, m);
		while (atomic_load(&m->set) == last)
			sched_yield();
		nanosleep(&t, NULL);
		died(child);
		state_begin(s);
		assert_string_equal(s->said, "");
		now = moved(&s->r);
		assert_true(now >= last);
		assert_true(now <= atomic_load(&m->set) + 1);
		written += now > last;
		span = fmin(span * (now > last ? 0.9 : 1.2), SPAN_MAX);
		last = now;
	}
	/* they were not all killed before they had begun */
	print_message("%u of %d killed writers had saved something\n", written,
		KILLS);
	assert_true(written > KILLS / 4);
	/* one that is left, and the file */
	assert_true(files(s, "state.yaml") <= 2);
	munmap(m, sizeof(*m));
}

/* ---- in time ---- */

struct mover {
	struct state_rig *s;
	struct moves *m;
	uint32_t number;
};

static void
on_move(void *data)
{
	struct mover *v = data;

	move(&v->s->r, ++v->number);
	atomic_store(&v->m->set_ns[v->number], loop_now_ns());
	atomic_store(&v->m->set, v->number);
}

static void
move_until_killed(struct state_rig *s, struct moves *m)
{
	struct mover v = {s, m, 0};
	struct loop *l;

	state_begin(s);
	assert_int_equal(loop_new(&l), 0);
	assert_int_equal(state_start(s->state, l, s->r.model), 0);
	assert_true(loop_timer(l, 0, MOVE_NS, on_move, &v) >= 0);
	loop_run(l);
}

/* How long no move came, at most: so long the writer's machine stood still. */
static uint64_t
longest_pause_ns(struct moves *m)
{
	uint64_t longest_ns = 0;

	for (uint32_t i = 2; i <= atomic_load(&m->set); i++) {
		uint64_t pause_ns = atomic_load(&m->set_ns[i]) -
				    atomic_load(&m->set_ns[i - 1]);

		longest_ns = pause_ns > longest_ns ? pause_ns : longest_ns;
	}
	return longest_ns;
}

/* A slow disk has its time besides: a save is waited for, and then comes the
 * one that has the move. */
static void
no_move_of_more_than_a_second_ago_is_lost(void **state)
{
	struct state_rig *s = *state;
	struct moves *m = moves_new();
	struct timespec t = {.tv_sec = 1, .tv_nsec = 730000000};
	uint64_t killed_ns, set_ns, old_ns, disk_ns = loop_now_ns();
	uint32_t last;
	pid_t child;

	move(&s->r, 0xffff);
	state_saves(s);
	disk_ns = loop_now_ns() - disk_ns;
	state_end(s);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		move_until_killed(s, m);
	nanosleep(&t, NULL);
	killed_ns = loop_now_ns();
	died(child);
	state_begin(s);
	assert_string_equal(s->said, "");
	last = moved(&s->r);
	assert_true(last > 0);
	set_ns = atomic_load(&m->set_ns[last]);
	/* or it was saved when it was about to be killed */
	old_ns = killed_ns > set_ns ? killed_ns - set_ns : 0;
	print_message("the last move of the file is %.0f ms old\n",
		(double)old_ns / 1e6);
	assert_true(old_ns <
		    UINT64_C(1000000000) + 2 * disk_ns + longest_pause_ns(m));
	munmap(m, sizeof(*m));
}

/* ---- the disk ---- */

#define STILL_MS 5000 /* at most */

static _Atomic int fails_with; /* an errno; 0: it writes */
static _Atomic bool stands_still;
static _Atomic int begun, ended; /* of what waits for the disk */

ssize_t __real_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
int __real_fsync(int fd);
int __wrap_fsync(int fd);

ssize_t
__wrap_write(int fd, const void *bytes, size_t n)
{
	if (fails_with) {
		__real_write(fd, bytes, n / 2);
		errno = fails_with;
		return -1;
	}
	return __real_write(fd, bytes, n);
}

int
__wrap_fsync(int fd)
{
	const struct timespec look = {.tv_nsec = 1000000};
	int rc;

	begun++;
	for (int ms = 0; ms < STILL_MS && stands_still; ms++)
		nanosleep(&look, NULL);
	rc = __real_fsync(fd);
	ended++;
	return rc;
}

static void
a_full_disk_is_said_once_and_loses_nothing_that_was_saved(void **state)
{
	struct state_rig *s = *state;
	char *before, *now;

	set(&s->r, "/strip/1/gain", NULL, -6);
	state_saves(s);
	before = file_text(s->path);
	fails_with = ENOSPC;
	for (int i = 0; i < 100; i++) {
		set(&s->r, "/strip/1/gain", NULL, -7 - i * 0.1);
		state_look(s->state);
		sched_yield();
	}
	while (!s->said[0])
		state_look(s->state);
	assert_non_null(strstr(s->said, s->path));
	assert_non_null(strstr(s->said, "No space left on device"));
	assert_ptr_equal(strchr(s->said, '\n'), strrchr(s->said, '\n'));
	now = file_text(s->path);
	assert_string_equal(now, before);
	assert_int_equal(files(s, "state.yaml"), 1);
	free(before);
	free(now);
	/* there is room again, and what was moved meanwhile is saved */
	fails_with = 0;
	state_again(s);
	assert_string_equal(s->said, "");
	assert_gain(&s->r, "/strip/1/gain", (float)(-7 - 99 * 0.1));
}

static void
a_disk_that_stays_full_does_not_keep_the_program_from_its_end(void **state)
{
	struct state_rig *s = *state;

	state_saves(s);
	fails_with = EDQUOT;
	set(&s->r, "/strip/1/gain", NULL, -7);
	state_again(s);
	fails_with = 0;
	assert_gain(&s->r, "/strip/1/gain", 0);
}

static uint64_t
own_time_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Control has 250 ms before it is taken for hung. What it is left without by a
 * busy machine does not count. */
static void
a_disk_that_stands_still_is_waited_for_by_a_thread(void **state)
{
	struct state_rig *s = *state;
	uint64_t longest_ns = 0, start_ns, took_ns;
	uint32_t looks = 0;

	state_saves(s);
	begun = ended = 0;
	stands_still = true;
	while ((!begun || looks < 1000) && !ended) {
		looks += begun > 0;
		start_ns = own_time_ns();
		move(&s->r, looks + 1);
		state_look(s->state);
		took_ns = own_time_ns() - start_ns;
		longest_ns = took_ns > longest_ns ? took_ns : longest_ns;
		sched_yield();
	}
	assert_int_equal(ended, 0);
	stands_still = false;
	print_message(
		"the longest look took %.2f ms\n", (double)longest_ns / 1e6);
	assert_true(longest_ns < 100000000);
}

int
main(void)
{
#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, state_set_up, state_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_writer_killed_at_any_moment_leaves_a_whole_file),
		TEST(no_move_of_more_than_a_second_ago_is_lost),
		TEST(a_full_disk_is_said_once_and_loses_nothing_that_was_saved),
		TEST(a_disk_that_stays_full_does_not_keep_the_program_from_its_end),
		TEST(a_disk_that_stands_still_is_waited_for_by_a_thread),
	};

	return cmocka_run_group_tests_name("state_kill", tests, NULL, NULL);
}
