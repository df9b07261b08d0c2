/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/program/process_name.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* The kernel has room for 15 bytes, so that ".exe" may have lost its end. */
static void
drop_exe(char *name)
{
	char *dot = strrchr(name, '.');

	if (dot > name && strlen(dot) <= 4 &&
		!strncasecmp(dot, ".exe", strlen(dot)))
		*dot = '\0';
}

bool
process_name(const char *pid, char *name, size_t size_bytes)
{
	char path[64];
	ssize_t n;
	int fd;

	if (pid[0] == '\0' || pid[strspn(pid, "0123456789")] != '\0')
		return false;
	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, name, size_bytes - 1);
	close(fd);
	if (n <= 0)
		return false;
	name[n] = '\0';
	name[strcspn(name, "\n")] = '\0';
	drop_exe(name);
	return name[0] != '\0';
}
