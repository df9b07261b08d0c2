/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which there are; another name; gone. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/scene/scenes_own.h"
#include "control/state/file_aside.h"

static int
name_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Of a file NAME.yaml */
static bool
name_of(const char *file, char name[SCENE_NAME_MAX])
{
	size_t length = strlen(file), suffix = strlen(SCENE_SUFFIX);

	if (length <= suffix || length - suffix >= SCENE_NAME_MAX ||
		strcmp(file + length - suffix, SCENE_SUFFIX) != 0)
		return false;
	memcpy(name, file, length - suffix);
	name[length - suffix] = '\0';
	return scene_name_is_good(name);
}

int
scenes_list(struct scenes *s, char (**names)[SCENE_NAME_MAX])
{
	char path[PATH_MAX];
	struct dirent *e;
	int n = 0, rc = scenes_path("", path);
	DIR *d;

	(void)s;
	if (rc < 0)
		return rc;
	d = opendir(path);
	if (!d && errno != ENOENT)
		return -errno;
	*names = calloc(SCENES_MAX, SCENE_NAME_MAX);
	while (*names && d && n < SCENES_MAX && (e = readdir(d)))
		n += name_of(e->d_name, (*names)[n]);
	if (d)
		closedir(d);
	if (!*names)
		return -ENOMEM;
	qsort(*names, (size_t)n, SCENE_NAME_MAX, name_compare);
	return n;
}

/* One that waits for the disk would come back. */
static int
path_of(const struct scenes *s, const char *name, char path[PATH_MAX],
	char *why)
{
	int rc = scenes_check_name(name, why);

	if (rc == 0 && scenes_saves_find(s, name))
		return scenes_refuse(why, -EBUSY,
			"\"%s\" is being saved; again in a moment", name);
	if (rc == 0 && (rc = scenes_path(name, path)) < 0)
		return scenes_refuse(why, rc, "%s: %s", name, strerror(-rc));
	return rc;
}

int
scenes_delete(struct scenes *s, const char *name, char *why)
{
	char path[PATH_MAX];
	int rc = path_of(s, name, path, why);

	if (rc < 0)
		return rc;
	if (unlink(path) == 0)
		return 0;
	rc = -errno;
	if (rc == -ENOENT)
		return scenes_refuse(why, rc, "there is no scene \"%s\"", name);
	return scenes_refuse(why, rc, "%s: %s", path, strerror(-rc));
}

int
scenes_rename(struct scenes *s, const char *name, const char *to, char *why)
{
	char from_path[PATH_MAX], to_path[PATH_MAX];
	int rc = path_of(s, name, from_path, why);

	rc = rc < 0 ? rc : path_of(s, to, to_path, why);
	if (rc < 0)
		return rc;
	rc = file_move(from_path, to_path);
	if (rc == 0)
		return 0;
	if (rc == -EEXIST)
		return scenes_refuse(
			why, rc, "there is a scene \"%s\" already", to);
	if (rc == -ENOENT)
		return scenes_refuse(why, rc, "there is no scene \"%s\"", name);
	return scenes_refuse(why, rc, "%s: %s", to_path, strerror(-rc));
}
