/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nodes that tapdeck puts into PipeWire: the loop devices that a DAW
 * records, the parking sink, the cable.
 *
 * All three are support.null-audio-sink adapters that run in the daemon. None
 * lets WirePlumber remember a volume for it (device.routes says that a sound
 * card does): that would leave lines in the user's files, and a recording at
 * less than unity.
 *
 * Called on the thread of the core's loop. Nothing here waits: the proxy is the
 * caller's, its `bound` and `error` events tell what came of it. */
#ifndef SOUND_DEVICE_H
#define SOUND_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pipewire/pipewire.h>
#include <spa/node/command.h>

#include "driver/bus_name.h"
#include "driver/pipewire/graph/graph.h"

#define SOUND_DEVICE_NAME_MAX 48
/* A property of loop devices that `tapdeck run` has made for itself. */
#define SOUND_DEVICE_FOR_RUN	"tapdeck.for-run"
#define SOUND_DEVICE_CABLE_NAME "tapdeck.cable"

/* What to say, after the command's name, when there is nothing to talk to. */
#define SOUND_DEVICE_NO_PIPEWIRE                                               \
	"no PipeWire to talk to; start it (systemctl --user start pipewire "   \
	"wireplumber), or see it all in a private one: make demo"

/* "tapdeck.loop", "tapdeck.loop2" ...; number 1..LOOPS_MAX */
void sound_device_loop_name(uint32_t number, char *name, size_t size_bytes);

/* the number of the loop device that this node.name names, 0 if none */
uint32_t sound_device_loop_number(const char *node_name);

/* Everything that makes the loop device, as given to the adapter factory; the
 * caller frees it. NULL without memory. */
struct pw_properties *sound_device_loop_properties(uint32_t number);

/* Makes a loop device that outlives us. Two of one name are possible, so call
 * it only when the registry has none. for_run: `tapdeck run` makes it for
 * itself, and takes it away at its end unless a program records it. NULL with
 * errno. */
struct pw_proxy *sound_device_loop_create(
	struct pw_core *core, uint32_t number, bool for_run);

/* The silent sink that taken programs are parked on; dies with our connection
 * or its proxy. Mixers show it, by a name that says what it is: the pulse
 * server answers a client that begins to play only when it is linked to a sink
 * of a class that is seen by all, and never when that is Audio/Sink/Internal.
 */
struct pw_proxy *sound_device_park_new(struct pw_core *core, const char *name);

/* The visible sink Tapdeck; dies with our connection or its proxy. With grab it
 * is so important that WirePlumber makes it the default sink while it is there,
 * also over the one that the user has configured. */
struct pw_proxy *sound_device_cable_new(struct pw_core *core, bool grab);

/* A sink that nobody is shown, so that the session manager looks again who is
 * to be the default: it does when a sink comes or goes. */
struct pw_proxy *sound_device_news_new(struct pw_core *core);

/* Takes the monitor ports off a stereo sink of ours; its inputs are new ones. A
 * sink that runs refuses it: that is an error of the proxy. */
void sound_device_monitor_remove(struct pw_proxy *sink);

/* Starts a sink that somebody plays into or records; one that rests is left
 * alone. */
void sound_device_start(const struct graph_object *sink);

/* Sends a command to a node: it starts, pauses */
void sound_device_command(struct pw_registry *registry, uint32_t node_id,
	enum spa_node_command what);

#endif
