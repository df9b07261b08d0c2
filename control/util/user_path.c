/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/user_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int
user_path(enum user_folder folder, const char *file, char *path,
	size_t size_bytes)
{
	static const struct {
		const char *variable, *at_home;
	} folders[] = {
		[USER_CONFIG] = {"XDG_CONFIG_HOME", "/.config"},
		[USER_STATE] = {"XDG_STATE_HOME", "/.local/state"},
	};
	const char *base = getenv(folders[folder].variable), *between = "";
	int n;

	/* a path that is not absolute is to be ignored */
	if (!base || base[0] != '/') {
		base = getenv("HOME");
		between = folders[folder].at_home;
	}
	if (!base || base[0] != '/')
		return -ENOENT;
	n = snprintf(path, size_bytes, "%s%s/%s", base, between, file);
	return n < 0 || (size_t)n >= size_bytes ? -ENAMETOOLONG : 0;
}
