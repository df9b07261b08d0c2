/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be heard in main and beside it. Control thread only. */
#ifndef TWICE_H
#define TWICE_H

#include "driver/pipewire/driver_own.h"

void twice_sent(void *driver, struct graph_object *node); /* graph.sent */
void twice_look(struct driver *d); /* after the steps of a look */

#endif
