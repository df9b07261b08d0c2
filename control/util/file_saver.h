/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts a file in the place of another, safe from a crash: only when all of it
 * is on the disk, and its new name as well. That may take seconds, and is
 * waited for by a thread of its own. One file at a time. A process that is
 * killed meanwhile leaves PATH.unfinished- and six letters or digits behind:
 * nobody's own files are called so, and who owns them sweeps. */
#ifndef FILE_SAVER_H
#define FILE_SAVER_H

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define FILE_SAVER_SIGN ".unfinished-"
/* with the NUL */
#define FILE_SAVER_SIGN_BYTES (sizeof(FILE_SAVER_SIGN "XXXXXX"))

struct file_saver {
	bool running;
	pthread_t thread;
	_Atomic bool done; /* the thread stores, once; rc is what came of it */
	int rc;
	char *text; /* of file_saver_write(); the thread's while it runs */
	size_t size_bytes;
	int fd;
	char path[PATH_MAX];
	char temporary[PATH_MAX + FILE_SAVER_SIGN_BYTES];
};

void file_saver_init(struct file_saver *s);
/* control: waits for what is not done yet. */
void file_saver_finish(struct file_saver *s);

/* control: makes the folders and the file; waits for the one before. 0, or
 * -errno and all is as before. */
int file_saver_begin(struct file_saver *s, const char *path, const char *text,
	size_t size_bytes);
/* control: the same, and all that touches the disk is the thread's as well: it
 * may stand still for as long as it likes. 0, or -ENAMETOOLONG, -ENOMEM,
 * -EAGAIN; what else there is, file_saver_done() tells. */
int file_saver_write(struct file_saver *s, const char *path, const char *text,
	size_t size_bytes);
/* control: false: not yet. True and *rc: 0, it is there, or -errno. Never
 * waits. */
bool file_saver_done(struct file_saver *s, int *rc);

/* control: takes away what killed writers of this file have left, while none
 * writes. Of all files of a folder when the path is that of a folder and ends
 * with '/'. */
void file_saver_sweep(const char *path);

#endif
