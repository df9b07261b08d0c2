/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/program/desktop_file.h"
#include "driver/clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 4096
#define BYTES_MAX (64 * 1024) /* of a file: translations can be many */
#define TEXT_MAX  128	      /* of a name, with its NUL */
#define WAIT_NS	  500000000ull

struct desktop_file {
	char id[TEXT_MAX];
	char name[TEXT_MAX];
	char program[TEXT_MAX]; /* "" when it starts it with something to do */
	char tried[TEXT_MAX];	/* TryExec's */
};

struct desktop_files {
	struct desktop_file *file;
	size_t count, cap;
	uint64_t until_ns;
	char *text; /* [BYTES_MAX + 1] while it reads */
};

/* ---- one file ---- */

/* Of a value: \s is a blank, \\ a backslash; others do not matter in a name. */
static void
unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1]) {
			text++;
			*to++ = *text == 's' ? ' ' : *text;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static void
copy_text(char out[TEXT_MAX], const char *from)
{
	size_t length = strlen(from);

	/* What does not fit is no name; a cut id would be another one. */
	if (length < TEXT_MAX)
		memcpy(out, from, length + 1);
}

/* Takes a word off a command line, without its quotes. */
static char *
next_word(char **line)
{
	char *word = *line + strspn(*line, " \t"), *to = word, *from = word;
	bool quoted = false;

	for (; *from && (quoted || !strchr(" \t", *from)); from++) {
		if (*from == '"')
			quoted = !quoted;
		else if (*from == '\\' && from[1])
			*to++ = *++from;
		else
			*to++ = *from;
	}
	*line = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "steam steam://rungameid/440" and "flatpak run ..." are another program than
 * steam and flatpak: only codes, options and blanks may follow. */
static void
read_exec(char out[TEXT_MAX], char *line)
{
	char *word = next_word(&line), *more;
	bool env = !strcmp(base_name(word), "env");

	while (word[0] && (env || strchr(word, '='))) {
		env = false;
		word = next_word(&line);
	}
	while ((more = next_word(&line))[0])
		if (more[0] != '%' && more[0] != '-')
			return;
	copy_text(out, base_name(word));
}

static char *
value_of(char *line, const char *key)
{
	size_t length = strlen(key);

	if (strncmp(line, key, length) != 0)
		return NULL;
	line += length;
	line += strspn(line, " \t");
	if (*line != '=')
		return NULL;
	return line + 1 + strspn(line + 1, " \t");
}

/* False: it is no program, or hidden. */
static bool
read_text(struct desktop_file *file, char *text)
{
	bool inside = false, program = false, hidden = false;
	char *line, *value;

	while ((line = strsep(&text, "\n"))) {
		line[strcspn(line, "\r")] = '\0';
		if (line[0] == '[') {
			if (inside)
				break;
			inside = !strcmp(line, "[Desktop Entry]");
		} else if (!inside) {
			continue;
		} else if ((value = value_of(line, "Name"))) {
			unescape(value);
			copy_text(file->name, value);
		} else if ((value = value_of(line, "Exec"))) {
			read_exec(file->program, value);
		} else if ((value = value_of(line, "TryExec"))) {
			copy_text(file->tried, base_name(value));
		} else if ((value = value_of(line, "Type"))) {
			program = !strcmp(value, "Application");
		} else if ((value = value_of(line, "Hidden"))) {
			hidden = !strcmp(value, "true");
		}
	}
	return program && !hidden && file->name[0];
}

static bool
load(char *text, int folder, const char *name)
{
	/* not to wait for a pipe that somebody has put there */
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = read(fd, text, BYTES_MAX);
	close(fd);
	if (n < 0)
		return false;
	text[n] = '\0';
	return true;
}

/* ---- folders ---- */

static bool
has_room(struct desktop_files *f)
{
	size_t cap = f->cap ? f->cap * 2 : 64;
	struct desktop_file *more;

	if (f->count == FILES_MAX || clock_now_ns() > f->until_ns)
		return false;
	if (f->count < f->cap)
		return true;
	more = realloc(f->file, cap * sizeof(*more));
	if (!more)
		return false;
	f->file = more;
	f->cap = cap;
	return true;
}

static void
read_folder(struct desktop_files *f, const char *base)
{
	static const char suffix[] = ".desktop";
	char path[1024];
	struct dirent *entry;
	DIR *dir;

	if (base[0] != '/')
		return; /* as the specification has it */
	snprintf(path, sizeof(path), "%s/applications", base);
	dir = opendir(path);
	while (dir && has_room(f) && (entry = readdir(dir))) {
		struct desktop_file *file = &f->file[f->count];
		size_t length = strlen(entry->d_name);

		if (length < sizeof(suffix) ||
			strcmp(entry->d_name + length - sizeof(suffix) + 1,
				suffix) != 0 ||
			!load(f->text, dirfd(dir), entry->d_name))
			continue;
		length -= sizeof(suffix) - 1;
		memset(file, 0, sizeof(*file));
		if (length >= TEXT_MAX)
			continue;
		memcpy(file->id, entry->d_name, length);
		if (desktop_files_by_id(f, file->id))
			continue; /* an earlier folder's counts */
		if (read_text(file, f->text))
			f->count++;
	}
	if (dir)
		closedir(dir);
}

static void
read_folders(struct desktop_files *f, const char *list)
{
	char *copy = strdup(list), *rest = copy, *folder;

	while (copy && (folder = strsep(&rest, ":")))
		read_folder(f, folder);
	free(copy);
}

static const char *
variable(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && value[0] ? value : otherwise;
}

static int
by_id(const void *a, const void *b)
{
	const struct desktop_file *x = a, *y = b;

	return strcmp(x->id, y->id);
}

struct desktop_files *
desktop_files_new(void)
{
	struct desktop_files *f = calloc(1, sizeof(*f));
	const char *home = variable("HOME", "/nonexistent");
	char own[1024], flatpak[1056];

	if (!f)
		return NULL;
	f->text = malloc(BYTES_MAX + 1);
	f->until_ns = clock_now_ns() + WAIT_NS;
	snprintf(own, sizeof(own), "%s/.local/share", home);
	snprintf(flatpak, sizeof(flatpak), "%.1023s/flatpak/exports/share",
		variable("XDG_DATA_HOME", own));
	if (f->text) {
		read_folder(f, variable("XDG_DATA_HOME", own));
		read_folder(f, flatpak);
		read_folders(f, variable("XDG_DATA_DIRS",
					"/usr/local/share:/usr/share"));
		read_folders(f, "/var/lib/flatpak/exports/share:"
				"/var/lib/snapd/desktop");
	}
	free(f->text);
	f->text = NULL;
	/* A folder has no order: of several files for a program the same one
	 * must be found each time. */
	if (f->count > 1)
		qsort(f->file, f->count, sizeof(*f->file), by_id);
	return f;
}

void
desktop_files_free(struct desktop_files *f)
{
	if (!f)
		return;
	free(f->file);
	free(f);
}

size_t
desktop_files_count(const struct desktop_files *f)
{
	return f->count;
}

/* ---- look up ---- */

const char *
desktop_files_by_id(const struct desktop_files *f, const char *id)
{
	for (size_t i = 0; f && id && i < f->count; i++)
		if (!strcmp(f->file[i].id, id))
			return f->file[i].name;
	return NULL;
}

const char *
desktop_files_by_program(const struct desktop_files *f, const char *program)
{
	const char *found = NULL;

	if (!program || !program[0])
		return NULL;
	for (size_t i = 0; f && i < f->count; i++) {
		const struct desktop_file *file = &f->file[i];

		if (strcmp(file->program, program) != 0 &&
			strcmp(file->tried, program) != 0)
			continue;
		if (!strcasecmp(file->id, program))
			return file->name;
		found = found ? found : file->name;
	}
	return found;
}
