/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that hangs holds up every cycle of ours, since what is linked into
 * our node runs before it. It is found, taken off until it lives, and the
 * others go on. Control thread only. */
#ifndef BLOCKED_H
#define BLOCKED_H

#include <stdbool.h>
#include <stdint.h>

#include <pipewire/pipewire.h>

#include "driver/pipewire/graph/profiler.h"
#include "driver/pipewire/node/stall.h"

struct driver;
struct tapped;

struct blocked {
	struct profiler profiler;
	struct spa_source *timer;
	uint64_t pace_ns; /* of the timer; 0: nobody looks */
	struct stall stall;
	enum stall_level level; /* of the stall, as it was seen last */
	/* Of the last cycle that our node was in, if it is of this stall. */
	struct turn turns[TURNS_MAX];
	uint32_t count;
	uint64_t due_since_ns;	  /* cycles of this stall were; 0: none yet */
	struct spa_list culprits; /* struct culprit */
	uint8_t *reached;	  /* by node id: of the walk that was last */
	uint32_t reached_ids;
};

/* After graph_watch(), before anything has come of it. 0 or -errno;
 * blocked_done() accepts what a failed init left. */
int blocked_init(struct driver *d);
void blocked_done(struct driver *d);

/* At each look: which streams are off their strips for a program that hangs
 * (stream.blocked), and whether there is anything to watch */
void blocked_mark(struct driver *d);

/* What `tapdeck apps` says of it; NULL when none of its streams is blocked */
const char *blocked_note(const struct driver *d, const struct tapped *t);

/* blocked_walk.c: marks this node and who comes before it in a cycle, or
 * after it up to our own node, until the next walk */
void blocked_walk(struct driver *d, uint32_t from, bool before);
bool blocked_reached(const struct blocked *b, uint32_t node_id);

#endif
