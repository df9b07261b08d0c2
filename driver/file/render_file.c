/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/file/render_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/file/render.h"

static int
fail(char *why, int error, const char *path, const char *text)
{
	snprintf(why, RENDER_WHY_MAX, "%s: %s", path,
		text ? text : strerror(-error));
	return error;
}

static int
shape_check(const struct render_source *s, char *why)
{
	char text[80];

	if (s->channels < 1 || s->channels > CHANNELS_MAX) {
		snprintf(text, sizeof(text), "%u channels: must be 1..%d",
			s->channels, CHANNELS_MAX);
		return fail(why, -EINVAL, s->path, text);
	}
	if (s->rate_hz < RATE_MIN_HZ || s->rate_hz > RATE_MAX_HZ) {
		snprintf(text, sizeof(text), "%u Hz: must be %d..%d",
			s->rate_hz, RATE_MIN_HZ, RATE_MAX_HZ);
		return fail(why, -EINVAL, s->path, text);
	}
	return 0;
}

int
render_source_open(struct render_source *s, const char *path,
	uint32_t block_frames, char *why)
{
	SF_INFO info = {0};
	struct stat st;
	int r;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*s = (struct render_source){.path = path};
	if (fd < 0 || fstat(fd, &st) < 0) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return fail(why, r, path, NULL);
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		return fail(why, -EINVAL, path, "is not a file");
	}
	s->device = st.st_dev;
	s->inode = st.st_ino;
	s->handle = sf_open_fd(fd, SFM_READ, &info, SF_TRUE);
	if (!s->handle)
		return fail(why, -EINVAL, path,
			"is not a sound file that libsndfile can read");
	s->rate_hz = (uint32_t)info.samplerate;
	s->channels = (uint32_t)info.channels;
	r = shape_check(s, why);
	if (r < 0)
		return r;
	s->frames = calloc((size_t)block_frames * s->channels, sizeof(float));
	s->plane = calloc((size_t)block_frames * s->channels, sizeof(float));
	return s->frames && s->plane ? 0 : fail(why, -ENOMEM, path, NULL);
}

void
render_source_done(struct render_source *s)
{
	if (s->handle)
		sf_close(s->handle);
	free(s->frames);
	free(s->plane);
	*s = (struct render_source){0};
}

int
render_source_read(
	struct render_source *s, uint32_t n, uint32_t *got, char *why)
{
	sf_count_t have = 0;

	if (!s->ended) {
		have = sf_readf_float(s->handle, s->frames, n);
		if (sf_error(s->handle))
			return fail(why, -EIO, s->path, sf_strerror(s->handle));
		s->ended = have < n;
	}
	memset(s->frames + have * s->channels, 0,
		(size_t)(n - have) * s->channels * sizeof(float));
	for (uint32_t c = 0; c < s->channels; c++)
		for (uint32_t i = 0; i < n; i++)
			s->plane[(size_t)c * n + i] =
				s->frames[(size_t)i * s->channels + c];
	*got = (uint32_t)have;
	return 0;
}

/* One name for one place: links followed, so that the file that a link names is
 * replaced and not the link. NULL when there is no such folder. */
static char *
place_of(const char *path, bool exists)
{
	char *copy = strdup(path), *name = strdup(path);
	char *folder = copy ? realpath(dirname(copy), NULL) : NULL;
	char *place = NULL;

	if (exists)
		place = realpath(path, NULL);
	else if (folder && name &&
		 asprintf(&place, "%s/%s", folder, basename(name)) < 0)
		place = NULL;
	free(copy);
	free(name);
	free(folder);
	return place;
}

int
render_output_find(struct render_output *o, const char *path, char *why)
{
	struct stat st;

	*o = (struct render_output){.path = path};
	if (sound_kind_of(path) < 0)
		return fail(why, -EINVAL, path,
			"must end with .wav, .rf64 or .flac");
	if (stat(path, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			return fail(why, -EEXIST, path,
				"is there and is not a file");
		o->device = st.st_dev;
		o->inode = st.st_ino;
		o->mode = st.st_mode & 0777;
	} else {
		mode_t mask = umask(0);

		umask(mask);
		o->mode = 0666 & ~mask;
	}
	errno = 0;
	o->place = place_of(path, o->inode != 0);
	return o->place ? 0 : fail(why, errno ? -errno : -ENOMEM, path, NULL);
}

int
render_output_create(struct render_output *o, uint32_t rate_hz, char *why)
{
	const char *name = strrchr(o->place, '/') + 1;
	int fd, r;

	if (asprintf(&o->beside, "%.*s.%s.XXXXXX", (int)(name - o->place),
		    o->place, name) < 0) {
		o->beside = NULL;
		return fail(why, -ENOMEM, o->path, NULL);
	}
	fd = mkostemp(o->beside, O_CLOEXEC);
	if (fd < 0) {
		r = -errno;
		free(o->beside);
		o->beside = NULL;
		return fail(why, r, o->path, NULL);
	}
	fchmod(fd, o->mode);
	r = sound_file_new(&o->file, fd,
		(enum sound_kind)sound_kind_of(o->path), rate_hz, 2);
	return r < 0 ? fail(why, r, o->path, NULL) : 0;
}

int
render_output_write(
	struct render_output *o, const float *frames, uint32_t n, char *why)
{
	int r = sound_file_write(o->file, frames, n);

	return r < 0 ? fail(why, r, o->path, NULL) : 0;
}

int
render_output_finish(struct render_output *o, uint64_t *clipped, char *why)
{
	struct sound_stats stats;
	int r;

	sound_file_stats(o->file, &stats);
	*clipped += stats.clipped;
	r = sound_file_close(o->file);
	o->file = NULL;
	return r < 0 ? fail(why, r, o->path, NULL) : 0;
}

int
render_output_place(struct render_output *o, char *why)
{
	if (rename(o->beside, o->place) < 0)
		return fail(why, -errno, o->path, NULL);
	free(o->beside);
	o->beside = NULL;
	return 0;
}

void
render_output_done(struct render_output *o)
{
	sound_file_close(o->file);
	if (o->beside)
		unlink(o->beside);
	free(o->beside);
	free(o->place);
	*o = (struct render_output){0};
}
