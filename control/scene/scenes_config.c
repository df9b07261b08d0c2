/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/scene/scenes_config.h"

#include <string.h>

#include "control/util/check.h"

int
scene_patterns_add(struct scene_patterns *to, const char *pattern, char *why)
{
	int rc = check_room(to->count, SCENE_PATTERNS_MAX, "patterns", why);

	if (rc < 0)
		return rc;
	if (pattern[0] != '/')
		return check_refuse(why,
			"is no pattern of addresses such as /strip/*/trim");
	rc = check_text(pattern, PARAM_ADDRESS_MAX, why);
	if (rc == 0)
		memcpy(to->pattern[to->count++], pattern, strlen(pattern) + 1);
	return rc;
}
