/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which sink a bus is for. Control thread only. */
#ifndef BUSES_WHERE_H
#define BUSES_WHERE_H

#include "driver/pipewire/driver_own.h"

bool buses_is_ours(const struct driver *d, const struct graph_object *node);
/* The name of the cable, or of the silent sink; "" when there is none */
const char *buses_shared_name(const struct driver *d, bool cable);
/* The silent sink; NULL while there is none. */
const struct graph_object *buses_park_sink(const struct driver *d);
/* The most important one there is, but for this one */
const struct graph_object *buses_best_sink(
	const struct driver *d, const struct graph_object *not_this);
/* The real sink of the room, never our own cable: the default, what the user
 * chose, or the most important one there is. */
const struct graph_object *buses_room(const struct driver *d);
/* -1: there is none of that name */
int buses_find(const struct driver *d, const char *name);
/* 0: not a loop bus */
uint32_t buses_loop_number(const char *bus);
/* The headphones of who has one output: main is heard in them, not beside */
bool buses_has_mains_output(const struct driver *d, uint32_t bus);
/* It is main, and heard in another bus */
bool buses_is_carried(const struct driver *d, uint32_t bus);
/* The device that a bus is for; and what it is linked to */
const struct graph_object *buses_device(const struct driver *d, uint32_t bus);
const struct graph_object *buses_target(const struct driver *d, uint32_t bus);
/* What plays there is heard where main is, or no sink is known to be that */
bool buses_is_room(const struct driver *d, const struct graph_object *sink);

#endif
