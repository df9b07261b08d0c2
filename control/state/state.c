/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/state/state.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/state/state_own.h"
#include "control/state/file_aside.h"
#include "control/util/file_read.h"
#include "control/util/file_saver.h"
#include "control/util/loop.h"
#include "control/util/user_path.h"

/* What was moved last is on the disk this much and a write later. */
#define LOOK_NS	 UINT64_C(300000000)
#define RETRY_NS UINT64_C(5000000000) /* the disk is full */

struct state {
	struct state_events events;
	void *data;
	char path[PATH_MAX];
	bool off; /* a file that must not be written over is in the way */
	struct state_text read;
	const struct model *model; /* NULL: not started */
	struct loop *loop;
	int timer;
	void *seen; /* [keep_size_bytes()]: of what was written last */
	bool fresh; /* nothing was */
	char *text; /* what was; NULL: nothing */
	size_t text_bytes;
	struct file_saver saver;
	bool saving, failing;
	uint64_t again_ns; /* not before that */
};

int
state_path(char *path, size_t size_bytes)
{
	return user_path(USER_STATE, "tapdeck/state.yaml", path, size_bytes);
}

/* ---- the file that is there ---- */

static void
say(const struct state *s, const char *line)
{
	s->events.say(s->data, line);
}

/* why: FILE: what is wrong */
static void
set_aside(struct state *s, const char *why)
{
	char aside[PATH_MAX + 16], line[3 * PATH_MAX];
	int rc = file_aside(s->path, aside, sizeof(aside));

	s->off = rc < 0;
	if (rc < 0)
		snprintf(line, sizeof(line),
			"%s; it cannot be set aside: %s; values are not saved "
			"while it is there",
			why, strerror(-rc));
	else
		snprintf(line, sizeof(line),
			"%s; set aside as %s, all values begin anew", why,
			aside);
	say(s, line);
}

static int
read_file(struct state *s)
{
	char why[TREE_WHY_MAX], *text;
	size_t size_bytes;
	int rc = file_read(
		&text, &size_bytes, s->path, STATE_BYTES_MAX, why, sizeof(why));

	if (rc == -ENOENT || rc == -ENOMEM)
		return rc == -ENOENT ? 0 : rc;
	if (rc < 0) {
		set_aside(s, why);
		return 0;
	}
	rc = state_text_read(&s->read, s->path, text, size_bytes);
	if (rc == -EINVAL)
		set_aside(s, s->read.why);
	free(text);
	return rc == -ENOMEM ? rc : 0;
}

int
state_open(struct state **out, const char *path,
	const struct state_events *events, void *data)
{
	struct state *s = calloc(1, sizeof(*s));
	int rc = -ENOMEM;

	*out = NULL;
	if (s && strlen(path) < sizeof(s->path)) {
		memcpy(s->path, path, strlen(path) + 1);
		s->events = *events;
		s->data = data;
		s->fresh = true;
		file_saver_init(&s->saver);
		file_saver_sweep(path);
		rc = read_file(s);
	}
	if (rc < 0) {
		state_close(s);
		return rc;
	}
	*out = s;
	return 0;
}

void
state_restore(void *data, struct model *c)
{
	struct state *s = data;

	state_text_place(&s->read, c);
	state_text_restore(&s->read, c);
}

/* ---- saving ---- */

static void
on_time(void *data)
{
	state_look(data);
}

int
state_start(struct state *s, struct loop *l, const struct model *c)
{
	if (s->off)
		return 0;
	s->seen = malloc(keep_size_bytes());
	if (!s->seen)
		return -ENOMEM;
	/* Those of memory that was taken over are of these entries as well. */
	state_text_place(&s->read, c);
	s->model = c;
	s->loop = l;
	s->timer = l ? loop_timer(l, 0, LOOK_NS, on_time, s) : -1;
	return l && s->timer < 0 ? -ENOMEM : 0;
}

static void
failed(struct state *s, int rc)
{
	char line[PATH_MAX + 200];

	s->fresh = true; /* the file has something else */
	s->again_ns = loop_now_ns() + RETRY_NS;
	if (s->failing)
		return;
	s->failing = true;
	snprintf(line, sizeof(line),
		"values are not saved: %s: %s; tried again every %d s", s->path,
		strerror(-rc), (int)(RETRY_NS / UINT64_C(1000000000)));
	say(s, line);
}

/* What has come of the last one; false: nothing yet. */
static bool
settle(struct state *s)
{
	int rc;

	if (!s->saving)
		return true;
	if (!file_saver_done(&s->saver, &rc))
		return false;
	s->saving = false;
	if (rc < 0)
		failed(s, rc);
	else if (s->failing)
		say(s, "values are saved again");
	s->failing = rc < 0;
	return true;
}

static void
save(struct state *s, char *text, size_t size_bytes)
{
	int rc = file_saver_write(&s->saver, s->path, text, size_bytes);

	free(s->text);
	s->text = text;
	s->text_bytes = size_bytes;
	s->fresh = false;
	s->saving = rc == 0;
	if (rc < 0)
		failed(s, rc);
}

static bool
is_seen(const struct state *s)
{
	return !s->fresh &&
	       !memcmp(s->seen, keep_bytes(s->model), keep_size_bytes());
}

bool
state_look(struct state *s)
{
	size_t size_bytes;
	char *text;

	if (!settle(s))
		return false;
	if (!s->model || is_seen(s))
		return true;
	if (s->failing && loop_now_ns() < s->again_ns)
		return false;
	if (state_text_write(&s->read, s->model, &text, &size_bytes) < 0)
		return false;
	memcpy(s->seen, keep_bytes(s->model), keep_size_bytes());
	if (!s->fresh && size_bytes == s->text_bytes &&
		!memcmp(text, s->text, size_bytes)) {
		free(text); /* not kept in the file */
		return true;
	}
	save(s, text, size_bytes);
	return false;
}

/* Whatever has failed is tried once more. */
static void
save_last(struct state *s)
{
	file_saver_finish(&s->saver);
	s->again_ns = 0;
	while (!state_look(s)) {
		if (!s->saving)
			return;
		file_saver_finish(&s->saver);
		if (settle(s) && s->failing)
			return;
	}
}

void
state_close(struct state *s)
{
	if (!s)
		return;
	if (s->model)
		save_last(s);
	if (s->loop && s->timer >= 0)
		loop_timer_remove(s->loop, s->timer);
	file_saver_finish(&s->saver);
	state_text_done(&s->read);
	free(s->seen);
	free(s->text);
	free(s);
}
