/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `tapdeck run` needs for itself alone before it begins, and how it says
 * that it cannot have it. Control thread only. */
#ifndef WARD_CLAIM_H
#define WARD_CLAIM_H

#include "driver/supervisor/ward_journal.h"

/* control: 0, or an exit code and it has been said why. What was got until
 * then is the caller's (*lock_fd is below 0, *journal NULL, if not). */
int ward_claim(int *lock_fd, struct journal **journal);

/* control: "tapdeck run: ..." and a new line, for the log; never waits */
__attribute__((format(printf, 1, 2))) void ward_complain(
	const char *format, ...);

#endif
