/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One tapdeck a session: a locked file in $XDG_RUNTIME_DIR/tapdeck. */
#ifndef WARD_LOCK_H
#define WARD_LOCK_H

#include <sys/types.h>

/* control: a descriptor to close when done, or -EBUSY and *holder is who has
 * it (0 if it has not said yet), -ENOENT without XDG_RUNTIME_DIR, -errno */
int ward_lock_take(pid_t *holder);

#endif
