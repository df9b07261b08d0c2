/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells from the engine's heartbeats whether it hangs.
 *
 * Time counts only as far as we ourselves were on time: when the whole machine
 * stood still (a suspend, a debugger, a starved virtual machine), the engine's
 * silence proves nothing. */
#ifndef WARD_WATCH_H
#define WARD_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/ward.h"

#define WARD_TICK_MS 25

struct ward_watch {
	uint64_t audio, control; /* beats as last seen */
	int64_t audio_still_ns, control_still_ns;
	int64_t last_ns;
	bool lives; /* has beaten once */
};

enum ward_health {
	WARD_WELL,
	WARD_HUNG,
};

/* control: a new engine starts now; its counters are 0 */
void ward_watch_start(struct ward_watch *w, int64_t now_ns);

/* control: call every WARD_TICK_MS */
enum ward_health ward_watch_tick(
	struct ward_watch *w, const struct ward_shared *shared, int64_t now_ns);

#endif
