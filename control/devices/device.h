/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What device.c is to its neighbours. */
#ifndef DEVICE_H
#define DEVICE_H

#include "control/devices/devices_own.h"

/* In the place of the one that has been gone for longest when there is no other
 * left; NULL: all are there. */
struct device *device_new(
	struct devices *all, const char *name, enum mapping_port kind);
void device_free(struct device *d);
/* Its mapping, if it is another one than before, and a surface for it. */
void device_pick(struct device *d);
void device_say(const struct device *d); /* which that is */
/* Another one that is there has its name. */
bool device_is_alike(const struct device *d);
/* It is one of those that `clock_of` names. */
bool device_is_clock(const struct device *d);
/* Takes what it sends from its beginning. */
void device_listen(struct device *d);
/* What the audio thread does by itself, if that is another thing now. */
void device_reflex(struct device *d);
bool device_reflex_stale(const struct device *d);

#endif
