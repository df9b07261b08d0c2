/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/engine/engine_scenes.h"

#include <errno.h>
#include <string.h>

#include "core/log.h"

static void
say(void *data, const char *line)
{
	(void)data;
	log_line("%s", line);
}

int
engine_scenes_start(struct engine *e)
{
	int rc = scenes_open(
		&e->scenes, &e->config->scenes, e->model, e->loop, say, NULL);

	if (rc == -ENOMEM)
		return rc;
	if (rc < 0) {
		log_line("tapdeck: no scenes: the state folder: %s",
			strerror(-rc));
		return 0;
	}
	scenes_set_tempo(e->scenes, e->tempo);
	return scene_osc_serve(&e->scene_osc, e->osc, e->scenes);
}
