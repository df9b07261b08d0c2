/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/file_watch.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "control/util/loop.h"
#include "control/util/timer.h"

#define SETTLE_NS 50000000u
#define SAVES	  (IN_CLOSE_WRITE | IN_MOVED_TO)

/* The folder of a path, and its name in it. */
struct at {
	int watch; /* -1: none */
	char folder[PATH_MAX];
	const char *name;
};

struct file_watch {
	struct loop *loop;
	int fd;
	char path[PATH_MAX];
	struct at own, target; /* of what a link leads to */
	struct timer settle;
	void (*saved)(void *data);
	void *data;
};

static void
watch(struct file_watch *w, struct at *at, const char *path)
{
	char *slash;

	at->watch = -1;
	snprintf(at->folder, sizeof(at->folder), "%s", path);
	/* the next one above that is there tells when it is made */
	while (at->watch < 0 && (slash = strrchr(at->folder, '/')) &&
		slash != at->folder) {
		*slash = '\0';
		at->name = slash + 1;
		at->watch =
			inotify_add_watch(w->fd, at->folder, SAVES | IN_CREATE);
	}
}

static void
watch_all(struct file_watch *w)
{
	char target[PATH_MAX];

	watch(w, &w->own, w->path);
	w->target.watch = -1;
	if (realpath(w->path, target) && strcmp(target, w->path) != 0)
		watch(w, &w->target, target);
}

static bool
is_of(const struct at *at, const struct inotify_event *e)
{
	return e->wd == at->watch && e->len && !strcmp(e->name, at->name);
}

static void
on_settled(void *data)
{
	struct file_watch *w = data;

	watch_all(w); /* its folder, or another target */
	if (access(w->path, F_OK) == 0)
		w->saved(w->data);
}

static void
on_events(void *data, short revents)
{
	_Alignas(struct inotify_event) char events[4096];
	struct file_watch *w = data;
	const struct inotify_event *e;
	ssize_t n;

	(void)revents;
	while ((n = read(w->fd, events, sizeof(events))) > 0)
		for (const char *at = events; at < events + n;
			at += sizeof(*e) + e->len) {
			e = (const void *)at;
			if (!is_of(&w->own, e) && !is_of(&w->target, e))
				continue;
			/* a file that is made is closed as well */
			if (e->mask & IN_CREATE && !(e->mask & IN_ISDIR))
				continue;
			timer_set(&w->settle, SETTLE_NS);
		}
}

int
file_watch_open(struct file_watch **out, struct loop *l, const char *path,
	void (*saved)(void *data), void *data)
{
	struct file_watch *w = calloc(1, sizeof(*w));
	int rc;

	*out = NULL;
	if (!w)
		return -ENOMEM;
	w->loop = l;
	w->saved = saved;
	w->data = data;
	snprintf(w->path, sizeof(w->path), "%s", path);
	w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	rc = w->fd < 0 ? -errno : loop_add(l, w->fd, POLLIN, on_events, w);
	if (rc < 0) {
		if (w->fd >= 0)
			close(w->fd);
		free(w);
		return rc;
	}
	timer_init(&w->settle, l, on_settled, w);
	watch_all(w);
	*out = w;
	return 0;
}

void
file_watch_close(struct file_watch *w)
{
	if (!w)
		return;
	timer_done(&w->settle);
	loop_remove(w->loop, w->fd);
	close(w->fd);
	free(w);
}
