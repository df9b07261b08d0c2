/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Room that machines share: one has at most a quarter of it, however many ask
 * from there, and the others leave this machine its quarter. Plain logic: what
 * is counted is the caller's. Control thread only. */
#ifndef SHARE_H
#define SHARE_H

#include <stdbool.h>
#include <stdint.h>

#define SHARE_HOSTS 64 /* others that have something at a time */

/* A machine by its address, IPv4 as ::ffff:a.b.c.d; all zeros: this one. */
struct share_who {
	uint8_t address[16];
};

extern const struct share_who share_here;

struct share {
	uint32_t max;  /* of one machine */
	uint32_t near; /* what this machine has */
	uint32_t others;
	uint32_t hosts; /* of host[], from [0] */
	struct share_host {
		struct share_who who;
		uint32_t has;
	} host[SHARE_HOSTS];
};

void share_init(struct share *s, uint32_t all);

/* How much more it may take. */
uint32_t share_room(const struct share *s, const struct share_who *who);

/* False, and nothing is taken: there is not so much. */
bool share_take(struct share *s, const struct share_who *who, uint32_t n);

/* Of what it has taken. */
void share_give(struct share *s, const struct share_who *who, uint32_t n);

#endif
