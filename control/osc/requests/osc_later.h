/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets that wait for their moment. Control thread only. */
#ifndef OSC_LATER_H
#define OSC_LATER_H

#include "control/osc/osc_own.h"

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
/* Takes room that is used later, false: there is not so much; and gives it
 * back. */
bool osc_later_hold(
	struct osc *o, const struct share_who *who, struct osc_later_room room);
void osc_later_drop(
	struct osc *o, const struct share_who *who, struct osc_later_room room);
void osc_later_client_gone(struct osc *o, const struct osc_peer *peer);
void osc_later_open(struct osc *o);
void osc_later_close(struct osc *o);

#endif
