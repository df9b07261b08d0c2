/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/supervisor/journal_line.h"

#define HEAD	     "tapdeck-journal 1\n"
#define FIELDS_MAX   11
#define FILE_MAX     (8ul * 1024 * 1024)
#define COMPACT_FROM (256l * 1024) /* bytes; below it the file just grows */

struct journal {
	char path[PATH_MAX];
	int fd; /* -1: it cannot be written */
	int trouble;
	off_t size, compact_at;
	size_t damaged;
	struct journal_park *parks;
	size_t count, room;
	bool has_default;
	uint32_t default_daemon;
	struct metadata_value was_default;
};

/* ---- what is in memory ---- */

static size_t
park_find(const struct journal *j, uint32_t daemon, uint64_t serial)
{
	size_t i = 0;

	while (i < j->count &&
		(j->parks[i].serial != serial || j->parks[i].daemon != daemon))
		i++;
	return i;
}

static int
park_keep(struct journal *j, const struct journal_park *p)
{
	size_t i = park_find(j, p->daemon, p->serial);

	if (i == j->room) {
		size_t room = j->room ? 2 * j->room : 16;
		void *parks = realloc(j->parks, room * sizeof(*j->parks));

		if (!parks)
			return -ENOMEM;
		j->parks = parks;
		j->room = room;
	}
	j->parks[i] = *p;
	if (i == j->count)
		j->count++;
	return 0;
}

static void
park_forget(struct journal *j, size_t i)
{
	if (i < j->count)
		j->parks[i] = j->parks[--j->count];
}

static bool
read_park(struct journal *j, char *const *f)
{
	struct journal_park p = {.paused = 0}; /* of before there was such */
	uint64_t daemon, id;

	if (!journal_field_number(f[1], UINT32_MAX, &daemon) ||
		!journal_field_number(f[2], UINT64_MAX, &p.serial) ||
		!journal_field_number(f[3], UINT32_MAX, &id) ||
		!journal_field_text(f[4], p.name, sizeof(p.name)) ||
		!journal_field_text(f[5], p.park, sizeof(p.park)) ||
		!journal_field_value(f + 6, &p.object) ||
		!journal_field_value(f + 8, &p.node) ||
		(f[10] && !journal_field_number(f[10], UINT64_MAX, &p.paused)))
		return false;
	p.daemon = (uint32_t)daemon;
	p.node_id = (uint32_t)id;
	return park_keep(j, &p) == 0;
}

static bool
read_line(struct journal *j, char *text)
{
	char *f[FIELDS_MAX + 1] = {NULL};
	int n = 0;

	for (char *at = text, *end; at && n <= FIELDS_MAX; n++, at = end) {
		f[n] = at;
		end = strchr(at, '\t');
		if (end)
			*end++ = '\0';
	}
	if ((n == 10 || n == 11) && !strcmp(f[0], "park"))
		return read_park(j, f);
	if (n == 3 && !strcmp(f[0], "free")) {
		uint64_t daemon, serial;

		if (!journal_field_number(f[1], UINT32_MAX, &daemon) ||
			!journal_field_number(f[2], UINT64_MAX, &serial))
			return false;
		park_forget(j, park_find(j, (uint32_t)daemon, serial));
		return true;
	}
	if (n == 4 && !strcmp(f[0], "default")) {
		uint64_t daemon;

		if (!journal_field_number(f[1], UINT32_MAX, &daemon) ||
			!journal_field_value(f + 2, &j->was_default))
			return false;
		j->default_daemon = (uint32_t)daemon;
		j->has_default = true;
		return true;
	}
	if (n == 1 && !strcmp(f[0], "own-default")) {
		j->has_default = false;
		return true;
	}
	return false;
}

/* ---- the file ---- */

static int
write_all(int fd, const char *text, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, text, n);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			text += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

static int
write_state(const struct journal *j, int fd)
{
	struct journal_line l;
	int res = write_all(fd, HEAD, strlen(HEAD));

	for (size_t i = 0; res == 0 && i < j->count; i++) {
		journal_line_park(&l, &j->parks[i]);
		res = write_all(fd, l.text, l.length);
	}
	if (res == 0 && j->has_default) {
		journal_line_default(&l, j->default_daemon, &j->was_default);
		res = write_all(fd, l.text, l.length);
	}
	return res;
}

/* A new file with what still counts takes the old one's place. */
static int
compact(struct journal *j)
{
	char fresh[PATH_MAX + 8];
	int fd, res;

	snprintf(fresh, sizeof(fresh), "%s.new", j->path);
	fd = open(fresh,
		O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC |
			O_NOFOLLOW,
		0600);
	if (fd < 0)
		return -errno;
	res = write_state(j, fd);
	if (res == 0 && rename(fresh, j->path) < 0)
		res = -errno;
	if (res < 0) {
		unlink(fresh);
		close(fd);
		return res;
	}
	if (j->fd >= 0)
		close(j->fd);
	j->fd = fd;
	j->size = lseek(fd, 0, SEEK_END);
	j->compact_at = 2 * j->size + COMPACT_FROM;
	return 0;
}

/* What was written of a line that did not fit is taken away again: the next
 * one would continue it. When the line does not fit, or that fails, all of it
 * is written anew. */
static void
append(struct journal *j, const struct journal_line *l)
{
	int res = j->fd < 0 ? j->trouble : write_all(j->fd, l->text, l->length);

	if (res == 0 && !j->trouble) {
		j->size += (off_t)l->length;
		/* Failing is no harm: the long file says the same. */
		if (j->size > j->compact_at)
			compact(j);
		return;
	}
	if (j->fd >= 0 && ftruncate(j->fd, j->size) < 0) {
		close(j->fd);
		j->fd = -1;
	}
	j->trouble = compact(j);
}

