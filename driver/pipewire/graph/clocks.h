/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says when two sinks come to share one clock. Control thread only. */
#ifndef CLOCKS_H
#define CLOCKS_H

#include "driver/pipewire/driver_own.h"

void clocks_watch(struct driver *d);

#endif
