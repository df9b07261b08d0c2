/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small file, whole. */
#ifndef FILE_READ_H
#define FILE_READ_H

#include <stddef.h>

/* 0 and *text[*size_bytes] is the caller's to free(); or *text is NULL, -errno
 * and one line in why[why_bytes]: -EINVAL when it is no regular file or larger
 * than max_bytes. */
int file_read(char **text, size_t *size_bytes, const char *path,
	size_t max_bytes, char *why, size_t why_bytes);

#endif
