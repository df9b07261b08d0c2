/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helps a session manager that starts beside nodes that are older than it.
 *
 * WirePlumber (0.4, and 0.5.8 no less) gives each node that it finds a port
 * configuration, and waits until ports of that node come or go. A node that the
 * WirePlumber before it has given the same one keeps its ports, the wait has no
 * end, and as long as it waits for one node it links no program to any other.
 *
 * So it is shown what it waits for: ports of such nodes are hidden from it,
 * from nobody else, and shown again at once. The graph stays as it is and no
 * sound stops. Rejected: making the nodes anew. A DAW may record one of them,
 * and others are not ours.
 *
 * One thread: the loop's. */
#ifndef SESSION_MANAGER_H
#define SESSION_MANAGER_H

#include <stdint.h>

#include <pipewire/pipewire.h>

#include "driver/pipewire/graph/graph.h"

struct session_manager {
	struct pw_loop *loop;
	struct graph *graph; /* NULL while not connected */
	struct spa_source *timer;
	unsigned refreshes;
};

/* control: 0 or -errno. m is zeroed memory of the caller's;
 * session_manager_close() accepts what a failure left. */
int session_manager_open(struct session_manager *m, struct pw_loop *loop);
void session_manager_close(struct session_manager *m);

/* control: PipeWire has told of an object; its graph stays the caller's until
 * session_manager_lost() */
void session_manager_seen(
	struct session_manager *m, const struct graph_object *o);
void session_manager_lost(struct session_manager *m);

#endif
