/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/scene/scenes_own.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/scene/fade.h"
#include "control/util/name.h"

/* ---- what scenes are of ---- */

static void
mark(const struct scenes *s, const struct scene_patterns *of, bool as, bool *in)
{
	uint32_t max = param_count(s->p);
	uint32_t *ids = calloc(max, sizeof(*ids));

	for (uint32_t i = 0; ids && i < of->count; i++) {
		uint32_t n = param_match(s->p, of->pattern[i], ids, max);

		for (uint32_t k = 0; k < n && k < max; k++)
			in[param_keeper(s->p, ids[k])] = as;
	}
	free(ids);
}

/* Leaves in s->in[] only what these name; none: all. */
static void
mark_only(struct scenes *s, const struct scene_patterns *of)
{
	uint32_t count = param_count(s->p);
	bool *in;

	if (!of || of->count == 0)
		return;
	in = calloc(count, sizeof(*in));
	if (in)
		mark(s, of, true, in);
	for (uint32_t id = 0; id < count; id++)
		s->in[id] = s->in[id] && in && in[id];
	free(in);
}

void
scenes_mark(struct scenes *s, const struct scene_patterns *of)
{
	uint32_t count = param_count(s->p);

	for (uint32_t id = 0; id < count; id++)
		s->in[id] = param_in_scene(s->p, id) &&
			    param_keeper(s->p, id) == id;
	mark_only(s, &s->config->include);
	mark_only(s, of);
}

/* ---- undo ---- */

/* The values of now of what is to be set; NULL: no memory */
static struct param_change *
values_now(const struct scenes *s, const struct param_change *change,
	uint32_t count, uint32_t *now)
{
	struct param_change *out =
		calloc((size_t)count * SCENE_FOLD_MAX + 1, sizeof(*out));

	*now = 0;
	for (uint32_t i = 0; out && i < count; i++)
		*now += scene_now(s->p, change[i].id, &out[*now]);
	return out;
}

static double
in_range(double seconds)
{
	if (!(seconds > 0.0))
		return 0.0;
	return seconds < FADE_MAX_S ? seconds : FADE_MAX_S;
}

static void
apply(struct scenes *s, const struct param_change *change, uint32_t count,
	const char *name, double seconds, uint64_t frame,
	struct scenes_told *told)
{
	struct scenes_before *b = &s->before;
	struct param_value last;
	uint32_t now;
	struct param_change *was = values_now(s, change, count, &now);

	memset(told, 0, sizeof(*told));
	name_copy(told->name, sizeof(told->name), name);
	told->values = count;
	told->fade_s = in_range(seconds);
	param_get(s->p, s->row, &last);
	param_fade(s->p, change, count, frame, (uint64_t)(told->fade_s * 1e9),
		PARAM_SOURCE_NONE);
	model_scene_is(s->model, name);
	free(b->change);
	b->change = was;
	b->count = now;
	name_copy(b->name, sizeof(b->name), last.s);
}

static void
tell(struct scenes *s, const struct scenes_told *told, const char *what)
{
	char over[48] = "";

	if (told->fade_s > 0.0)
		snprintf(over, sizeof(over), " in %g s", told->fade_s);
	scenes_say(s, "scene %s: %s%s, %u values%s%s", told->name, what, over,
		told->values, told->missing[0] ? "; not here: " : "",
		told->missing);
}

/* ---- recall ---- */

/* Drops what is safe, or not included. */
static void
scene_filter(struct scenes *s, struct scene *scene)
{
	uint32_t left = 0;

	scenes_mark(s, NULL);
	mark(s, &s->config->safe, false, s->in);
	for (uint32_t i = 0; i < scene->count; i++)
		if (s->in[param_keeper(s->p, scene->change[i].id)])
			scene->change[left++] = scene->change[i];
	scene->count = left;
}

int
scenes_recall(struct scenes *s, const char *name, double seconds,
	uint64_t frame, struct scenes_told *told, char *why)
{
	struct scene scene;
	int rc = scenes_read(s, name, &scene, why);

	if (rc < 0)
		return rc;
	if (isnan(seconds))
		seconds = scene.fade_s;
	if (isnan(seconds))
		seconds = s->config->fade_s;
	scene_filter(s, &scene);
	apply(s, scene.change, scene.count, name, seconds, frame, told);
	name_copy(told->missing, sizeof(told->missing), scene.missing);
	scene_done(&scene);
	tell(s, told, "recalled");
	return 0;
}

int
scenes_undo(
	struct scenes *s, double seconds, struct scenes_told *told, char *why)
{
	const struct scenes_before b = s->before;

	if (!b.change)
		return scenes_refuse(why, -ENOENT, "no scene was recalled yet");
	s->before.change = NULL; /* its values are still used */
	apply(s, b.change, b.count, b.name, seconds, 0, told);
	free(b.change);
	scenes_say(s, "scene: undone, %u values", told->values);
	return 0;
}

bool
scenes_panic(struct scenes *s)
{
	char why[SCENE_WHY_MAX];
	struct scenes_told told;
	int rc = scenes_recall(s, SCENE_SAFE, 0.0, 0, &told, why);

	if (rc < 0 && rc != -ENOENT)
		scenes_say(s, "%s", why);
	return rc == 0;
}
