/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The number of bytes, at most max_bytes; or -errno */
static ssize_t
read_all(int fd, char *text, size_t max_bytes)
{
	size_t used = 0;
	ssize_t n;

	while (used < max_bytes) {
		n = read(fd, text + used, max_bytes - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

static int
read_fd(char **text, size_t *size_bytes, int fd, size_t max_bytes,
	const char **problem)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode)) {
		*problem = "not a file";
		return -EINVAL;
	}
	/* one more tells that there is more */
	*text = malloc(max_bytes + 1);
	if (!*text)
		return -ENOMEM;
	n = read_all(fd, *text, max_bytes + 1);
	if (n < 0)
		return (int)n;
	*size_bytes = (size_t)n;
	return *size_bytes > max_bytes ? -EINVAL : 0;
}

int
file_read(char **text, size_t *size_bytes, const char *path, size_t max_bytes,
	char *why, size_t why_bytes)
{
	/* O_NONBLOCK: opening a pipe must not wait for its writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *problem = NULL;
	int rc = fd < 0 ? -errno : 0;

	*text = NULL;
	*size_bytes = 0;
	why[0] = '\0';
	if (fd >= 0) {
		rc = read_fd(text, size_bytes, fd, max_bytes, &problem);
		close(fd);
	}
	if (rc == 0)
		return 0;
	if (!problem)
		problem = strerror(-rc);
	if (*size_bytes > max_bytes)
		snprintf(why, why_bytes, "%.250s: larger than %zu bytes", path,
			max_bytes);
	else
		snprintf(why, why_bytes, "%.250s: %s", path, problem);
	free(*text);
	*text = NULL;
	return rc;
}
