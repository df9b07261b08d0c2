/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mirror of what the PipeWire registry shows: clients, nodes, ports, links,
 * and the session's default metadata. Control thread only. */
#ifndef PW_GRAPH_H
#define PW_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <pipewire/pipewire.h>

enum graph_type {
	GRAPH_CLIENT,
	GRAPH_NODE,
	GRAPH_PORT,
	GRAPH_LINK,
	GRAPH_METADATA,
};

struct graph;

struct graph_object {
	struct spa_list link; /* in graph.objects[type] */
	struct graph *graph;
	enum graph_type type;
	uint32_t id;
	uint64_t serial;
	struct pw_properties *props; /* of the global; nodes, clients: full */
	bool known;		     /* nodes, clients: full props are here */
	uint32_t mark;		     /* of a walk: see pw_guard.c */

	/* nodes */
	enum pw_node_state state;
	uint32_t outputs; /* ports it says it has */
	/* ports */
	uint32_t node_id;
	bool output;
	bool audio; /* 32 bit float mono audio */
	bool monitor;
	/* links */
	uint32_t out_node, out_port, in_node, in_port;

	struct pw_proxy *proxy; /* nodes, clients, metadata */
	struct spa_hook listener;
	struct spa_hook proxy_listener;
};

struct graph {
	struct pw_registry *registry;
	struct spa_hook listener;
	struct spa_list objects[GRAPH_METADATA + 1];
	struct graph_object **by_id;
	uint32_t ids;
	uint32_t mark;
	bool changed; /* set here on every change, cleared by the driver */
	char default_sink[128];		   /* node.name, from the metadata */
	char default_configured_sink[128]; /* what the user chose */
};

/* 0 or -errno; graph_done() accepts what a failed init left */
int graph_init(struct graph *g, struct pw_core *core);
void graph_done(struct graph *g);

/* NULL when there is none of that type with this id */
struct graph_object *graph_find(
	const struct graph *g, enum graph_type type, uint32_t id);
struct graph_object *graph_node_by_name(
	const struct graph *g, const char *name);

/* The n-th port of a node in this direction, in the order of their numbers;
 * NULL past the last. Only audio ports; monitors only where `monitor`. */
struct graph_object *graph_port(const struct graph *g, uint32_t node_id,
	bool output, bool monitor, uint32_t n);
struct graph_object *graph_port_by_name(
	const struct graph *g, uint32_t node_id, const char *name);
struct graph_object *graph_port_by_channel(const struct graph *g,
	uint32_t node_id, bool output, const char *channel);

/* "" when there is none */
const char *graph_prop(const struct graph_object *o, const char *key);

#endif
