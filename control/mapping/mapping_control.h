/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entries of `controls:`. For mapping*.c only. */
#ifndef MAPPING_CONTROL_H
#define MAPPING_CONTROL_H

#include "control/mapping/mapping_reading.h"

int mapping_controls(const struct mapping_reading *r);

#endif
