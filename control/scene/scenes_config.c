/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/scene/scenes_config.h"

#include <stdio.h>
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

struct telling {
	const struct params *params;
	const char *file;
	void (*tell)(void *data, const char *line);
	void *data;
};

/* A word that is spelt wrong would keep nothing safe. */
static void
check_patterns(const struct telling *t, const char *key,
	const struct scene_patterns *of, const struct tree_place *at)
{
	char line[TREE_WHY_MAX];
	uint32_t id;

	for (uint32_t i = 0; i < of->count; i++) {
		if (param_match(t->params, of->pattern[i], &id, 1) > 0 ||
			param_may_match(t->params, of->pattern[i]))
			continue;
		snprintf(line, sizeof(line),
			"%.250s:%u:%u: scenes.%s[%u]: \"%s\" names no "
			"parameter; allowed: addresses such as /strip/*/trim",
			t->file, at[i].line, at[i].column, key, i,
			of->pattern[i]);
		t->tell(t->data, line);
	}
}

void
scenes_config_check(const struct scenes_config *config, const struct params *p,
	const char *file, void (*tell)(void *data, const char *line),
	void *data)
{
	const struct telling t = {p, file, tell, data};

	check_patterns(&t, "include", &config->include, config->include_at);
	check_patterns(&t, "safe", &config->safe, config->safe_at);
}
