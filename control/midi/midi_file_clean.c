/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read as the specification asks of readers: chunks of other kinds, longer
 * headers, what comes after the end of a track and after the last one are
 * passed over. A running status that goes on behind a text or sysex, which it
 * forbids, is read all the same, for many files have it. */
#include "control/midi/midi_file.h"

#include <errno.h>
#include <string.h>

#define HEADER_BYTES 14
#define CHUNK_BYTES  8
#define RIFF_BYTES   12

enum {
	META_END = 0x2F,
	META_TEMPO = 0x51,
};

struct cleaner {
	const uint8_t *bytes;
	size_t at, end;	 /* of the track */
	uint8_t status;	 /* running; 0: none */
	uint32_t ticks;	 /* since the track began */
	uint32_t passed; /* of them, since the last event that was kept */
	uint8_t *into;
	size_t into_at;
	const char *what; /* is wrong at .at */
};

static bool
wrong(struct cleaner *c, size_t at, const char *what)
{
	c->at = at;
	c->what = what;
	return false;
}

static uint32_t
big_endian(const uint8_t *bytes, unsigned n)
{
	uint32_t value = 0;

	while (n--)
		value = value << 8 | *bytes++;
	return value;
}

/* A number of 7 bits per byte, at most four of them. */
static bool
number_take(struct cleaner *c, uint32_t *value)
{
	size_t from = c->at;

	*value = 0;
	for (unsigned i = 0; i < 4 && c->at < c->end; i++) {
		uint8_t byte = c->bytes[c->at++];

		*value = *value << 7 | (byte & 127);
		if (byte < 0x80)
			return true;
	}
	return wrong(c, from, "a number has no end");
}

static void
number_put(struct cleaner *c, uint32_t value)
{
	for (int shift = 21; shift > 0; shift -= 7)
		if (value >> shift)
			c->into[c->into_at++] =
				0x80 | (uint8_t)(value >> shift & 127);
	c->into[c->into_at++] = value & 127;
}

/* An event of a first byte and n more. */
static void
event_put(struct cleaner *c, uint8_t first, const uint8_t *more, size_t n)
{
	number_put(c, c->passed);
	c->passed = 0;
	c->into[c->into_at++] = first;
	memcpy(c->into + c->into_at, more, n);
	c->into_at += n;
}

/* Past a length and as many bytes. */
static bool
block_take(struct cleaner *c, uint32_t *length)
{
	size_t from = c->at;

	if (!number_take(c, length))
		return false;
	if (*length > c->end - c->at)
		return wrong(c, from, "this is longer than its track");
	c->at += *length;
	return true;
}

static bool
meta_clean(struct cleaner *c, bool *is_end)
{
	size_t from = c->at;
	uint32_t length;
	uint8_t type;

	if (c->at == c->end)
		return wrong(c, from, "the track ends within a message");
	type = c->bytes[c->at++];
	if (!block_take(c, &length))
		return false;
	*is_end = type == META_END;
	if (*is_end && length != 0)
		return wrong(c, from, "the end of a track has no bytes");
	if (type == META_TEMPO &&
		(length != 3 || !big_endian(c->bytes + c->at - 3, 3)))
		return wrong(c, from, "a tempo must be three bytes and not 0");
	if (*is_end)
		event_put(c, 0xFF, (const uint8_t[]){META_END, 0}, 2);
	else if (type == META_TEMPO)
		event_put(c, 0xFF,
			(const uint8_t[]){META_TEMPO, 3, c->bytes[c->at - 3],
				c->bytes[c->at - 2], c->bytes[c->at - 1]},
			5);
	return true;
}

/* F0 is kept with its length; F7, a part of a sysex or an escape, is not. */
static bool
sysex_clean(struct cleaner *c, bool is_kept)
{
	uint32_t length;

	if (!block_take(c, &length))
		return false;
	if (!is_kept || length > MIDI_SYSEX_MAX)
		return true;
	number_put(c, c->passed);
	c->passed = 0;
	c->into[c->into_at++] = 0xF0;
	number_put(c, length);
	memcpy(c->into + c->into_at, c->bytes + c->at - length, length);
	c->into_at += length;
	return true;
}

static bool
channel_clean(struct cleaner *c)
{
	size_t n = midi_data_bytes(c->status);

	if (c->end - c->at < n)
		return wrong(c, c->at, "the track ends within a message");
	for (size_t i = 0; i < n; i++)
		if (c->bytes[c->at + i] > 127)
			return wrong(c, c->at + i,
				"a message is broken off by another");
	event_put(c, c->status, c->bytes + c->at, n);
	c->at += n;
	return true;
}

static bool
event_clean(struct cleaner *c, bool *is_end)
{
	size_t from = c->at;
	uint32_t delta;
	uint8_t byte;

	if (!number_take(c, &delta))
		return false;
	if (delta > MIDI_FILE_TICKS_MAX - c->ticks)
		return wrong(c, from, "the file is too long in time");
	c->ticks += delta;
	c->passed += delta;
	if (c->at == c->end)
		return wrong(c, from, "the track ends within a message");
	byte = c->bytes[c->at];
	if (byte < 0x80)
		return c->status ? channel_clean(c)
				 : wrong(c, c->at,
					   "a message without a status byte");
	if (byte > 0xF0 && byte != 0xF7 && byte != 0xFF)
		return wrong(c, c->at, "a message that is not for files");
	c->at++;
	if (byte == 0xFF)
		return meta_clean(c, is_end);
	if (byte >= 0xF0)
		return sysex_clean(c, byte == 0xF0);
	c->status = byte;
	return channel_clean(c);
}

