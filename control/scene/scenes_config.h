/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the configuration says of scenes. Plain data. */
#ifndef SCENES_CONFIG_H
#define SCENES_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "control/model/param.h"
#include "control/yaml/tree.h"

#define SCENE_PATTERNS_MAX 32

struct scene_patterns {
	uint32_t count;
	char pattern[SCENE_PATTERNS_MAX][PARAM_ADDRESS_MAX];
};

struct scenes_config {
	struct scene_patterns include; /* what scenes are of; none: all */
	struct scene_patterns safe;    /* what no scene ever sets */
	double fade_s;		       /* where neither a recall nor its scene
					* says one */
	/* Where the patterns stand in the file. */
	struct tree_place include_at[SCENE_PATTERNS_MAX];
	struct tree_place safe_at[SCENE_PATTERNS_MAX];
};

/* So much of it says something of scenes. */
#define SCENES_CONFIG_BYTES offsetof(struct scenes_config, include_at)

/* One pattern of addresses more: /strip/N/trim. 0, or -EINVAL and
 * why[CHECK_WHY_MAX]. */
int scene_patterns_add(
	struct scene_patterns *to, const char *pattern, char *why);

/* Those that name no parameter, and none of a strip that may be called so one
 * day: each is told, as FILE:LINE:COLUMN: PATH: "PATTERN" names none. */
void scenes_config_check(const struct scenes_config *config,
	const struct params *p, const char *file,
	void (*tell)(void *data, const char *line), void *data);

#endif
