/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/yaml/config_mark.h"
#include "control/config/config_values.h"
#include "control/config/config_yaml.h"
#include "control/util/file_read.h"
#include "control/util/user_path.h"

int
config_path(char *path, size_t size_bytes)
{
	return user_path(USER_CONFIG, "tapdeck/tapdeck.yaml", path, size_bytes);
}

static __attribute__((format(printf, 3, 4))) int
fail(char *why, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	/* clang-tidy 14 does not see va_start().
	 * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	vsnprintf(why, CONFIG_WHY_MAX, format, args);
	va_end(args);
	return error;
}

/* The values of a text of the right shape. */
static int
apply(struct engine_config *config, const struct yaml_config *yaml,
	const struct marks *marks, const char *path, char *why)
{
	struct engine_config *next = malloc(sizeof(*next));
	int rc;

	if (!next)
		return fail(why, -ENOMEM, "%.250s: %s", path, strerror(ENOMEM));
	*next = *config;
	rc = config_values(next, yaml, marks, path, why);
	if (rc == 0)
		*config = *next;
	free(next);
	return rc;
}

static int
parse(struct engine_config *config, const char *path, const void *text,
	size_t size_bytes, char *why)
{
	struct yaml_config *yaml = NULL;
	struct place_in_text at = {1, 1};
	struct marks marks;
	char reason[MARK_WHY_MAX] = "";
	int rc = marks_init(&marks, text, size_bytes, &at, reason);

	if (rc == 0)
		rc = config_yaml_load(
			&yaml, text, size_bytes, &marks, &at, reason);
	if (rc == -EINVAL)
		fail(why, rc, "%.250s:%u:%u: %s", path, at.line, at.column,
			reason);
	else if (rc < 0)
		fail(why, rc, "%.250s: %s", path, strerror(-rc));
	if (rc == 0 && yaml)
		rc = apply(config, yaml, &marks, path, why);
	config_yaml_free(yaml);
	marks_done(&marks);
	return rc;
}

int
config_load(struct engine_config *config, const char *path, char *why)
{
	char *text;
	size_t size_bytes;
	int rc = file_read(&text, &size_bytes, path, CONFIG_BYTES_MAX, why,
		CONFIG_WHY_MAX);

	if (rc == 0)
		rc = parse(config, path, text, size_bytes, why);
	free(text);
	return rc;
}
