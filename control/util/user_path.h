/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the user's files are, by the XDG Base Directory Specification. */
#ifndef USER_PATH_H
#define USER_PATH_H

#include <stddef.h>

enum user_folder {
	USER_CONFIG, /* $XDG_CONFIG_HOME, else ~/.config */
	USER_STATE,  /* $XDG_STATE_HOME, else ~/.local/state */
};

/* any: 0, -ENOENT (no home), -ENAMETOOLONG */
int user_path(enum user_folder folder, const char *file, char *path,
	size_t size_bytes);

#endif
