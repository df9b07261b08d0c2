/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What midi_hub_device.c is to its neighbours. */
#ifndef HUB_DEVICE_H
#define HUB_DEVICE_H

#include "control/devices/midi_hub_own.h"

/* In the place of the one that has been gone for longest when there is no other
 * left; NULL: all are there. */
struct device *hub_device_new(
	struct midi_hub *h, const char *name, enum mapping_port kind);
void hub_device_free(struct device *d);
/* Its mapping, if it is another one than before, and a surface for it. */
void hub_device_pick(struct device *d);
void hub_device_say(const struct device *d); /* which that is */
/* Another one that is there has its name. */
bool hub_device_is_alike(const struct device *d);
/* Takes what it sends from its beginning. */
void hub_device_listen(struct device *d);
/* What the audio thread does by itself, if that is another thing now. */
void hub_device_reflex(struct device *d);
bool hub_device_reflex_stale(const struct device *d);

#endif
