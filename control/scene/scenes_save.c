/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Onto the disk, one after another: the disk may take seconds. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/scene/scenes_own.h"
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

/* The first one is on its way; or it cannot be, and the next one is. */
static void
save_begin(struct scenes *s)
{
	char path[PATH_MAX];

	while (s->saves) {
		int rc = scenes_path(s->saves->name, path);

		if (rc == 0)
			rc = file_saver_begin(&s->saver, path, s->saves->text,
				s->saves->size_bytes);
		if (rc == 0)
			break;
		save_end(s, rc);
	}
	if (s->saves)
		timer_set(&s->asks, ASK_NS);
}

static void
on_ask(void *data)
{
	struct scenes *s = data;
	int rc;

	if (!s->saves)
		return;
	if (!file_saver_done(&s->saver, &rc)) {
		timer_set(&s->asks, ASK_NS);
		return;
	}
	save_end(s, rc);
	save_begin(s);
}

void
scenes_saves_open(struct scenes *s, struct loop *l)
{
	file_saver_init(&s->saver);
	timer_init(&s->asks, l, on_ask, s);
}

void
scenes_saves_close(struct scenes *s)
{
	int rc;

	while (s->saves) {
		file_saver_finish(&s->saver);
		if (!file_saver_done(&s->saver, &rc))
			rc = -EIO;
		save_end(s, rc);
		save_begin(s);
	}
	timer_done(&s->asks);
}

/* What is there and cannot be read is somebody's work: it is not written over.
 */
static int
set_aside(struct scenes *s, const char *name, char *why)
{
	char path[PATH_MAX], aside[PATH_MAX + 16];
	struct scene was;
	int rc = scenes_read(s, name, &was, why);

	if (rc == 0)
		scene_done(&was);
	if (rc != -EINVAL) /* the disk says by itself what is wrong with it */
		return 0;
	if (scenes_path(name, path) < 0)
		return rc;
	snprintf(aside, sizeof(aside), "%s.damaged", path);
	scenes_say(s, "%s; it is %s now", why, aside);
	return rename(path, aside) < 0 ? scenes_refuse(why, -errno, "%s: %s",
						 aside, strerror(errno))
				       : 0;
}

int
scenes_save(struct scenes *s, const char *name, double fade_s,
	const struct scene_patterns *of, uint64_t *ticket, char *why)
{
	struct scenes_save *save, **last = &s->saves;
	int rc = scenes_check_name(name, why);

	if (rc < 0)
		return rc;
	if (s->saves_count == SCENES_SAVES_MAX)
		return scenes_refuse(why, -EBUSY,
			"%u scenes wait for the disk already", s->saves_count);
	if (isnan(fade_s))
		fade_s = scenes_fade(s, name);
	rc = set_aside(s, name, why);
	if (rc < 0)
		return rc;
	save = calloc(1, sizeof(*save));
	scenes_mark(s, of);
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
