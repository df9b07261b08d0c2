/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The links that are ours: what is wanted is said anew each time, what differs
 * is made or removed. They die with our connection. Control thread only. */
#ifndef LINKS_H
#define LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/pipewire/graph/graph.h"

#define LINKS_BUCKETS 256 /* a power of two */

/* A link that PipeWire refuses again and again; strerror() of why */
typedef void (*links_refused)(void *data, const struct graph_object *out_port,
	const struct graph_object *in_port, const char *why);

struct links {
	struct pw_core *core; /* NULL: not begun */
	struct graph *graph;
	links_refused refused; /* said once for each; may be NULL */
	void *data;
	struct spa_list list;		       /* struct own_link */
	struct spa_list bucket[LINKS_BUCKETS]; /* by their out_node */
};

void links_init(struct links *l, struct pw_core *core, struct graph *g,
	links_refused refused, void *data);
void links_done(struct links *l);

/* links_begin(), links_want() for each, links_end(): makes it so. What is
 * refused is tried again at once for a few times, then more and more seldom:
 * links_end() returns when that is due, in ns from now, or UINT64_MAX. */
void links_begin(struct links *l);
void links_want(struct links *l, const struct graph_object *out_port,
	const struct graph_object *in_port);
uint64_t links_end(struct links *l, uint64_t now_ns);

/* Every link of ours out of this node is made, and runs or rests with its
 * node; false if there is none. */
bool links_active(const struct links *l, uint32_t out_node);

/* Every link of ours between these two runs; false if there is none. */
bool links_active_to(
	const struct links *l, uint32_t out_node, uint32_t in_node);

/* Wants what links there are between two nodes; false if there is none */
bool links_keep(struct links *l, uint32_t out_node, uint32_t in_node);

/* Removes our links into a port; links_end() makes them again */
void links_cut(struct links *l, uint32_t in_port);

/* Removes our links out of a node that stand still for long while another one
 * between the same two nodes runs; links_end() makes them again. True when
 * there are some that have not stood for long yet: ask again soon. PipeWire
 * 0.3.65 leaves it so when it has suspended the other node and resumed it, and
 * a WirePlumber that starts makes it do that: one side is silent. */
bool links_revive(struct links *l, uint32_t out_node, uint64_t now_ns);

uint32_t links_count(const struct links *l);

/* Asks PipeWire for a link that is its user's: it stays when we go. False when
 * it could not be asked for. */
bool links_make_users(struct pw_core *core, const struct graph_object *out_port,
	const struct graph_object *in_port);
/* Of a link at our node, `own`: somebody else has made it, or we have for him
 */
bool links_is_users(
	const struct graph_object *own, const struct graph_object *link);

#endif
