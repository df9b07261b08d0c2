/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/yaml/yaml_value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
yaml_whole(const struct yaml_source *s, const char *path, const char *text,
	uint32_t min, uint32_t max, uint32_t *out)
{
	unsigned long value = strtoul(text, NULL, 10);
	size_t length = strlen(text);

	if (length == 0 || length > 9 || strspn(text, "0123456789") != length ||
		value < min || value > max)
		return yaml_refuse(s, path,
			"\"%.40s\" is not a whole number from %u to %u", text,
			min, max);
	*out = (uint32_t)value;
	return 0;
}

int
yaml_word(const struct yaml_source *s, const char *path, const char *text,
	const char *const *words, uint32_t *out)
{
	char allowed[160] = "";

	for (uint32_t i = 0; words[i]; i++) {
		size_t used = strlen(allowed);

		if (!strcmp(words[i], text)) {
			*out = i;
			return 0;
		}
		snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
			i ? ", " : "", words[i]);
	}
	return yaml_refuse(s, path, "\"%.40s\" is none of %s", text, allowed);
}
