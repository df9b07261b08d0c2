/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One tapdeck a session: a locked file in $XDG_RUNTIME_DIR/tapdeck. */
#ifndef SESSION_LOCK_H
#define SESSION_LOCK_H

#include <sys/types.h>

/* control: a descriptor to close when done, or -EBUSY and *holder is who has
 * it (0 if it has not said yet), -ENOENT without XDG_RUNTIME_DIR, -errno */
int session_lock_take(pid_t *holder);

/* control, with the lock: waits for the engine of a supervisor that was killed,
 * which gives its programs back and ends; until then it has the port and the
 * rings. After 3 s that is left to whoever needs them. */
void session_lock_wait_orphan(void);

#endif
