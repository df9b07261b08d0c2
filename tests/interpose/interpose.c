/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aborts a program whose audio thread does what it must not: LD_PRELOAD.
 *
 * Every filter's process event is replaced by one that marks the thread while
 * the program's own callback runs. So all that the callback does is seen, also
 * through libraries, and nothing else: what PipeWire itself does between two
 * cycles (it reads and writes eventfds) is its own business.
 *
 * A marked thread may not allocate, lock, wait, or talk to the kernel; the
 * clock is read without it. At its end the program says how many cycles were
 * watched: none at all would prove nothing. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <pipewire/filter.h>

/* Of this library's own kind: the first use of another would allocate. */
static _Thread_local bool inside __attribute__((tls_model("initial-exec")));

static _Atomic unsigned long cycles;

/* glibc's own, so that nothing has to be looked up before main() */
void *__libc_malloc(size_t size_bytes);
void *__libc_calloc(size_t count, size_t size_bytes);
void *__libc_realloc(void *old, size_t size_bytes);
void *__libc_memalign(size_t align, size_t size_bytes);
void __libc_free(void *old);

static void
say(const char *a, const char *b, const char *c)
{
	char line[256];
	int n = snprintf(line, sizeof(line), "interpose: %s%s%s\n", a, b, c);
	ssize_t done = n > 0 ? write(2, line, (size_t)n) : 0;

	(void)done; /* there is nobody else to tell */
}

static void
forbid(const char *name)
{
	if (!inside)
		return;
	inside = false;
	say("the audio thread calls ", name, "() inside of its cycle");
	abort();
}

/* Stores the function of that name that would be called without us. ISO C knows
 * no way from an object's address to a function's. */
static void
next(const char *name, void *function)
{
	void *real = dlsym(RTLD_NEXT, name);

	if (!real) {
		say("there is no ", name, "()");
		abort();
	}
	memcpy(function, &real, sizeof(real));
}

/* ---- the mark ---- */

struct watched {
	struct pw_filter_events events;
	const struct pw_filter_events *own;
	void *data;
};

static void
on_process(void *data, struct spa_io_position *position)
{
	struct watched *w = data;

	inside = true;
	w->own->process(w->data, position);
	inside = false;
	atomic_fetch_add(&cycles, 1);
}

static void
on_destroy(void *data)
{
	struct watched *w = data;

	if (w->own->destroy)
		w->own->destroy(w->data);
}

static void
on_state_changed(void *data, enum pw_filter_state old,
	enum pw_filter_state state, const char *error)
{
	struct watched *w = data;

	if (w->own->state_changed)
		w->own->state_changed(w->data, old, state, error);
}

static void
on_param_changed(
	void *data, void *port, uint32_t id, const struct spa_pod *param)
{
	struct watched *w = data;

	if (w->own->param_changed)
		w->own->param_changed(w->data, port, id, param);
}

/* Passes on the events that tapdeck listens to; never freed: a filter lives as
 * long as the program, nearly. */
void
pw_filter_add_listener(struct pw_filter *filter, struct spa_hook *listener,
	const struct pw_filter_events *events, void *data)
{
	void (*real)(struct pw_filter *, struct spa_hook *,
		const struct pw_filter_events *, void *);
	struct watched *w = calloc(1, sizeof(*w));

	if (!w || !events->process || events->io_changed ||
		events->add_buffer || events->remove_buffer ||
		events->drained || events->command) {
		say("a filter with other events than process: ", "extend ",
			"interpose.c");
		abort();
	}
	next("pw_filter_add_listener", &real);
	w->events.version = events->version;
	w->events.process = on_process;
	w->events.destroy = on_destroy;
	w->events.state_changed = on_state_changed;
	w->events.param_changed = on_param_changed;
	w->own = events;
	w->data = data;
	real(filter, listener, &w->events, w);
}

__attribute__((destructor)) static void
report(void)
{
	char count[32];
	unsigned long n = atomic_load(&cycles);

	snprintf(count, sizeof(count), "%lu", n);
	if (n)
		say(count, " cycles were watched", "");
}

/* ---- what is forbidden ---- */

void *
malloc(size_t size_bytes)
{
	forbid("malloc");
	return __libc_malloc(size_bytes);
}

void *
calloc(size_t count, size_t size_bytes)
{
	forbid("calloc");
	return __libc_calloc(count, size_bytes);
}

void *
realloc(void *old, size_t size_bytes)
{
	forbid("realloc");
	return __libc_realloc(old, size_bytes);
}

void
free(void *old)
{
	forbid("free");
	__libc_free(old);
}

void *
memalign(size_t align, size_t size_bytes)
{
	forbid("memalign");
	return __libc_memalign(align, size_bytes);
}

void *
aligned_alloc(size_t align, size_t size_bytes)
{
	forbid("aligned_alloc");
	return __libc_memalign(align, size_bytes);
}

int
posix_memalign(void **out, size_t align, size_t size_bytes)
{
	void *p;

	forbid("posix_memalign");
	if (!(p = __libc_memalign(align, size_bytes)))
		return ENOMEM;
	*out = p;
	return 0;
}

