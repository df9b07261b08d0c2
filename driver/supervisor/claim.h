/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tapdeck run` needs for itself alone before it begins, and how it says
 * that it cannot have it. Control thread only. */
#ifndef CLAIM_H
#define CLAIM_H

#include <sys/types.h>

#include "driver/supervisor/journal.h"

/* control: a descriptor to close when done, of a locked file in
 * $XDG_RUNTIME_DIR/tapdeck; or -EBUSY and *holder is who has it (0 if it has
 * not said yet), -ENOENT without XDG_RUNTIME_DIR, -errno */
int session_lock_take(pid_t *holder);

/* control: 0, or an exit code and it has been said why. What was got until
 * then is the caller's (*lock_fd is below 0, *journal NULL, if not). */
int supervisor_claim(int *lock_fd, struct journal **journal);

/* control: "tapdeck run: ..." and a new line, for the log; never waits */
__attribute__((format(printf, 1, 2))) void supervisor_complain(
	const char *format, ...);

#endif
