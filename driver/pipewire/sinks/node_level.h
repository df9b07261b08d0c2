/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Volume and mute of one sink, where a desktop's mixer finds them: a sink that
 * is an output of a sound card has those of the card's active route, and with
 * them the knobs of its hardware; any other sink has its own. Control thread
 * only. */
#ifndef NODE_LEVEL_H
#define NODE_LEVEL_H

#include <stdbool.h>
#include <stdint.h>

#include <pipewire/pipewire.h>

#include "driver/pipewire/graph/graph.h"

#define LEVEL_CHANNELS_MAX 64

struct level {
	uint32_t channels;		   /* 0: not known */
	float channel[LEVEL_CHANNELS_MAX]; /* linear, from 0 */
	bool mute;
};

struct sink_level {
	uint64_t serial; /* of the sink; 0: none is bound */
	struct level own, route;
	uint32_t heard;	      /* how often it was told */
	uint32_t route_flags; /* another one: the route is */
	int32_t route_index;
	int32_t route_device; /* what the sink is called among its card's */
	struct pw_proxy *node, *card;
	struct spa_hook node_hook, node_proxy_hook, card_hook, card_proxy_hook;
	void (*changed)(void *data);
	void *data;
};

/* s is zeroed memory; changed() is called whenever level_now() may be another.
 * What it says of a sink before is forgotten. NULL: of none. */
void level_bind(struct sink_level *s, const struct graph *g,
	const struct graph_object *sink, void (*changed)(void *data),
	void *data);
void level_unbind(struct sink_level *s);

/* as last told; NULL while not known */
const struct level *level_now(const struct sink_level *s);

/* What came of it is told. */
void level_set(struct sink_level *s, const struct level *level);

#endif
