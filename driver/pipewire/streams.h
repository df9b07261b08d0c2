/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Apps and streams as the graph has them. Control thread only. */
#ifndef STREAMS_H
#define STREAMS_H

#include "driver/pipewire/driver_own.h"

void streams_scan(struct driver *d);
void streams_forget(struct driver *d); /* all of them, told as gone */
void streams_tell(struct driver *d);   /* what has changed, to control */

#endif
