/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: scenes of a model with 4 strips, in a folder of their own. */
#ifndef SCENES_RIG_H
#define SCENES_RIG_H

#include <errno.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/scene/scenes.h"
#include "control/util/loop.h"
#include "tests/model_rig.h"

#define NO_FADE ((double)NAN)

struct stage {
	struct rig *rig;
	struct loop *loop;
	struct scenes *scenes;
	struct scenes_config config;
	char folder[64];
	char said[8192]; /* lines of the log */
	char why[SCENE_WHY_MAX];
	int rc; /* of the last save */
};

static inline void
on_said(void *data, const char *line)
{
	struct stage *s = data;
	size_t used = strlen(s->said);

	snprintf(s->said + used, sizeof(s->said) - used, "%s\n", line);
}

static inline void
on_saved(void *data, uint64_t ticket, const char *name, int rc)
{
	struct stage *s = data;

	(void)ticket;
	(void)name;
	s->rc = rc;
	loop_stop(s->loop, 0);
}

static inline void
stage_open(struct stage *s)
{
	scenes_close(s->scenes);
	assert_int_equal(scenes_open(&s->scenes, &s->config, s->rig->model,
				 s->loop, on_said, s),
		0);
	scenes_set_saved(s->scenes, on_saved, s);
}

static inline int
stage_up(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));
	void *rig = NULL;

	if (!s || set_up(&rig) < 0 || loop_new(&s->loop) < 0)
		return -1;
	s->rig = rig;
	strcpy(s->folder, "/tmp/tapdeck-scenes.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	setenv("XDG_STATE_HOME", s->folder, 1);
	stage_open(s);
	*state = s;
	return 0;
}

static inline int
stage_down(void **state)
{
	struct stage *s = *state;
	void *rig = s->rig;
	char command[128];
	int rc;

	scenes_close(s->scenes);
	loop_free(s->loop);
	snprintf(command, sizeof(command), "rm -rf %s", s->folder);
	rc = system(command);
	free(s);
	return tear_down(&rig) + rc;
}

static inline void
file_path(const struct stage *s, const char *name, char path[256])
{
	snprintf(path, 256, "%s/tapdeck/scenes/%s", s->folder, name);
}

static inline void
file_put(const struct stage *s, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/tapdeck", s->folder);
	mkdir(path, 0700);
	file_path(s, "", path);
	mkdir(path, 0700);
	file_path(s, name, path);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* "": there is none */
static inline void
file_get(const struct stage *s, const char *name, char text[16384])
{
	char path[256];
	FILE *f;
	size_t n = 0;

	file_path(s, name, path);
	f = fopen(path, "re");
	if (f) {
		n = fread(text, 1, 16383, f);
		fclose(f);
	}
	text[n] = '\0';
}

static inline int
save(struct stage *s, const char *name)
{
	uint64_t ticket;
	int rc = scenes_save(s->scenes, name, NO_FADE, NULL, &ticket, s->why);

	if (rc < 0)
		return rc;
	loop_run(s->loop);
	return s->rc;
}

static inline struct scenes_told
recall(struct stage *s, const char *name, double seconds)
{
	struct scenes_told told;

	s->why[0] = '\0';
	if (scenes_recall(s->scenes, name, seconds, 0, &told, s->why) < 0)
		fail_msg("%s", s->why);
	return told;
}

static inline void
refused(struct stage *s, const char *name, const char *words)
{
	struct scenes_told told;

	assert_true(scenes_recall(s->scenes, name, 0.0, 0, &told, s->why) < 0);
	if (!strstr(s->why, words))
		fail_msg("\"%s\" instead of \"%s\"", s->why, words);
}

#define S(f) cmocka_unit_test_setup_teardown(f, stage_up, stage_down)

#endif
