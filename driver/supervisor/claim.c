/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/claim.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/log.h"
#include "driver/pipewire/sinks/sound_device.h"
#include "driver/supervisor/session_lock.h"

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
	session_lock_wait_orphan();
	return take_journal(journal);
}
