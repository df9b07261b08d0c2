/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

_Static_assert(LOG_LINE_MAX <= PIPE_BUF, "a pipe takes a line whole or not");

static struct {
	int to;	  /* where stderr went; -1: there is no log */
	int from; /* the pipe's end; the thread's once it runs */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool ended; /* under the lock: the thread has carried all */
	/* Who drops adds, the thread takes. */
	_Atomic uint32_t *dropped;
	_Atomic uint32_t own_dropped;
} the = {
	.to = -1,
	.from = -1,
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.dropped = &the.own_dropped,
};

/* ---- the thread ---- */

static int
write_whole(const char *text, size_t n)
{
	while (n > 0) {
		ssize_t done = write(the.to, text, n);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			text += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

/* One write a line: two processes may write to the same end. */
static void
carry(const char *text, size_t n)
{
	while (n > 0) {
		const char *end = memchr(text, '\n', n);
		size_t part = end ? (size_t)(end - text) + 1 : n;

		if (write_whole(text, part) < 0)
			return; /* the reader is gone, or the disk full */
		text += part;
		n -= part;
	}
}

static void
tell_dropped(uint32_t count)
{
	char text[80];
	int n = snprintf(text, sizeof(text),
		"tapdeck: %u line%s dropped here: nobody read the log\n", count,
		count == 1 ? " was" : "s were");

	write_whole(text, (size_t)n);
}

/* What was dropped before the pipe was read would stand behind what is in it;
 * so it is said after that, and at once. */
static void *
run(void *unused)
{
	static char text[128 * 1024];
	uint32_t dropped;
	ssize_t n;

	(void)unused;
	while ((n = read(the.from, text, sizeof(text))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		/* relaxed: a count, nothing hangs on it */
		dropped = atomic_exchange_explicit(
			the.dropped, 0, memory_order_relaxed);
		carry(text, (size_t)n);
		if (dropped)
			tell_dropped(dropped);
	}
	pthread_mutex_lock(&the.lock);
	the.ended = true;
	pthread_cond_signal(&the.changed);
	pthread_mutex_unlock(&the.lock);
	return NULL;
}

/* ---- start and stop ---- */

/* No signal is this thread's: its owner takes them from a descriptor. */
static int
thread_start(void)
{
	pthread_condattr_t attr;
	sigset_t all, before;
	int res;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&the.changed, &attr);
	pthread_condattr_destroy(&attr);
	the.ended = false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	res = pthread_create(&the.thread, NULL, run, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -res;
}

static void
ends_close(int ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

int
log_start(int fd, _Atomic uint32_t *dropped)
{
	int ends[2] = {-1, -1}, to, res = 0;

	to = fcntl(fd < 0 ? STDERR_FILENO : fd, F_DUPFD_CLOEXEC, 3);
	if (to < 0)
		return -errno;
	/* Only the writing end must not wait; both are of this pipe alone. */
	if (pipe2(ends, O_CLOEXEC) < 0 ||
		fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0)
		res = -errno;
	the.to = to;
	the.from = ends[0];
	log_share(dropped);
	if (res == 0)
		res = thread_start();
	if (res < 0) {
		ends_close(ends);
		close(to);
		the.to = the.from = -1;
		return res;
	}
	fflush(stderr);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	return 0;
}

bool
log_stop(uint32_t wait_ms)
{
	struct timespec until;
	int res = 0;

	if (the.to < 0)
		return true;
	/* The pipe's last writer goes, so that its end comes to an end. */
	dup2(the.to, STDERR_FILENO);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += wait_ms % 1000 * 1000000l;
	if (until.tv_nsec >= 1000000000l) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000l;
	}
	pthread_mutex_lock(&the.lock);
	while (!the.ended && res == 0)
		res = pthread_cond_timedwait(&the.changed, &the.lock, &until);
	pthread_mutex_unlock(&the.lock);
	if (res != 0) {
		/* It waits for its reader. We do not: it ends with us. */
		pthread_detach(the.thread);
		return false;
	}
	pthread_join(the.thread, NULL);
	close(the.from);
	close(the.to);
	the.to = the.from = -1;
	return true;
}

int
log_fd(void)
{
	return the.to;
}

void
log_share(_Atomic uint32_t *dropped)
{
	the.dropped = dropped ? dropped : &the.own_dropped;
}

/* ---- lines ---- */

void
log_line(const char *format, ...)
{
	char text[LOG_LINE_MAX];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text) - 1, format, args);
	va_end(args);
	if (n < 0)
		return;
	if (n > (int)sizeof(text) - 2)
		n = (int)sizeof(text) - 2;
	text[n++] = '\n';
	while (write(STDERR_FILENO, text, (size_t)n) < 0) {
		if (errno == EINTR)
			continue;
		/* relaxed: a count, nothing hangs on it */
		if (errno == EAGAIN)
			atomic_fetch_add_explicit(
				the.dropped, 1, memory_order_relaxed);
		return;
	}
}
