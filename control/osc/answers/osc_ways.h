/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the transports reach. Control thread only. */
#ifndef OSC_WAYS_H
#define OSC_WAYS_H

#include "control/osc/osc_own.h"

/* Another machine than this one? */
bool osc_is_far(struct osc *o, const struct osc_peer *peer);
/* Whose share of what machines share is taken. */
struct share_who osc_who(struct osc *o, const struct osc_peer *peer);
/* Our own socket: what we send to ourselves must not go round. */
bool osc_is_self(struct osc *o, const struct osc_peer *from);

/* Never waits; what there is no room for is counted and lost. */
void osc_transmit(struct osc *o, const struct osc_peer *to, const void *packet,
	size_t size_bytes);
/* It has enough to read for now. */
bool osc_congested(struct osc *o, const struct osc_peer *to);
/* This one is to be sent to, wherever it is: 0 or -errno */
int osc_reach(struct osc *o, const struct osc_peer *to);
/* Those that were not read for osc_line_waits() are read again. */
void osc_go_on(struct osc *o, const struct osc_peer *peer);
/* What was sent goes out; at the end of each callback. */
void osc_flush(struct osc *o);
void osc_close_transports(struct osc *o);
const char *osc_way_name(const struct osc *o, const struct osc_peer *peer);

#endif
