/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strips as the streams have them: who is on one, and whether it is open. For
 * tap.c and tap_move.c. Control thread only. */
#ifndef TAP_STRIP_H
#define TAP_STRIP_H

#include "driver/pipewire/driver_own.h"

#define MS	     1000000u
#define LINK_WAIT_NS (100 * MS)

enum tap_company {
	ANY,
	IN_MAIN, /* but for those who are about to come there */
	STAYING, /* of those, who are not leaving it */
	ASIDE,
};

/* What other streams this strip has */
bool tap_strip_has(const struct driver *d, const struct stream *s, int strip,
	enum tap_company what);

/* Main, as a set of buses */
float tap_main_set(const struct driver *d);
/* False: the mixer has no room for it now. */
bool tap_strip_post(struct driver *d, int strip, bool open, bool aside);
/* How long it takes from then until nothing is heard of it: the mixer hears of
 * it at its next block, and needs a ramp. */
uint64_t tap_strip_close_ns(const struct driver *d);
/* The stream's; what several streams share stays open. */
void tap_strip_open(struct driver *d, const struct stream *s, bool open);

void tap_set_step(struct driver *d, struct stream *s, enum tap_step step);
/* So long in this step; false: the driver looks again then. */
bool tap_waited(struct driver *d, const struct stream *s, uint64_t ns);

#endif
