/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor's view of PipeWire: what the parking has in mind of its nodes,
 * and the words of the metadata object "default" as they come in, over a
 * connection of their own: what it makes and what it sees do not depend on
 * WirePlumber. It decides nothing. One thread: the loop's. */
#ifndef PARK_GRAPH_H
#define PARK_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <pipewire/pipewire.h>

#include "driver/supervisor/park/contest.h"
#include "driver/supervisor/journal.h"
#include "driver/pipewire/graph/graph.h"
#include "driver/pipewire/graph/metadata.h"

#define KEY_OBJECT "target.object"
#define KEY_NODE   "target.node"

enum park_state {
	PARK_FREE,
	PARK_PARKED,	/* we have written our sink over its target */
	PARK_RESTORING, /* written back, not yet seen to be so */
};

struct park_node {
	struct spa_list link;
	uint32_t id;
	uint64_t serial;
	char name[SUPERVISOR_NAME_MAX];
	bool is_sink;
	bool is_new; /* it has come later than we, and was never parked */

	/* Streams of the same target_key share WirePlumber's memory of a sink;
	 * "" for what is no playing stream. */
	char target_key[SUPERVISOR_NAME_MAX];
	uint64_t chosen_turn; /* when its user last chose; 0 never, 1 before us
			       */

	/* What others than we have last written: the user's. */
	struct metadata_value object; /* target.object */
	struct metadata_value node;   /* target.node */
	unsigned written;	      /* by us last: park_graph.epoch of then */

	/* the parking's own (driver/supervisor/park/park.c) */
	enum park_state state;
	bool requested;	  /* the engine wants it parked */
	unsigned due;	  /* in that epoch, when what is said of it is known */
	bool crossed;	  /* a word about it has come after its release */
	bool overwritten; /* target.node holds overwritten_id, which is ours */
	uint32_t overwritten_id;
	char park[SUPERVISOR_NAME_MAX];
	struct contest contest; /* for its target */
	/* park_moved.c: the serials of the sink that it was moved to, and of
	 * one that it is leaving, 0: none; since when */
	uint64_t moved_to, paused;
	uint64_t moved_ns;
};

struct park_graph_events {
	void (*connected)(void *data);
	/* Every node, id and serial is void: destroy what proxies you have.
	 * Connecting again is under way. */
	void (*lost)(void *data);
	/* Nodes and metadata as of now have been seen whole. */
	void (*ready)(void *data);
	/* WirePlumber left; its metadata is void. */
	void (*unready)(void *data);
	/* All that was there when park_graph_fence() was called is told. */
	void (*fenced)(void *data);
	/* Anything has come. May be NULL. */
	void (*seen)(void *data, const struct graph_object *o);
	/* What was said of it already has been told with property(). */
	void (*node_new)(void *data, struct park_node *n);
	void (*node_gone)(void *data, struct park_node *n);
	/* A word about a node that is not there (any more). */
	void (*stray)(void *data, uint32_t id, const char *key,
		const struct metadata_value *value);
	/* value not set: deleted */
	void (*property)(void *data, struct park_node *n, const char *key,
		const struct metadata_value *value);
	/* All words have been read again. */
	void (*read)(void *data);
};

struct park_graph {
	struct pw_loop *loop;
	const struct park_graph_events *events;
	void *data;

	struct pw_context *context;
	struct pw_core *core;	  /* NULL while not connected */
	struct graph mirror;	  /* a node's follower is its park_node */
	struct metadata metadata; /* not open while WirePlumber is away */
	struct spa_hook core_hook;
	struct spa_source *retry;
	struct spa_source *check; /* of words that were not told */
	bool check_due;
	unsigned retries;
	uint32_t daemon; /* its cookie */
	bool is_ready, closing;
	int ready_seq, fence_seq;
	bool again_wanted; /* when the words have been told */
	unsigned epoch;	   /* how often they were */
	struct spa_list nodes;
};

/* control: 0, -EHOSTDOWN when there is no PipeWire, -errno */
int park_graph_open(struct park_graph *g, struct pw_loop *loop,
	const struct park_graph_events *events, void *data);
void park_graph_close(struct park_graph *g);

/* control: the event fenced() comes when PipeWire has answered; a later call
 * takes the place of an earlier one */
void park_graph_fence(struct park_graph *g);

/* Reads all words of the metadata again and tells them, and those that are not
 * there any more, as what has just been said. PipeWire (0.3 to 1.4) drops each
 * word that comes while some client binds to the metadata, and all for good
 * when one dies at that: what it has told is not all that was said. The event
 * read() comes when g->epoch is what this returns, or later; 0: ready() comes,
 * and has read them. */
unsigned park_graph_read_again(struct park_graph *g);

/* The same a little later: with each word of ours, for those of others that we
 * may not have been told of. */
void park_graph_check(struct park_graph *g);

struct park_node *park_graph_by_id(struct park_graph *g, uint32_t id);
struct park_node *park_graph_by_serial(struct park_graph *g, uint64_t serial);

/* Writes a word of the metadata about a node; a value that is not set deletes.
 * Nothing happens while there is no metadata. */
void park_graph_write(struct park_graph *g, uint32_t id, const char *key,
	const struct metadata_value *value);

bool metadata_value_same(
	const struct metadata_value *a, const struct metadata_value *b);
/* false and not set when it does not fit */
bool metadata_value_make(
	struct metadata_value *v, const char *type, const char *value);

#endif
