/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/loop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* An entry that is removed stays in its place with fd -1, which poll() skips,
 * until no callback runs any more: indices stay true inside callbacks, and a
 * descriptor that was closed and opened again never gets the old one's events.
 * Signals and loop_stop() set a flag and write into a pipe that is polled too;
 * the flag is what counts, so a full pipe loses nothing. */

#define SIGNALS_MAX 65
#define NS_PER_S    UINT64_C(1000000000)
#define WAIT_MAX_NS (60 * NS_PER_S)

struct watch {
	loop_ready ready;
	void *data;
};

struct timer {
	uint64_t due_ns; /* UINT64_MAX: not armed */
	uint64_t period_ns;
	loop_tick tick; /* NULL: the place is free */
	void *data;
};

struct signal_watch {
	loop_ready ready; /* NULL: not ours */
	void *data;
	struct sigaction before;
};

struct loop {
	struct pollfd *fds; /* [0] is the pipe's reading end */
	struct watch *watches;
	uint32_t n, cap;
	uint32_t removed;
	struct timer *timers;
	uint32_t timer_count;
	struct signal_watch signals[SIGNALS_MAX];
	int pipe[2];
	loop_tick beat; /* or NULL */
	void *beat_data;
	/* Written by signal handlers as well. */
	_Atomic int raised[SIGNALS_MAX];
	_Atomic int stop;
	_Atomic int code;
};

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "for signal handlers");
_Static_assert(ATOMIC_POINTER_LOCK_FREE == 2, "for signal handlers");

static struct loop *_Atomic signal_loop;

uint64_t
loop_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
loop_wake(struct loop *l)
{
	ssize_t written;

	do
		written = write(l->pipe[1], "", 1);
	while (written < 0 && errno == EINTR);
}

static int
loop_grow(struct loop *l)
{
	uint32_t cap = l->cap ? 2 * l->cap : 16;
	struct pollfd *fds = realloc(l->fds, cap * sizeof(*fds));
	struct watch *watches;

	if (!fds)
		return -ENOMEM;
	l->fds = fds;
	watches = realloc(l->watches, cap * sizeof(*watches));
	if (!watches)
		return -ENOMEM;
	l->watches = watches;
	l->cap = cap;
	return 0;
}

static void
loop_on_wake(void *data, short revents)
{
	struct loop *l = data;
	char bytes[64];

	(void)revents;
	while (read(l->pipe[0], bytes, sizeof(bytes)) == sizeof(bytes))
		;
	for (int signo = 1; signo < SIGNALS_MAX; signo++) {
		struct signal_watch *s = &l->signals[signo];

		/* acquire: pairs with the release in loop_on_signal() */
		if (s->ready && atomic_exchange_explicit(&l->raised[signo], 0,
					memory_order_acquire))
			s->ready(s->data, (short)signo);
	}
}

