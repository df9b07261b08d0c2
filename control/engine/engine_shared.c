/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine shares with its supervisor: the log, the beat, and memory
 * that outlives this process. */
#include "control/engine/engine_shared.h"

#include <string.h>

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
engine_status(void *data, struct driver_status *out)
{
	const struct engine *e = data;

	memset(out, 0, sizeof(*out));
	if (e->driver)
		driver_status(e->driver, out);
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

/* What outlives the process. */
struct kept {
	struct values values; /* the model's */
	struct osc_leases leases;
	struct hands hands;	  /* where somebody has put apps */
	struct model_tempo tempo; /* as the file said it last */
};

_Static_assert(sizeof(struct kept) <= SUPERVISOR_MEMORY_BYTES,
	"what outlives an engine fits the memory it is given");

static struct kept *
kept(struct engine *e)
{
	return e->shared ? (void *)e->shared->memory : e->memory;
}

struct osc_leases *
engine_leases(struct engine *e)
{
	return &kept(e)->leases;
}

struct hands *
engine_hands(struct engine *e)
{
	return &kept(e)->hands;
}

struct model_tempo *
engine_tempo(struct engine *e)
{
	return &kept(e)->tempo;
}