/* A function with these parameters, passed on. */
#define FORBID(type, name, parameters, arguments)                              \
	type name parameters                                                   \
	{                                                                      \
		static type(*real) parameters;                                 \
                                                                               \
		forbid(#name);                                                 \
		if (!real)                                                     \
			next(#name, &real);                                    \
		return real arguments;                                         \
	}

FORBID(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
FORBID(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))
FORBID(int, pthread_mutex_unlock, (pthread_mutex_t * m), (m))
FORBID(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
FORBID(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
FORBID(int, pthread_spin_lock, (pthread_spinlock_t * l), (l))
FORBID(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t *m), (c, m))
FORBID(int, pthread_cond_timedwait,
	(pthread_cond_t * c, pthread_mutex_t *m, const struct timespec *t),
	(c, m, t))
FORBID(int, pthread_cond_signal, (pthread_cond_t * c), (c))
FORBID(int, pthread_cond_broadcast, (pthread_cond_t * c), (c))
FORBID(int, pthread_create,
	(pthread_t * t, const pthread_attr_t *a, void *(*f)(void *), void *d),
	(t, a, f, d))
FORBID(int, pthread_join, (pthread_t t, void **value), (t, value))
FORBID(int, sem_wait, (sem_t * s), (s))
FORBID(int, sem_timedwait, (sem_t * s, const struct timespec *t), (s, t))
FORBID(int, sem_post, (sem_t * s), (s))

FORBID(FILE *, fopen, (const char *path, const char *mode), (path, mode))
FORBID(int, fclose, (FILE * f), (f))
FORBID(int, fflush, (FILE * f), (f))
FORBID(size_t, fread, (void *to, size_t size, size_t n, FILE *f),
	(to, size, n, f))
FORBID(size_t, fwrite, (const void *from, size_t size, size_t n, FILE *f),
	(from, size, n, f))
FORBID(int, puts, (const char *s), (s))
FORBID(int, fputs, (const char *s, FILE *f), (s, f))
FORBID(int, fputc, (int c, FILE *f), (c, f))
FORBID(int, putchar, (int c), (c))
FORBID(int, vfprintf, (FILE * f, const char *format, va_list args),
	(f, format, args))
FORBID(int, vprintf, (const char *format, va_list args), (format, args))

FORBID(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
FORBID(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
FORBID(ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
FORBID(ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at),
	(fd, from, n, at))
FORBID(ssize_t, readv, (int fd, const struct iovec *v, int n), (fd, v, n))
FORBID(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
FORBID(int, close, (int fd), (fd))
FORBID(int, fsync, (int fd), (fd))
FORBID(int, socket, (int domain, int type, int protocol),
	(domain, type, protocol))
FORBID(ssize_t, send, (int fd, const void *from, size_t n, int flags),
	(fd, from, n, flags))
FORBID(ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags),
	(fd, m, flags))
FORBID(ssize_t, recv, (int fd, void *to, size_t n, int flags),
	(fd, to, n, flags))
FORBID(ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags))

FORBID(int, poll, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms))
FORBID(int, select, (int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *t),
	(n, r, w, e, t))
FORBID(int, epoll_wait, (int fd, struct epoll_event *e, int n, int ms),
	(fd, e, n, ms))
FORBID(int, nanosleep, (const struct timespec *t, struct timespec *left),
	(t, left))
FORBID(int, clock_nanosleep,
	(clockid_t clock, int flags, const struct timespec *t,
		struct timespec *left),
	(clock, flags, t, left))
FORBID(int, usleep, (useconds_t us), (us))
FORBID(unsigned, sleep, (unsigned s), (s))
FORBID(int, sched_yield, (void), ())

FORBID(void *, mmap,
	(void *at, size_t n, int protection, int flags, int fd, off_t offset),
	(at, n, protection, flags, fd, offset))
FORBID(int, munmap, (void *at, size_t n), (at, n))
FORBID(int, mprotect, (void *at, size_t n, int protection), (at, n, protection))

/* Those with a variable end. */

int
printf(const char *format, ...)
{
	va_list args;
	int n;

	forbid("printf");
	va_start(args, format);
	n = vfprintf(stdout, format, args);
	va_end(args);
	return n;
}

int
fprintf(FILE *f, const char *format, ...)
{
	va_list args;
	int n;

	forbid("fprintf");
	va_start(args, format);
	n = vfprintf(f, format, args);
	va_end(args);
	return n;
}

/* What the kernel takes is at most a word. */
static long
word_after(va_list args)
{
	return va_arg(args, long);
}

int
open(const char *path, int flags, ...)
{
	va_list args;
	long mode;

	forbid("open");
	va_start(args, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? word_after(args) : 0;
	va_end(args);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int
openat(int folder, const char *path, int flags, ...)
{
	va_list args;
	long mode;

	forbid("openat");
	va_start(args, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? word_after(args) : 0;
	va_end(args);
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int
ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	long word;

	forbid("ioctl");
	va_start(args, request);
	word = word_after(args);
	va_end(args);
	return (int)syscall(SYS_ioctl, fd, request, word);
}

long
syscall(long number, ...)
{
	static long (*real)(long, ...);
	long word[6];
	va_list args;

	forbid("syscall");
	if (!real)
		next("syscall", &real);
	va_start(args, number);
	for (int i = 0; i < 6; i++)
		word[i] = va_arg(args, long);
	va_end(args);
	return real(
		number, word[0], word[1], word[2], word[3], word[4], word[5]);
}
