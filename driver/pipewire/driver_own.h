/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the PipeWire driver share. Control thread only; all pw_*
 * calls of the driver run there, except those that get and give buffers in
 * cycle*.c. */
#ifndef DRIVER_OWN_H
#define DRIVER_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include <pipewire/pipewire.h>

#include "driver/driver.h"
#include "driver/pipewire/node/blocked.h"
#include "driver/pipewire/graph/graph.h"
#include "driver/pipewire/graph/recent.h"
#include "driver/pipewire/graph/remembered.h"
#include "driver/pipewire/links.h"
#include "driver/pipewire/node/node.h"
#include "driver/pipewire/node/rate.h"
#include "driver/pipewire/sinks/volume.h"
#include "driver/supervisor/supervisor.h"

/* A stream on its way to a strip and back: see tap.c. */
enum tap_step {
	STEP_NONE,    /* not linked to a strip */
	STEP_LINKING, /* plays elsewhere; our links are being made */
	STEP_PARKING, /* asked to be moved to the silent sink */
	STEP_MOVING, /* on its way to another strip; its links are being made */
	STEP_MOVED,  /* that strip opens, the one before closes */
	STEP_ON,
	STEP_LEAVING, /* sent back; waits to be heard where it was */
	STEP_CLOSING, /* its strip fades out */
};

struct stream {
	struct spa_list link; /* in tapped.streams */
	struct tapped *app;
	uint32_t node_id;
	uint64_t serial;
	int strip;     /* it is linked to; -1: to none */
	int old_strip; /* and to this as well, from which it goes; or -1 */
	enum tap_step step;
	uint64_t since_ns; /* of this step */
	bool linked;	   /* links to its strip are wanted */
	bool parked;	   /* we asked for it */
	bool begins;	   /* taken before it was heard; it has not run on its
			      strip alone yet */
	bool early;	   /* on its open strip while it is heard elsewhere, and
			      out of main until it is asked for: STEP_LINKING */
	bool sent; /* its user has sent it to a sink, as far as is known */
	uint64_t sent_ns; /* so long its user's word may bring it to where
			     main is heard; 0: it has, or there is none */
	/* Copied and kept out of main, though it is to be taken: it is heard
	 * where the session manager has it. */
	bool aside;
	/* Its user has sent it to this sink, not to the room: see choice.c.
	 * "": it plays where everything goes */
	char away[APP_NAME_MAX];
	uint64_t away_serial;
	uint64_t choice_ns; /* its user's words were last seen as they are
			       held here */
	/* What the session manager will do with it, if it has not spoken yet:
	 * the node.name of a sink, or "" */
	char remembered[128];
	uint64_t noted; /* serial of the sink that its user's word is noted
			   with; 0: none */
	uint64_t born_ns;
	uint64_t doubt_ns; /* its words and its sink contradict each other since
			      then; 0: they do not */
	char why_aside[APP_NOTE_MAX];
	uint32_t refusals; /* times that the session manager did not move it */
	uint32_t said; /* of its node and its client: it was grouped by that */
	uint64_t retry_ns; /* when to ask it again */
	bool blocked;	   /* off its strip: see blocked.h */
	bool cable_said;   /* that somebody has linked it to a sink */
	/* what of it is not heard, in words, or ""; since when, and whether the
	 * log has it */
	char left_out[APP_NOTE_MAX];
	uint64_t left_out_ns;
	bool left_out_said;
	bool reached; /* it can hear us: see feedback.c */
	bool crowded; /* its strip has no place for it: see crowd.c */
};

struct tapped {
	struct spa_list link; /* in driver.apps */
	struct app app;	      /* as it is */
	struct app told;      /* as control knows it */
	struct spa_list streams;
	int strip; /* asked for, and so are these */
	enum tap_mode tap;
	bool by_hand; /* asked for by its user, wherever it plays */
	uint32_t pair;
	uint32_t reached; /* streams that can hear us */
	bool crowd_said;
};

/* A bus on its way from one sink to another: see handover.c. */
struct handover {
	uint64_t to, from; /* serials; 0: none */
	uint64_t since_ns;
	uint64_t paused; /* was, as it was left */
	uint64_t paused_ns;
};

/* What is known of the sinks of cue and main: see headphones.c. */
struct headphones {
	uint64_t cue, room; /* serials; 0: there is none */
	bool cue_leads;	    /* PipeWire goes by its sink */
	bool resamples;	    /* the other one */
	int32_t late_us;    /* cue after main; of no meaning on one sink */
};

struct driver {
	struct driver_config config;
	const struct driver_events *events;
	void *data;

	struct pw_main_loop *main;
	struct pw_loop *loop;
	struct pw_context *context;
	struct pw_core *core;
	struct spa_hook core_listener;
	struct spa_source *timer; /* a step waits */
	struct spa_source *watch; /* on the audio thread's findings */
	struct spa_source *bell;  /* it has heard a MIDI message */
	struct graph graph;
	struct links links;
	struct node node;
	struct blocked blocked;
	struct recent recent;
	struct remembered remembered;

