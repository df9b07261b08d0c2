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

static char *
file_text(const char *name, uint64_t *written_ns)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char path[PATH_MAX], *text = NULL;
	struct stat st;
	ssize_t n;
	int fd, length;

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
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_size < BYTES_MAX &&
		(text = malloc((size_t)st.st_size + 1))) {
		n = read(fd, text, (size_t)st.st_size);
		text[n > 0 ? n : 0] = '\0';
		*written_ns = (uint64_t)st.st_mtim.tv_sec * 1000000000u +
			      (uint64_t)st.st_mtim.tv_nsec;
	}
	close(fd);
	return text;
}

bool
remembered_sink(enum wireplumber version, const struct spa_dict *props,
	char *sink, size_t size_bytes, uint64_t *written_ns)
{
	const char *name;
	char *text = NULL;
	bool found;

	*written_ns = 0;
	for (unsigned n = 0;
		!text && (name = wireplumber_streams_file(version, n)); n++)
		text = file_text(name, written_ns);
	if (!text) {
		sink[0] = '\0';
		return false;
	}
	found = remembered_in(text, props, sink, size_bytes);
	free(text);
	return found;
}
