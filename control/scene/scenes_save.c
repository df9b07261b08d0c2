/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Onto the disk, one after another: the disk may take seconds. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/scene/scenes_own.h"
#include "control/state/file_aside.h"
#include "control/util/name.h"

#define ASK_NS UINT64_C(2000000) /* how often the saver is asked */

/* The first one is done. */
static void
save_end(struct scenes *s, int rc)
{
	struct scenes_save *done = s->saves;

	s->saves = done->next;
	s->saves_count--;
	if (rc < 0)
		scenes_say(s, "scene %s: cannot be saved: %s", done->name,
			strerror(-rc));
	else
		scenes_say(s, "scene %s: saved", done->name);
	if (s->saved)
		s->saved(s->saved_data, done->ticket, done->name, rc);
	free(done->text);
	free(done);
}

/* The first one is on its way. What cannot be is told by the loop as well: who
 * asks knows his ticket by then. */
static void
save_begin(struct scenes *s)
{
	char path[PATH_MAX];
	int rc;

	if (!s->saves)
		return;
	rc = scenes_path(s->saves->name, path);
	if (rc == 0)
		rc = file_saver_write(
			&s->saver, path, s->saves->text, s->saves->size_bytes);
	s->begun = rc;
	timer_set(&s->asks, ASK_NS);
}

/* What has come of the first one; false: nothing yet. */
static bool
save_settle(struct scenes *s)
{
	int rc = s->begun;

	if (rc == 0 && !file_saver_done(&s->saver, &rc))
		return false;
	save_end(s, rc);
	save_begin(s);
	return true;
}

static void
on_ask(void *data)
{
	struct scenes *s = data;

	if (s->saves && !save_settle(s))
		timer_set(&s->asks, ASK_NS);
}

void
scenes_saves_open(struct scenes *s, struct loop *l)
{
	char folder[PATH_MAX];

	if (scenes_path("", folder) == 0)
		file_saver_sweep(folder);
	file_saver_init(&s->saver);
	timer_init(&s->asks, l, on_ask, s);
}

void
scenes_saves_close(struct scenes *s)
{
	while (s->saves) {
		file_saver_finish(&s->saver);
		save_settle(s);
	}
	timer_done(&s->asks);
}

/* ---- what is to be saved ---- */

/* What is there and cannot be read is somebody's work: it is not written over.
 */
static int
set_aside(struct scenes *s, const char *path, const char *read_why, char *why)
{
	char aside[PATH_MAX + 16];
	int rc = file_aside(path, aside, sizeof(aside));

	if (rc < 0)
		return scenes_refuse(why, rc,
			"%.*s; it cannot be set aside: %s", TREE_WHY_MAX,
			read_why, strerror(-rc));
	scenes_say(s, "%s; it is %s now", read_why, aside);
	return 0;
}

/* One more than there are; those that wait for the disk count as well. */
static int
check_room(struct scenes *s, const char *name, char *why)
{
	char(*names)[SCENE_NAME_MAX];
	int n = scenes_list(s, &names);

	if (n < 0) /* the disk says by itself what is wrong with it */
		return 0;
	free(names);
	if (n + (int)s->saves_count < SCENES_MAX)
		return 0;
	return scenes_refuse(why, -ENOSPC,
		"scene %s: there are %d scenes already, and no more can be",
		name, SCENES_MAX);
}

/* The file of before may go; *fade_s is its fade when that is NAN. */
static int
make_way(struct scenes *s, const char *name, double *fade_s, char *why)
{
	char path[PATH_MAX], read_why[SCENE_WHY_MAX];
	struct scene was = {.fade_s = NAN};
	int rc = scenes_read(s, name, &was, read_why);

	if (rc == 0) {
		*fade_s = isnan(*fade_s) ? was.fade_s : *fade_s;
		scene_done(&was);
		return 0;
	}
	if (rc == -ENOENT)
		return check_room(s, name, why);
	if (rc != -EINVAL || scenes_path(name, path) < 0)
		return 0;
	return set_aside(s, path, read_why, why);
}

static bool
is_of_anything(struct scenes *s, const struct scene_patterns *of)
{
	scenes_mark(s, of);
	for (uint32_t id = 0; id < param_count(s->p); id++)
		if (s->in[id])
			return true;
	return false;
}

static int
check_patterns(struct scenes *s, const char *name,
	const struct scene_patterns *of, char *why)
{
	uint32_t any;

	if (!is_of_anything(s, of))
		return scenes_refuse(why, -EINVAL,
			"scene %s: not saved, there would be nothing in it; "
			"allowed: addresses of values that scenes are of, such "
			"as /strip/*/gain",
			name);
	for (uint32_t i = 0; of && i < of->count; i++)
		if (param_match(s->p, of->pattern[i], &any, 1) == 0)
			return scenes_refuse(why, -EINVAL,
				"scene %s: not saved, %s names nothing that is "
				"here",
				name, of->pattern[i]);
	return 0;
}

static int
check_save(struct scenes *s, const char *name, const struct scene_patterns *of,
	double *fade_s, char *why)
{
	int rc = scenes_check_name(name, why);

	if (rc < 0)
		return rc;
	if (s->saves_count == SCENES_SAVES_MAX)
		return scenes_refuse(why, -EBUSY,
			"%u scenes wait for the disk already", s->saves_count);
	rc = check_patterns(s, name, of, why);
	return rc < 0 ? rc : make_way(s, name, fade_s, why);
}

int
scenes_save(struct scenes *s, const char *name, double fade_s,
	const struct scene_patterns *of, uint64_t *ticket, char *why)
{
	struct scenes_save *save, **last = &s->saves;
	int rc = check_save(s, name, of, &fade_s, why);

	if (rc < 0)
		return rc;
	save = calloc(1, sizeof(*save));
	if (!save || scene_text(&save->text, &save->size_bytes, s->p, s->in,
			     fade_s) < 0) {
		free(save);
		return scenes_refuse(why, -ENOMEM, "scene %s: no memory", name);
	}
	name_copy(save->name, sizeof(save->name), name);
	*ticket = save->ticket = ++s->tickets;
	while (*last)
		last = &(*last)->next;
	*last = save;
	if (s->saves_count++ == 0)
		save_begin(s);
	return 0;
}
