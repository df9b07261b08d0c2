/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the scenes share. Control thread only. */
#ifndef SCENES_OWN_H
#define SCENES_OWN_H

#include "control/scene/scenes.h"
#include "control/util/file_saver.h"
#include "control/util/timer.h"

#define SCENE_SUFFIX ".yaml"

/* One that waits for the disk, or is on its way there. */
struct scenes_save {
	struct scenes_save *next;
	char name[SCENE_NAME_MAX];
	uint64_t ticket;
	size_t size_bytes;
	char *text;
};

/* What is there without the last recall. */
struct scenes_before {
	struct param_change *change; /* NULL: nothing was recalled */
	uint32_t count;
	char name[SCENE_NAME_MAX]; /* what /scene said then */
};

/* The recall that waits for a beat. */
struct scenes_wait {
	bool waits;
	char name[SCENE_NAME_MAX];
	double seconds;
};

struct scenes {
	const struct scenes_config *config;
	struct model *model;
	struct params *p;
	uint32_t row; /* id of /scene */
	scenes_log log;
	void *log_data;
	scenes_saved saved;
	void *saved_data;
	struct file_saver saver;
	struct scenes_save *saves; /* the first is on its way */
	uint32_t saves_count;
	int begun; /* -errno: the first could not even be begun */
	uint64_t tickets;
	struct timer asks; /* whether it is there */
	struct scenes_before before;
	struct tempo *tempo; /* NULL: nothing waits */
	struct scenes_wait wait;
	bool *in; /* scratch: [param_count()] */
};

void scenes_say(struct scenes *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int scenes_refuse(char *why, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- scenes_file.c ---- */

/* The name is good, or it is refused. */
int scenes_check_name(const char *name, char *why);

/* The last of this name that waits, or NULL. */
const struct scenes_save *scenes_saves_find(
	const struct scenes *s, const char *name);

/* ---- scenes_save.c ---- */

void scenes_saves_open(struct scenes *s, struct loop *l);
void scenes_saves_close(struct scenes *s);

/* ---- scenes_wait.c ---- */

/* Nothing of scenes_request() waits any more. */
void scenes_cancel(struct scenes *s);

/* ---- scenes_recall.c ---- */

/* Marks what scenes are of in s->in[], by who keeps the value. */
void scenes_mark(struct scenes *s, const struct scene_patterns *of);

#endif
