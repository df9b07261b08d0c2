/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream on its way from one strip to another: linked to both, the new one
 * closed; then one opens as the other closes. For tap.c. Control thread only.
 */
#ifndef TAP_MOVE_H
#define TAP_MOVE_H

#include "driver/pipewire/driver_own.h"

/* It is on a strip and belongs on another. */
bool tap_is_to_move(const struct stream *s);
/* Straight there, without being heard elsewhere on the way. */
bool tap_can_move(const struct driver *d, const struct stream *s);
void tap_move(struct driver *d, struct stream *s);

/* The steps that follow. */
void tap_step_moving(struct driver *d, struct stream *s);
void tap_step_moved(struct driver *d, struct stream *s);

#endif
