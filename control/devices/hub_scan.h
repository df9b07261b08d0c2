/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What midi_hub_scan.c is to its neighbours. */
#ifndef HUB_SCAN_H
#define HUB_SCAN_H

#include "control/devices/midi_hub_own.h"

/* Looks which devices there are now. What they sent and was not read yet is
 * lost. */
void hub_scan(struct midi_hub *h);
/* Opens those that are wanted and are not open. Returns the ns until it is to
 * be tried again. */
uint64_t hub_open_wanted(struct midi_hub *h);
bool hub_device_is_open(const struct device *d);

#endif