/* The last line may be torn: the change that it was about was never made. */
static void
read_text(struct journal *j, char *text)
{
	char *end, *start;

	if (strncmp(text, HEAD, strlen(HEAD)) != 0) {
		j->damaged++;
		return;
	}
	start = text;
	text += strlen(HEAD);
	while ((end = strchr(text, '\n'))) {
		*end = '\0';
		if (!read_line(j, text))
			j->damaged++;
		text = end + 1;
	}
	j->size = text - start;
}

static int
read_file(struct journal *j)
{
	int fd = open(j->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t n = 0;
	ssize_t got = 1;
	char *text;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	text = calloc(1, FILE_MAX + 1);
	while (text && got > 0 && n < FILE_MAX) {
		got = read(fd, text + n, FILE_MAX - n);
		n += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	if (!text)
		return -ENOMEM;
	if (got >= 0 && n > 0) {
		/* a NUL would hide what follows it */
		for (size_t i = 0; i < n; i++)
			if (text[i] == '\0')
				text[i] = '?';
		read_text(j, text);
	}
	free(text);
	return got < 0 ? -EIO : 0;
}

static void
set_aside(const struct journal *j)
{
	char aside[PATH_MAX + 16];

	snprintf(aside, sizeof(aside), "%s.damaged", j->path);
	rename(j->path, aside);
}

/* Only the last folder: what is above it is the session's. */
static void
dir_make(const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (!slash)
		return;
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
	mkdir(dir, 0700);
}

int
journal_path(char *path, size_t size_bytes)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	int n;

	/* the XDG specification: a path that is not absolute is no path */
	if (!run || run[0] != '/')
		return -ENOENT;
	n = snprintf(path, size_bytes, "%s/tapdeck/journal", run);
	return n < 0 || (size_t)n >= size_bytes ? -ENAMETOOLONG : 0;
}

/* The old file, without the torn end of it, when there can be no new one. */
static int
go_on_with_the_old(struct journal *j)
{
	int fd = open(j->path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, j->size) < 0) {
		close(fd);
		return -EIO;
	}
	j->fd = fd;
	j->compact_at = 2 * j->size + COMPACT_FROM;
	return 0;
}

int
journal_open(struct journal **out, const char *path)
{
	struct journal *j = calloc(1, sizeof(*j));
	int res;

	*out = NULL;
	if (!j)
		return -ENOMEM;
	if (strlen(path) >= sizeof(j->path)) {
		free(j);
		return -ENAMETOOLONG;
	}
	j->fd = -1;
	memcpy(j->path, path, strlen(path) + 1);
	dir_make(path);
	j->trouble = read_file(j);
	if (j->damaged)
		set_aside(j);
	res = compact(j);
	if (res < 0 && (j->size == 0 || go_on_with_the_old(j) < 0))
		j->trouble = res;
	*out = j;
	return 0;
}

void
journal_close(struct journal *j)
{
	if (!j)
		return;
	if (j->count == 0 && !j->has_default)
		unlink(j->path);
	if (j->fd >= 0)
		close(j->fd);
	free(j->parks);
	free(j);
}

int
journal_trouble(const struct journal *j)
{
	return j->trouble;
}

size_t
journal_damaged(const struct journal *j)
{
	return j->damaged;
}

size_t
journal_parks(const struct journal *j)
{
	return j->count;
}

const struct journal_park *
journal_park_at(const struct journal *j, size_t i)
{
	return i < j->count ? &j->parks[i] : NULL;
}

int
journal_park_put(struct journal *j, const struct journal_park *p)
{
	struct journal_line l;
	int res;

	journal_line_park(&l, p);
	if (l.full)
		return -ENAMETOOLONG;
	if ((res = park_keep(j, p)) < 0)
		return res;
	append(j, &l);
	return 0;
}

/* A line that could not be written costs a useless look later. */
void
journal_park_drop(struct journal *j, uint32_t daemon, uint64_t serial)
{
	size_t i = park_find(j, daemon, serial);
	struct journal_line l;

	if (i == j->count)
		return;
	journal_line_start(&l, "free");
	journal_line_number(&l, daemon);
	journal_line_number(&l, serial);
	journal_line_end(&l);
	park_forget(j, i);
	append(j, &l);
}

void
journal_forget_others(struct journal *j, uint32_t daemon)
{
	for (size_t i = j->count; i-- > 0;)
		if (j->parks[i].daemon != daemon)
			park_forget(j, i);
	if (j->default_daemon != daemon)
		j->has_default = false;
	compact(j);
}

int
journal_default_put(
	struct journal *j, uint32_t daemon, const struct metadata_value *was)
{
	struct journal_line l;

	journal_line_default(&l, daemon, was);
	j->has_default = true;
	j->default_daemon = daemon;
	j->was_default = *was;
	append(j, &l);
	j->has_default = j->trouble == 0;
	return j->trouble;
}

void
journal_default_drop(struct journal *j)
{
	struct journal_line l;

	if (!j->has_default)
		return;
	journal_line_start(&l, "own-default");
	journal_line_end(&l);
	j->has_default = false;
	append(j, &l);
}

const struct metadata_value *
journal_default(const struct journal *j)
{
	return j->has_default ? &j->was_default : NULL;
}
