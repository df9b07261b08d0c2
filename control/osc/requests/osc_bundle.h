/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a bundle share. Control thread only. */
#ifndef OSC_BUNDLE_H
#define OSC_BUNDLE_H

#include "control/osc/requests/osc_later.h"

#define OSC_BUNDLE_WORK (OSC_WORK_MAX / 4) /* of one bundle in one turn */

struct osc_element {
	const void *packet;
	size_t size_bytes;
};

/* A message that was understood: a set, or something to be done. */
struct osc_step {
	uint64_t when_ns; /* CLOCK_REALTIME; 0: it has none */
	uint32_t place;	  /* in the packet */
	uint32_t first;	  /* of the changes */
	uint32_t changes; /* 0: a get or a service */
	bool altered;	  /* a value is not the one that was asked for */
	struct osc_element e;
};

/* A bundle that is read, around others. */
struct osc_level {
	struct osc_element bundle;
	size_t at;	  /* of its next element */
	uint64_t timetag; /* in force: its own, or that around it */
	uint64_t when_ns; /* CLOCK_REALTIME; 0: it has none */
};

/* What is taken for changes and packets that are to come. */
struct osc_bundle_room {
	struct share_who who;
	uint32_t changes;
	struct osc_later_room later;
};

struct osc_bundle {
	struct osc *osc;
	struct osc_peer from;
	uint64_t now_ns; /* CLOCK_REALTIME when it was looked at last */
	struct osc_level level[OSC_DEPTH_MAX];
	uint32_t depth; /* 0: it is read */
	struct osc_step *step;
	uint32_t steps, cap;
	bool doing;   /* all is understood and in order */
	uint32_t at;  /* of step[]: the next one to be done */
	uint32_t end; /* of osc.work, in this turn */
	/* Between turns: */
	void *packet; /* its own */
	struct osc_changes changes;
	uint32_t replies_left;
	struct osc_bundle_room room;
};

/* It is another's turn. */
static inline bool
osc_bundle_pauses(const struct osc_bundle *b)
{
	return b->osc->work >= b->end;
}

/* Is a step's time over? */
static inline bool
osc_bundle_is_due(const struct osc_bundle *b, uint32_t step)
{
	return b->step[step].when_ns <= b->now_ns;
}

/* A whole packet: a bundle, or a message, which is one of one. */
void osc_bundle(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes);
void osc_bundle_scratch_done(struct osc *o);

/* osc_bundle_read.c: the packet itself, or an element of it: a message is read
 * at once, a bundle is to be read. -errno: it is refused, and that is said. */
int osc_bundle_take(struct osc_bundle *b, struct osc_element e);
/* 1: it is read; 0: it is another's turn; -errno: it is refused, and that is
 * said. */
int osc_bundle_read(struct osc_bundle *b);

/* osc_bundle_time.c: the steps and their changes, by their times. 0, or -ENOMEM
 * and that is said. */
int osc_bundle_sort(struct osc_bundle *b);
/* Before anything of it is done: all or nothing. -errno: it is refused, and
 * that is said. */
int osc_bundle_check_times(struct osc_bundle *b);
/* Hands over all from the next step on, none of which is due. */
void osc_bundle_schedule(struct osc_bundle *b);
/* Between turns its room is not another's. */
void osc_bundle_hold_room(struct osc_bundle *b);
void osc_bundle_drop_room(struct osc_bundle *b);

/* osc_bundle.c: goes on with one that was put aside; true: it is done. */
bool osc_bundle_go_on(struct osc_bundle *b);
/* Goes on to its end if any of it is done. */
void osc_bundle_end(struct osc_bundle *b);
void osc_bundle_free(struct osc_bundle *b); /* NULL is fine */

#endif
