/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a node is; of the mirror alone. Control thread only. */
#ifndef KIND_H
#define KIND_H

#include "driver/pipewire/driver_own.h"

bool kind_is_jack(const struct graph_object *node);
bool kind_is_app(const struct driver *d, const struct graph_object *node);
/* Another node of this one's link group, with this class or the beginning of
 * it; NULL when there is none. */
const struct graph_object *kind_mate(const struct driver *d,
	const struct graph_object *node, const char *class);
/* Why this stream cannot be taken, in words; NULL when it can */
const char *kind_why_not_taken(const struct driver *d, const struct stream *s);

#endif
