/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/record/take.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/util/loop.h"

#define NAMES_MAX 10000

/* In order: sound, silence, or the next file. */
struct item {
	struct item *next;
	struct sound_file *file; /* not NULL: from here on, into this */
	uint64_t frames;
	size_t bytes; /* of samples; 0: silence */
	float samples[];
};

struct take {
	/* control only */
	char *path;
	bool force;
	enum sound_kind kind;
	uint32_t channels;
	uint32_t names; /* tried so far: the next is NAME-(names + 1) */
	struct take_file *file;
	uint32_t files;
	bool started; /* the thread runs */
	pthread_t thread;
	/* shared, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct item *first, **last;
	size_t queued_bytes;
	bool finish;
	int error; /* the first failure, -errno; the disk's thread stores */
	/* the disk's thread; control after the join */
	struct sound_file *open;
	uint32_t written; /* files begun */
	uint64_t checkpoint_ns;
};

static void
error_keep(struct take *t, int error)
{
	pthread_mutex_lock(&t->lock);
	if (error < 0 && t->error == 0)
		t->error = error;
	pthread_mutex_unlock(&t->lock);
}

/* disk: completes the open file and keeps what it says of itself. The array
 * may move when control adds a file: under the lock. */
static void
file_end(struct take *t)
{
	struct sound_stats stats;

	if (!t->open)
		return;
	sound_file_stats(t->open, &stats);
	error_keep(t, sound_file_close(t->open));
	t->open = NULL;
	pthread_mutex_lock(&t->lock);
	t->file[t->written - 1].stats = stats;
	pthread_mutex_unlock(&t->lock);
}

/* disk */
static void
item_write(struct take *t, struct item *i)
{
	uint64_t now = loop_now_ns();
	int r = 0;

	if (i->file) {
		file_end(t);
		t->open = i->file;
		t->written++;
		t->checkpoint_ns = 0;
	} else if (t->error == 0) { /* only this thread stores it */
		r = sound_file_write(
			t->open, i->bytes ? i->samples : NULL, i->frames);
	}
	if (r == 0 && t->error == 0 && now >= t->checkpoint_ns) {
		r = sound_file_checkpoint(t->open);
		t->checkpoint_ns = now + TAKE_CHECKPOINT_MS * 1000000ull;
	}
	error_keep(t, r);
}

static void *
disk_run(void *data)
{
	struct take *t = data;

	pthread_mutex_lock(&t->lock);
	while (t->first || !t->finish) {
		struct item *i = t->first;

		if (!i) {
			pthread_cond_wait(&t->wake, &t->lock);
			continue;
		}
		t->first = i->next;
		if (!t->first)
			t->last = &t->first;
		pthread_mutex_unlock(&t->lock);
		item_write(t, i);
		pthread_mutex_lock(&t->lock);
		t->queued_bytes -= i->bytes;
		free(i);
	}
	pthread_mutex_unlock(&t->lock);
	file_end(t);
	return NULL;
}

int
take_new(struct take **out, const char *path, bool force)
{
	struct take *t = calloc(1, sizeof(*t));
	int r;

	*out = NULL;
	if (!t || !(t->path = strdup(path))) {
		free(t);
		return -ENOMEM;
	}
	t->kind = (enum sound_kind)sound_kind_of(path);
	t->force = force;
	t->last = &t->first;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->wake, NULL);
	r = pthread_create(&t->thread, NULL, disk_run, t);
	t->started = r == 0;
	if (r != 0) {
		take_free(t);
		return -r;
	}
	*out = t;
	return 0;
}

/* A descriptor of a file that was not there before, or -errno. */
static int
file_create(const char *path, bool force)
{
	int flags = O_RDWR | O_CREAT | O_CLOEXEC;
	struct stat st;
	int fd = open(path, flags | O_EXCL, 0666);

	if (fd >= 0 || errno != EEXIST || !force)
		return fd < 0 ? -errno : fd;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return -EEXIST;
	fd = open(path, flags | O_TRUNC, 0666);
	return fd < 0 ? -errno : fd;
}

