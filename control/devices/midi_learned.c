/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/devices/midi_learned.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/devices/mapping_store.h"

#define LINE_START "  - {on: \""
#define LINE_TO	   "\", to: \""

void
midi_learned_message(
	const struct mapping_message *m, char *out, size_t size_bytes)
{
	const char *word = m->fine ? "cc14" : midi_words[m->kind];

	if (m->kind == MIDI_BEND)
		snprintf(out, size_bytes, "ch %u %s", m->channel + 1u, word);
	else if (m->fine && m->low != m->number + 32)
		snprintf(out, size_bytes, "ch %u %s %u/%u", m->channel + 1u,
			word, m->number, m->low);
	else
		snprintf(out, size_bytes, "ch %u %s %u", m->channel + 1u, word,
			m->number);
}

/* ---- lines ---- */

/* The text between two quotes; NULL: this line is none of ours. */
static char *
between(const char *from, const char *before)
{
	const char *start = strstr(from, before), *end;

	if (!start)
		return NULL;
	start += strlen(before);
	end = strchr(start, '"');
	return end ? strndup(start, (size_t)(end - start)) : NULL;
}

struct line {
	char *message;
	char *address;
};

static bool
line_read(struct line *l, const char *text)
{
	l->message = l->address = NULL;
	if (strncmp(text, LINE_START, strlen(LINE_START)) != 0)
		return false;
	l->message = between(text, LINE_START);
	l->address = between(text, LINE_TO);
	return l->message && l->address;
}

static void
line_done(struct line *l)
{
	free(l->message);
	free(l->address);
}

/* A knob goes through decibels as a fader does. */
static bool
is_level(const char *address)
{
	const char *end = strrchr(address, '/');

	return end && !strcmp(end, "/gain");
}

static void
line_write(FILE *to, const char *message, const char *address,
	enum mapping_as as, enum encoding coding)
{
	fprintf(to, LINE_START "%s" LINE_TO "%s\"", message, address);
	if (as != MAPPING_VALUE) {
		fprintf(to, ", as: %s",
			as == MAPPING_LATCH   ? "latch"
			: as == MAPPING_CYCLE ? "cycle"
					      : "toggle");
		/* Most buttons are lit by what they send. */
		if (strstr(message, "note") || strstr(message, " cc "))
			fprintf(to, ", light: same");
	} else if (coding != ENCODING_ABSOLUTE) {
		fprintf(to, ", relative: %s", encoding_words[coding]);
	}
	if (as == MAPPING_VALUE && is_level(address))
		fprintf(to, ", curve: audio");
	fprintf(to, "}\n");
}

/* ---- files ---- */

/* Each device has its own: what cannot be in the name of a file, or hides it,
 * is its code. */
static int
file_path(const char *device, char *path, size_t size_bytes)
{
	size_t n;
	int rc = mapping_store_learned_folder(path, size_bytes);

	if (rc < 0)
		return rc;
	n = strlen(path);
	if (n + 3 * strlen(device) + sizeof("/.yaml") > size_bytes)
		return -ENAMETOOLONG;
	path[n++] = '/';
	for (const char *c = device; *c; c++) {
		if (iscntrl((unsigned char)*c) || strchr("/%", *c) ||
			(*c == '.' && c == device))
			n += (size_t)snprintf(path + n, size_bytes - n,
				"%%%02X", (unsigned char)*c);
		else
			path[n++] = *c;
	}
	memcpy(path + n, ".yaml", sizeof(".yaml"));
	return 0;
}

/* A pattern that fits this name and is good YAML between double quotes. */
static void
header_write(FILE *to, const char *device)
{
	fprintf(to, "# What tapdeck learned; `tapdeck learn --forget ADDRESS` "
		    "takes a line out.\nname: Learned\ndevice: \"");
	for (; *device; device++)
		fputc(strchr("*?[]\\\"", *device) ||
					iscntrl((unsigned char)*device)
				? '?'
				: *device,
			to);
	fprintf(to, "\"\ncontrols:\n");
}

/* The message of a line. */
static bool
message_read(struct mapping_message *m, const char *line)
{
	unsigned channel, number = 0, low;
	char word[16];
	int n = sscanf(line, "ch %u %15s %u/%u", &channel, word, &number, &low);
	int kind = 0;

	memset(m, 0, sizeof(*m));
	if (n < 2)
		return false;
	m->fine = !strcmp(word, "cc14");
	while (kind < MIDI_KINDS &&
		strcmp(m->fine ? "cc" : word, midi_words[kind]) != 0)
		kind++;
	m->kind = (enum midi_kind)kind;
	m->channel = (uint8_t)(channel - 1);
	m->number = (uint16_t)number;
	if (m->fine)
		m->low = (uint8_t)(n == 4 ? low : number + 32);
	return kind < MIDI_KINDS;
}

/* The bytes of a line's message are some of this one: also 7 bits of 14, and
 * the controllers that an rpn or nrpn is sent by. */
