/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the supervisor's life share. One thread: the loop's. */
#ifndef SUPERVISOR_OWN_H
#define SUPERVISOR_OWN_H

#include <sys/types.h>

#include "driver/clock.h"
#include "driver/supervisor/supervisor.h"
#include "driver/supervisor/fate.h"
#include "driver/supervisor/park/park.h"
#include "driver/supervisor/heartbeat.h"
#include "driver/supervisor/supervisor_wire.h"

#define MS_NS 1000000ll /* ns */

struct supervisor {
	const struct supervisor_options *options;
	struct pw_main_loop *main_loop;
	struct pw_loop *loop;
	struct journal *journal;
	int journal_told; /* its trouble, as people know it */
	struct park park;
	struct supervisor_shared *shared;
	int memory_fd;
	int lock_fd;
	struct spa_source *tick;
	struct spa_source *signals[4];

	pid_t engine; /* 0: none */
	int fd;	      /* the line to it, -1: none */
	struct spa_source *line;
	struct heartbeat watch;
	int64_t stood_ns; /* the graph, at the last tick */
	bool told_lives;
	int64_t born_ns;
	int64_t spawn_ns; /* when to start one; INT64_MAX: not now */
	struct fate fate;
	int64_t kill_ns; /* when asking to end is over */
	bool stopping;	 /* a signal asked */
	bool leaving;	 /* the engine is gone for good; putting back */
	int64_t leave_ns;
	int exit_code;
};

static inline int64_t
supervisor_now_ns(void)
{
	return (int64_t)clock_now_ns();
}

/* ---- engine_process.c ---- */

/* The engine is gone for good: puts everything back, then the loop ends. */
void supervisor_leave(struct supervisor *w, int exit_code);
void engine_tell(struct supervisor *w, enum supervisor_word word);
void engine_start_if_due(struct supervisor *w);
/* To be called every HEARTBEAT_TICK_MS while there is one. */
void engine_watch(struct supervisor *w, int64_t now_ns);
/* It may have ended. */
void engine_reap(struct supervisor *w);
void engine_line_close(struct supervisor *w);

#endif
