/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/file_saver.h"

#include <ctype.h>
#include <dirent.h>
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
	s->text = NULL;
}

static int
file_make(struct file_saver *s, const char *text, size_t size_bytes)
{
	ssize_t written;
	int rc = file_make_folders(s->path);

	if (rc < 0)
		return rc;
	snprintf(s->temporary, sizeof(s->temporary),
		"%s" FILE_SAVER_SIGN "XXXXXX", s->path);
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

/* The name is on the disk when its folder is. Some file systems cannot do that,
 * and do it by themselves. */
static int
folder_sync(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	int fd, rc = 0;

	if (slash == path)
		n = 1;
	memcpy(folder, path, n);
	memcpy(folder + n, n ? "" : ".", n ? 1 : 2);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fsync(fd) < 0 && errno != EINVAL)
		rc = -errno;
	close(fd);
	return rc;
}

static int
file_put(struct file_saver *s)
{
	int rc = 0;

	if (fsync(s->fd) < 0)
		rc = -errno;
	if (close(s->fd) < 0 && rc == 0)
		rc = -errno;
	if (rc == 0 && rename(s->temporary, s->path) < 0)
		rc = -errno;
	if (rc == 0)
		return folder_sync(s->path);
	unlink(s->temporary);
	return rc;
}

static void *
save(void *data)
{
	struct file_saver *s = data;
	int rc = s->text ? file_make(s, s->text, s->size_bytes) : 0;

	if (rc == 0)
		rc = file_put(s);
	if (s->rc == 0) /* the first is told, whatever comes after it */
		s->rc = rc;
	/* release: rc is there, pairs with the acquire in file_saver_done() */
	atomic_store_explicit(&s->done, true, memory_order_release);
	return NULL;
}

static int
path_set(struct file_saver *s, const char *path)
{
	file_saver_finish(s);
	if (strlen(path) >= sizeof(s->path))
		return -ENAMETOOLONG;
	memcpy(s->path, path, strlen(path) + 1);
	return 0;
}

static int
thread_start(struct file_saver *s)
{
	sigset_t all, before;
	int rc;

	/* relaxed: the thread begins after this */
	atomic_store_explicit(&s->done, false, memory_order_relaxed);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = -pthread_create(&s->thread, NULL, save, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	s->running = rc == 0;
	return rc;
}

int
file_saver_begin(struct file_saver *s, const char *path, const char *text,
	size_t size_bytes)
{
	int rc = path_set(s, path);

	rc = rc < 0 ? rc : file_make(s, text, size_bytes);
	if (rc < 0)
		return rc;
	rc = thread_start(s);
	if (rc < 0) {
		close(s->fd);
		unlink(s->temporary);
	}
	return rc;
}

int
file_saver_write(struct file_saver *s, const char *path, const char *text,
	size_t size_bytes)
{
	int rc = path_set(s, path);

	if (rc < 0)
		return rc;
	s->text = malloc(size_bytes + 1);
	if (!s->text)
		return -ENOMEM;
	memcpy(s->text, text, size_bytes);
	s->size_bytes = size_bytes;
	rc = thread_start(s);
	if (rc < 0)
		file_saver_finish(s);
	return rc;
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
	free(s->text);
	s->text = NULL;
}

/* ---- what is left of writers that were killed ---- */

/* "state.yaml.unfinished-k3Xw9q" of "state.yaml", and of "", any file */
static bool
is_left(const char *entry, const char *name)
{
	const char *sign = strstr(entry, FILE_SAVER_SIGN), *i;
	size_t n = strlen(name);

	if (!sign || sign == entry ||
		(n > 0 && (strncmp(entry, name, n) != 0 || sign != entry + n)))
		return false;
	for (i = sign + strlen(FILE_SAVER_SIGN); isalnum((unsigned char)*i);)
		i++;
	return !*i && (size_t)(i - sign) == FILE_SAVER_SIGN_BYTES - 1;
}

void
file_saver_sweep(const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct dirent *entry;
	char folder[PATH_MAX];
	DIR *dir;

	if (!slash || (size_t)(slash - path) >= sizeof(folder))
		return;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)) != NULL)
		if (is_left(entry->d_name, slash + 1))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}
