/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a Max for Live device share; for layout_m4l*.c only.
 * Control thread only. */
#ifndef LAYOUT_M4L_OWN_H
#define LAYOUT_M4L_OWN_H

#include "control/layout/amxd.h"
#include "control/layout/layout.h"

#define M4L_DIALS    8
#define M4L_COLUMN_W 66	  /* pixels: of a dial, and of a strip */
#define M4L_LEASE    "10" /* seconds, of a subscription */

/* Boxes that others are connected to. */
struct m4l {
	const struct layout *layout;
	struct amxd a;
	unsigned strips; /* of mutes and routes */
	unsigned send;	 /* udpsend */
	unsigned gate;	 /* before it: closed while the set is restored */
	unsigned port;	 /* the reply port, at each renewal */
	unsigned load;	 /* t b b b b: what is done at the start, from the
			  * right */
	unsigned routed; /* route /prove /list: what came */
	unsigned told;	 /* unpack: an address and its number */
	unsigned listed; /* unpack: address, type, least, most */
	unsigned mutes, routes, cues, names; /* route: one outlet a strip */
	json_t *addresses;		     /* of the menus */
};

/* layout_m4l_dial.c: what a dial can be for, the caller's; and one, from 1 */
json_t *m4l_dial_addresses(const struct layout *l);
void m4l_dial(struct m4l *d, unsigned n);

#endif
