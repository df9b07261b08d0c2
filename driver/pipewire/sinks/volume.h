/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cable's volume and mute are those of the sink that main plays into.
 *
 * A desktop's volume keys act on the default sink, which the cable is with
 * `grab: new`, and nothing passes through it. They go on to the room's sink and
 * not to main's gain: the keys then do what they did before tapdeck, with the
 * card's own volume, in its full resolution and up to its full loudness; the
 * user finds it as he left it when tapdeck ends; and main's fader stays with
 * the mixer's surfaces. What is recorded is neither. Control thread only. */
#ifndef VOLUME_H
#define VOLUME_H

#include "driver/pipewire/sinks/node_level.h"

struct volume;

/* NULL without memory; volume_free() before the core goes */
struct volume *volume_new(struct pw_loop *loop, struct pw_core *core);
void volume_free(struct volume *v);

/* To be called when the graph has changed. Either sink may be NULL: there is
 * none. NULL for v is fine. */
void volume_between(struct volume *v, const struct graph *g,
	const struct graph_object *cable, const struct graph_object *room);

#endif