static int
loop_open_pipe(struct loop *l)
{
	if (pipe2(l->pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
		l->pipe[0] = l->pipe[1] = -1;
		return -errno;
	}
	return loop_add(l, l->pipe[0], POLLIN, loop_on_wake, l);
}

int
loop_new(struct loop **out)
{
	struct loop *l = calloc(1, sizeof(*l));
	int rc;

	*out = NULL;
	if (!l)
		return -ENOMEM;
	rc = loop_open_pipe(l);
	if (rc < 0) {
		loop_free(l);
		return rc;
	}
	*out = l;
	return 0;
}

void
loop_free(struct loop *l)
{
	struct loop *mine = l;

	if (!l)
		return;
	for (int signo = 1; signo < SIGNALS_MAX; signo++) {
		if (l->signals[signo].ready)
			sigaction(signo, &l->signals[signo].before, NULL);
	}
	atomic_compare_exchange_strong(&signal_loop, &mine, NULL);
	for (int i = 0; i < 2; i++) {
		if (l->pipe[i] >= 0)
			close(l->pipe[i]);
	}
	free(l->timers);
	free(l->watches);
	free(l->fds);
	free(l);
}

static int
loop_find(const struct loop *l, int fd)
{
	/* one that is removed has no descriptor */
	for (uint32_t i = 0; fd >= 0 && i < l->n; i++) {
		if (l->fds[i].fd == fd)
			return (int)i;
	}
	return -1;
}

int
loop_add(struct loop *l, int fd, short events, loop_ready ready, void *data)
{
	assert(fd >= 0 && loop_find(l, fd) < 0);
	if (l->n == l->cap && loop_grow(l) < 0)
		return -ENOMEM;
	l->fds[l->n] = (struct pollfd){.fd = fd, .events = events};
	l->watches[l->n] = (struct watch){.ready = ready, .data = data};
	l->n++;
	return 0;
}

void
loop_set_events(struct loop *l, int fd, short events)
{
	int i = loop_find(l, fd);

	if (i >= 0)
		l->fds[i].events = events;
}

void
loop_remove(struct loop *l, int fd)
{
	int i = loop_find(l, fd);

	if (i < 0)
		return;
	l->fds[i] = (struct pollfd){.fd = -1};
	l->removed++;
}

static void
loop_compact(struct loop *l)
{
	uint32_t to = 0;

	if (!l->removed)
		return;
	for (uint32_t i = 0; i < l->n; i++) {
		if (l->fds[i].fd < 0)
			continue;
		l->fds[to] = l->fds[i];
		l->watches[to++] = l->watches[i];
	}
	l->n = to;
	l->removed = 0;
}

static uint64_t
due_after(uint64_t ns)
{
	uint64_t now_ns = loop_now_ns();

	return ns < UINT64_MAX - now_ns ? now_ns + ns : UINT64_MAX;
}

int
loop_timer(struct loop *l, uint64_t first_ns, uint64_t period_ns,
	loop_tick tick, void *data)
{
	struct timer *timers;
	uint32_t id = 0;

	while (id < l->timer_count && l->timers[id].tick)
		id++;
	if (id == l->timer_count) {
		timers = realloc(l->timers, (id + 1) * sizeof(*timers));
		if (!timers)
			return -ENOMEM;
		l->timers = timers;
		l->timer_count++;
	}
	l->timers[id] = (struct timer){.due_ns = due_after(first_ns),
		.period_ns = period_ns,
		.tick = tick,
		.data = data};
	return (int)id;
}

void
loop_timer_again(struct loop *l, int id, uint64_t first_ns)
{
	if (id >= 0 && (uint32_t)id < l->timer_count && l->timers[id].tick)
		l->timers[id].due_ns = due_after(first_ns);
}

void
loop_timer_remove(struct loop *l, int id)
{
	if (id >= 0 && (uint32_t)id < l->timer_count)
		l->timers[id].tick = NULL;
}

static void
loop_on_signal(int signo)
{
	/* acquire: pairs with the release in loop_signal() */
	struct loop *l =
		atomic_load_explicit(&signal_loop, memory_order_acquire);
	int saved = errno;

	if (l && signo > 0 && signo < SIGNALS_MAX) {
		/* release: what was done before the signal is seen with it */
		atomic_store_explicit(
			&l->raised[signo], 1, memory_order_release);
		loop_wake(l);
	}
	errno = saved;
}

int
loop_signal(struct loop *l, int signo, loop_ready ready, void *data)
{
	struct sigaction action = {.sa_handler = loop_on_signal};
	struct signal_watch *s;
	struct loop *none = NULL;

	if (signo <= 0 || signo >= SIGNALS_MAX || !ready)
		return -EINVAL;
	if (!atomic_compare_exchange_strong(&signal_loop, &none, l) &&
		none != l)
		return -EBUSY;
	s = &l->signals[signo];
	if (!s->ready) {
		action.sa_flags = SA_RESTART;
		sigemptyset(&action.sa_mask);
		if (sigaction(signo, &action, &s->before) < 0)
			return -errno;
	}
	s->data = data;
	s->ready = ready;
	return 0;
}

/* Until the next timer; NULL: there is none. */
static const struct timespec *
loop_timeout(const struct loop *l, struct timespec *out)
{
	uint64_t due_ns = UINT64_MAX, now_ns = loop_now_ns(), wait_ns = 0;

	for (uint32_t i = 0; i < l->timer_count; i++) {
		if (l->timers[i].tick && l->timers[i].due_ns < due_ns)
			due_ns = l->timers[i].due_ns;
	}
	if (due_ns == UINT64_MAX)
		return NULL;
	if (due_ns > now_ns)
		wait_ns = due_ns - now_ns;
	if (wait_ns > WAIT_MAX_NS)
		wait_ns = WAIT_MAX_NS;
	out->tv_sec = (time_t)(wait_ns / NS_PER_S);
	out->tv_nsec = (long)(wait_ns % NS_PER_S);
	return out;
}

void
loop_set_beat(struct loop *l, loop_tick beat, void *data)
{
	l->beat = beat;
	l->beat_data = data;
}

static void
loop_beat(const struct loop *l)
{
	if (l->beat)
		l->beat(l->beat_data);
}

static bool
loop_stopped(const struct loop *l)
{
	/* acquire: pairs with the release in loop_stop() */
	return atomic_load_explicit(&l->stop, memory_order_acquire);
}

static void
loop_run_timers(struct loop *l)
{
	uint64_t now_ns;

	if (!l->timer_count)
		return;
	now_ns = loop_now_ns();
	for (uint32_t i = 0; i < l->timer_count && !loop_stopped(l); i++) {
		struct timer *t = &l->timers[i];
		uint64_t late_ns;

		if (!t->tick || t->due_ns > now_ns)
			continue;
		late_ns = now_ns - t->due_ns;
		t->due_ns = !t->period_ns
				    ? UINT64_MAX
				    : t->due_ns + (late_ns / t->period_ns + 1) *
							  t->period_ns;
		t->tick(t->data); /* may move l->timers */
		loop_beat(l);
	}
}

static void
loop_dispatch(struct loop *l)
{
	uint32_t n = l->n; /* what is added meanwhile was not polled */

	for (uint32_t i = 0; i < n && !loop_stopped(l); i++) {
		struct watch w = l->watches[i];
		short revents = l->fds[i].revents;

		if (!revents) /* 0 once it is removed */
			continue;
		w.ready(w.data, revents);
		loop_beat(l);
	}
}

int
loop_run(struct loop *l)
{
	struct timespec wait;

	while (!loop_stopped(l)) {
		loop_compact(l);
		if (ppoll(l->fds, l->n, loop_timeout(l, &wait), NULL) < 0) {
			if (errno != EINTR && errno != EAGAIN)
				return -errno;
			continue;
		}
		loop_dispatch(l);
		loop_run_timers(l);
	}
	loop_compact(l);
	/* relaxed: the loop has ended; it may be run again */
	atomic_store_explicit(&l->stop, 0, memory_order_relaxed);
	return atomic_load_explicit(&l->code, memory_order_relaxed);
}

void
loop_stop(struct loop *l, int code)
{
	/* relaxed: the release below carries it */
	atomic_store_explicit(&l->code, code, memory_order_relaxed);
	/* release: pairs with the acquire in loop_stopped() */
	atomic_store_explicit(&l->stop, 1, memory_order_release);
	loop_wake(l);
}