static bool
is_heard_by(const struct mapping_message *m, const char *line)
{
	struct mapping_message other;

	return message_read(&other, line) && mapping_message_meets(m, &other);
}

/* Copies a file's controls but those of a message or an address. How many are
 * left, in *left, and out, in *dropped. */
static void
controls_copy(FILE *from, FILE *to, const struct mapping_message *message,
	const char *address, int *left, int *dropped)
{
	char *text = NULL;
	size_t size = 0;
	struct line l;

	while (getline(&text, &size, from) > 0) {
		bool is_control = line_read(&l, text);

		if (is_control &&
			((message && is_heard_by(message, l.message)) ||
				(address && !strcmp(l.address, address)))) {
			(*dropped)++;
		} else {
			*left += is_control;
			fputs(text, to);
		}
		line_done(&l);
	}
	free(text);
}

static int
refuse(char *why, const char *path, int rc)
{
	snprintf(why, MAPPING_WHY_MAX, "%.300s: %s", path, strerror(-rc));
	return rc;
}

int
midi_learned_add(struct file_saver *saver, const char *device,
	const char *address, const struct mapping_message *message,
	enum mapping_as as, enum encoding coding, const struct params *params,
	char *why)
{
	char path[PATH_MAX] = "", name[64], *text = NULL;
	int left = 0, dropped = 0, rc = file_path(device, path, sizeof(path));
	struct mapping *m = NULL;
	size_t size = 0;
	FILE *from, *to;

	file_saver_finish(saver); /* what was learned before is there */
	if (rc < 0)
		return refuse(why, "$XDG_STATE_HOME", rc);
	to = open_memstream(&text, &size);
	if (!to)
		return refuse(why, path, -ENOMEM);
	midi_learned_message(message, name, sizeof(name));
	from = fopen(path, "re");
	if (from) {
		controls_copy(from, to, message, NULL, &left, &dropped);
		fclose(from);
	} else {
		header_write(to, device);
	}
	line_write(to, name, address, as, coding);
	rc = fclose(to) == 0 ? 0 : -ENOMEM;
	/* One line that is refused would take all others with it. */
	if (rc == 0 && mapping_parse(&m, text, size, path, params, why) < 0) {
		free(text);
		return -EINVAL;
	}
	mapping_free(m);
	if (rc == 0)
		rc = file_saver_begin(saver, path, text, size);
	free(text);
	return rc < 0 ? refuse(why, path, rc) : 0;
}

/* ---- all files ---- */

static int
file_forget(struct file_saver *saver, const char *path, const char *address,
	char *why)
{
	int left = 0, dropped = 0, rc = 0;
	char *text = NULL;
	size_t size = 0;
	FILE *from = fopen(path, "re"), *to;

	if (!from)
		return 0;
	to = open_memstream(&text, &size);
	if (to)
		controls_copy(from, to, NULL, address, &left, &dropped);
	fclose(from);
	if (!to || fclose(to) != 0)
		rc = -ENOMEM;
	else if (dropped > 0 && left > 0)
		rc = file_saver_begin(saver, path, text, size);
	else if (dropped > 0 && unlink(path) < 0)
		rc = -errno;
	free(text);
	return rc < 0 ? refuse(why, path, rc) : dropped;
}

int
midi_learned_forget(struct file_saver *saver, const char *address, char *why)
{
	char folder[PATH_MAX], path[PATH_MAX];
	int count = 0, rc = 0;
	DIR *dir;

	file_saver_finish(saver);
	if (mapping_store_learned_folder(folder, sizeof(folder)) < 0)
		return 0;
	dir = opendir(folder);
	while (rc >= 0 && mapping_store_next(dir, folder, path, sizeof(path))) {
		rc = file_forget(saver, path, address, why);
		count += rc > 0 ? rc : 0;
	}
	if (dir)
		closedir(dir);
	return rc < 0 ? rc : count;
}

static void
file_list(const char *path,
	void (*each)(void *data, const struct midi_learned *l), void *data)
{
	char *text = NULL, *device = NULL;
	size_t size = 0;
	struct line l;
	FILE *from = fopen(path, "re");

	while (from && getline(&text, &size, from) > 0) {
		if (!device && !strncmp(text, "device: ", 8))
			device = between(text, "device: \"");
		if (line_read(&l, text)) {
			const struct midi_learned found = {
				device ? device : "", l.address, l.message};

			each(data, &found);
		}
		line_done(&l);
	}
	if (from)
		fclose(from);
	free(text);
	free(device);
}

void
midi_learned_list(
	void (*each)(void *data, const struct midi_learned *l), void *data)
{
	char folder[PATH_MAX], path[PATH_MAX];
	DIR *dir;

	if (mapping_store_learned_folder(folder, sizeof(folder)) < 0)
		return;
	dir = opendir(folder);
	while (mapping_store_next(dir, folder, path, sizeof(path)))
		file_list(path, each, data);
	if (dir)
		closedir(dir);
}
