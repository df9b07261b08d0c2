/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The feedback guard: what can be reached from our own outputs. A stream that
 * hears us must not be heard by us. Control thread only. */
#ifndef GUARD_H
#define GUARD_H

#include <stddef.h>

#include "driver/pipewire/graph/graph.h"

/* Marks every node that sound from `own_node` can reach: along links, through
 * nodes, across link groups (loopbacks, filter chains), and through programs
 * (what a program records it may play). */
void guard_walk(struct graph *g, uint32_t own_node);

/* After a walk: the node can hear us */
bool guard_reached(const struct graph *g, const struct graph_object *node);

/* After a walk: how a node that was reached hears us, in words: "echo.in
 * records tapdeck.loop" */
void guard_why(const struct graph *g, const struct graph_object *node,
	char *out, size_t size_bytes);

#endif
