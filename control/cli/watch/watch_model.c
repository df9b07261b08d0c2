/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/watch/watch_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/util/text.h"

static void
row_init(struct watch_row *row)
{
	*row = (struct watch_row){.peak_db = {WATCH_SILENT_DB, WATCH_SILENT_DB},
		.hold_db = {WATCH_SILENT_DB, WATCH_SILENT_DB},
		.rms_db = {WATCH_SILENT_DB, WATCH_SILENT_DB}};
}

void
watch_model_init(struct watch_model *m)
{
	memset(m, 0, sizeof(*m));
	for (uint32_t s = 0; s < STRIPS_MAX; s++)
		row_init(&m->strip[s]);
	for (uint32_t b = 0; b < BUSES_MAX; b++)
		row_init(&m->bus[b]);
}

static uint32_t
count_of(const struct client_message *in, int arg, uint32_t max)
{
	double n = client_number(in, arg);

	return !(n > 0.0) ? 0 : n < max ? (uint32_t)n : max;
}

static bool
info_take(struct watch_model *m, const struct client_message *in)
{
	text_clean(m->version, sizeof(m->version), client_string(in, 1));
	m->rate_hz = client_number(in, 2);
	m->block_frames = client_number(in, 3);
	m->strips = count_of(in, 4, STRIPS_MAX);
	m->buses = count_of(in, 5, BUSES_MAX);
	for (uint32_t b = 0; b < m->buses; b++)
		text_clean(m->bus[b].name, sizeof(m->bus[b].name),
			client_string(in, 6 + (int)b));
	return true;
}

static double *
levels_of(struct watch_row *row, const char *kind)
{
	if (!strcmp(kind, "/hold"))
		return row->hold_db;
	return !strcmp(kind, "/rms") ? row->rms_db : row->peak_db;
}

/* Big-endian 16 bit, in 1/256 dB: each strip's left and right, then each
 * bus's. */
static bool
meters_take(struct watch_model *m, const struct client_message *in)
{
	const char *kind = in->address + strlen("/meters");
	const uint8_t *bytes;
	uint32_t size;

	if (in->count < 1 || *in->types != 'b')
		return false;
	bytes = lo_blob_dataptr((lo_blob)in->args[0]);
	size = lo_blob_datasize((lo_blob)in->args[0]);
	for (uint32_t i = 0; i < size / 2 && i < 2 * (m->strips + m->buses);
		i++, bytes += 2) {
		int16_t level = (int16_t)(bytes[0] << 8 | bytes[1]);
		uint32_t row = i / 2;

		levels_of(row < m->strips ? &m->strip[row]
					  : &m->bus[row - m->strips],
			kind)[i % 2] = level / 256.0;
	}
	return true;
}

static void
loud_text(char out[16], const struct client_message *in, int arg)
{
	double lufs = client_number(in, arg);

	if (isnan(lufs))
		snprintf(out, 16, "-");
	else
		snprintf(out, 16, "%.1f", lufs);
}

static bool
loudness_take(struct watch_model *m, const struct client_message *in)
{
	const char *name = in->address + strlen("/loudness/");

	for (uint32_t b = 0; b < m->buses; b++) {
		if (strcmp(m->bus[b].name, name) != 0)
			continue;
		loud_text(m->bus[b].loud_short, in, 0);
		loud_text(m->bus[b].loud_all, in, 1);
		return true;
	}
	return false;
}

static bool
row_take(struct watch_row *row, const char *leaf,
	const struct client_message *in)
{
	if (!strcmp(leaf, "gain"))
		row->gain_db = client_number(in, 0);
	else if (!strcmp(leaf, "mute"))
		row->mute = client_number(in, 0) > 0.0;
	else if (!strcmp(leaf, "name"))
		text_clean(row->name, sizeof(row->name), client_string(in, 0));
	else if (!strcmp(leaf, "app"))
		text_clean(row->app, sizeof(row->app), client_string(in, 0));
	else if (!strcmp(leaf, "route"))
		client_text(in, 0, row->route, sizeof(row->route));
	else if (!strcmp(leaf, "tap"))
		text_clean(row->tap, sizeof(row->tap), client_string(in, 0));
	else
		return false;
	return true;
}

static bool
strip_take(struct watch_model *m, const struct client_message *in)
{
	char *leaf;
	unsigned long n = strtoul(in->address + strlen("/strip/"), &leaf, 10);

	if (n < 1 || n > STRIPS_MAX || *leaf != '/')
		return false;
	return row_take(&m->strip[n - 1], leaf + 1, in);
}

static bool
bus_take(struct watch_model *m, const struct client_message *in)
{
	const char *name = in->address + strlen("/bus/");
	size_t length = strcspn(name, "/");

	for (uint32_t b = 0; b < m->buses; b++)
		if (name[length] && strlen(m->bus[b].name) == length &&
			!strncmp(m->bus[b].name, name, length))
			return row_take(&m->bus[b], name + length + 1, in);
	return false;
}

static bool
tempo_take(struct watch_model *m, const struct client_message *in)
{
	if (!strcmp(in->address, "/tempo"))
		m->tempo_bpm = client_number(in, 0);
	else if (!strcmp(in->address, "/tempo/running"))
		m->tempo_runs = client_number(in, 0) != 0.0;
	else if (!strcmp(in->address, "/beat"))
		m->beat = (uint32_t)client_number(in, 0);
	else if (!strcmp(in->address, "/quantise"))
		snprintf(m->quantise, sizeof(m->quantise), "%s",
			client_string(in, 0));
	else
		return false;
	return true;
}

bool
watch_model_take(struct watch_model *m, const struct client_message *in)
{
	if (!strcmp(in->address, "/info"))
		return info_take(m, in);
	if (!strncmp(in->address, "/meters", strlen("/meters")))
		return meters_take(m, in);
	if (!strncmp(in->address, "/loudness/", strlen("/loudness/")))
		return loudness_take(m, in);
	if (!strncmp(in->address, "/strip/", strlen("/strip/")))
		return strip_take(m, in);
	if (!strncmp(in->address, "/bus/", strlen("/bus/")))
		return bus_take(m, in);
	return tempo_take(m, in);
}
