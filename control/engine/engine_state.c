/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values: those of an engine before this one are in memory that the
 * supervisor keeps, those of a run before this one in the state file. */
#include "control/engine/engine_state.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "control/engine/engine_assign.h"
#include "control/engine/engine_shared.h"
#include "control/engine/engine_sound.h"
#include "control/state/state.h"
#include "core/log.h"

static void
on_say(void *data, const char *line)
{
	(void)data;
	log_line("tapdeck: %s", line);
}

/* Without it everything else goes on. */
static void
state_begin(struct engine *e)
{
	static const struct state_events events = {.say = on_say};
	char path[PATH_MAX];
	int ret;

	if (e->config->fresh) {
		engine_say(e, "fresh: the last run's values are left alone, "
			      "and this one's are not kept");
		return;
	}
	ret = state_path(path, sizeof(path));
	if (ret == 0)
		ret = state_open(&e->state, path, &events, e);
	if (ret < 0)
		log_line("tapdeck: values are not saved: %s",
			ret == -ENOENT ? "neither HOME nor XDG_STATE_HOME is "
					 "set"
				       : strerror(-ret));
}

int
engine_model_start(struct engine *e)
{
	void *memory =
		e->shared ? e->shared->memory
			  : (e->memory = calloc(1, SUPERVISOR_MEMORY_BYTES));
	int ret;

	if (!memory)
		return -ENOMEM;
	state_begin(e);
	ret = model_new_kept(&e->model, &e->config->model, memory,
		e->state ? state_restore : NULL, e->state);
	if (ret < 0)
		return ret;
	engine_assign_start(e);
	model_set_tap(e->model, engine_tap, e);
	return e->state ? state_start(e->state, e->loop, e->model) : 0;
}
