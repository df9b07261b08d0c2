/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's file is read again when it is saved. */
#include "control/engine/engine_reload.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config.h"
#include "control/config/config_change.h"
#include "control/devices/devices.h"
#include "control/engine/engine_shared.h"
#include "control/engine/engine_tempo.h"
#include "control/util/file_watch.h"
#include "core/log.h"

static void
say_changes(struct engine *e, const struct config_change *change)
{
	char line[2 * CONFIG_CHANGE_TEXT_MAX + 80];

	if (change->live[0]) {
		snprintf(line, sizeof(line),
			"tapdeck.yaml was saved; in force now: %s",
			change->live);
		engine_say(e, line);
	}
	if (change->restart[0]) {
		snprintf(line, sizeof(line),
			"tapdeck.yaml was saved; in force when tapdeck is "
			"started again: %s",
			change->restart);
		engine_say(e, line);
	}
	if (!change->live[0] && !change->restart[0])
		engine_say(e, "tapdeck.yaml was saved; it says the same");
}

/* The strips that run are those of the start. */
static void
say_strips(struct engine *e, const struct model_config *next)
{
	uint32_t strips = model_config(e->model)->strips;
	char line[120];

	for (uint32_t i = 0; i < next->rules; i++) {
		uint32_t strip = next->rule[i].strip;

		if (strip == RULE_NO_STRIP || strip < strips)
			continue;
		snprintf(line, sizeof(line),
			"tapdeck.yaml: line %u: strip %u is above the %u that "
			"run; it counts when tapdeck is started again",
			next->rule[i].line, strip + 1, strips);
		engine_say(e, line);
	}
}

static void
apply(struct engine *e, const struct engine_config *next, bool say)
{
	struct config_change change;
	bool scenes =
		memcmp((const char *)&e->config->scenes,
			(const char *)&next->scenes, SCENES_CONFIG_BYTES) != 0;

	config_change_read(&change, e->config, next);
	if (change.any && model_reload(e->model, &next->model) < 0) {
		log_line("tapdeck: tapdeck.yaml: %s; nothing is changed",
			strerror(ENOMEM));
		return;
	}
	if (say) {
		say_changes(e, &change);
		say_strips(e, &next->model);
	}
	engine_tempo_reload(e, &next->model.tempo);
	config_change_apply(e->live, next);
	if (e->midi)
		devices_clock_of(e->midi);
	if (e->scenes && scenes)
		scenes_set_config(e->scenes, &e->live->scenes);
	if (change.any && e->driver)
		driver_regroup(e->driver);
}

static void
reload(struct engine *e, bool say)
{
	struct engine_config *next = calloc(1, sizeof(*next));
	char why[CONFIG_WHY_MAX] = "out of memory";
	int rc = next ? e->reread->call(e->reread->data, next, why) : -ENOMEM;

	if (rc < 0 && rc != -ENOENT)
		log_line("tapdeck: %s; nothing is changed", why);
	if (rc == 0) {
		next->terminal = e->config->terminal; /* of the supervisor */
		apply(e, next, say);
	}
	free(next);
}

static void
on_saved(void *data)
{
	reload(data, true);
}

void
engine_reload_start(struct engine *e)
{
	char path[PATH_MAX];
	int rc;

	if (!e->reread || config_path(path, sizeof(path)) < 0)
		return;
	e->live = malloc(sizeof(*e->live));
	if (!e->live)
		return;
	*e->live = *e->config;
	e->config = e->live;
	rc = file_watch_open(&e->watch, e->loop, path, on_saved, e);
	if (rc < 0)
		log_line("tapdeck: %s is not watched: %s", path, strerror(-rc));
	/* the supervisor has what it was started with */
	if (e->shared && atomic_load(&e->shared->engine_starts) > 1)
		reload(e, false);
	else
		*engine_tempo(e) = e->config->model.tempo;
}

void
engine_reload_stop(struct engine *e)
{
	file_watch_close(e->watch);
	free(e->live);
}
