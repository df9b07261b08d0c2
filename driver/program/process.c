/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/program/process.h"

#include <stdio.h>
#include <string.h>

bool
process_is_stopped(long pid)
{
	char path[64], line[512], *end;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	n = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[n] = '\0';
	end = strrchr(line, ')'); /* the name before it may hold anything */
	return end && (!strncmp(end, ") T", 3) || !strncmp(end, ") t", 3));
}
