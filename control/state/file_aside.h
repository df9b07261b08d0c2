/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are somebody's work and in the way: they get another name, and
 * never over a third one. And files that are nobody's: what is left of writers
 * that were killed. Control thread only. */
#ifndef FILE_ASIDE_H
#define FILE_ASIDE_H

#include <stddef.h>

/* Another name for a file, which is free. 0; -EEXIST: it is not; or -errno, and
 * nothing is moved */
int file_move(const char *from, const char *to);

/* Moves a file to a name that is free: PATH.bad-1 and so on, in
 * aside[size_bytes]. 0 or -errno */
int file_aside(const char *path, char *aside, size_t size_bytes);

/* Takes away what killed writers of this file have left; see file_saver.h. Of
 * all files of a folder when the path is that of a folder and ends with '/'. */
void file_sweep(const char *path);

#endif
