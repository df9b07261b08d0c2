/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Apps that were put on strips by hand for good. */
#include "control/engine/engine_assign.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/assign_file.h"
#include "control/engine/engine_shared.h"
#include "control/state/file_aside.h"
#include "control/util/file_saver.h"
#include "core/log.h"

#define SAVED_NS (50 * ENGINE_MS) /* asked so often whether it is */

/* It is somebody's work, and the next one does not take its place. What cannot
 * be read this time may be good. */
static bool
set_aside(const char *path, const char *why, int error)
{
	char aside[PATH_MAX + 16];
	int rc = error == -EINVAL ? file_aside(path, aside, sizeof(aside))
				  : error;

	if (rc < 0)
		log_line("tapdeck: %s; it is left out, and assignments are not "
			 "saved",
			why);
	else
		log_line("tapdeck: %s; it is left out, and kept as %s", why,
			aside);
	return rc == 0;
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
	file_saver_sweep(path);
	rc = assign_load(hands, path, why);
	if (rc < 0 && rc != -ENOENT)
		e->assign_off = !set_aside(path, why, rc);
	model_set_hands(e->model, hands);
}

static int
begin(struct engine *e)
{
	char path[PATH_MAX], *text = NULL;
	size_t size_bytes;
	int rc = assign_path(path, sizeof(path));

	e->assign_again = false;
	rc = rc < 0 ? rc : assign_text(&text, &size_bytes, engine_hands(e));
	rc = rc < 0 ? rc : file_saver_write(e->saver, path, text, size_bytes);
	free(text);
	return rc;
}

static void
tell(int rc)
{
	if (rc < 0)
		log_line("tapdeck: the assignments were not saved: %s",
			strerror(-rc));
}

/* What has come of it; and what was changed meanwhile is next. False: it is
 * on its way. */
static bool
settle(struct engine *e)
{
	int rc;

	if (!file_saver_done(e->saver, &rc))
		return false;
	tell(rc);
	if (!e->assign_again)
		return true;
	rc = begin(e);
	tell(rc);
	return rc < 0;
}

static void
on_saved(void *data)
{
	struct engine *e = data;

	if (!settle(e))
		return;
	loop_timer_remove(e->loop, e->saver_timer);
	e->saver_timer = -1;
}

void
engine_assign_save(void *data)
{
	struct engine *e = data;
	int rc = 0;

	if (e->config->fresh || e->assign_off) {
		engine_say(e,
			e->config->fresh
				? "fresh: the assignment is not saved"
				: "the assignment is not saved: its file could "
				  "not be read");
		return;
	}
	if (e->saver_timer >= 0) { /* the disk is not waited for */
		e->assign_again = true;
		return;
	}
	if (!e->saver) {
		e->saver = calloc(1, sizeof(*e->saver));
		rc = e->saver ? 0 : -ENOMEM;
	}
	rc = rc < 0 ? rc : begin(e);
	tell(rc);
	if (rc == 0)
		e->saver_timer =
			loop_timer(e->loop, SAVED_NS, SAVED_NS, on_saved, e);
}

void
engine_assign_stop(struct engine *e)
{
	if (!e->saver)
		return;
	do
		file_saver_finish(e->saver);
	while (!settle(e));
	free(e->saver);
	e->saver = NULL;
}
