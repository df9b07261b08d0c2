/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solo in place: while a strip is soloed, the others are silent in the buses
 * that a room hears, and, only when that is asked for, in those that are
 * recorded. Each strip has a gate to either; both stand open while nobody is
 * soloed, and what stands open is not computed. Audio thread only. */
#ifndef SOLO_H
#define SOLO_H

#include <stdbool.h>
#include <stdint.h>

#include "core/mixer/glide.h"
#include "core/rt.h"

enum solo_gate { SOLO_ROOM, SOLO_LOOP, SOLO_GATES };

struct solo {
	struct glide gate[SOLO_GATES]; /* 1 open, 0 shut, or on the way */
	bool on;		       /* this strip is soloed */
};

/* Of all strips. */
struct solos {
	uint32_t count; /* soloed */
	bool loop;	/* it reaches what is recorded as well */
};

/* any: nobody is soloed */
RT void solo_init(struct solo *s);

/* From here on the gates of a strip are as all of them say. */
RT void solo_turn(
	struct solo *s, const struct solos *all, const struct glide_time *t);

/* Both gates stand open all the chunk. */
RT static inline bool
solo_rests(const struct solo *s, uint64_t frame)
{
	return glide_rests_at(&s->gate[SOLO_ROOM], frame, 1.0f) &&
	       glide_rests_at(&s->gate[SOLO_LOOP], frame, 1.0f);
}

#endif
