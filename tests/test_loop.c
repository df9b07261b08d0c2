/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "control/util/loop.h"

#define MS 1000000u

/* A loop that would hang ends with 99 instead. */
static void
on_watchdog(void *data)
{
	loop_stop(data, 99);
}

static int
set_up(void **state)
{
	struct loop *l;

	if (loop_new(&l) < 0)
		return -1;
	*state = l;
	return loop_timer(l, 5000u * MS, 0, on_watchdog, l) < 0;
}

static int
tear_down(void **state)
{
	loop_free(*state);
	return 0;
}

struct reader {
	struct loop *l;
	int fd;
	int calls;
	short revents;
	struct reader *removes; /* takes this one away */
	int stop_after;
};

static void
on_ready(void *data, short revents)
{
	struct reader *r = data;
	char byte;

	r->calls++;
	r->revents = revents;
	if (revents & POLLIN)
		assert_int_equal(read(r->fd, &byte, 1), 1);
	if (r->removes)
		loop_remove(r->l, r->removes->fd);
	if (r->calls == r->stop_after)
		loop_stop(r->l, 7);
}

static void
a_ready_descriptor_calls_until_the_loop_is_stopped(void **state)
{
	struct loop *l = *state;
	int fds[2];
	struct reader r = {.l = l, .stop_after = 3};

	assert_int_equal(pipe(fds), 0);
	r.fd = fds[0];
	assert_int_equal(loop_add(l, fds[0], POLLIN, on_ready, &r), 0);
	assert_int_equal(write(fds[1], "abc", 3), 3);
	assert_int_equal(loop_run(l), 7);
	assert_int_equal(r.calls, 3);
	loop_remove(l, fds[0]);
	close(fds[0]);
	close(fds[1]);
}

static void
a_hang_up_is_told(void **state)
{
	struct loop *l = *state;
	int fds[2];
	struct reader r = {.l = l, .stop_after = 1};

	assert_int_equal(pipe(fds), 0);
	r.fd = fds[0];
	loop_add(l, fds[0], POLLIN, on_ready, &r);
	close(fds[1]);
	assert_int_equal(loop_run(l), 7);
	assert_true(r.revents & POLLHUP);
	loop_remove(l, fds[0]);
	close(fds[0]);
}

static void
one_removed_in_a_callback_is_not_called_any_more(void **state)
{
	struct loop *l = *state;
	int a[2], b[2];
	struct reader first = {.l = l, .stop_after = 1};
	struct reader second = {.l = l, .stop_after = 1};

	assert_int_equal(pipe(a), 0);
	assert_int_equal(pipe(b), 0);
	first.fd = a[0];
	second.fd = b[0];
	first.removes = &second;
	second.removes = &first;
	loop_add(l, a[0], POLLIN, on_ready, &first);
	loop_add(l, b[0], POLLIN, on_ready, &second);
	assert_int_equal(write(a[1], "x", 1), 1);
	assert_int_equal(write(b[1], "x", 1), 1);
	assert_int_equal(loop_run(l), 7);
	assert_int_equal(first.calls + second.calls, 1);
	for (int i = 0; i < 2; i++) {
		close(a[i]);
		close(b[i]);
	}
}

struct swap {
	struct loop *l;
	int old_fd;
	struct reader *fresh;
	int calls;
};

/* Closes another descriptor that is ready, and gives its number to a new one
 * that is not. */
static void
on_swap(void *data, short revents)
{
	struct swap *s = data;
	int empty[2];

	(void)revents;
	if (s->calls++ > 0) {
		loop_stop(s->l, 7);
		return;
	}
	loop_remove(s->l, s->old_fd);
	assert_int_equal(pipe(empty), 0);
	assert_int_equal(dup2(empty[0], s->old_fd), s->old_fd);
	close(empty[0]); /* empty[1] stays open: no hang-up */
	s->fresh->fd = s->old_fd;
	loop_add(s->l, s->old_fd, POLLIN, on_ready, s->fresh);
}

