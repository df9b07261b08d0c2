/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/program/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char
process_state(pid_t pid)
{
	char path[48], text[256], *end;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return '?';
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return '?';
	text[n] = '\0';
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
