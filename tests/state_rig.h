/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a model whose values are in a file of a folder of its own. */
#ifndef STATE_RIG_H
#define STATE_RIG_H

#include "tests/model_rig.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/state/state.h"

struct state_rig {
	struct rig r;
	struct state *state;
	char folder[32], path[64];
	char said[4096]; /* its lines, one behind the other */
};

static inline void
rig_say(void *data, const char *line)
{
	struct state_rig *s = data;
	size_t used = strlen(s->said);

	snprintf(s->said + used, sizeof(s->said) - used, "%s\n", line);
}

/* A process begins, where nothing of another one is in memory. */
static inline void
state_begin(struct state_rig *s)
{
	static const struct state_events events = {.say = rig_say};

	s->said[0] = '\0';
	memset(s->r.memory, 0, model_memory_bytes());
	assert_int_equal(state_open(&s->state, s->path, &events, s), 0);
	assert_int_equal(model_new_kept(&s->r.model, &s->r.config, s->r.memory,
				 state_restore, s->state),
		0);
	s->r.p = model_params(s->r.model);
	s->r.taps = 0;
	model_set_tap(s->r.model, on_tap, &s->r);
	assert_int_equal(state_start(s->state, NULL, s->r.model), 0);
}

static inline void
state_end(struct state_rig *s)
{
	state_close(s->state);
	s->state = NULL;
	model_free(s->r.model);
	s->r.model = NULL;
}

static inline void
state_again(struct state_rig *s)
{
	state_end(s);
	state_begin(s);
}

/* It goes on until all is on the disk. */
static inline void
state_saves(struct state_rig *s)
{
	while (!state_look(s->state))
		sched_yield();
}

static inline int
state_set_up(void **state)
{
	struct state_rig *s = calloc(1, sizeof(*s));

	strcpy(s->folder, "/tmp/tapdeck-state.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->path, sizeof(s->path), "%s/tapdeck/state.yaml", s->folder);
	model_config_init(&s->r.config);
	s->r.config.strips = 4;
	s->r.memory = calloc(1, model_memory_bytes());
	state_begin(s);
	*state = s;
	return 0;
}

static inline int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline int
state_tear_down(void **state)
{
	struct state_rig *s = *state;

	state_end(s);
	nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(s->r.memory);
	free(s);
	return 0;
}

/* How many files its folder has whose name begins so. */
static inline int
files(const struct state_rig *s, const char *begin)
{
	char path[64];
	struct dirent *entry;
	DIR *dir;
	int n = 0;

	snprintf(path, sizeof(path), "%s/tapdeck", s->folder);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.' &&
		     !strncmp(entry->d_name, begin, strlen(begin));
	if (dir)
		closedir(dir);
	return n;
}

/* The caller's to free(); NULL: no such file. */
static inline char *
file_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	if (f) {
		assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
		fclose(f);
		return text;
	}
	free(text);
	return NULL;
}

static inline void
file_put(const char *path, const char *text, size_t size_bytes)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, size_bytes, f), size_bytes);
	fclose(f);
}

#endif
