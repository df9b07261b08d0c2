/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config_values.h"
#include "control/util/file_read.h"
#include "control/util/user_path.h"
#include "control/yaml/tree.h"

int
config_path(char *path, size_t size_bytes)
{
	return user_path(USER_CONFIG, "tapdeck/tapdeck.yaml", path, size_bytes);
}

/* Over *config, or *config is as before. */
static int
parse(struct engine_config *config, const struct tree *t)
{
	struct engine_config *next = malloc(sizeof(*next));
	int rc = -ENOMEM;

	if (next)
		*next = *config;
	if (!next)
		snprintf(t->why, CONFIG_WHY_MAX, "%.250s: %s", t->file,
			strerror(ENOMEM));
	else
		rc = config_values(next, t);
	if (rc == 0)
		*config = *next;
	free(next);
	return rc;
}

int
config_load_all(struct engine_config *config, const char *path,
	config_told_line told, void *data, char *why)
{
	char *text;
	size_t size_bytes;
	struct tree t;
	int rc = file_read(&text, &size_bytes, path, CONFIG_BYTES_MAX, why,
		CONFIG_WHY_MAX);

	if (rc < 0)
		return rc;
	rc = tree_read(&t, path, text, size_bytes, why);
	free(text);
	if (rc < 0) {
		if (told)
			told(data, why);
		return rc;
	}
	t.told = told;
	t.told_data = data;
	rc = parse(config, &t);
	tree_done(&t);
	return rc;
}

int
config_load(struct engine_config *config, const char *path, char *why)
{
	return config_load_all(config, path, NULL, NULL, why);
}
