/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells whether the engine hangs.
 *
 * It hangs when it has begun something and does not end it:
 *
 * - The audio thread is in one and the same cycle for WARD_HUNG_MS, or three
 *   blocks where those are longer. It counts its cycles when it enters and when
 *   it leaves them.
 * - The control thread is silent and no cycle begins or ends either, for as
 *   long. Control beats every WARD_BEAT_MS whatever the graph does, and after
 *   each piece of work. Where the kernel says that it works, or waits for a
 *   disk, it gets longer: a slow turn is no hang.
 * - The control thread is silent for ten seconds while cycles go on. Sound is
 *   right meanwhile, and ending it would make a hole.
 *
 * A graph that stands still is no crime of the engine's: PipeWire may be
 * stopped, or a program in it, and no cycle is entered. still_ns tells of it.
 *
 * Time counts only as far as we ourselves were on time: when the whole machine
 * stood still (a suspend, a debugger, a starved virtual machine), the engine's
 * silence proves nothing. */
#ifndef WARD_WATCH_H
#define WARD_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>

#include "driver/supervisor/ward.h"

#define WARD_TICK_MS 25

struct ward_watch {
	uint64_t turns, beats; /* as last seen */
	int64_t inside_ns;     /* in one cycle */
	int64_t still_ns;  /* no cycle began or ended, though they are due */
	int64_t silent_ns; /* control has not beaten */
	int64_t last_ns;
	bool lives; /* has beaten once */
};

enum ward_health {
	WARD_WELL,
	WARD_HUNG_IN_CYCLE,
	WARD_HUNG_STOPPED, /* by a signal, or a debugger */
	WARD_HUNG_SILENT,
};

/* control: a new engine starts now; its counters are 0 */
void ward_watch_start(struct ward_watch *w, int64_t now_ns);

/* control: call every WARD_TICK_MS. state is ward_watch_state() of its main
 * thread; it is looked at only when ward_watch_doubts(). */
enum ward_health ward_watch_tick(struct ward_watch *w,
	const struct ward_shared *shared, char state, int64_t now_ns);

/* control: control has been silent so long that its state is of interest */
bool ward_watch_doubts(const struct ward_watch *w);

/* control: the letter that proc(5) has for a process; '?' when it has none */
char ward_watch_state(pid_t pid);

#endif