static bool
events_clean(struct cleaner *c)
{
	bool is_end = false;

	c->status = 0;
	c->ticks = c->passed = 0;
	while (!is_end) {
		if (c->at == c->end)
			return wrong(c, c->at, "the track has no end of track");
		if (!event_clean(c, &is_end))
			return false;
	}
	c->at = c->end;
	return true;
}

/* To the next track, past chunks of other kinds. */
static bool
track_find(struct cleaner *c, size_t n)
{
	while (n - c->at >= CHUNK_BYTES) {
		size_t length = big_endian(c->bytes + c->at + 4, 4);

		if (!memcmp(c->bytes + c->at, "MTrk", 4))
			return true;
		if (length > n - c->at - CHUNK_BYTES)
			break;
		c->at += CHUNK_BYTES + length;
	}
	return wrong(c, c->at, "the file ends before its last track");
}

static bool
track_clean(struct cleaner *c, size_t n)
{
	uint8_t *head = c->into + c->into_at;
	size_t length;

	if (!track_find(c, n))
		return false;
	length = big_endian(c->bytes + c->at + 4, 4);
	if (length > n - c->at - CHUNK_BYTES)
		return wrong(c, c->at, "the track is longer than the file");
	memcpy(head, c->bytes + c->at, 4);
	c->at += CHUNK_BYTES;
	c->into_at += CHUNK_BYTES;
	c->end = c->at + length;
	if (!events_clean(c))
		return false;
	length = (size_t)(c->into + c->into_at - head) - CHUNK_BYTES;
	for (unsigned i = 0; i < 4; i++)
		head[4 + i] = (uint8_t)(length >> (24 - 8 * i));
	return true;
}

static bool
header_clean(struct cleaner *c, size_t n, uint32_t *tracks)
{
	const uint8_t *b = c->bytes;
	uint32_t format, length;

	if (n < HEADER_BYTES || memcmp(b, "MThd", 4) != 0)
		return wrong(c, 0, "this is no Standard MIDI File");
	length = big_endian(b + 4, 4);
	if (length < HEADER_BYTES - CHUNK_BYTES)
		return wrong(c, 4, "the header must be 6 bytes long or more");
	if (length > n - CHUNK_BYTES)
		return wrong(c, 4, "the header is longer than the file");
	format = big_endian(b + 8, 2);
	if (format > 1)
		return wrong(c, 8, "the format must be 0 or 1");
	*tracks = big_endian(b + 10, 2);
	if (*tracks == 0 || *tracks > MIDI_FILE_TRACKS_MAX)
		return wrong(c, 10, "there must be 1 to 256 tracks");
	if (format == 0 && *tracks != 1)
		return wrong(c, 10, "a file of format 0 has one track");
	if (b[12] & 0x80)
		return wrong(c, 12,
			"times are in film frames; save it with ticks per "
			"quarter note");
	if (big_endian(b + 12, 2) == 0)
		return wrong(c, 12, "a quarter note has no ticks");
	memcpy(c->into, b, HEADER_BYTES);
	c->into[7] = HEADER_BYTES - CHUNK_BYTES;
	memset(c->into + 4, 0, 3);
	c->into_at = HEADER_BYTES;
	c->at = CHUNK_BYTES + length;
	return true;
}

static bool
file_clean(struct cleaner *c, size_t n)
{
	uint32_t tracks;

	if (!header_clean(c, n, &tracks))
		return false;
	for (; tracks; tracks--)
		if (!track_clean(c, n))
			return false;
	return true; /* what comes after the last one is for others */
}

static uint32_t
little_endian(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* In a RIFF file of type RMID the chunk "data" is the file: where it begins,
 * and in *n its length. 0: it is no such file. */
static size_t
riff_unwrap(const uint8_t *bytes, size_t *n)
{
	size_t at = RIFF_BYTES;

	if (*n < RIFF_BYTES || memcmp(bytes, "RIFF", 4) != 0 ||
		memcmp(bytes + 8, "RMID", 4) != 0)
		return 0;
	while (*n - at >= CHUNK_BYTES) {
		size_t length = little_endian(bytes + at + 4);
		size_t left = *n - at - CHUNK_BYTES;

		if (!memcmp(bytes + at, "data", 4)) {
			*n = length < left ? length : left;
			return at + CHUNK_BYTES;
		}
		if (length > left)
			return 0;
		length += length & 1; /* chunks begin at even places */
		at += CHUNK_BYTES + (length < left ? length : left);
	}
	return 0;
}

int
midi_file_clean(uint8_t *into, size_t *into_bytes, const uint8_t *bytes,
	size_t n, size_t *at, const char **what)
{
	size_t from = riff_unwrap(bytes, &n);
	struct cleaner c = {.bytes = bytes + from, .into = into};

	if (!file_clean(&c, n)) {
		*at = from + c.at;
		*what = c.what;
		return -EINVAL;
	}
	*into_bytes = c.into_at;
	return 0;
}
