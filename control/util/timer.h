/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A timer of the loop that is made when it is first set, and stays: it fires
 * once, and may be set again then. Control thread only. */
#ifndef TIMER_H
#define TIMER_H

#include <stddef.h>
#include <stdint.h>

#include "control/util/loop.h"

/* Of two times to wait the one that is over first. */
static inline uint64_t
timer_first(uint64_t a_ns, uint64_t b_ns)
{
	return a_ns < b_ns ? a_ns : b_ns;
}

struct timer {
	struct loop *loop; /* borrowed; NULL: none, and it never fires */
	int id;		   /* -1: not made */
	uint64_t due_ns;   /* CLOCK_MONOTONIC; UINT64_MAX: it rests */
	uint64_t late_ns;  /* when it fired last: so much behind that */
	loop_tick tick;
	void *data;
};

/* It must not move as long as it is in use. */
void timer_init(struct timer *t, struct loop *l, loop_tick tick, void *data);
void timer_done(struct timer *t); /* also of one that is all zeros */

/* Whatever it was set to before. UINT64_MAX: it rests. */
void timer_set(struct timer *t, uint64_t after_ns);
/* Unless it comes sooner as it is. */
void timer_sooner(struct timer *t, uint64_t after_ns);

#endif
