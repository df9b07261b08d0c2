/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/graph/remembered.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pipewire/keys.h>

#define BYTES_MAX (1024 * 1024)
#define STREAM	  "Stream/"

/* ---- its words ---- */

/* A key has no blank, = or bracket. False: it does not fit. */
static bool
escape(char out[REMEMBERED_KEY_MAX], const char *key)
{
	static const char from[] = "\\ =[]", to[] = "\\seoc";
	const char *found;
	size_t n = 0;

	for (; *key; key++) {
		found = strchr(from, *key);
		if (n + 2 >= REMEMBERED_KEY_MAX)
			return false;
		if (found)
			out[n++] = '\\';
		out[n++] = found ? to[found - from] : *key;
	}
	out[n] = '\0';
	return true;
}

/* By the first of these that the stream has, from this one on; streams may
 * share it. */
static bool
key_make(
	char out[REMEMBERED_KEY_MAX], const struct spa_dict *props, unsigned at)
{
	const char *class = spa_dict_lookup(props, PW_KEY_MEDIA_CLASS);
	const char *name, *value;
	char key[REMEMBERED_KEY_MAX];
	int n;

	if (!class || strncmp(class, STREAM, strlen(STREAM)) != 0)
		return false;
	for (; (name = wireplumber_stream_key(at)); at++) {
		if (!(value = spa_dict_lookup(props, name)))
			continue;
		n = snprintf(key, sizeof(key), "%s:%s:%s",
			class + strlen(STREAM), name, value);
		return n >= 0 && (size_t)n < sizeof(key) && escape(out, key);
	}
	return false;
}

bool
remembered_key(char key[REMEMBERED_KEY_MAX], const struct spa_dict *props)
{
	return key_make(key, props, 0);
}

bool
remembered_in(const char *text, const struct spa_dict *props, char *sink,
	size_t size_bytes)
{
	char key[REMEMBERED_KEY_MAX];

	sink[0] = '\0';
	for (unsigned at = 0; at < WIREPLUMBER_FIRST_KEYS; at++) {
		if (key_make(key, props, at) &&
			wireplumber_streams_sink(text, key, sink, size_bytes))
			break;
	}
	return sink[0];
}

/* ---- its file ---- */

static uint64_t
written_at(const struct stat *st)
{
	return (uint64_t)st->st_mtim.tv_sec * 1000000000u +
	       (uint64_t)st->st_mtim.tv_nsec;
}

static bool
is_kept(const struct remembered *r, const struct stat *st)
{
	return r->text && st->st_ino == r->of.st_ino &&
	       st->st_dev == r->of.st_dev && st->st_size == r->of.st_size &&
	       written_at(st) == written_at(&r->of);
}

void
remembered_done(struct remembered *r)
{
	free(r->text);
	r->text = NULL;
}

/* What is written to it meanwhile, or could not be read whole, makes it another
 * one at the next look. */
static void
read_anew(struct remembered *r, int fd, const struct stat *st)
{
	ssize_t n;

	remembered_done(r);
	if (!S_ISREG(st->st_mode) || st->st_size >= BYTES_MAX ||
		!(r->text = malloc((size_t)st->st_size + 1)))
		return;
	n = read(fd, r->text, (size_t)st->st_size);
	r->text[n > 0 ? n : 0] = '\0';
	r->of = *st;
	r->of.st_size = n;
}

static const char *
file_text(struct remembered *r, const char *name)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char path[PATH_MAX];
	struct stat st;
	int fd, length;
	bool seen;

	if (state)
		length = snprintf(
			path, sizeof(path), "%s/wireplumber/%s", state, name);
	else
		length = snprintf(path, sizeof(path),
			"%s/.local/state/wireplumber/%s", home ? home : "",
			name);
	if (length < 0 || (size_t)length >= sizeof(path))
		return NULL;
	/* not to wait for a pipe that somebody has put there */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	seen = fstat(fd, &st) == 0;
	if (seen && !is_kept(r, &st))
		read_anew(r, fd, &st);
	close(fd);
	return seen ? r->text : NULL;
}

bool
remembered_sink(struct remembered *r, enum wireplumber version,
	const struct spa_dict *props, char *sink, size_t size_bytes,
	uint64_t *written_ns)
{
	const char *name, *text = NULL;

	*written_ns = 0;
	for (unsigned n = 0;
		!text && (name = wireplumber_streams_file(version, n)); n++)
		text = file_text(r, name);
	if (!text) {
		sink[0] = '\0';
		return false;
	}
	*written_ns = written_at(&r->of);
	return remembered_in(text, props, sink, size_bytes);
}
