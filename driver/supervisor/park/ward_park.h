/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parks streams on the silent sink and puts them back where their user had
 * them; keeps the cable. The supervisor's PipeWire side.
 *
 * Every word goes into the journal before it goes into the metadata, and leaves
 * it only when the metadata has been seen to say what the user had. */
#ifndef WARD_PARK_H
#define WARD_PARK_H

#include "driver/supervisor/park/ward_default.h"
#include "driver/supervisor/park/ward_graph.h"
#include "driver/supervisor/park/ward_manager.h"

#define WARD_WISHES_MAX 4096

#define KEY_DEFAULT "default.audio.sink"
/* A type that nobody else writes and nobody looks at (ward_choice.c). */
#define TYPE_ODD "tapdeck:again"

struct ward_park_events {
	/* a line for people */
	void (*say)(void *data, const char *line);
	/* the journal's leftovers are put back, or there is nobody to ask */
	void (*recovered)(void *data);
};

struct ward_wish {
	uint32_t node_id;
	uint64_t serial;
};

struct ward_park {
	struct ward_graph graph;
	struct journal *journal;
	const struct ward_park_events *events;
	void *data;
	struct pw_loop *loop;
	struct spa_source *again;
	unsigned keep_due; /* in that epoch all words are kept; 0: no need */
	struct spa_source *moved; /* ward_moved.c */
	struct spa_source *check; /* of words that were not told */
	bool check_due;
	char park_sink[WARD_NAME_MAX]; /* "" : only put back, make no sinks */

	/* ward_park_sink.c */
	struct pw_proxy *park_proxy;
	struct spa_hook park_hook;
	struct ward_contest park_contest;
	bool park_given_up; /* somebody insists on its absence */
	bool recovered;	    /* the journal's leftovers */

	/* wishes for streams that PipeWire has not told us of yet */
	struct ward_wish wishes[WARD_WISHES_MAX];
	size_t wish_count;
	bool going_home; /* all that nobody wishes, when it is fenced */
	uint64_t spoken; /* ward_choice.c */
	struct ward_manager manager;

	struct ward_default def;

	/* ward_cable.c */
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
	struct ward_contest spoilt;
};

struct ward_park_config {
	struct pw_loop *loop;
	struct journal *journal;
	const char *park_sink; /* node.name, or "" */
	bool cable, grab;
};

/* control: 0, -EHOSTDOWN when there is no PipeWire, -errno. p is zeroed memory
 * of the caller's; ward_park_close() accepts what a failure left. */
int ward_park_open(struct ward_park *p, const struct ward_park_config *config,
	const struct ward_park_events *events, void *data);
void ward_park_close(struct ward_park *p);

void ward_park_wish(struct ward_park *p, uint32_t node_id, uint64_t serial);
void ward_park_unwish(struct ward_park *p, uint32_t node_id, uint64_t serial);

/* the engine runs: the cable may take programs */
void ward_park_engine_lives(struct ward_park *p);
/* the engine is gone: everybody goes home, now */
void ward_park_engine_gone(struct ward_park *p);

/* nothing written that has not been seen to be so; streams that left count */
bool ward_park_settled(const struct ward_park *p);

/* ---- between ward_park.c and the files beside it ---- */

__attribute__((format(printf, 2, 3))) void ward_park_say(
	struct ward_park *p, const char *format, ...);
void ward_park_user_changed(struct ward_park *p, struct ward_node *n);

/* who has the last word for n's place in WirePlumber's memory; may be n */
struct ward_node *choice_speaker(struct ward_park *p, struct ward_node *n);
/* the user's word about n has changed */
void choice_spoken(struct ward_park *p, struct ward_node *n, bool set);
/* the first half of a word said again */
bool choice_is_echo(const struct ward_value *v);
/* to be called after each write over n's target */
void choice_keep(struct ward_park *p, struct ward_node *n);

/* ward_park.c: says over the user's word that n is parked */
void ward_park_write(struct ward_park *p, struct ward_node *n);
/* what is to be put back of n into the journal: 0, or -errno, which is said */
int ward_park_note(struct ward_park *p, const struct ward_node *n);
void ward_park_release(struct ward_park *p, struct ward_node *n);

/* ward_adopt.c: puts back what the journal has */
void adopt_all(struct ward_park *p);

int moved_open(struct ward_park *p);
void moved_close(struct ward_park *p);
/* The user has moved a parked stream: says that it is parked, at once or in a
 * moment */
void moved_answer(struct ward_park *p, struct ward_node *n);
/* Nobody waits any longer to start the sink that is paused for n. */
void moved_end(struct ward_park *p, struct ward_node *n);
/* Starts a sink that is not at rest; 0 is none */
void moved_start(struct ward_graph *g, uint64_t sink_serial);
int check_open(struct ward_park *p);
void check_close(struct ward_park *p);
void check_later(struct ward_park *p); /* with each word of ours */
/* a word of ours about a stream */
void check_write(struct ward_park *p, const struct ward_node *n,
	const char *key, const struct ward_value *value);

/* to be called when sinks come or go: it is there beside others only */
void park_sink_look(struct ward_park *p);
void park_sink_drop(struct ward_park *p);

int cable_open(struct ward_park *p);
void cable_close(struct ward_park *p);
void cable_connected(struct ward_park *p);
void cable_lost(struct ward_park *p);
void cable_ready(struct ward_park *p);
void cable_node_new(struct ward_park *p, struct ward_node *n);
void cable_engine_lives(struct ward_park *p);
void cable_engine_gone(struct ward_park *p);

#endif