/* The first has the name it was given, others a number before the suffix. */
static int
next_create(struct take *t, char path[PATH_MAX])
{
	const char *suffix = strrchr(t->path, '.');
	int fd;

	do {
		t->names++;
		if (t->names == 1)
			fd = snprintf(path, PATH_MAX, "%s", t->path);
		else
			fd = snprintf(path, PATH_MAX, "%.*s-%u%s",
				(int)(suffix - t->path), t->path, t->names,
				suffix);
		if (fd >= PATH_MAX)
			return -ENAMETOOLONG;
		fd = file_create(path, t->names == 1 && t->force);
	} while (fd == -EEXIST && t->names > 1 && t->names < NAMES_MAX);
	return fd;
}

static void
item_queue(struct take *t, struct item *i)
{
	i->next = NULL;
	pthread_mutex_lock(&t->lock);
	*t->last = i;
	t->last = &i->next;
	t->queued_bytes += i->bytes;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
}

/* One more place in the list of files, not counted yet. */
static struct take_file *
file_add(struct take *t)
{
	struct take_file *more;

	pthread_mutex_lock(&t->lock);
	more = realloc(t->file, (t->files + 1) * sizeof(*more));
	if (more)
		t->file = more;
	pthread_mutex_unlock(&t->lock);
	if (!more)
		return NULL;
	memset(&more[t->files], 0, sizeof(*more));
	return &more[t->files];
}

int
take_begin(struct take *t, uint32_t rate_hz, uint32_t channels)
{
	struct take_file *f = file_add(t);
	struct item *i = calloc(1, sizeof(*i));
	int fd, r;

	if (!i)
		return -ENOMEM;
	if (!f) {
		free(i);
		return -ENOMEM;
	}
	fd = next_create(t, f->path);
	r = fd < 0 ? fd
		   : sound_file_new(&i->file, fd, t->kind, rate_hz, channels);
	if (r < 0) {
		if (fd >= 0)
			unlink(f->path);
		free(i);
		return r;
	}
	f->rate_hz = rate_hz;
	f->channels = channels;
	t->channels = channels;
	t->files++;
	item_queue(t, i);
	return 0;
}

const char *
take_path(const struct take *t)
{
	return t->files ? t->file[t->files - 1].path : t->path;
}

int
take_write(struct take *t, const float *src, uint64_t frames)
{
	size_t bytes = src ? frames * t->channels * sizeof(float) : 0;
	struct item *i;
	size_t queued;
	int error;

	pthread_mutex_lock(&t->lock);
	error = t->error;
	queued = t->queued_bytes;
	pthread_mutex_unlock(&t->lock);
	if (error < 0 || frames == 0)
		return error;
	if (bytes > TAKE_QUEUE_BYTES - queued)
		return -ENOBUFS;
	i = malloc(sizeof(*i) + bytes);
	if (!i)
		return -ENOBUFS;
	*i = (struct item){.frames = frames, .bytes = bytes};
	if (bytes)
		memcpy(i->samples, src, bytes);
	item_queue(t, i);
	return 0;
}

int
take_finish(struct take *t)
{
	pthread_mutex_lock(&t->lock);
	t->finish = true;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
	if (t->started)
		pthread_join(t->thread, NULL);
	t->started = false;
	return t->error;
}

uint32_t
take_files(const struct take *t)
{
	return t->files;
}

const struct take_file *
take_file(const struct take *t, uint32_t i)
{
	return &t->file[i];
}

void
take_free(struct take *t)
{
	if (!t)
		return;
	take_finish(t);
	pthread_cond_destroy(&t->wake);
	pthread_mutex_destroy(&t->lock);
	free(t->file);
	free(t->path);
	free(t);
}
