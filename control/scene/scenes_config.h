/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the configuration says of scenes. Plain data. */
#ifndef SCENES_CONFIG_H
#define SCENES_CONFIG_H

#include <stdint.h>

#include "control/model/param.h"

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
};

/* One pattern of addresses more: /strip/N/trim. 0, or -EINVAL and
 * why[CHECK_WHY_MAX]. */
int scene_patterns_add(
	struct scene_patterns *to, const char *pattern, char *why);

#endif
