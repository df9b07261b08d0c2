/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the buses go, and who else plays into our devices. Control thread
 * only. */
#ifndef BUSES_H
#define BUSES_H

#include "driver/pipewire/driver_own.h"

void buses_make_loops(struct driver *d);
/* Removes the loop devices that were made for this run and that nobody
 * records: a DAW keeps its input, an idle machine is left as it was. True
 * until they are gone. */
bool buses_drop_loops(struct driver *d);
void buses_links(struct driver *d);
void buses_police(struct driver *d);
/* The cable has the volume of the sink that main plays into. */
void buses_volume(struct driver *d);
bool buses_is_loop_device(const struct driver *d, const char *name);

#endif
