/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_hold.c is to its neighbours. */
#ifndef SURFACE_HOLD_H
#define SURFACE_HOLD_H

#include "control/surface/surface_own.h"

/* What the targets of a button are set to when it is pressed, or let go. */
void surface_press(struct surface *s, int32_t control, bool on, uint64_t frame);
/* As if its button were let go. */
void surface_input_let_go(struct surface *s, struct input *in, uint64_t frame);
/* Shifts were pressed or let go, or another layer is latched. */
void surface_layer_update(struct surface *s);
/* in: the input of the touch. */
void surface_touch(struct surface *s, const struct input *in, uint16_t value);

#endif
