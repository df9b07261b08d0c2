/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What devices_merge.c is to its neighbours. */
#ifndef DEVICES_MERGE_H
#define DEVICES_MERGE_H

#include "control/devices/devices_own.h"

/* The light, touch and takeover of the control whose place it takes, if both
 * are values. */
void devices_inherit(
	struct mapping_control *learned, const struct mapping *base);

#endif
