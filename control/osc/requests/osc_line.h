/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who sent a bundle that takes more than one turn. Control thread only. */
#ifndef OSC_LINE_H
#define OSC_LINE_H

#include "control/osc/osc_own.h"

/* A bundle of this peer is not done yet. */
bool osc_line_waits(struct osc *o, const struct osc_peer *peer);
/* A packet of any size may wait behind it, or need not. */
bool osc_line_has_room(struct osc *o, const struct osc_peer *from);
/* True: so this packet is done behind it, or left out and that is said. */
bool osc_line_holds(struct osc *o, const struct osc_peer *from,
	const void *packet, size_t size_bytes);
void osc_line_client_gone(struct osc *o, const struct osc_peer *peer);
void osc_line_open(struct osc *o);
void osc_line_close(struct osc *o);

#endif
