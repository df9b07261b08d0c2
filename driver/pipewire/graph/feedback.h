/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which streams can hear us. Control thread only. */
#ifndef FEEDBACK_H
#define FEEDBACK_H

#include "driver/pipewire/driver_own.h"

/* After a walk of the guard; says so. True: some can, and the note tells
 * how. */
bool feedback_judge(struct driver *d, struct tapped *t);

#endif
