/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_show.c is to its neighbours. */
#ifndef SURFACE_SHOW_H
#define SURFACE_SHOW_H

#include "control/surface/surface_own.h"

/* What the lamps wait for; returns the ns until the next. */
uint64_t surface_show(struct surface *s, uint64_t now_ns);
/* What the device wants to hear again and again; returns the ns until then. */
uint64_t surface_repeat(struct surface *s, uint64_t now_ns);
/* What goes before all else is not sent yet. */
bool surface_greets(const struct surface *s);

#endif
