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
#include <spa/utils/json.h>

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
	char out[REMEMBERED_KEY_MAX], const struct spa_dict *props, size_t from)
{
	static const char *const names[] = {PW_KEY_MEDIA_ROLE, PW_KEY_APP_ID,
		PW_KEY_APP_NAME, PW_KEY_MEDIA_NAME, PW_KEY_NODE_NAME};
	const char *class = spa_dict_lookup(props, PW_KEY_MEDIA_CLASS);
	const char *value;
	char key[REMEMBERED_KEY_MAX];
	int n;

	if (!class || strncmp(class, STREAM, strlen(STREAM)) != 0)
		return false;
	for (size_t i = from; i < SPA_N_ELEMENTS(names); i++) {
		if (!(value = spa_dict_lookup(props, names[i])))
			continue;
		n = snprintf(key, sizeof(key), "%s:%s:%s",
			class + strlen(STREAM), names[i], value);
		return n >= 0 && (size_t)n < sizeof(key) && escape(out, key);
	}
	return false;
}

/* The value of a line KEY TAIL = ..., up to its end, without its escapes.
 * Free it; NULL when there is none. */
static char *
value_of(const char *text, const char *key, const char *tail)
{
	size_t length = strlen(key), more = strlen(tail);
	char *value, *to;

	for (; text; text = strchr(text, '\n'), text += text != NULL) {
		if (!strncmp(text, key, length) &&
			!strncmp(text + length, tail, more) &&
			text[length + more] == '=')
			break;
	}
	if (!text)
		return NULL;
	text += length + more + 1;
	value = to = strndup(text, strcspn(text, "\n"));
	for (const char *from = value; from && *from; from++) {
		bool escaped = from[0] == '\\' && from[1];

		from += escaped;
		/* \s is a blank; no tab and no line is in a name */
		*to++ = escaped && *from == 's' ? ' ' : *from;
	}
	if (to)
		*to = '\0';
	return value;
}

/* {"target":"alsa_output...", ...} */
static bool
target_of(const char *json, char *sink, size_t size_bytes)
{
	struct spa_json it[2];
	const char *value;
	char key[64];
	int n;

	spa_json_init(&it[0], json, strlen(json));
	if (spa_json_enter_object(&it[0], &it[1]) <= 0)
		return false;
	while (spa_json_get_string(&it[1], key, sizeof(key)) > 0 &&
		(n = spa_json_next(&it[1], &value)) > 0) {
		if (!strcmp(key, "target"))
			return spa_json_is_string(value, n) &&
			       spa_json_parse_stringn(
				       value, n, sink, (int)size_bytes) > 0;
	}
	return false;
}

/* Up to WirePlumber 0.4 a line for each word, then one of JSON for a program.
 * False: there is none by that key. */
static bool
line_of(const char *text, const char *key, char *sink, size_t size_bytes)
{
	char *value = value_of(text, key, ":target");
	bool fits = true, found;

	if (value) {
		fits = strlen(value) < size_bytes;
		if (fits)
			memcpy(sink, value, strlen(value) + 1);
	} else if ((value = value_of(text, key, ""))) {
		fits = target_of(value, sink, size_bytes);
	}
	if (!fits)
		sink[0] = '\0';
	found = value != NULL;
	free(value);
	return found;
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
	/* From 0.5.15 on a role is no key, but that of notifications. */
	for (size_t from = 0; from < 2; from++) {
		if (key_make(key, props, from) &&
			line_of(text, key, sink, size_bytes))
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
