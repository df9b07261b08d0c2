/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/heartbeat.h"

#include <string.h>

#define MS 1000000ll

#define LATE_NS	     ((HEARTBEAT_TICK_MS + 50) * MS)
#define START_NS     (5000 * MS)  /* until the first beat */
#define NO_AUDIO_NS  (5000 * MS)  /* nobody is heard through it */
#define WORKS_NS     (2000 * MS)  /* silent and still, but it gets CPU time */
#define DISK_NS	     (10000 * MS) /* or waits for a disk */
#define SOUNDS_NS    (10000 * MS) /* silent, and cycles go on */
#define BLOCKS_STILL 3

void
heartbeat_start(struct heartbeat *w, int64_t now_ns)
{
	memset(w, 0, sizeof(*w));
	w->last_ns = now_ns;
}

/* A block may be longer than our limit. */
static int64_t
limit_ns(int64_t block_ns)
{
	int64_t blocks_ns = BLOCKS_STILL * block_ns;

	return blocks_ns > HEARTBEAT_HUNG_MS * MS ? blocks_ns
						  : HEARTBEAT_HUNG_MS * MS;
}

static bool
is_stopped(char state)
{
	return state == 'T' || state == 't';
}

static int64_t
patience_ns(char state, int64_t block_ns)
{
	switch (state) {
	case 'R':
		return WORKS_NS;
	case 'D':
		return DISK_NS;
	default:
		return limit_ns(block_ns);
	}
}

bool
heartbeat_doubts(const struct heartbeat *w)
{
	/* a tick early: tick() adds its own time first */
	return w->silent_ns >= (HEARTBEAT_HUNG_MS - 4 * HEARTBEAT_TICK_MS) * MS;
}

/* How long each counter has stood, when we were on time. */
static void
count(struct heartbeat *w, uint64_t turns, uint64_t beats, bool due,
	int64_t gap_ns)
{
	bool late = gap_ns > LATE_NS, same = turns == w->turns;

	w->inside_ns =
		late || !same || turns % 2 == 0 ? 0 : w->inside_ns + gap_ns;
	w->still_ns = late || !same || !due ? 0 : w->still_ns + gap_ns;
	w->silent_ns = late || beats != w->beats ? 0 : w->silent_ns + gap_ns;
	w->turns = turns;
	w->beats = beats;
}

enum health
heartbeat_tick(struct heartbeat *w, const struct supervisor_shared *shared,
	char state, int64_t now_ns)
{
	/* relaxed: counters that only have to move */
	uint64_t turns = atomic_load_explicit(
		&shared->audio_turns, memory_order_relaxed);
	uint64_t beats = atomic_load_explicit(
		&shared->control_beats, memory_order_relaxed);
	bool due =
		atomic_load_explicit(&shared->audio_runs, memory_order_relaxed);
	int64_t block_ns =
		atomic_load_explicit(&shared->block_ns, memory_order_relaxed);

	count(w, turns, beats, due && turns, now_ns - w->last_ns);
	w->last_ns = now_ns;
	w->lives = w->lives || beats || turns;
	if (!w->lives)
		return w->silent_ns >= START_NS ? HEALTH_HUNG_SILENT
						: HEALTH_WELL;
	if (w->inside_ns >= limit_ns(block_ns))
		return is_stopped(state) ? HEALTH_HUNG_STOPPED
					 : HEALTH_HUNG_IN_CYCLE;
	if (!due || !turns)
		return w->silent_ns >= NO_AUDIO_NS ? HEALTH_HUNG_SILENT
						   : HEALTH_WELL;
	if (w->silent_ns >= SOUNDS_NS)
		return HEALTH_HUNG_SILENT;
	if (w->silent_ns < patience_ns(state, block_ns) ||
		w->still_ns < patience_ns(state, block_ns))
		return HEALTH_WELL;
	return is_stopped(state) ? HEALTH_HUNG_STOPPED : HEALTH_HUNG_SILENT;
}
