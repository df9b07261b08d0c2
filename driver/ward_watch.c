/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/ward_watch.h"

#include <string.h>

#define MS 1000000ll

#define LATE_NS	     ((WARD_TICK_MS + 50) * MS)
#define START_NS     (5000 * MS) /* until the first beat */
#define CONTROL_NS   (5000 * MS) /* no audio is due, and control is still */
#define AUDIO_NS     (1000 * MS) /* audio is still, and control is not */
#define BLOCKS_STILL 3

void
ward_watch_start(struct ward_watch *w, int64_t now_ns)
{
	memset(w, 0, sizeof(*w));
	w->last_ns = now_ns;
}

/* A block may be longer than any of our limits. */
static int64_t
limit_ns(int64_t least_ns, int64_t block_ns)
{
	return least_ns > BLOCKS_STILL * block_ns ? least_ns
						  : BLOCKS_STILL * block_ns;
}

enum ward_health
ward_watch_tick(
	struct ward_watch *w, const struct ward_shared *shared, int64_t now_ns)
{
	/* relaxed: counters that only have to move */
	uint64_t audio = atomic_load_explicit(
		&shared->audio_beats, memory_order_relaxed);
	uint64_t control = atomic_load_explicit(
		&shared->control_beats, memory_order_relaxed);
	bool runs =
		atomic_load_explicit(&shared->audio_runs, memory_order_relaxed);
	int64_t block_ns =
		atomic_load_explicit(&shared->block_ns, memory_order_relaxed);
	int64_t gap_ns = now_ns - w->last_ns;
	bool late = gap_ns > LATE_NS;

	w->last_ns = now_ns;
	w->lives = w->lives || control || audio;
	w->audio_still_ns = late || audio != w->audio || !runs
				    ? 0
				    : w->audio_still_ns + gap_ns;
	w->control_still_ns = late || control != w->control
				      ? 0
				      : w->control_still_ns + gap_ns;
	w->audio = audio;
	w->control = control;
	if (!w->lives)
		return w->control_still_ns >= START_NS ? WARD_HUNG : WARD_WELL;
	if (!runs || !audio)
		return w->control_still_ns >= CONTROL_NS ? WARD_HUNG
							 : WARD_WELL;
	if (w->audio_still_ns >= limit_ns(AUDIO_NS, block_ns))
		return WARD_HUNG;
	if (w->audio_still_ns >= limit_ns(WARD_HUNG_MS * MS, block_ns) &&
		w->control_still_ns >= limit_ns(WARD_HUNG_MS * MS, block_ns))
		return WARD_HUNG;
	return WARD_WELL;
}
