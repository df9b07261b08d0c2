/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes Standard MIDI Files for tests. */
#ifndef MIDI_FILE_RIG_H
#define MIDI_FILE_RIG_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RIG_FILE_MAX 65536

struct rig_file {
	uint8_t bytes[RIG_FILE_MAX];
	size_t n;
	size_t track_at; /* of the open track's header */
};

static inline void
rig_bytes(struct rig_file *f, const void *bytes, size_t n)
{
	memcpy(f->bytes + f->n, bytes, n);
	f->n += n;
}
#define RIG_BYTES(f, ...)                                                      \
	rig_bytes(f, (const uint8_t[]){__VA_ARGS__},                           \
		sizeof((const uint8_t[]){__VA_ARGS__}))

static inline void
rig_begin(struct rig_file *f, uint8_t format, uint8_t tracks, uint16_t ticks)
{
	f->n = 0;
	rig_bytes(f, "MThd\0\0\0\6", 8);
	RIG_BYTES(
		f, 0, format, 0, tracks, (uint8_t)(ticks >> 8), (uint8_t)ticks);
}

static inline void
rig_track(struct rig_file *f)
{
	f->track_at = f->n;
	rig_bytes(f, "MTrk\0\0\0\0", 8);
}

static inline void
rig_delta(struct rig_file *f, uint32_t ticks)
{
	for (int shift = 21; shift > 0; shift -= 7)
		if (ticks >> shift)
			RIG_BYTES(f, (uint8_t)(0x80 | (ticks >> shift & 127)));
	RIG_BYTES(f, ticks & 127);
}

static inline void
rig_track_close(struct rig_file *f)
{
	size_t n = f->n - f->track_at - 8;

	f->bytes[f->track_at + 6] = (uint8_t)(n >> 8);
	f->bytes[f->track_at + 7] = (uint8_t)n;
}

static inline void
rig_track_end(struct rig_file *f)
{
	RIG_BYTES(f, 0, 0xFF, 0x2F, 0);
	rig_track_close(f);
}

static inline void
rig_tempo(struct rig_file *f, uint32_t after, uint32_t us_per_quarter)
{
	rig_delta(f, after);
	RIG_BYTES(f, 0xFF, 0x51, 3, (uint8_t)(us_per_quarter >> 16),
		(uint8_t)(us_per_quarter >> 8), (uint8_t)us_per_quarter);
}

static inline void
rig_save(const struct rig_file *f, const char *path)
{
	FILE *to = fopen(path, "w");

	fwrite(f->bytes, 1, f->n, to);
	fclose(to);
}

#endif
