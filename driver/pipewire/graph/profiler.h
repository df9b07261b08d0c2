/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PipeWire's profiler: what each node did in a cycle, also in one that was not
 * finished. It is bound only while somebody wants to know: until 0.3.65 it
 * tells at once what happens first, and after that once a second or when 16 KiB
 * have come together. Control thread only. */
#ifndef PROFILER_H
#define PROFILER_H

#include <stdbool.h>
#include <stdint.h>

#include <pipewire/pipewire.h>

#include "driver/pipewire/graph/graph.h"
#include "driver/pipewire/node/stall.h"

#define TURNS_MAX 256

/* Turns of one driver's cycle; its own is the first. */
typedef void (*profiler_heard)(
	void *data, const struct turn *turns, uint32_t count);

struct profiler {
	const struct graph *graph; /* borrowed; NULL: there is no profiler */
	struct spa_hook listener;
	struct spa_hook proxy_listener;
	struct pw_proxy *proxy;
	profiler_heard heard;
	void *data;
	struct turn turns[TURNS_MAX];
};

/* Both are borrowed; profiler_stop() before they go. */
void profiler_init(struct profiler *p, struct pw_context *context,
	const struct graph *g, profiler_heard heard, void *data);

/* Begins to tell; does nothing where it does already, or where the daemon has
 * no profiler */
void profiler_start(struct profiler *p);
void profiler_stop(struct profiler *p);

#endif
