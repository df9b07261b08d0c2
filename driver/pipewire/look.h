/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One look at the whole graph, and what comes of it. Control thread only. */
#ifndef LOOK_H
#define LOOK_H

#include "driver/pipewire/driver_own.h"

void driver_look(struct driver *d);
/* Cuts the links of ports that have died; the next look makes them anew */
void driver_revive(struct driver *d);

#endif
