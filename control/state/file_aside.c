/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/state/file_aside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

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
