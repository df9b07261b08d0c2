/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets that wait for their moment. Control thread only. */
#ifndef OSC_LATER_H
#define OSC_LATER_H

#include "control/osc/osc_own.h"

#define OSC_LATER_MAX	    4096 /* of all machines; see share.h */
#define OSC_LATER_BYTES_MAX (4u << 20)

struct osc_later {
	struct osc_later *next; /* by due_ns, then as they came */
	uint64_t due_ns;	/* CLOCK_MONOTONIC */
	struct osc_peer from;
	struct share_who who;
	void *packet;
	size_t size_bytes;
};

/* Takes the packet, which is dispatched at that CLOCK_REALTIME, in front of
 * what is scheduled for later, and behind the rest. 0 or -ENOBUFS, -ENOMEM */
int osc_later_add(struct osc *o, const struct osc_peer *from, void *packet,
	size_t size_bytes, uint64_t realtime_ns);
/* How many packets and bytes more of this machine. */
struct osc_later_room {
	uint32_t packets, bytes;
};
struct osc_later_room osc_later_room(
	const struct osc *o, const struct share_who *who);
/* At most. */
struct osc_later_room osc_later_room_max(const struct osc *o);
/* Those that found no room in their peer's line look again. */
void osc_later_go_on(struct osc *o);
/* What is scheduled up to a moment, CLOCK_MONOTONIC, and due is made. */
void osc_later_up_to(struct osc *o, uint64_t moment_ns);
/* One that waits is for an earlier moment, and not late beyond measure. */
bool osc_later_is_before(const struct osc *o, uint64_t moment_ns);
/* Takes room that is used later, false: there is not so much; and gives it
 * back. */
bool osc_later_hold(
	struct osc *o, const struct share_who *who, struct osc_later_room room);
void osc_later_drop(
	struct osc *o, const struct share_who *who, struct osc_later_room room);
void osc_later_client_gone(struct osc *o, const struct osc_peer *peer);
/* One that is due and can be done, out of the list, from *at on, which stays
 * with those that cannot; NULL: there is none. The caller frees it. */
struct osc_later *osc_later_due(struct osc *o, struct osc_later ***at);
void osc_later_free(struct osc_later *l);

#endif
