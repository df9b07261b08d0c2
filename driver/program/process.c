/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/program/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static bool
file_read(const char *pid, const char *file, char *text, size_t size_bytes)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, size_bytes - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return true;
}

char
process_state(pid_t pid)
{
	char own[16], text[256], *end;

	snprintf(own, sizeof(own), "%d", (int)pid);
	if (!file_read(own, "stat", text, sizeof(text)))
		return '?';
	/* the name before it may hold anything, also brackets */
	end = strrchr(text, ')');
	return end && end[1] == ' ' ? end[2] : '?';
}

bool
process_is_stopped(pid_t pid)
{
	char state = process_state(pid);

	return state == 'T' || state == 't';
}

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
	if (pid[0] == '\0' || pid[strspn(pid, "0123456789")] != '\0' ||
		!file_read(pid, "comm", name, size_bytes))
		return false;
	name[strcspn(name, "\n")] = '\0';
	drop_exe(name);
	return name[0] != '\0';
}
