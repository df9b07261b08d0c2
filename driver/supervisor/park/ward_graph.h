/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor's view of PipeWire: its nodes, and the words of the metadata
 * object "default" as they come in, over a connection of their own: what it
 * makes and what it sees do not depend on WirePlumber. It decides nothing.
 *
 * Own code beside the engine's graph (driver/pipewire/graph/pw_graph.h),
 * because this process must go on when that one is wrong. One thread: the
 * loop's. */
#ifndef WARD_GRAPH_H
#define WARD_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <pipewire/pipewire.h>

#include "driver/supervisor/park/ward_contest.h"
#include "driver/supervisor/ward_journal.h"
#include "driver/pipewire/graph/words.h"

#define KEY_OBJECT "target.object"
#define KEY_NODE   "target.node"

enum ward_node_state {
	WARD_NODE_FREE,
	WARD_NODE_PARKED,    /* we have written our sink over its target */
	WARD_NODE_RELEASING, /* written back, not yet seen to be so */
};

struct ward_node {
	struct spa_list link;
	uint32_t id;
	uint64_t serial;
	char name[WARD_NAME_MAX];
	bool is_sink;
	bool is_new; /* it has come later than we, and was never parked */

	/* Streams of the same kin share WirePlumber's memory of a sink; "" for
	 * what is no playing stream. */
	char kin[WARD_NAME_MAX];
	uint64_t spoke; /* when its user last chose; 0 never, 1 before us */

	/* What others than we have last written: the user's. */
	struct ward_value object; /* target.object */
	struct ward_value node;	  /* target.node */
	unsigned written;	  /* by us last: ward_graph.epoch of then */

	/* the parking's own (driver/supervisor/park/ward_park.c) */
	enum ward_node_state state;
	bool wished;  /* the engine wants it parked */
	unsigned due; /* in that epoch, when what is said of it is known */
	bool crossed; /* a word about it has come after its release */
	bool covered; /* target.node holds covered_id, which is ours */
	uint32_t covered_id;
	char park[WARD_NAME_MAX];
	struct ward_contest contest; /* for its target */
	/* ward_moved.c: the serials of the sink that it was moved to, and of
	 * one that it is leaving, 0: none; since when */
	uint64_t moved_to, paused;
	uint64_t moved_ns;
};

struct ward_link {
	uint32_t id;
	uint32_t from, to; /* nodes */
};

struct ward_graph_events {
	void (*connected)(void *data);
	/* Every node, id and serial is void: destroy what proxies you have.
	 * Connecting again is under way. */
	void (*lost)(void *data);
	/* Nodes and metadata as of now have been seen whole. */
	void (*ready)(void *data);
	/* WirePlumber left; its metadata is void. */
	void (*unready)(void *data);
	/* All that was there when ward_graph_fence() was called is told. */
	void (*fenced)(void *data);
	void (*node_new)(void *data, struct ward_node *n);
	void (*node_gone)(void *data, struct ward_node *n);
	/* A word about a node that is not there (any more). */
	void (*stray)(void *data, uint32_t id, const char *key,
		const struct ward_value *value);
	/* value not set: deleted */
	void (*property)(void *data, struct ward_node *n, const char *key,
		const struct ward_value *value);
	/* All words have been read again. */
	void (*read)(void *data);
};

struct ward_graph {
	struct pw_loop *loop;
	const struct ward_graph_events *events;
	void *data;

	struct pw_context *context;
	struct pw_core *core; /* NULL while not connected */
	struct pw_registry *registry;
	struct words words; /* not open while WirePlumber is away */
	struct spa_hook core_hook, registry_hook;
	struct spa_source *retry;
	unsigned retries;
	uint32_t daemon; /* its cookie */
	bool is_ready;
	int ready_seq, fence_seq;
	bool again_wanted; /* when the words have been told */
	unsigned epoch;	   /* how often they were */
	struct spa_list nodes;
	struct pw_array links; /* struct ward_link: all there are */
};

/* control: 0, -EHOSTDOWN when there is no PipeWire, -errno */
int ward_graph_open(struct ward_graph *g, struct pw_loop *loop,
	const struct ward_graph_events *events, void *data);
void ward_graph_close(struct ward_graph *g);

/* control: the event fenced() comes when PipeWire has answered; a later call
 * takes the place of an earlier one */
void ward_graph_fence(struct ward_graph *g);

/* Reads all words of the metadata again and tells them, and those that are not
 * there any more, as what has just been said. PipeWire (0.3 to 1.4) drops each
 * word that comes while some client binds to the metadata, and all for good
 * when one dies at that: what it has told is not all that was said. The event
 * read() comes when g->epoch is what this returns, or later; 0: ready() comes,
 * and has read them. */
unsigned ward_graph_read_again(struct ward_graph *g);

struct ward_node *ward_graph_by_id(struct ward_graph *g, uint32_t id);
struct ward_node *ward_graph_by_serial(struct ward_graph *g, uint64_t serial);

/* Writes a word of the metadata about a node; a value that is not set deletes.
 * Nothing happens while there is no metadata. */
void ward_graph_write(struct ward_graph *g, uint32_t id, const char *key,
	const struct ward_value *value);

bool ward_value_same(const struct ward_value *a, const struct ward_value *b);
/* false and not set when it does not fit */
bool ward_value_make(struct ward_value *v, const char *type, const char *value);

#endif
