/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What its user has linked to our node is linked again when that is another
 * one. Control thread only. */
#ifndef PEERS_H
#define PEERS_H

#include "driver/pipewire/driver_own.h"

void peers_watch(struct driver *d);
void peers_node_gone(struct driver *d);

#endif
