/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells when a file was saved: written and closed, or put in its place under
 * its name, as editors do; also where its folder is yet to be made, and where
 * it is a link to a file elsewhere. Control thread only. */
#ifndef FILE_WATCH_H
#define FILE_WATCH_H

struct file_watch;
struct loop;

/* 0 and *out is the caller's, or -errno. Several saves in a moment are told
 * once. */
int file_watch_open(struct file_watch **out, struct loop *l, const char *path,
	void (*saved)(void *data), void *data);
void file_watch_close(struct file_watch *w); /* NULL is fine */

#endif
