/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mirror of what the PipeWire registry shows: clients, nodes, ports, links,
 * the profiler and metadata. The engine, the supervisor and the commands have
 * it, each on its connection. One thread: the loop's.
 *
 * It is looked at whole after each change, so nothing of it is searched for: a
 * node holds its ports and links, and names are hashed. registry.c fills
 * it. */
#ifndef GRAPH_H
#define GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <pipewire/pipewire.h>

#define GRAPH_NAMES	1024 /* a power of two */
#define GRAPH_RATES_MAX 32

enum graph_type {
	GRAPH_CLIENT,
	GRAPH_NODE,
	GRAPH_PORT,
	GRAPH_LINK,
	GRAPH_PROFILER,
	GRAPH_METADATA, /* the last */
};

struct graph;
struct metadata;

struct graph_object {
	struct spa_list link; /* in graph.objects[type] */
	struct graph *graph;
	enum graph_type type;
	uint32_t id;
	uint64_t serial;
	struct pw_properties *props; /* of the global; nodes, clients: full */
	bool known;		     /* nodes, clients: full props are here */
	uint32_t said;		     /* how often they were told */
	uint32_t mark;		     /* of a walk: see guard.c */
	uint32_t reached_from;	     /* in that walk: the node before it */

	/* nodes, ports */
	const char *name;      /* in props; "" when there is none */
	struct spa_list named; /* in graph.names[], or empty */

	/* nodes */
	enum pw_node_state state;
	uint32_t outputs; /* ports it says it has */
	/* what the metadata says of it, or NULL */
	char *target_object, *target_node;
	struct spa_list ports[2]; /* inputs, outputs; by their numbers */
	struct spa_list links_in, links_out; /* of_in, of_out of links */
	void *follower; /* whoever keeps something for it, or NULL */

	/* ports */
	struct spa_list of_node; /* in node.ports[] */
	uint32_t node_id;
	uint32_t number; /* among those of its direction */
	bool output;
	bool audio; /* 32 bit float mono audio */
	bool monitor;

	/* links */
	struct spa_list of_out, of_in; /* in its nodes' links_out, links_in */
	uint32_t out_node, out_port, in_node, in_port;
	bool asked; /* graph_ask() was */
	bool flows; /* both ends have their buffers, if it was asked */

	/* metadata: what it says; NULL where nobody watches */
	struct metadata *metadata;

	struct pw_proxy *proxy; /* nodes, clients, links asked */
	struct spa_hook listener;
	struct spa_hook proxy_listener;
};

/* What the daemon's settings say of rates; 0: nothing yet */
struct graph_settings {
	uint32_t clock_hz; /* clock.rate */
	uint32_t allowed_hz[GRAPH_RATES_MAX];
	uint32_t allowed;
};

/* Each may be NULL. An object has come; it is about to go, and its links and
 * ports are still its own. */
struct graph_events {
	uint32_t types; /* 1 << enum graph_type, of what is looked at; 0: all */
	void (*added)(void *data, struct graph_object *o);
	void (*removed)(void *data, struct graph_object *o);
};

struct graph {
	struct pw_core *core;
	struct pw_registry *registry; /* NULL: graph_add() alone fills it */
	struct spa_hook listener;
	struct spa_list objects[GRAPH_METADATA + 1];
	struct graph_object **by_id;
	uint32_t ids;
	struct spa_list names[GRAPH_NAMES];
	/* of nodes that are not there (yet) */
	struct spa_list loose_ports, loose_out, loose_in;
	uint32_t mark;
	uint32_t flowed; /* how often a link has begun to flow */
	const struct graph_events *events; /* or NULL */
	void *data;
	/* for each object that comes or goes; may be NULL */
	void (*event)(void *data);
	void *event_data;
	/* The metadata says anew where this node is to play; may be NULL. */
	void (*sent)(void *data, struct graph_object *node);
	void *sent_data;
	bool changed; /* set here on every change, cleared by the driver */
	bool lost;    /* the connection of some metadata */
	char default_sink[128];		   /* node.name, from the metadata */
	char default_configured_sink[128]; /* what the user chose */
	struct graph_settings settings;
};

/* An empty graph, that nobody fills. graph_done() accepts what a failure left,
 * removes everything, and leaves an empty one: whoever has it may still look,
 * and find nothing. */
void graph_init(struct graph *g);
void graph_done(struct graph *g);
/* registry.c: what the registry says comes into it. 0 or -errno */
int graph_listen(struct graph *g, struct pw_core *core,
	const struct graph_events *events, void *data);

/* graph_watch.c, the engine's: graph_listen(), and what the nodes, the clients
 * and the metadata say of themselves. 0 or -errno */
int graph_watch(struct graph *g, struct pw_core *core);
/* Keeps a node's state and all its properties up to date from now on */
void graph_watch_node(struct graph_object *node);
/* Reads the default metadata again, for PipeWire may not have told all that was
 * said there: see park_graph_read_again(). False: it is not there, or is being
 * read. */
bool graph_read_again(struct graph *g);
/* The session manager has not told all its words yet. */
bool graph_listens(const struct graph *g);
/* A link's `flows` is kept up to date from now on, when it is watched. */
void graph_ask(struct graph_object *link);

/* For registry.c and tests. NULL: no memory. An object that had this id
 * is removed first. */
struct graph_object *graph_add(struct graph *g, enum graph_type type,
	uint32_t id, const struct spa_dict *props);
void graph_remove(struct graph_object *o);
void graph_props(struct graph_object *o, const struct spa_dict *props);
/* The metadata has said this of a node: value NULL, it is unsaid; key NULL, all
 * is. */
void graph_word(struct graph_object *node, const char *key, const char *value);

/* NULL when there is none of that type with this id */
struct graph_object *graph_find(
	const struct graph *g, enum graph_type type, uint32_t id);
struct graph_object *graph_node(const struct graph *g, uint32_t id);
struct graph_object *graph_node_by_serial(
	const struct graph *g, uint64_t serial);
struct graph_object *graph_node_by_name(
	const struct graph *g, const char *name);

/* The client that a node is of; NULL: it is not there (yet) */
struct graph_object *graph_client(const struct graph_object *node);
/* A link goes from one node into another. */
bool graph_is_linked(const struct graph_object *from, uint32_t to_id);
/* What plays into a node comes from this one alone, or nothing does. */
bool graph_is_fed_by(const struct graph_object *node, uint32_t from_id);

/* The n-th port of a node in this direction, in the order of their numbers;
 * NULL past the last. Only audio ports; monitors only where `monitor`. */
struct graph_object *graph_port(const struct graph *g, uint32_t node_id,
	bool output, bool monitor, uint32_t n);
/* How many there are */
uint32_t graph_ports(
	const struct graph *g, uint32_t node_id, bool output, bool monitor);
struct graph_object *graph_port_by_name(
	const struct graph *g, uint32_t node_id, const char *name);
struct graph_object *graph_port_by_channel(const struct graph *g,
	uint32_t node_id, bool output, const char *channel);

/* The session manager has made this link: it may be taken away. */
bool graph_is_managers(const struct graph *g, const struct graph_object *link);
/* Of metadata: the one of default nodes and targets, and not that of filters */
bool graph_is_default(const struct graph_object *o);
/* Of that name there is one, or NULL */
const struct graph_object *graph_metadata(
	const struct graph *g, const char *name);

/* "" when there is none */
const char *graph_prop(const struct graph_object *o, const char *key);

#endif
