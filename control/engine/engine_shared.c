/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine shares with its supervisor: the log, the beat, and memory
 * that outlives this process. */
#include "control/engine/engine_own.h"

#include "control/model/rules/hands.h"
#include "control/model/values.h"
#include "control/osc/subscribers/osc_lease.h"
#include "core/log.h"

void
engine_say(void *data, const char *line)
{
	const struct engine *e = data;

	if (!e->config->quiet)
		log_line("tapdeck: %s", line);
}

void
engine_beat(void *data)
{
	struct engine *e = data;

	if (!e->shared)
		return;
	/* relaxed: one counter, nothing hangs on it */
	atomic_fetch_add_explicit(
		&e->shared->control_beats, 1, memory_order_relaxed);
}

_Static_assert(sizeof(struct values) + 2 * 63 + sizeof(struct osc_leases) +
			       sizeof(struct hands) <=
		       SUPERVISOR_MEMORY_BYTES,
	"what outlives an engine fits the memory it is given");

/* What outlives the process: the model's, then that of the leases, then where
 * somebody has put apps. */
static void *
memory_at(struct engine *e, size_t offset)
{
	uint8_t *memory = e->shared ? e->shared->memory : e->memory;

	return memory + ((offset + 63) & ~(size_t)63);
}

struct osc_leases *
engine_leases(struct engine *e)
{
	return memory_at(e, model_memory_bytes());
}

struct hands *
engine_hands(struct engine *e)
{
	return memory_at(e, ((model_memory_bytes() + 63) & ~(size_t)63) +
				    sizeof(struct osc_leases));
}
