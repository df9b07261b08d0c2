/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scene: a set of values as a text that people read, edit and share.
 *
 *	fade: 4
 *	strips: {spotify: {gain: -6, mute: 0}, "3": {gain: -90}}
 *	buses: {main: {gain: 0}}
 *	mixer: {crossfader: 0.5}
 *
 * Strips go by name, and by number those that have none. What is not in it is
 * left alone. Control thread only. */
#ifndef SCENE_H
#define SCENE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/model/param.h"
#include "control/yaml/tree.h"
#include "core/limits.h"

#define SCENE_BYTES_MAX	  ((size_t)1024 * 1024)
#define SCENE_WHY_MAX	  (PATH_MAX + TREE_WHY_MAX)
#define SCENE_MISSING_MAX 256 /* bytes with the NUL */
#define SCENE_FOLD_MAX	  (BUSES_MAX + 1)

struct scene {
	double fade_s;		     /* NAN: it does not say */
	struct param_change *change; /* the taps first: routes hang on them */
	uint32_t count;
	/* What it names and is not here, "spotify, bus booth"; "": nothing */
	char missing[SCENE_MISSING_MAX];
};

/* 0, and scene_done() is due; or -EINVAL, -ENOMEM and FILE:LINE:COLUMN: what
 * is wrong, and what is allowed in why[SCENE_WHY_MAX]. */
int scene_parse(struct scene *s, const struct params *p, const char *file,
	const char *text, size_t size_bytes, char *why);
void scene_done(struct scene *s);

/* The values of now of those in[param_count()], for the caller to free(). 0 or
 * -ENOMEM. */
int scene_text(char **text, size_t *size_bytes, const struct params *p,
	const bool *in, double fade_s);

/* The value of now as changes that set it again: sends that are no route are
 * several. How many; at most SCENE_FOLD_MAX. */
uint32_t scene_now(const struct params *p, uint32_t id,
	struct param_change out[SCENE_FOLD_MAX]);

/* Letters, digits, - and _, at most SCENE_NAME_MAX - 1. */
#define SCENE_NAME_MAX 49
bool scene_name_is_good(const char *name);

#endif
