/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <fcntl.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control/state/state_own.h"

#define ASIDE_MAX 1000
#define LETTERS	  6 /* of a temporary file; see file_saver.h */

/* Some file systems know no other way to keep what is there. */
static int
move(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (access(to, F_OK) == 0)
		return -EEXIST;
	return rename(from, to) < 0 ? -errno : 0;
}

int
state_aside(const char *path, char *aside, size_t size_bytes)
{
	int rc = -EEXIST;

	for (int i = 1; rc == -EEXIST && i <= ASIDE_MAX; i++) {
		int n = snprintf(aside, size_bytes, "%s.bad-%d", path, i);

		rc = n < 0 || (size_t)n >= size_bytes ? -ENAMETOOLONG
						      : move(path, aside);
	}
	return rc;
}

/* "state.yaml.k3Xw9q" of "state.yaml" */
static bool
is_left(const char *entry, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(entry, name, n) && entry[n] == '.' &&
	       strlen(entry + n + 1) == LETTERS && !strchr(entry + n + 1, '-');
}

void
state_sweep(const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct dirent *entry;
	char folder[PATH_MAX];
	DIR *dir;

	if (!slash || (size_t)(slash - path) >= sizeof(folder))
		return;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)) != NULL)
		if (is_left(entry->d_name, slash + 1))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}
