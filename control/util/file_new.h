/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file where there is none yet. */
#ifndef FILE_NEW_H
#define FILE_NEW_H

#include <stddef.h>

/* any: makes the folders and the file, on the disk when it returns. 0; -EEXIST
 * when there is one, which is left as it is; or -errno, and there is none. */
int file_new(const char *path, const char *text, size_t size_bytes);

/* any: the folders that path is in, for this user. 0 or -errno */
int file_make_folders(const char *path);

#endif
