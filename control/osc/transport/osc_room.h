/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gets a place among a bounded number, so that neither idle connections,
 * nor dead ones, nor one machine that takes them all lock the others out. This
 * machine keeps some for itself. Plain logic: control/osc*.c say what the
 * places are. Control thread only. */
#ifndef OSC_ROOM_H
#define OSC_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "control/osc/transport/osc_peer.h"

#define OSC_ROOM_MAX  32 /* places */
#define OSC_ROOM_FAR  24 /* of them for other machines */
#define OSC_ROOM_HOST 8	 /* of them for one other machine */

struct osc_seat {
	const struct osc_peer *peer; /* NULL: free */
	uint64_t heard_ns;
	bool far;   /* another machine */
	bool gone;  /* nobody is there, as far as is known */
	bool keeps; /* it may be silent */
};

/* The index of seat[OSC_ROOM_MAX] for one more: a free one, or that of who has
 * gone or has been silent the longest, and for so long at least. -EDQUOT: its
 * machine has as many as it may have; -EUSERS: there are no more. */
int osc_room_find(const struct osc_seat *seat, const struct osc_peer *who,
	bool far, uint64_t now_ns, uint64_t silence_ns);

/* What is the case, for -EDQUOT and -EUSERS: "TCP clients" */
void osc_room_why(int error, const struct osc_seat *seat, const char *what,
	char *why, uint32_t size);

#endif
