/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A control that shows a level. For mapping*.c only. */
#ifndef MAPPING_METER_H
#define MAPPING_METER_H

#include "control/mapping/mapping_reading.h"

/* c->as, the message of the light and c->meter are there. */
int mapping_meter_target(
	const struct mapping_entry *e, struct mapping_control *c);
/* What of `light` differs for a meter; for others, that they have none of it.
 * c->light.kind is there. */
int mapping_meter_light(
	const struct mapping_entry *e, struct mapping_control *c);

#endif
