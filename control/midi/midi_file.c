/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/midi/midi_file.h"

#include <errno.h>
#include <glib.h>
#include <limits.h>
#include <math.h>
#include <smf.h>
#include <stdio.h>
#include <stdlib.h>

#include "control/util/file_read.h"

struct midi_file {
	smf_t *smf;
	smf_event_t *next; /* the smf's; NULL: all were played */
	uint32_t rate_hz;
	struct midi_parser parser;
};

static void
log_drop(const char *domain, GLogLevelFlags level, const char *text, void *data)
{
	(void)domain, (void)level, (void)text, (void)data;
}

/* libsmf talks on stderr; what it could say was said by midi_file_clean(). */
static smf_t *
smf_read(const uint8_t *bytes, size_t n)
{
	GLogFunc before = g_log_set_default_handler(log_drop, NULL);
	smf_t *smf = smf_load_from_memory(bytes, (int)n);

	g_log_set_default_handler(before, NULL);
	if (smf)
		smf_rewind(smf);
	return smf;
}

static void
event_next(struct midi_file *f)
{
	do
		f->next = smf_get_next_event(f->smf);
	while (f->next && smf_event_is_metadata(f->next));
}

static int
clean_parse(struct midi_file *f, uint8_t *clean, const uint8_t *bytes, size_t n,
	const char *path, char *why)
{
	const char *what;
	size_t at;
	int e = midi_file_clean(clean, &n, bytes, n, &at, &what);

	if (e < 0) {
		snprintf(why, MIDI_FILE_WHY_MAX, "%.4096s: byte %zu: %s", path,
			at, what);
		return e;
	}
	f->smf = smf_read(clean, n);
	if (!f->smf) {
		snprintf(why, MIDI_FILE_WHY_MAX,
			"%.4096s: libsmf does not read it", path);
		return -EINVAL;
	}
	return 0;
}

int
midi_file_parse(struct midi_file **out, const uint8_t *bytes, size_t n,
	const char *path, uint32_t rate_hz, char *why)
{
	struct midi_file *f = calloc(1, sizeof(*f));
	uint8_t *clean = malloc(2 * n + 1);
	int e;

	*out = NULL;
	if (!f || !clean || n > INT_MAX / 2) {
		e = -ENOMEM;
		snprintf(why, MIDI_FILE_WHY_MAX, "%.4096s: no memory", path);
	} else {
		e = clean_parse(f, clean, bytes, n, path, why);
	}
	free(clean);
	if (e < 0) {
		midi_file_free(f);
		return e;
	}
	f->rate_hz = rate_hz;
	midi_parser_init(&f->parser, NULL, NULL); /* see midi_file_play() */
	event_next(f);
	*out = f;
	return 0;
}

int
midi_file_load(
	struct midi_file **out, const char *path, uint32_t rate_hz, char *why)
{
	size_t n;
	char *bytes;
	int e = file_read(
		&bytes, &n, path, MIDI_FILE_BYTES_MAX, why, MIDI_FILE_WHY_MAX);

	*out = NULL;
	if (e < 0)
		return e;
	e = midi_file_parse(out, (const uint8_t *)bytes, n, path, rate_hz, why);
	free(bytes);
	return e;
}

void
midi_file_free(struct midi_file *f)
{
	if (!f)
		return;
	if (f->smf)
		smf_delete(f->smf);
	free(f);
}

bool
midi_file_next(const struct midi_file *f, uint64_t *frame)
{
	if (!f->next)
		return false;
	*frame = (uint64_t)llround(f->next->time_seconds * f->rate_hz);
	return true;
}

void
midi_file_play(
	struct midi_file *f, uint64_t frame, midi_listener listener, void *data)
{
	uint64_t at;

	f->parser.listener = listener;
	f->parser.data = data;
	while (midi_file_next(f, &at) && at <= frame) {
		midi_parse_bytes(&f->parser, f->next->midi_buffer,
			(size_t)f->next->midi_buffer_length, at);
		event_next(f);
	}
}
