/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all parts of the devices call. */
#ifndef DEVICES_WAKE_H
#define DEVICES_WAKE_H

#include "control/devices/devices_own.h"

/* Wakes up after this at the latest. */
void devices_wake(struct devices *all, uint64_t after_ns);
void devices_say(struct devices *all, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
