/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "core/log.h"
#include "core/ring/protocol.h"
#include "driver/pipewire/sinks/sound_device.h"

/* times 10 ms */
#define SOON   30
#define ORPHAN 300 /* an engine without its supervisor has ended */

/* ---- one tapdeck a session ---- */

static pid_t
holder_read(int fd)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid = n > 0 ? strtol(text, NULL, 10) : 0;

	return pid > 0 && pid <= INT_MAX ? (pid_t)pid : 0;
}

static void
holder_write(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%d\n", (int)getpid());

	/* Where there is no room for it, who is refused is told less. */
	if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)n, 0) < 0)
		return;
}

/* The file stays when we go: who removes it may remove the next one's. */
static int
lock_open(void)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	char path[PATH_MAX];
	int fd;

	if (!run || run[0] != '/')
		return -ENOENT;
	if (snprintf(path, sizeof(path), "%s/tapdeck", run) >=
		(int)sizeof(path) - 8)
		return -ENAMETOOLONG;
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/tapdeck/lock", run);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	/* To lock needs no writing: what is there will do, as a last resort
	 * the session's own folder. */
	if (fd < 0)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		fd = open(run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int
lock_within(int fd, int times)
{
	const struct timespec pause = {0, 10 * 1000000l};
	int res = flock(fd, LOCK_EX | LOCK_NB);

	for (int i = 0; i < times && res < 0 && errno == EWOULDBLOCK; i++) {
		nanosleep(&pause, NULL);
		res = flock(fd, LOCK_EX | LOCK_NB);
	}
	return res;
}

/* A holder that was killed may still be dying, and its engine puts things back
 * under the lock: both are over soon. */
int
session_lock_take(pid_t *holder)
{
	int fd = lock_open();
	int res;

	*holder = 0;
	if (fd < 0)
		return fd;
	res = lock_within(fd, SOON);
	if (res < 0) {
		res = errno == EWOULDBLOCK ? -EBUSY : -errno;
		*holder = holder_read(fd);
	} else {
		holder_write(fd);
	}
	if (res < 0) {
		close(fd);
		return res;
	}
	return fd;
}

/* For the engine of a supervisor that was killed, which gives its programs back
 * and ends; until then it has the port and the rings. After 3 s that is left to
 * whoever needs them. */
static void
wait_orphan(void)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/tapdeck/" RING_LOCK_NAME,
		    run ? run : "") >= (int)sizeof(path))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	lock_within(fd, ORPHAN);
	close(fd);
}

/* ---- what a supervisor needs ---- */

void
supervisor_complain(const char *format, ...)
{
	char line[LOG_LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	log_line("tapdeck run: %s", line);
}

static int
take_lock(int *lock_fd)
{
	pid_t holder;

	*lock_fd = session_lock_take(&holder);
	if (*lock_fd >= 0)
		return 0;
	if (*lock_fd == -EBUSY) {
		supervisor_complain(
			"already running as process %d in this session",
			(int)holder);
		return EX_TEMPFAIL;
	}
	if (*lock_fd == -ENOENT)
		supervisor_complain(
			"no session "
			"($XDG_RUNTIME_DIR): " SOUND_DEVICE_NO_PIPEWIRE);
	else
		supervisor_complain("$XDG_RUNTIME_DIR/tapdeck/lock: %s",
			strerror(-*lock_fd));
	return *lock_fd == -ENOENT ? EX_UNAVAILABLE : EX_CANTCREAT;
}

static int
take_journal(struct journal **journal)
{
	char path[PATH_MAX];
	int res = journal_path(path, sizeof(path));

	if (res == 0)
		res = journal_open(journal, path);
	if (res < 0) {
		supervisor_complain(
			"$XDG_RUNTIME_DIR/tapdeck/journal: %s", strerror(-res));
		return EX_CANTCREAT;
	}
	if (journal_damaged(*journal))
		supervisor_complain(
			"%s was damaged; it is kept as %s.damaged", path, path);
	return 0;
}

int
supervisor_claim(int *lock_fd, struct journal **journal)
{
	int code = take_lock(lock_fd);

	if (code)
		return code;
	wait_orphan();
	return take_journal(journal);
}
