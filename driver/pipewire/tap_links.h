/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What links a stream to its strip. Control thread only. */
#ifndef TAP_LINKS_H
#define TAP_LINKS_H

#include "driver/pipewire/driver_own.h"

/* links_want() for each that is on one */
void tap_links(struct driver *d);

#endif
