/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What midi_hub_merge.c is to its neighbours. */
#ifndef HUB_MERGE_H
#define HUB_MERGE_H

#include "control/devices/midi_hub_own.h"

/* The light, touch and takeover of the control whose place it takes, if both
 * are values. */
void hub_inherit(struct mapping_control *learned, const struct mapping *base);

#endif
