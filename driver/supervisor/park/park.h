/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parks streams on the silent sink and puts them back where their user had
 * them; keeps the cable. The supervisor's PipeWire side.
 *
 * Every word goes into the journal before it goes into the metadata, and leaves
 * it only when the metadata has been seen to say what the user had. */
#ifndef PARK_H
#define PARK_H

#include "driver/supervisor/park/default_sink.h"
#include "driver/supervisor/park/park_graph.h"
#include "driver/supervisor/park/session_manager.h"

#define PARK_REQUESTS_MAX 4096

#define KEY_DEFAULT "default.audio.sink"

struct park_events {
	/* a line for people; may be NULL */
	void (*say)(void *data, const char *line);
	/* the journal's leftovers are put back, or there is nobody to ask */
	void (*recovered)(void *data);
};

struct park_request {
	uint64_t serial;
	bool sent;
};

struct park {
	struct park_graph graph;
	struct journal *journal;
	const struct park_events *events;
	void *data;
	struct pw_loop *loop;
	struct spa_source *again;
	unsigned keep_due; /* in that epoch all words are kept; 0: no need */
	struct spa_source *moved;	     /* park_moved.c */
	char park_sink[SUPERVISOR_NAME_MAX]; /* "" : only put back, make no
						sinks */

	/* park_sink.c */
	struct pw_proxy *park_proxy;
	struct spa_hook park_hook;
	struct contest park_contest;
	bool park_given_up; /* somebody insists on its absence */
	bool recovered;	    /* the journal's leftovers */

	/* requests for streams that PipeWire has not told us of yet */
	struct park_request requests[PARK_REQUESTS_MAX];
	size_t request_count;
	bool going_home;       /* all that nobody requests, when it is fenced */
	uint64_t chosen_turns; /* park_target.c */
	struct session_manager manager;

	struct default_sink def;

	/* cable.c */
	bool cable, grab;   /* asked for */
	bool engine_lives;  /* then the cable may be there */
	bool cable_monitor; /* it has one */
	bool cable_ran;
	struct pw_proxy *cable_proxy;
	struct spa_hook cable_hook, cable_node_hook;
	struct pw_proxy *cable_news;
	struct spa_hook cable_news_hook;
	struct pw_proxy *cable_start; /* the link that lets it run once */
	uint32_t cable_id;
	uint32_t old_cable_id; /* of the cable before this one */
	uint64_t old_cable_serial;
	struct spa_source *cable_spoilt; /* to be made anew */
	struct contest spoilt;
};

struct park_config {
	struct pw_loop *loop;
	struct journal *journal;
	const char *park_sink; /* node.name, or "" */
	bool cable, grab;
};

/* control: 0, -EHOSTDOWN when there is no PipeWire, -errno. p is zeroed memory
 * of the caller's; park_close() accepts what a failure left. */
int park_open(struct park *p, const struct park_config *config,
	const struct park_events *events, void *data);
void park_close(struct park *p);

/* sent: its user has sent it to a sink, as far as the engine knows */
void park_request(struct park *p, uint64_t serial, bool sent);
void park_cancel(struct park *p, uint64_t serial);

/* the engine runs: the cable may take programs */
void park_engine_lives(struct park *p);
/* the engine is gone: everybody goes home, now */
void park_engine_gone(struct park *p);

/* nothing written that has not been seen to be so; streams that left count */
bool park_settled(const struct park *p);

/* ---- between park.c and the files beside it ---- */

/* park_say.c: to people */
__attribute__((format(printf, 2, 3))) void park_say(
	struct park *p, const char *format, ...);
/* a word of ours about a stream */
void park_word(struct park *p, const struct park_node *n, const char *key,
	const struct metadata_value *value);
/* what is to be put back of n into the journal: 0, or -errno, which is said */
int park_note(struct park *p, const struct park_node *n);

/* park_choice.c: says over the user's word that n is parked */
void park_write(struct park *p, struct park_node *n);
/* what the user has chosen for it is in the journal and remembered */
void park_user_changed(struct park *p, struct park_node *n);
/* who has the last word for n's place in WirePlumber's memory; may be n */
struct park_node *choice_latest(struct park *p, struct park_node *n);
/* the first half of a word said again */
bool choice_is_echo(const struct metadata_value *v);
/* to be called after each write over n's target */
void choice_keep(struct park *p, struct park_node *n);

/* park_step.c: parks it, if the engine wants it and it can be done */
void park_stream(struct park *p, struct park_node *n);
/* puts back what its user had */
void park_restore(struct park *p, struct park_node *n);
/* nothing of ours is written over it any more */
void park_drop(struct park *p, struct park_node *n);

/* park_target.c: the metadata has said a word about n */
void target_changed(struct park *p, struct park_node *n, const char *key,
	const struct metadata_value *value);
/* puts back what the journal has */
void adopt_all(struct park *p);

/* park_moved.c */
int moved_open(struct park *p);
void moved_close(struct park *p);
/* The user has moved a parked stream: says that it is parked, at once or in a
 * moment */
void moved_answer(struct park *p, struct park_node *n);
/* Nobody waits any longer to start the sink that is paused for n. */
void moved_end(struct park *p, struct park_node *n);
/* Starts a sink that is not at rest; 0 is none */
void moved_start(struct park_graph *g, uint64_t sink_serial);

/* park_sink.c: to be called when sinks come or go: it is there beside others
 * only */
void park_sink_look(struct park *p);
void park_sink_drop(struct park *p);

/* cable.c */
int cable_open(struct park *p);
void cable_close(struct park *p);
/* if it can be there now, and is not */
void cable_make(struct park *p);
void cable_drop(struct park *p);
void cable_lost(struct park *p);
void cable_ready(struct park *p);
void cable_node_new(struct park *p, struct park_node *n);

#endif
