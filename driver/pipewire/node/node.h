/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine's one node: a filter with a fixed pool of ports, all made before
 * it connects. Ports that come or go on a running filter crash its data
 * thread; only links change. Control thread only. */
#ifndef NODE_H
#define NODE_H

#include <stdbool.h>

#include <pipewire/pipewire.h>

#include "driver/driver.h"
#include "driver/pipewire/node/cycle.h"
#include "driver/pipewire/node/latency.h"

#define NODE_NAME "tapdeck"

struct node {
	struct pw_filter *filter;
	struct spa_hook listener;
	struct cycle *cycle;
	struct mixer *mixer;
	struct latency latency;
	bool leaving; /* we take it away */
	bool failed;  /* the daemon does not want it, or somebody removed it */
};

/* force_rate: the graph is asked to run at it. bell: an eventfd that does not
 * block, rung when a MIDI message has come; the caller's. 0 or -errno; audio
 * does not run yet. node_done() accepts what a failed init left. */
int node_init(struct node *node, struct pw_core *core,
	const struct driver_config *config, uint32_t rate_hz, bool force_rate,
	int bell);

/* Audio runs from here on. 0 or -errno */
int node_start(struct node *node);

/* Audio mixes nothing, and leaves mixer and reflex alone, from when this
 * returns 0 until node_resume(). -ETIMEDOUT: it is inside of a cycle and does
 * not come out; nothing has changed. */
int node_pause(struct node *node);
void node_resume(struct node *node);

/* While paused: the mixer goes on at this rate, with new reflexes; ports and
 * links stay. 0, or -errno and there are none. */
int node_set_rate(struct node *node, const struct driver_config *config,
	uint32_t rate_hz);

/* The graph is asked to run at this rate; 0: no more */
void node_force_rate(struct node *node, uint32_t rate_hz);

/* Audio has stopped when this returns. */
void node_done(struct node *node);

/* SPA_ID_INVALID until the daemon has told it */
uint32_t node_id(const struct node *node);

/* "SCHED_FIFO 88", as the kernel says it of the audio thread; "" before it
 * ran */
void node_scheduler(const struct node *node, char out[32]);

#endif
