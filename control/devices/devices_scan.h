/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What devices_scan.c is to its neighbours. */
#ifndef DEVICES_SCAN_H
#define DEVICES_SCAN_H

#include "control/devices/devices_own.h"

/* Looks which devices there are now. What they sent and was not read yet is
 * lost. */
void devices_scan(struct devices *all);
/* Opens those that are wanted and are not open. Returns the ns until it is to
 * be tried again. */
uint64_t devices_open_wanted(struct devices *all);
bool device_is_open(const struct device *d);

#endif
