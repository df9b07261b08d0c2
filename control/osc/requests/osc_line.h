/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who sent a bundle that takes more than one turn: what that peer sends
 * meanwhile is done behind it. All others go on as if it were not there.
 * Control thread only. */
#ifndef OSC_LINE_H
#define OSC_LINE_H

#include "control/osc/osc_own.h"

#define OSC_LINES_MAX 16 /* of all machines; see share.h */

struct osc_bundle;

struct osc_held {
	struct osc_held *next;
	struct osc_peer from;
	uint64_t due_ns; /* that it waited for; 0: it did not */
	size_t size_bytes;
	uint32_t packet[]; /* aligned, as osc_dispatch() wants it */
};

struct osc_line {
	struct osc_line *next; /* the first one is next to go on */
	struct osc_peer from;
	struct share_who who;
	struct osc_bundle *bundle; /* NULL: what is held comes next */
	uint64_t due_ns;	   /* that it waited for; 0: it did not */
	struct osc_held *first, **last;
	uint32_t held;
	size_t held_bytes;
	uint64_t held_due_ns; /* of the first that waited for one; 0: none */
};

/* A bundle of this peer is not done yet. */
bool osc_line_waits(struct osc *o, const struct osc_peer *peer);
/* A packet of any size may wait behind it, or need not. */
bool osc_line_has_room(struct osc *o, const struct osc_peer *from);
/* True: so this packet is done behind it, or left out and that is said. */
bool osc_line_holds(struct osc *o, const struct osc_peer *from,
	const void *packet, size_t size_bytes);
/* Where a bundle of this peer is put, before the turn ends, that is gone on
 * with in the next ones; what its sender sends meanwhile waits. 0, or -ENOMEM,
 * or -ENOBUFS: no more of its machine have a place. */
int osc_line_place(
	struct osc *o, const struct osc_peer *from, struct osc_bundle ***place);
/* The moment of the earliest bundle that is not done yet, or that is held
 * behind one, CLOCK_MONOTONIC; what is to come comes behind it. UINT64_MAX:
 * there is none, or it takes so long that others need not wait for it. */
uint64_t osc_line_due(const struct osc *o);
/* A moment, 0 is none, has not passed so long ago. */
bool osc_line_is_waited_for(uint64_t due_ns, uint64_t now_ns);

/* Where its line stands among those that go on; NULL there: it has none. */
struct osc_line **osc_line_find(struct osc *o, const struct osc_peer *from);
void osc_line_append(struct osc *o, struct osc_line *l); /* goes on last */
/* The first that is held; the caller frees it. */
struct osc_held *osc_line_take(struct osc_line *l);
/* Its bundle is done, and it stands nowhere. */
void osc_line_free(struct osc *o, struct osc_line *l);

#endif
