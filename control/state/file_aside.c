/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/state/file_aside.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control/util/file_saver.h"

#define ASIDE_MAX 1000

/* Some file systems know no other way to keep what is there. */
int
file_move(const char *from, const char *to)
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
file_aside(const char *path, char *aside, size_t size_bytes)
{
	int rc = -EEXIST;

	for (int i = 1; rc == -EEXIST && i <= ASIDE_MAX; i++) {
		int n = snprintf(aside, size_bytes, "%s.bad-%d", path, i);

		rc = n < 0 || (size_t)n >= size_bytes ? -ENAMETOOLONG
						      : file_move(path, aside);
	}
	return rc;
}

/* "state.yaml.unfinished-k3Xw9q" of "state.yaml", and of "", any file */
static bool
is_left(const char *entry, const char *name)
{
	const char *sign = strstr(entry, FILE_SAVER_SIGN), *i;
	size_t n = strlen(name);

	if (!sign || sign == entry ||
		(n > 0 && (strncmp(entry, name, n) != 0 || sign != entry + n)))
		return false;
	for (i = sign + strlen(FILE_SAVER_SIGN); isalnum((unsigned char)*i);)
		i++;
	return !*i && (size_t)(i - sign) == FILE_SAVER_SIGN_BYTES - 1;
}

void
file_sweep(const char *path)
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
