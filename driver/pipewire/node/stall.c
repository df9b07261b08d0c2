/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/node/stall.h"

#define MS 1000000u

/* What is beyond the block that is due is a busy machine's share. Asking is so
 * early that the answer, which comes when the second block is due, finds us
 * waiting; it costs nobody anything. */
#define ASK_NS (10 * MS)
#define ACT_NS (20 * MS)
/* Programs that are not realtime may be late for longer than a short block. */
#define ACT_LEAST_NS (60 * MS)
/* A look that comes later than this has been late itself: of that time we do
 * not know who stood still. */
#define LOOK_MAX_NS (25 * MS)

/* Long blocks leave no time to look less often: who it is must be asked before
 * the second one is due. While short ones come it costs half as much. */
#define PACE_NS	     (10 * MS)
#define CALM_PACE_NS (20 * MS)
#define SHORT_NS     (11 * MS)

static uint64_t
act_ns(uint64_t block_ns)
{
	uint64_t ns = block_ns + block_ns / 2 + ACT_NS;

	return ns > ACT_LEAST_NS ? ns : ACT_LEAST_NS;
}

enum stall_level
stall_look(struct stall *s, uint64_t cycles, uint64_t block_ns, uint64_t now_ns)
{
	uint64_t gap_ns = s->last_ns ? now_ns - s->last_ns : 0;

	if (gap_ns > LOOK_MAX_NS)
		gap_ns = LOOK_MAX_NS;
	s->last_ns = now_ns;
	s->still_ns = cycles != s->cycles ? 0 : s->still_ns + gap_ns;
	s->cycles = cycles;
	if (s->still_ns >= act_ns(block_ns))
		return STALL_ACT;
	return s->still_ns >= block_ns + block_ns / 4 + ASK_NS ? STALL_ASK
							       : STALL_NONE;
}

uint64_t
stall_pace_ns(const struct stall *s, uint64_t block_ns)
{
	return s->still_ns == 0 && block_ns <= SHORT_NS ? CALM_PACE_NS
							: PACE_NS;
}

bool
cycle_was_due(const struct turn *turns, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		if (turns[i].signal_ns > turns[0].due_ns + ACT_NS)
			return false;
	return true;
}

bool
cycle_is_of(const struct stall *s, const struct turn *driver, uint64_t block_ns,
	uint64_t now_ns)
{
	return driver->due_ns + s->still_ns + block_ns + ASK_NS >= now_ns;
}

bool
turn_is_late(const struct turn *t, uint64_t block_ns, uint64_t since_ns,
	uint64_t now_ns)
{
	uint64_t last_ns = t->finish_ns > since_ns ? t->finish_ns : since_ns;

	if (t->status != TURN_TRIGGERED && t->status != TURN_AWAKE)
		return false;
	return last_ns < now_ns && now_ns - last_ns >= act_ns(block_ns);
}
