/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_hold.c is to its neighbours. */
#ifndef SURFACE_HOLD_H
#define SURFACE_HOLD_H

#include "control/surface/surface_own.h"

/* Shifts were pressed or let go, or another layer is latched. */
void surface_layer_update(struct surface *s);
/* The strips are about to be others; see surface_let_go(). */
void surface_let_go_of_bank(struct surface *s, uint64_t frame);
/* Names have moved: what they leave behind is let go of. */
void surface_let_go_of_names(struct surface *s);
/* in: the input of the touch. */
void surface_touch(struct surface *s, const struct input *in, uint16_t value);

#endif
