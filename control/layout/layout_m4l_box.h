/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes of a Max for Live device and the lines between them; for layout_m4l*.c
 * only. Control thread only. */
#ifndef LAYOUT_M4L_BOX_H
#define LAYOUT_M4L_BOX_H

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

/* An object, see amxd_object() */
unsigned m4l_object(struct m4l *d, int ins, const char *outs,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Outlet 0 of each to the first inlet of the next; ends with 0u */
void m4l_chain(struct m4l *d, ...);
void m4l_connect(
	struct m4l *d, unsigned from, int outlet, unsigned to, int inlet);

#endif