	uint64_t started_ns;
	uint32_t rate_hz;
	int sync;
	struct rate rate;
	uint64_t synced_ns;
	uint64_t leave_ns; /* it waits for nothing any longer; 0: not leaving */
	uint64_t cycles_before; /* it saw these before its sinks ran it */
	bool seen;		/* the registry has been seen whole once */
	bool synced;	/* what was bound of it has answered, at synced_ns */
	bool running;	/* between start() and stop() */
	bool ran;	/* this node has seen a cycle: it plays what it takes */
	bool idle_said; /* it has seen none for long */
	bool lost;	/* the connection is gone */
	bool regroup;	/* control asks anew whose each stream is */
	bool rate_bad; /* the graph's rate is none of ours: nothing is tapped */
	bool released; /* everything goes back to its user */
	bool waiting;  /* a step waits for time to pass */
	bool loops_made;

	struct spa_list apps;
	uint32_t next_app_id;
	uint32_t foreign_links;
	bool strip_closed[STRIPS_MAX];
	uint64_t strip_closed_ns[STRIPS_MAX]; /* since then */
	bool strip_aside[STRIPS_MAX];	      /* kept out of main */
	bool strip_halved[STRIPS_MAX];	      /* in main */
	uint32_t strip_streams[STRIPS_MAX];   /* linked to it */
	uint64_t read_ns;	     /* when the metadata was last read again */
	uint64_t retry_ns;	     /* of the next stream that waits for it, or
					UINT64_MAX */
	uint64_t manager_serial;     /* of the metadata of those who refused */
	uint64_t park_serial;	     /* of the silent sink, 0: none */
	uint64_t wide_serial[WIDES]; /* the stream that has it, or 0 */
	uint32_t wide_node[WIDES];   /* its node, also after it */
	bool wide_short;	     /* said that there are not enough */

	/* where each bus plays that is no loop, or ""; main's again */
	char bus_now[BUSES_MAX][128];
	const char *main_now;
	bool bus_looked[BUSES_MAX];
	/* the device of a loop bus: it is there; it was, and is gone */
	bool loop_there[BUSES_MAX], loop_lost[BUSES_MAX];
	uint64_t bus_wide[BUSES_MAX]; /* the sink of which was said that it has
					 more than two channels, or 0 */
	struct handover handover[BUSES_MAX];
	struct headphones phones, phones_said;
	uint32_t to_start[2 * BUSES_MAX]; /* sinks, at the end of this look */
	uint32_t to_starts;
	struct volume *volume;
	struct pw_proxy *loop_proxy[BUSES_MAX];
	uint64_t dead_buffers;
	uint64_t looks, look_ns; /* how many, and how long they took */
	uint64_t turn_ns;	 /* when the last turn began */
	uint64_t turn_ns_max;	 /* of driver_dispatch(); processor's */
	uint64_t links_due_ns;	 /* a refused link is tried again in, or
				    UINT64_MAX */
	uint64_t clocks_said; /* serial of the sink that was warned of, or 0 */
	/* links, as control knows them, and graph.flowed */
	uint32_t midi_in, midi_out, midi_flowed;
	bool peer_linked[SUPERVISOR_PEERS_MAX]; /* anew, by us */
	uint64_t peers_since_ns; /* they have been looked for; 0: not yet */
	bool peers_kept;	 /* those of the engine before are dealt with */
};

/* The node of the mixer, as the graph has it; or NULL */
static inline struct graph_object *
driver_own_node(const struct driver *d)
{
	return graph_node(&d->graph, node_id(&d->node));
}

static inline struct graph_object *
driver_own_port(const struct driver *d, const char *name)
{
	return graph_port_by_name(&d->graph, node_id(&d->node), name);
}

/* How long a block is that the audio thread has seen, in ns */
static inline uint64_t
driver_block_ns(const struct driver *d)
{
	/* relaxed: two numbers, and any recent ones will do */
	uint64_t frames = atomic_load_explicit(
		&d->node.cycle->block_seen, memory_order_relaxed);
	uint32_t seen_hz = atomic_load_explicit(
		&d->node.cycle->rate_seen_hz, memory_order_relaxed);
	uint32_t rate_hz = seen_hz ? seen_hz : d->rate_hz;

	return rate_hz ? frames * 1000000000u / rate_hz : 0;
}

/* The stream after this one, of all apps; from NULL the first, NULL after the
 * last */
static inline struct stream *
driver_next_stream(const struct driver *d, const struct stream *s)
{
	const struct spa_list *app = s ? &s->app->link : &d->apps;
	const struct tapped *t;

	if (s && s->link.next != &s->app->streams)
		return SPA_CONTAINER_OF(s->link.next, struct stream, link);
	while ((app = app->next) != &d->apps) {
		t = SPA_CONTAINER_OF(app, struct tapped, link);
		if (!spa_list_is_empty(&t->streams))
			return spa_list_first(&t->streams, struct stream, link);
	}
	return NULL;
}

#endif