static void
a_number_used_again_does_not_get_the_old_ones_events(void **state)
{
	struct loop *l = *state;
	int a[2], b[2];
	struct reader old = {.l = l, .stop_after = 1}, fresh = {.l = l};
	struct swap s = {.l = l, .fresh = &fresh};

	assert_int_equal(pipe(a), 0);
	assert_int_equal(pipe(b), 0);
	s.old_fd = old.fd = b[0];
	loop_add(l, a[0], POLLIN, on_swap, &s); /* stays readable */
	loop_add(l, b[0], POLLIN, on_ready, &old);
	assert_int_equal(write(a[1], "x", 1), 1);
	assert_int_equal(write(b[1], "x", 1), 1);
	assert_int_equal(loop_run(l), 7);
	assert_int_equal(old.calls, 0);
	assert_int_equal(fresh.calls, 0);
	close(a[0]);
	close(a[1]);
	close(b[1]);
}

static void
events_can_be_changed(void **state)
{
	struct loop *l = *state;
	int fds[2];
	struct reader r = {.l = l, .stop_after = 1};

	assert_int_equal(pipe(fds), 0);
	r.fd = fds[1];
	loop_add(l, fds[1], 0, on_ready, &r);
	loop_set_events(l, fds[1], POLLOUT);
	assert_int_equal(loop_run(l), 7);
	assert_true(r.revents & POLLOUT);
	close(fds[0]);
	close(fds[1]);
}

struct ticker {
	struct loop *l;
	int id;
	int calls;
	int stop_after;
	int remove_after;
	uint64_t first_ns;
	uint64_t last_ns;
};

static void
on_tick(void *data)
{
	struct ticker *t = data;

	t->last_ns = loop_now_ns();
	if (t->calls++ == 0)
		t->first_ns = t->last_ns;
	if (t->calls == t->remove_after)
		loop_timer_remove(t->l, t->id);
	if (t->calls == t->stop_after)
		loop_stop(t->l, 7);
}

static void
timers_come_in_time_and_not_early(void **state)
{
	struct loop *l = *state;
	uint64_t start_ns = loop_now_ns();
	struct ticker once = {.l = l}, often = {.l = l, .stop_after = 5};

	once.id = loop_timer(l, 2 * MS, 0, on_tick, &once);
	often.id = loop_timer(l, 5 * MS, 4 * MS, on_tick, &often);
	assert_true(once.id >= 0 && often.id >= 0 && once.id != often.id);
	assert_int_equal(loop_run(l), 7);
	assert_int_equal(once.calls, 1);
	assert_true(once.first_ns - start_ns >= 2 * MS);
	assert_true(often.first_ns - start_ns >= 5 * MS);
	assert_true(often.last_ns - start_ns >= (5 + 4 * 4) * MS);
}

static void
a_timer_can_be_removed_and_wound_up_again(void **state)
{
	struct loop *l = *state;
	struct ticker gone = {.l = l, .remove_after = 2};
	struct ticker again = {.l = l, .stop_after = 2};
	struct ticker end = {.l = l, .stop_after = 10};

	gone.id = loop_timer(l, 0, MS, on_tick, &gone);
	/* ten of its turns: a busy machine makes one of many of them */
	end.id = loop_timer(l, 0, MS, on_tick, &end);
	assert_int_equal(loop_run(l), 7);
	assert_int_equal(gone.calls, 2);

	again.id = loop_timer(l, 0, 0, on_tick, &again);
	assert_int_equal(again.id, gone.id); /* its place */
	end.stop_after = end.calls + 1;
	loop_timer_again(l, end.id, 5 * MS);
	assert_int_equal(loop_run(l), 7);
	assert_int_equal(again.calls, 1);
	loop_timer_again(l, again.id, MS);
	assert_int_equal(loop_run(l), 7);
	assert_int_equal(again.calls, 2);
}

static void
on_sleep(void *data)
{
	struct ticker *t = data;
	struct timespec long_ns = {.tv_nsec = 20 * MS};

	if (t->calls == 0)
		nanosleep(&long_ns, NULL); /* a busy control thread */
	on_tick(t);
}

