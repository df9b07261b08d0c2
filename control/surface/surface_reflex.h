/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_reflex.c is to its neighbours. */
#ifndef SURFACE_REFLEX_H
#define SURFACE_REFLEX_H

#include "control/surface/surface_own.h"

/* This parameter changed: is it one that reflexes look at? */
void surface_reflex_changed(struct surface *s, const struct binding *b);

#endif
