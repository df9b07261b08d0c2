/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/file_new.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
file_make_folders(const char *path)
{
	char folder[PATH_MAX];
	size_t length = strlen(path);

	if (length >= sizeof(folder))
		return -ENAMETOOLONG;
	memcpy(folder, path, length + 1);
	for (char *slash = strchr(folder + (folder[0] == '/'), '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0700) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

static int
write_all(int fd, const char *text, size_t size_bytes)
{
	while (size_bytes > 0) {
		ssize_t n = write(fd, text, size_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		size_bytes -= (size_t)n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

int
file_new(const char *path, const char *text, size_t size_bytes)
{
	int fd, rc = file_make_folders(path);

	if (rc < 0)
		return rc;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	rc = write_all(fd, text, size_bytes);
	if (close(fd) < 0 && rc == 0)
		rc = -errno;
	if (rc < 0)
		unlink(path);
	return rc;
}
