/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts a file in the place of another, safe from a crash: only when all of it
 * is on the disk. That may take seconds, and is waited for by a thread of its
 * own. One file at a time. */
#ifndef FILE_SAVER_H
#define FILE_SAVER_H

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct file_saver {
	bool running;
	pthread_t thread;
	_Atomic bool done; /* the thread stores, once; rc is what came of it */
	int rc;
	int fd;
	char path[PATH_MAX];
	char temporary[PATH_MAX + 8];
};

void file_saver_init(struct file_saver *s);
/* control: waits for what is not done yet. */
void file_saver_finish(struct file_saver *s);

/* control: makes the folders and the file; waits for the one before. 0, or
 * -errno and all is as before. */
int file_saver_begin(struct file_saver *s, const char *path, const char *text,
	size_t size_bytes);
/* control: false: not yet. True and *rc: 0, it is there, or -errno. Never
 * waits. */
bool file_saver_done(struct file_saver *s, int *rc);

#endif
