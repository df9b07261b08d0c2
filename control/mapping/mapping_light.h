/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a control shows. For mapping*.c only. */
#ifndef MAPPING_LIGHT_H
#define MAPPING_LIGHT_H

#include "control/mapping/mapping_reading.h"

/* c->as and the targets are there. */
int mapping_light(const struct mapping_entry *e, struct mapping_control *c);

#endif
