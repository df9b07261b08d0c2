/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/yaml/yaml_value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "control/util/check.h"
#include "control/util/name.h"

int
yaml_refuse(
	const struct yaml_source *s, const char *path, const char *format, ...)
{
	const struct mark *mark = marks_find(s->marks, path);
	struct place_in_text at =
		mark ? mark->value : (struct place_in_text){1, 1};
	char text[YAML_WHY_MAX], line[2 * YAML_WHY_MAX];
	va_list args;

	va_start(args, format);
	/* clang-tidy 14 does not see va_start().
	 * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(line, sizeof(line), "%.300s:%u:%u: %s%s%s", s->file, at.line,
		at.column, path, path[0] ? ": " : "", text);
	name_clean(s->why, YAML_WHY_MAX, line);
	return -EINVAL;
}

int
yaml_refuse_value(const struct yaml_source *s, const char *path,
	const char *value, const char *why)
{
	if (!value[0])
		return yaml_refuse(s, path, "%s", why);
	return yaml_refuse(s, path, "\"%.40s\" %s", value, why);
}

int
yaml_whole(const struct yaml_source *s, const char *path, const char *text,
	uint32_t min, uint32_t max, uint32_t *out)
{
	char why[CHECK_WHY_MAX];

	if (check_whole(text, min, max, out, why) < 0)
		return yaml_refuse_value(s, path, text, why);
	return 0;
}

int
yaml_word(const struct yaml_source *s, const char *path, const char *text,
	const char *const *words, uint32_t *out)
{
	char why[CHECK_WHY_MAX];

	if (check_word(text, words, out, why) < 0)
		return yaml_refuse_value(s, path, text, why);
	return 0;
}
