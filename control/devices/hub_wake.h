/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What midi_hub.c is to its neighbours. */
#ifndef HUB_WAKE_H
#define HUB_WAKE_H

#include "control/devices/midi_hub_own.h"

/* Wakes up after this at the latest. */
void hub_wake(struct midi_hub *h, uint64_t after_ns);
void hub_say(struct midi_hub *h, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
