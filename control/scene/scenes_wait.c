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

/* It waits no more. */
static void
cancel(struct scenes *s)
{
	if (s->wait.waits)
		tempo_wait(s->tempo, PARAM_AS_SET, on_fire, on_gone, s);
	s->wait.waits = false;
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
	bool again = w->waits && !strcmp(w->name, name);
	struct scene scene;
	int rc = scenes_read(s, name, &scene, why);

	if (rc < 0)
		return rc;
	scene_done(&scene);
	cancel(s);
	memset(told, 0, sizeof(*told));
	told->pending = true;
	if (again)
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
