/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Apps that were put on strips by hand for good. */
#include "control/engine/engine_own.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/assign_file.h"
#include "control/util/file_saver.h"
#include "core/log.h"

#define SAVED_NS (50 * ENGINE_MS) /* asked so often whether it is */

/* Set aside, so that the next one does not take its place. */
static void
set_aside(const char *path, const char *why)
{
	char aside[PATH_MAX + 8];

	snprintf(aside, sizeof(aside), "%s.bad", path);
	if (rename(path, aside) < 0)
		log_line("tapdeck: %s; it is left out", why);
	else
		log_line("tapdeck: %s; it is left out, and kept as %s", why,
			aside);
}

void
engine_assign_start(struct engine *e)
{
	struct hands *hands = engine_hands(e);
	char path[PATH_MAX], why[ASSIGN_WHY_MAX];
	int rc;

	model_set_hands(e->model, hands);
	e->saver_timer = -1;
	if (hands->count > 0 || /* an engine before this one has read it */
		e->config->fresh)
		return;
	rc = assign_path(path, sizeof(path));
	if (rc < 0)
		return;
	rc = assign_load(hands, e->config->model.strips, path, why);
	if (rc < 0 && rc != -ENOENT)
		set_aside(path, why);
	model_set_hands(e->model, hands);
}

static void
on_saved(void *data)
{
	struct engine *e = data;
	int rc;

	if (!file_saver_done(e->saver, &rc))
		return;
	loop_timer_remove(e->loop, e->saver_timer);
	e->saver_timer = -1;
	if (rc < 0)
		log_line("tapdeck: the assignments were not saved: %s",
			strerror(-rc));
}

static int
begin(struct engine *e)
{
	char path[PATH_MAX], *text = NULL;
	size_t size_bytes;
	int rc = assign_path(path, sizeof(path));

	rc = rc < 0 ? rc : assign_text(&text, &size_bytes, engine_hands(e));
	rc = rc < 0 ? rc : file_saver_begin(e->saver, path, text, size_bytes);
	free(text);
	return rc;
}

void
engine_assign_save(struct engine *e)
{
	int rc = 0;

	if (e->config->fresh) {
		engine_say(e, "fresh: the assignment is not saved");
		return;
	}
	if (!e->saver) {
		e->saver = calloc(1, sizeof(*e->saver));
		rc = e->saver ? 0 : -ENOMEM;
	}
	rc = rc < 0 ? rc : begin(e);
	if (rc < 0)
		log_line("tapdeck: the assignments were not saved: %s",
			strerror(-rc));
	else if (e->saver_timer < 0)
		e->saver_timer =
			loop_timer(e->loop, SAVED_NS, SAVED_NS, on_saved, e);
}

void
engine_assign_stop(struct engine *e)
{
	if (e->saver)
		file_saver_finish(e->saver);
	free(e->saver);
}