static void
a_missed_period_is_not_made_up_for(void **state)
{
	struct loop *l = *state;
	struct ticker t = {.l = l, .stop_after = 3};
	uint64_t start_ns = loop_now_ns();

	t.id = loop_timer(l, 0, 4 * MS, on_sleep, &t);
	assert_int_equal(loop_run(l), 7);
	/* made up for, the second and third would come at once */
	assert_true(t.last_ns - start_ns >= 23 * MS);
}

struct caught {
	struct loop *l;
	int signo;
	int calls;
	int stop_after;
};

static void
on_caught(void *data, short signo)
{
	struct caught *c = data;

	c->signo = signo;
	if (++c->calls == c->stop_after)
		loop_stop(c->l, 7);
}

static void
signals_arrive_on_the_loop(void **state)
{
	struct loop *l = *state, *other;
	struct caught c = {.l = l, .stop_after = 1};
	struct sigaction action;

	assert_int_equal(loop_signal(l, SIGTERM, on_caught, &c), 0);
	assert_int_equal(loop_signal(l, SIGUSR1, on_caught, &c), 0);
	assert_int_equal(loop_signal(l, 0, on_caught, &c), -EINVAL);
	assert_int_equal(loop_new(&other), 0);
	assert_int_equal(loop_signal(other, SIGUSR2, on_caught, &c), -EBUSY);
	raise(SIGTERM);
	assert_int_equal(c.calls, 0); /* not inside the handler */
	assert_int_equal(loop_run(l), 7);
	assert_int_equal(c.signo, SIGTERM);
	for (int i = 0; i < 100000; i++) /* more than the pipe holds */
		raise(SIGUSR1);
	c.stop_after = 2;
	assert_int_equal(loop_run(l), 7);
	assert_int_equal(c.signo, SIGUSR1);
	loop_free(l);
	*state = NULL;
	assert_int_equal(sigaction(SIGTERM, NULL, &action), 0);
	assert_true(action.sa_handler == SIG_DFL);
	assert_int_equal(loop_signal(other, SIGUSR2, on_caught, &c), 0);
	loop_free(other);
}

static void *
stop_from_elsewhere(void *data)
{
	loop_stop(data, 5);
	return NULL;
}

static void
stop_wakes_a_loop_that_waits(void **state)
{
	pthread_t thread;

	assert_int_equal(
		pthread_create(&thread, NULL, stop_from_elsewhere, *state), 0);
	assert_int_equal(loop_run(*state), 5);
	pthread_join(thread, NULL);
}

static void
count_beat(void *data)
{
	++*(int *)data;
}

static void
each_callback_of_a_turn_is_followed_by_a_beat(void **state)
{
	struct reader a = {.l = *state}, b = {.l = *state, .stop_after = 2};
	int pipes[2][2], beats = 0;

	for (int i = 0; i < 2; i++) {
		struct reader *r = i ? &b : &a;

		assert_int_equal(pipe(pipes[i]), 0);
		r->fd = pipes[i][0];
		assert_int_equal(write(pipes[i][1], "123", 3), 3);
		assert_int_equal(
			loop_add(*state, r->fd, POLLIN, on_ready, r), 0);
	}
	loop_set_beat(*state, count_beat, &beats);
	loop_run(*state);
	assert_int_equal(beats, a.calls + b.calls);
	assert_true(a.calls > 0 && b.calls > 0);
	for (int i = 0; i < 4; i++)
		close(pipes[i / 2][i % 2]);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_ready_descriptor_calls_until_the_loop_is_stopped),
		TEST(a_hang_up_is_told),
		TEST(one_removed_in_a_callback_is_not_called_any_more),
		TEST(a_number_used_again_does_not_get_the_old_ones_events),
		TEST(events_can_be_changed),
		TEST(timers_come_in_time_and_not_early),
		TEST(a_timer_can_be_removed_and_wound_up_again),
		TEST(a_missed_period_is_not_made_up_for),
		TEST(signals_arrive_on_the_loop),
		TEST(stop_wakes_a_loop_that_waits),
		TEST(each_callback_of_a_turn_is_followed_by_a_beat),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
