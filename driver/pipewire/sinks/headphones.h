/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock of the headphones beside the room's. Control thread only. */
#ifndef HEADPHONES_H
#define HEADPHONES_H

#include "driver/pipewire/driver_own.h"

#define HEADPHONES_LINE_MAX 400
/* From time to time, while audio runs. True: there is something to say of the
 * sinks of cue and main. */
bool headphones_watch(struct driver *d, char line[HEADPHONES_LINE_MAX]);
void headphones_status(const struct driver *d, struct driver_status *out);

#endif
