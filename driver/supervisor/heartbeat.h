/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells whether the engine hangs.
 *
 * It hangs when it has begun something and does not end it:
 *
 * - The audio thread is in one and the same cycle for HEARTBEAT_HUNG_MS, or
 * three blocks where those are longer. It counts its cycles when it enters and
 * when it leaves them.
 * - The control thread is silent and no cycle begins or ends either, for as
 *   long. Control beats every HEARTBEAT_MS whatever the graph does, and after
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
#ifndef HEARTBEAT_H
#define HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/supervisor/supervisor.h"

#define HEARTBEAT_TICK_MS 25

struct heartbeat {
	uint64_t turns, beats; /* as last seen */
	int64_t inside_ns;     /* in one cycle */
	int64_t still_ns;  /* no cycle began or ended, though they are due */
	int64_t silent_ns; /* control has not beaten */
	int64_t last_ns;
	bool lives; /* has beaten once */
};

enum health {
	HEALTH_WELL,
	HEALTH_HUNG_IN_CYCLE,
	HEALTH_HUNG_STOPPED, /* by a signal, or a debugger */
	HEALTH_HUNG_SILENT,
};

/* control: a new engine starts now; its counters are 0 */
void heartbeat_start(struct heartbeat *w, int64_t now_ns);

/* control: call every HEARTBEAT_TICK_MS. state is process_state() of its main
 * thread; it is looked at only when heartbeat_doubts(). */
enum health heartbeat_tick(struct heartbeat *w,
	const struct supervisor_shared *shared, char state, int64_t now_ns);

/* control: control has been silent so long that its state is of interest */
bool heartbeat_doubts(const struct heartbeat *w);

#endif
