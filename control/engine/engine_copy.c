/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mode after crashes: programs are only copied.
 *
 * It is made of what a user could do as well: a strip whose program would be
 * taken is set to "copy", which also takes it off main. Which strips these are
 * is in the supervisor's memory, so that `retake` finds them after a crash. */
#include "control/engine/engine_copy.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "control/model/param.h"

_Static_assert(STRIPS_MAX <= 64, "one bit each");

static int
tap_find(struct engine *e, uint32_t strip)
{
	char address[32];

	snprintf(address, sizeof(address), "/strip/%u/tap", strip + 1);
	return param_find(model_params(e->model), address);
}

static bool
strip_copies(struct engine *e, uint32_t strip)
{
	struct param_value now = {0};
	int id = tap_find(e, strip);

	if (id >= 0)
		param_get(model_params(e->model), (uint32_t)id, &now);
	return !strcmp(now.s, "copy");
}

static void
strip_tap(struct engine *e, uint32_t strip, const char *tap)
{
	struct params *p = model_params(e->model);
	struct param_value from = {.type = PARAM_TEXT};
	struct param_change change = {0};
	char why[PARAM_WHY_MAX];
	int id = tap_find(e, strip);

	snprintf(from.s, sizeof(from.s), "%s", tap);
	if (id < 0 || param_check(p, (uint32_t)id, &from, &change.value, why))
		return;
	change.id = (uint32_t)id;
	param_apply(p, &change, 1, 0, PARAM_SOURCE_NONE);
}

bool
engine_copies_only(const struct engine *e)
{
	return e->shared && supervisor_copy_only(e->shared);
}

void
engine_copy(struct engine *e, int strip)
{
	/* relaxed: only this thread uses it, and the next engine's */
	atomic_fetch_or_explicit(&e->shared->copied_strips,
		UINT64_C(1) << strip, memory_order_relaxed);
	strip_tap(e, (uint32_t)strip, "copy");
}

bool
engine_retake(void *data)
{
	struct engine *e = data;
	uint64_t strips;

	if (!engine_copies_only(e))
		return false;
	/* release: what is asked of the supervisor later finds it done */
	atomic_store_explicit(&e->shared->copy_only, 0, memory_order_release);
	/* relaxed: as above */
	strips = atomic_exchange_explicit(
		&e->shared->copied_strips, 0, memory_order_relaxed);
	for (uint32_t i = 0; i < e->config->model.strips; i++)
		/* unless its user has chosen otherwise meanwhile */
		if (strips >> i & 1 && strip_copies(e, i))
			strip_tap(e, i, "take");
	return true;
}
