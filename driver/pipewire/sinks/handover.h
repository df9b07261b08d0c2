/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a bus comes from one sink to another. Control thread only. */
#ifndef HANDOVER_H
#define HANDOVER_H

#include "driver/pipewire/driver_own.h"

/* After links_want() for a bus's sink, or NULL: keeps the links to the one
 * before until it runs. */
void handover_look(
	struct driver *d, uint32_t bus, const struct graph_object *target);
void handover_end(struct driver *d); /* after links_end() */
/* The one of two that PipeWire goes by when they are linked */
bool handover_leads(
	const struct graph_object *sink, const struct graph_object *other);
/* A bus plays into its sink, or none has one. */
bool handover_plays(const struct driver *d);

#endif
