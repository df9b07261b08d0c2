/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/scene/scenes_own.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "control/model/scene/fade.h"

/* A button, or /scene: there is nobody to answer. */
static void
on_ask(void *data, enum model_scene_ask what, const char *name)
{
	struct scenes *s = data;
	char why[SCENE_WHY_MAX] = "";
	struct scenes_told told;
	uint64_t ticket, frame = model_scene_frame(s->model);
	int rc = 0;

	switch (what) {
	case MODEL_SCENE_RECALL: /* it has waited, or was not to */
		scenes_cancel(s);
		rc = scenes_recall(s, name, (double)NAN, frame, &told, why);
		break;
	case MODEL_SCENE_SAVE:
		rc = scenes_save(s, name, (double)NAN, NULL, &ticket, why);
		break;
	case MODEL_SCENE_UNDO:
		rc = scenes_undo(s, 0.0, &told, why);
		break;
	case MODEL_SCENE_FINISH:
		param_fade_finish(s->p);
		break;
	case MODEL_SCENE_STOP:
		param_fade_stop(s->p);
		break;
	}
	if (rc < 0)
		scenes_say(s, "%s", why);
}

static void
on_nothing(void *data, const char *line)
{
	scenes_say(data, "%s", line);
}

int
scenes_open(struct scenes **out, const struct scenes_config *config,
	struct model *c, struct loop *l, scenes_log log, void *data)
{
	struct scenes *s = calloc(1, sizeof(*s));
	char path[PATH_MAX];
	int rc = scenes_path("", path);

	*out = NULL;
	if (s)
		s->in = calloc(param_count(model_params(c)), sizeof(*s->in));
	if (!s || !s->in)
		rc = -ENOMEM;
	if (rc < 0) {
		if (s)
			free(s->in);
		free(s);
		return rc;
	}
	s->log = log;
	s->log_data = data;
	s->model = c;
	s->p = model_params(c);
	s->row = (uint32_t)param_find(s->p, "/scene");
	scenes_saves_open(s, l);
	scenes_set_config(s, config);
	model_set_scenes(c, on_ask, s);
	*out = s;
	return 0;
}

void
scenes_set_config(struct scenes *s, const struct scenes_config *config)
{
	s->config = config;
	scenes_config_check(config, s->p, "tapdeck.yaml", on_nothing, s);
}

void
scenes_set_saved(struct scenes *s, scenes_saved saved, void *data)
{
	s->saved = saved;
	s->saved_data = data;
}

void
scenes_close(struct scenes *s)
{
	if (!s)
		return;
	model_set_scenes(s->model, NULL, NULL);
	scenes_saves_close(s);
	free(s->before.change);
	free(s->in);
	free(s);
}
