/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/scene/rows_scene.h"

#include "control/model/change.h"
#include "control/model/model_state.h"
#include "control/util/name.h"

void
scene_rows_want(
	struct model *c, enum model_scene_ask what, const struct param_value *v)
{
	struct scene_rows *s = &c->scene;
	bool named = v->type == PARAM_TEXT;

	if (named ? !v->s[0] : v->i == 0)
		return;
	s->asks = true;
	s->what = what;
	name_copy(s->name, sizeof(s->name), named ? v->s : "");
}

void
scene_rows_ask(struct model *c, uint64_t frame)
{
	struct scene_rows *s = &c->scene;

	if (!s->asks)
		return;
	s->asks = false;
	s->frame = frame;
	if (s->ask)
		s->ask(s->data, s->what, s->name);
	s->frame = 0;
}

uint64_t
model_scene_frame(const struct model *c)
{
	return c->scene.frame;
}

void
model_set_scenes(struct model *c, model_scene ask, void *data)
{
	c->scene.ask = ask;
	c->scene.data = data;
}
