/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are somebody's work and in the way: they get another name, and
 * never over a third one. Control thread only. */
#ifndef FILE_ASIDE_H
#define FILE_ASIDE_H

#include <stddef.h>

/* Another name for a file, which is free. 0; -EEXIST: it is not; or -errno, and
 * nothing is moved */
int file_move(const char *from, const char *to);

/* Moves a file to a name that is free: PATH.bad-1 and so on, in
 * aside[size_bytes]. 0 or -errno */
int file_aside(const char *path, char *aside, size_t size_bytes);

#endif
