/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_event.c is to its neighbours. */
#ifndef SURFACE_EVENT_H
#define SURFACE_EVENT_H

#include "control/surface/surface_own.h"

/* Values of 14 bits whose other half does not come. Returns the ns until it is
 * wanted again. */
uint64_t surface_run_pairs(struct surface *s, uint64_t now_ns);

#endif
