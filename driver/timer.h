/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers and other sources of PipeWire's loops. The loop's thread only. */
#ifndef TIMER_H
#define TIMER_H

#include <errno.h> /* which PipeWire's header wants */
#include <stdint.h>
#include <time.h>

#include <pipewire/loop.h>

static inline struct timespec
timer_span(uint64_t ns)
{
	return (struct timespec){
		(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
}

/* Once, in so many ns, whatever it was set to; UINT64_MAX: not at all */
static inline void
timer_after(struct pw_loop *loop, struct spa_source *timer, uint64_t ns)
{
	/* an end in 0 ns would be none */
	struct timespec end = timer_span(ns == UINT64_MAX ? 0 : ns + !ns);

	pw_loop_update_timer(loop, timer, &end, NULL, false);
}

/* Every so many ns from now on; 0: not any more */
static inline void
timer_every(struct pw_loop *loop, struct spa_source *timer, uint64_t ns)
{
	struct timespec period = timer_span(ns);

	pw_loop_update_timer(loop, timer, &period, &period, false);
}

/* It may be NULL, and is so then. */
static inline void
source_end(struct pw_loop *loop, struct spa_source **source)
{
	if (*source)
		pw_loop_destroy_source(loop, *source);
	*source = NULL;
}

#endif
