/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log, and the time. Control thread only. */
#ifndef SAY_H
#define SAY_H

#include "driver/pipewire/driver_own.h"

uint64_t driver_now_ns(void);
void driver_say(struct driver *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
