/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Smart filters of the user's: from WirePlumber 0.5 on, who plays into a sink
 * plays into the equaliser that stands before it. Control thread only. */
#ifndef SMART_H
#define SMART_H

#include "driver/pipewire/graph/graph.h"

/* Where the session manager would link a program that plays to the default
 * sink: the first filter before it, or sink itself. */
const struct graph_object *smart_before(
	const struct graph *g, const struct graph_object *sink);

/* The metadata "filters" has said this of a node; key NULL: all is unsaid. */
void smart_said(struct graph_object *node, const char *key, const char *value);

#endif
