/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/file_saver.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/util/file_new.h"

void
file_saver_init(struct file_saver *s)
{
	s->running = false;
	s->rc = 0;
}

static void *
save(void *data)
{
	struct file_saver *s = data;
	int rc = 0;

	if (fsync(s->fd) < 0)
		rc = -errno;
	if (close(s->fd) < 0 && rc == 0)
		rc = -errno;
	if (rc == 0 && rename(s->temporary, s->path) < 0)
		rc = -errno;
	if (rc < 0)
		unlink(s->temporary);
	if (s->rc == 0) /* the first is told, whatever comes after it */
		s->rc = rc;
	/* release: rc is there, pairs with the acquire in file_saver_done() */
	atomic_store_explicit(&s->done, true, memory_order_release);
	return NULL;
}

static int
file_make(struct file_saver *s, const char *text, size_t size_bytes)
{
	ssize_t written;
	int rc = file_make_folders(s->path);

	if (rc < 0)
		return rc;
	snprintf(s->temporary, sizeof(s->temporary), "%s.XXXXXX", s->path);
	s->fd = mkostemp(s->temporary, O_CLOEXEC);
	if (s->fd < 0)
		return -errno;
	written = write(s->fd, text, size_bytes);
	if (written < 0)
		rc = -errno;
	else if ((size_t)written != size_bytes)
		rc = -ENOSPC;
	if (rc == 0)
		return 0;
	close(s->fd);
	unlink(s->temporary);
	return rc;
}

int
file_saver_begin(struct file_saver *s, const char *path, const char *text,
	size_t size_bytes)
{
	sigset_t all, before;
	int rc;

	file_saver_finish(s);
	if (strlen(path) >= sizeof(s->path))
		return -ENAMETOOLONG;
	memcpy(s->path, path, strlen(path) + 1);
	rc = file_make(s, text, size_bytes);
	if (rc < 0)
		return rc;
	/* relaxed: the thread begins after this */
	atomic_store_explicit(&s->done, false, memory_order_relaxed);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = -pthread_create(&s->thread, NULL, save, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc < 0) {
		close(s->fd);
		unlink(s->temporary);
		return rc;
	}
	s->running = true;
	return 0;
}

bool
file_saver_done(struct file_saver *s, int *rc)
{
	/* acquire: pairs with the release in save() */
	if (s->running && !atomic_load_explicit(&s->done, memory_order_acquire))
		return false;
	file_saver_finish(s);
	*rc = s->rc;
	s->rc = 0;
	return true;
}

void
file_saver_finish(struct file_saver *s)
{
	if (s->running)
		pthread_join(s->thread, NULL);
	s->running = false;
}
