/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of a Standard MIDI File, each at its frame. Formats 0 and 1 with
 * a tempo, also within RIFF (RMID); all tracks are one stream. Control thread
 * only. */
#ifndef MIDI_FILE_H
#define MIDI_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/midi/midi_parse.h"

#define MIDI_FILE_WHY_MAX    4400 /* bytes: a path and what is wrong with it */
#define MIDI_FILE_BYTES_MAX  (16 * 1024 * 1024)
#define MIDI_FILE_TRACKS_MAX 256
#define MIDI_FILE_TICKS_MAX  ((1u << 28) - 1)

struct midi_file;

/* Reads it all. An event is at frame llround(seconds * rate_hz). 0 and *out is
 * the caller's, or *out is NULL and one line is in why[MIDI_FILE_WHY_MAX]:
 * -EINVAL it is no such file (`PATH: byte N: what`), -ENOMEM, -errno it cannot
 * be read. */
int midi_file_load(
	struct midi_file **out, const char *path, uint32_t rate_hz, char *why);
/* The same of bytes in memory; path is what messages call it. */
int midi_file_parse(struct midi_file **out, const uint8_t *bytes, size_t n,
	const char *path, uint32_t rate_hz, char *why);
void midi_file_free(struct midi_file *f); /* NULL is fine */

/* The frame of the next message; false: there is none. */
bool midi_file_next(const struct midi_file *f, uint64_t *frame);

/* Tells of the messages up to and at `frame`, each with its frame as the time,
 * in order; of one frame in order of the tracks. */
void midi_file_play(struct midi_file *f, uint64_t frame, midi_listener listener,
	void *data);

/* A copy of the file with what counts here, in the shape that libsmf reads
 * without harm: it asserts on broken files, reads beyond their end, and cannot
 * take a text of more than 127 bytes. Texts and escapes are left out. into has
 * room for 2 * n bytes. 0 and *into_bytes; or -EINVAL, *at and what is wrong
 * there. */
int midi_file_clean(uint8_t *into, size_t *into_bytes, const uint8_t *bytes,
	size_t n, size_t *at, const char **what);

#endif
