/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where one is, and what is in it. */
#include "control/scene/scenes_own.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/util/file_read.h"
#include "control/util/user_path.h"

/* ---- words ---- */

void
scenes_say(struct scenes *s, const char *format, ...)
{
	char line[SCENE_WHY_MAX + 64];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (s->log)
		s->log(s->log_data, line);
}

int
scenes_refuse(char *why, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, SCENE_WHY_MAX, format, args);
	va_end(args);
	return error;
}

int
scenes_check_name(const char *name, char *why)
{
	if (scene_name_is_good(name))
		return 0;
	return scenes_refuse(why, -EINVAL,
		"\"%.60s\" is no name of a scene; letters, digits, - and _, at "
		"most %d",
		name, SCENE_NAME_MAX - 1);
}

int
scenes_path(const char *name, char path[PATH_MAX])
{
	char file[SCENE_NAME_MAX + 32];

	snprintf(file, sizeof(file), "tapdeck/scenes/%.*s%s",
		SCENE_NAME_MAX - 1, name, name[0] ? SCENE_SUFFIX : "");
	return user_path(USER_STATE, file, path, PATH_MAX);
}

const struct scenes_save *
scenes_saves_find(const struct scenes *s, const char *name)
{
	const struct scenes_save *found = NULL;

	for (const struct scenes_save *i = s->saves; i; i = i->next)
		if (!strcmp(i->name, name))
			found = i;
	return found;
}

/* ---- reading ---- */

int
scenes_read(struct scenes *s, const char *name, struct scene *out, char *why)
{
	const struct scenes_save *save = scenes_saves_find(s, name);
	char path[PATH_MAX], *text;
	size_t size_bytes;
	int rc = scenes_check_name(name, why);

	if (rc < 0)
		return rc;
	rc = scenes_path(name, path);
	if (rc < 0)
		return scenes_refuse(why, rc, "%s: %s", name, strerror(-rc));
	if (save)
		return scene_parse(
			out, s->p, path, save->text, save->size_bytes, why);
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return scenes_refuse(
			why, -ENOENT, "there is no scene \"%s\"", name);
	rc = file_read(
		&text, &size_bytes, path, SCENE_BYTES_MAX, why, SCENE_WHY_MAX);
	if (rc < 0)
		return rc;
	rc = scene_parse(out, s->p, path, text, size_bytes, why);
	free(text);
	return rc;
}
