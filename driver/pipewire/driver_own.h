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
	bool begins;	   /* before it was heard anywhere, and it is not yet */
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

/* say.c */
uint64_t driver_now_ns(void);
void driver_say(struct driver *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* look.c: one look at the whole graph, and what comes of it */
void driver_look(struct driver *d);
/* Cuts the links of ports that have died; the next look makes them anew */
void driver_revive(struct driver *d);

/* audio.c: the node and its mixer. A start that fails loses the driver. */
void audio_start(struct driver *d);
void audio_stop(struct driver *d, const char *why); /* if it runs */
void audio_judge_run(struct driver *d); /* says that the graph does not run */
/* A mixer of this rate takes the place of the one that is. */
void driver_change_rate(struct driver *d, uint32_t hz);

/* kind.c: what a node is; of the mirror alone */
bool kind_is_jack(const struct graph_object *node);
bool kind_is_app(const struct driver *d, const struct graph_object *node);
/* Another node of this one's link group, with this class or the beginning of
 * it; NULL when there is none. */
const struct graph_object *kind_mate(const struct driver *d,
	const struct graph_object *node, const char *class);
/* Why this stream cannot be taken, in words; NULL when it can */
const char *kind_why_not_taken(const struct driver *d, const struct stream *s);

/* streams.c: apps and streams as the graph has them */
void streams_scan(struct driver *d);
void streams_forget(struct driver *d); /* all of them, told as gone */
void streams_tell(struct driver *d);   /* what has changed, to control */

/* feedback.c: after a walk of the guard, which streams can hear us; says so.
 * True: some can, and the note tells how. */
bool feedback_judge(struct driver *d, struct tapped *t);

/* tap.c: one step of each stream towards what is wanted of it */
void tap_step_all(struct driver *d);
/* Why it is not taken now and only copied, in words; NULL when it is */
const char *tap_why_aside(struct stream *s);
/* Nobody has heard it yet: off its strip, to begin anew */
void tap_undo(struct driver *d, struct stream *s);

/* twice.c: what may be heard in main and beside it */
void twice_sent(void *driver, struct graph_object *node); /* graph.sent */
void twice_look(struct driver *d); /* after the steps of a look */

/* crowd.c: how many streams a strip has room for */
void crowd_count(struct driver *d); /* before the steps of a look */
/* A place for this stream, which has none yet; false: there is none */
bool crowd_enter(struct driver *d, struct stream *s);
/* Says so once; what to tell of the app, or NULL */
const char *crowd_note(struct driver *d, struct tapped *t);

/* choice.c: the sink that its user has sent a stream to, neither the room's
 * nor ours; NULL: it goes where everything goes */
const struct graph_object *choice_elsewhere(const struct driver *d,
	const struct stream *s, const struct graph_object *node);
/* Of a new stream, before that is asked, and at each look after it: whether the
 * session manager has still to say it */
void choice_begin(
	struct driver *d, struct stream *s, const struct graph_object *node);
void choice_look(
	struct driver *d, struct stream *s, const struct graph_object *node);
/* Nobody can know yet where its user has it: so long it is left alone. */
bool choice_is_doubted(struct driver *d, const struct stream *s);
bool tap_idle(const struct driver *d); /* no stream is parked or leaving */

/* heard.c: where a stream plays, and who has linked it there */
enum heard_by {
	HEARD_PARKED,	  /* on our sinks, by the session manager */
	HEARD_BY_MANAGER, /* on others' */
	HEARD_IN_ROOM,	  /* of those, where main is heard */
	HEARD_BY_CABLE,	  /* on others', linked by anybody else */
};
bool stream_heard(
	const struct driver *d, const struct stream *s, enum heard_by by);
/* Where the session manager has it, if not on our sinks; or NULL */
const struct graph_object *heard_sink(
	const struct driver *d, const struct stream *s);
void heard_cut(struct driver *d, const struct stream *s, enum heard_by by);
/* Fills note[APP_NOTE_MAX] where it is empty and there is something to tell */
void heard_note(struct driver *d, struct tapped *t, char *note);
bool heard_is_sink(const struct graph_object *node);
/* What people call a sink */
const char *heard_label(const struct graph_object *sink);

/* tap_links.c: links_want() for each stream that is on a strip */
void tap_links(struct driver *d);

/* buses.c: where the buses go, and who else plays into our devices */
void buses_make_loops(struct driver *d);
/* Removes the loop devices that were made for this run and that nobody
 * records: a DAW keeps its input, an idle machine is left as it was. True
 * until they are gone. */
bool buses_drop_loops(struct driver *d);
void buses_links(struct driver *d);
void buses_police(struct driver *d);
/* The cable has the volume of the sink that main plays into. */
void buses_volume(struct driver *d);
bool buses_is_loop_device(const struct driver *d, const char *name);

/* buses_where.c: which sink a bus is for */
bool buses_is_ours(const struct driver *d, const struct graph_object *node);
/* The name of the cable, or of the silent sink; "" when there is none */
const char *buses_shared_name(const struct driver *d, bool cable);
/* The silent sink; NULL while there is none. */
const struct graph_object *buses_park_sink(const struct driver *d);
/* The most important one there is, but for this one */
const struct graph_object *buses_best_sink(
	const struct driver *d, const struct graph_object *not_this);
/* The real sink of the room, never our own cable: the default, what the user
 * chose, or the most important one there is. */
const struct graph_object *buses_room(const struct driver *d);
/* -1: there is none of that name */
int buses_find(const struct driver *d, const char *name);
/* 0: not a loop bus */
uint32_t buses_loop_number(const char *bus);
/* The headphones of who has one output: main is heard in them, not beside */
bool buses_has_mains_output(const struct driver *d, uint32_t bus);
/* It is main, and heard in another bus */
bool buses_is_carried(const struct driver *d, uint32_t bus);
/* The device that a bus is for; and what it is linked to */
const struct graph_object *buses_device(const struct driver *d, uint32_t bus);
const struct graph_object *buses_target(const struct driver *d, uint32_t bus);
/* What plays there is heard where main is, or no sink is known to be that */
bool buses_is_room(const struct driver *d, const struct graph_object *sink);

/* handover.c: after links_want() for a bus's sink, or NULL: keeps the links
 * to the one before until it runs */
void handover_look(
	struct driver *d, uint32_t bus, const struct graph_object *target);
void handover_end(struct driver *d); /* after links_end() */
/* The one of two that PipeWire goes by when they are linked */
bool handover_leads(
	const struct graph_object *sink, const struct graph_object *other);
/* A bus plays into its sink, or none has one. */
bool handover_plays(const struct driver *d);

/* headphones.c: from time to time, while audio runs. True: there is something
 * to say of the sinks of cue and main */
#define HEADPHONES_LINE_MAX 400
bool headphones_watch(struct driver *d, char line[HEADPHONES_LINE_MAX]);
void headphones_status(const struct driver *d, struct driver_status *out);

/* node_midi.c: says when the links of the MIDI ports are others than before */
void midi_watch_links(struct driver *d);
/* The bell by which the audio thread tells that MIDI came. 0 or -errno */
int midi_bell_open(struct driver *d);
void midi_bell_close(struct driver *d); /* none is fine */

/* peers.c: what its user has linked to our node is linked again when that is
 * another one */
void peers_watch(struct driver *d);
void peers_node_gone(struct driver *d);

/* clocks.c: says when two sinks come to share one clock */
void clocks_watch(struct driver *d);

#endif
