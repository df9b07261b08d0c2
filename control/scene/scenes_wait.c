/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On the beat, as /quantise says. */
#include "control/scene/scenes_own.h"

#include <errno.h>
#include <string.h>

#include "control/tempo/tempo.h"
#include "control/util/name.h"

/* Shortly before the beat: there is nobody to answer any more. */
static void
on_fire(void *data, uint64_t frame)
{
	struct scenes *s = data;
	struct scenes_told told;
	char why[SCENE_WHY_MAX];

	s->wait.waits = false;
	if (scenes_recall(s, s->wait.name, s->wait.seconds, frame, &told, why) <
		0)
		scenes_say(s, "%s", why);
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
	if (s->wait.waits) /* once more is not at all: on_gone() */
		tempo_wait(s->tempo, PARAM_AS_SET, on_fire, on_gone, s);
}

/* What a button has asked for waits in /scene; true: it was this one. */
static bool
cancel_button(struct scenes *s, const char *name)
{
	struct param_change c = {.id = s->row};

	if (!param_pending(s->p, s->row, &c.value))
		return false;
	/* once more is not at all */
	param_request(s->p, &c, 1, 0, PARAM_SOURCE_NONE, PARAM_ON_BEAT);
	return !strcmp(c.value.s, name);
}

/* Whatever waits does no more; true: that was this one. */
static bool
take_back(struct scenes *s, const char *name)
{
	bool same = s->wait.waits && !strcmp(s->wait.name, name);

	scenes_cancel(s);
	return cancel_button(s, name) || same;
}

static bool
is_to_wait(const struct scenes *s)
{
	struct grid g = {.runs = false};

	if (s->tempo)
		tempo_grid(s->tempo, &g);
	return g.runs && param_waits(s->p, s->row, PARAM_AS_SET);
}

static void
wait_for_beat(struct scenes *s, const char *name, double seconds)
{
	name_copy(s->wait.name, sizeof(s->wait.name), name);
	s->wait.seconds = seconds;
	s->wait.waits = true; /* unless it fires at once: too much waits */
	tempo_wait(s->tempo, PARAM_AS_SET, on_fire, on_gone, s);
}

int
scenes_request(struct scenes *s, const char *name, double seconds,
	struct scenes_told *told, char *why)
{
	struct scene scene;
	bool same;
	int rc = scenes_read(s, name, &scene, why);

	if (rc < 0)
		return rc;
	scene_done(&scene);
	same = take_back(s, name);
	if (!is_to_wait(s))
		return scenes_recall(s, name, seconds, 0, told, why);
	memset(told, 0, sizeof(*told));
	told->pending = true;
	if (same)
		return 0;
	name_copy(told->name, sizeof(told->name), name);
	wait_for_beat(s, name, seconds);
	return 0;
}

void
scenes_set_tempo(struct scenes *s, struct tempo *t)
{
	s->tempo = t;
}
