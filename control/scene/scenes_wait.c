/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On the beat, as /quantise says. */
#include "control/scene/scenes_own.h"

#include <errno.h>
#include <string.h>

#include "control/tempo/tempo.h"
#include "control/util/name.h"

/* Shortly before the beat, or at once. */
static void
on_fire(void *data, uint64_t frame)
{
	struct scenes *s = data;
	struct scenes_wait *w = &s->wait;

	w->waits = false;
	w->fired = true;
	w->rc = scenes_recall(s, w->name, w->seconds, frame, &w->told, w->why);
	if (w->rc < 0 && !w->asking)
		scenes_say(s, "%s", w->why);
}

static void
on_gone(void *data)
{
	struct scenes *s = data;

	s->wait.waits = false;
}

void
scenes_cancel(struct scenes *s)
{
	if (s->wait.waits)
		tempo_wait(s->tempo, PARAM_AS_SET, on_fire, on_gone, s);
	s->wait.waits = false;
}

/* What a button has asked for waits in /scene; true: it was this one. */
static bool
cancel_button(struct scenes *s, uint32_t id, const char *name)
{
	struct param_change c = {.id = id};

	if (!param_pending(s->p, id, &c.value))
		return false;
	/* once more is not at all */
	param_request(s->p, &c, 1, 0, PARAM_SOURCE_NONE, PARAM_ON_BEAT);
	return !strcmp(c.value.s, name);
}

/* Whatever waits does no more; true: that was this one, and it is to wait. */
static bool
take_back(struct scenes *s, const char *name)
{
	bool same = s->wait.waits && !strcmp(s->wait.name, name);
	int id = param_find(s->p, "/scene");

	scenes_cancel(s);
	if (id < 0)
		return same;
	same |= cancel_button(s, (uint32_t)id, name);
	return same && param_waits(s->p, (uint32_t)id, PARAM_AS_SET);
}

static void
wait_for_beat(struct scenes *s, const char *name, double seconds)
{
	struct scenes_wait *w = &s->wait;

	name_copy(w->name, sizeof(w->name), name);
	w->seconds = seconds;
	w->fired = false;
	w->asking = true;
	if (!s->tempo)
		on_fire(s, 0);
	else if (tempo_wait(s->tempo, PARAM_AS_SET, on_fire, on_gone, s))
		w->waits = !w->fired;
	w->asking = false;
}

int
scenes_request(struct scenes *s, const char *name, double seconds,
	struct scenes_told *told, char *why)
{
	struct scenes_wait *w = &s->wait;
	struct scene scene;
	int rc = scenes_read(s, name, &scene, why);

	if (rc < 0)
		return rc;
	scene_done(&scene);
	memset(told, 0, sizeof(*told));
	told->pending = true;
	if (take_back(s, name))
		return 0;
	wait_for_beat(s, name, seconds);
	if (!w->fired) {
		name_copy(told->name, sizeof(told->name), name);
		return 0;
	}
	*told = w->told;
	memcpy(why, w->why, sizeof(w->why));
	return w->rc;
}

void
scenes_set_tempo(struct scenes *s, struct tempo *t)
{
	s->tempo = t;
}
