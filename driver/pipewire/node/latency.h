/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How late sound is at the ports of the mixer's node, as PipeWire tells it from
 * port to port. PipeWire's own way knows one delay of a whole node; here each
 * bus has that of its limiter. Control thread only. */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdbool.h>
#include <stdint.h>

#include <spa/param/latency-utils.h>

#include "core/limits.h"

struct node;
struct spa_pod;

/* What a filter's port carries for us: what came to it from beyond its links.
 * Zero: nothing did. */
struct latency_port {
	struct spa_latency_info heard;
};

/* Of each bus, its limiter's frames as they were told last. */
struct latency {
	bool said; /* at all: not before a bus is late, since each word makes
		      all that is linked speak */
	uint32_t told[BUSES_MAX];
};

/* The filter's event: beyond a port something is late by this; NULL: as
 * before. */
void latency_heard(struct node *node, struct latency_port *port,
	const struct spa_pod *param);

/* From time to time: has a bus another delay by now? */
void latency_watch(struct node *node);

#endif
