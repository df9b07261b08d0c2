/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/scene/rows_scene.h"

#include <string.h>

#include "control/model/change.h"
#include "control/model/model_state.h"
#include "control/util/name.h"

static void
want(struct model *c, enum model_scene_ask what, const char *name)
{
	struct scene_rows *s = &c->scene;

	s->asks = true;
	s->what = what;
	name_copy(s->name, sizeof(s->name), name);
}

void
scene_recall_set(
	struct model *c, struct place at, const char *text, struct changed *out)
{
	(void)at;
	(void)out;
	if (text[0])
		want(c, MODEL_SCENE_RECALL, text);
}

void
scene_save_set(
	struct model *c, struct place at, const char *text, struct changed *out)
{
	(void)at;
	(void)out;
	if (text[0])
		want(c, MODEL_SCENE_SAVE, text);
}

void
scene_undo_set(struct model *c, struct place at, double on, struct changed *out)
{
	(void)at;
	(void)out;
	if (on != 0.0)
		want(c, MODEL_SCENE_UNDO, "");
}

void
scene_finish_set(
	struct model *c, struct place at, double on, struct changed *out)
{
	(void)at;
	(void)out;
	if (on != 0.0)
		want(c, MODEL_SCENE_FINISH, "");
}

void
scene_stop_set(struct model *c, struct place at, double on, struct changed *out)
{
	(void)at;
	(void)out;
	if (on != 0.0)
		want(c, MODEL_SCENE_STOP, "");
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
