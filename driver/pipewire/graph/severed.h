/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links of others into our node (a JACK program's, a cable that somebody drew)
 * that had to be cut since their program hangs: they are their user's, and are
 * made again. Control thread only. */
#ifndef SEVERED_H
#define SEVERED_H

#include <stdint.h>

struct driver;

/* All zero: none */
struct severed {
	struct severed_link *links;
	uint32_t count;
};

void severed_done(struct severed *s);

/* Cuts those that come from the nodes that are not 0 in from[ids]; what was cut
 * before is kept in mind */
void severed_cut(
	struct severed *s, struct driver *d, const uint8_t *from, uint32_t ids);

/* Makes again what was cut, where both ports are still there */
void severed_mend(struct severed *s, struct driver *d);

#endif
