/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenes of this user: files NAME.yaml in the state folder, which are read
 * when they are asked for, so that an edited one counts. One that cannot be
 * read is told and left as it is. Control thread only. */
#ifndef SCENES_H
#define SCENES_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/model.h"
#include "control/scene/scene.h"
#include "control/scene/scenes_config.h"

#define SCENES_MAX	 512 /* that are listed */
#define SCENES_SAVES_MAX 64  /* that wait for the disk */
#define SCENE_SAFE	 "safe"

struct loop;
struct scenes;
struct tempo;

typedef void (*scenes_log)(void *data, const char *line);

/* It answers what the model asks. 0, -ENOMEM; -ENOENT, -ENAMETOOLONG: there is
 * no state folder. config outlives it; log may be NULL. */
int scenes_open(struct scenes **out, const struct scenes_config *config,
	struct model *c, struct loop *l, scenes_log log, void *data);
/* It goes by this one from now on, as by that of scenes_open(). */
void scenes_set_config(struct scenes *s, const struct scenes_config *config);
/* What scenes_save() began is on the disk, or -errno. */
typedef void (*scenes_saved)(
	void *data, uint64_t ticket, const char *name, int rc);
void scenes_set_saved(struct scenes *s, scenes_saved saved, void *data);
void scenes_close(struct scenes *s); /* waits for the disk; NULL is fine */

struct scenes_told {
	char name[SCENE_NAME_MAX];
	uint32_t values; /* that were set */
	double fade_s;
	char missing[SCENE_MISSING_MAX];
	bool pending; /* it waits for its beat; "": no longer, or nothing does
		       */
};

/* All that follow: 0, or -errno and one line in why[SCENE_WHY_MAX].
 *
 * The values of now of what these patterns name, none: of all that scenes are
 * of. fade_s NAN: that of the file in whose place it comes. *ticket: see
 * scenes_saved; the file of before stays until this one is whole. */
int scenes_save(struct scenes *s, const char *name, double fade_s,
	const struct scene_patterns *of, uint64_t *ticket, char *why);
/* In so many seconds, NAN: those of its file, or of the configuration; at this
 * frame of the mixer, 0: now. */
int scenes_recall(struct scenes *s, const char *name, double seconds,
	uint64_t frame, struct scenes_told *told, char *why);
/* Likewise, on the beat that /quantise says; asked for again meanwhile, not at
 * all. */
int scenes_request(struct scenes *s, const char *name, double seconds,
	struct scenes_told *told, char *why);
void scenes_set_tempo(struct scenes *s, struct tempo *t);
/* Back to the values before the last recall; again: forth. */
int scenes_undo(
	struct scenes *s, double seconds, struct scenes_told *told, char *why);
int scenes_delete(struct scenes *s, const char *name, char *why);
int scenes_rename(
	struct scenes *s, const char *name, const char *to, char *why);

/* Recalls the scene `safe`. False: there is none that can be. */
bool scenes_panic(struct scenes *s);

/* Their names in order, for the caller to free(); how many, or -errno. */
int scenes_list(struct scenes *s, char (**names)[SCENE_NAME_MAX]);
/* What is in one, as scene_parse(). */
int scenes_read(
	struct scenes *s, const char *name, struct scene *out, char *why);

/* Where they are. */
int scenes_path(const char *name, char path[PATH_MAX]);

#endif
