/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_layout.c is to its neighbours. */
#ifndef SURFACE_LAYOUT_H
#define SURFACE_LAYOUT_H

#include "control/surface/surface_own.h"

/* Inputs, lamps and room for targets. 0 or -ENOMEM. */
int surface_lay_out(struct surface *s);

#endif
