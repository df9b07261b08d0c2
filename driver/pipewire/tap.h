/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step of each stream towards what is wanted of it. Control thread only. */
#ifndef TAP_H
#define TAP_H

#include "driver/pipewire/driver_own.h"

void tap_step_all(struct driver *d);
/* Why it is not taken now and only copied, in words; NULL when it is */
const char *tap_why_aside(struct stream *s);
/* Nobody has heard it yet: off its strip, to begin anew */
void tap_undo(struct driver *d, struct stream *s);
bool tap_idle(const struct driver *d); /* no stream is parked or leaving */

#endif
