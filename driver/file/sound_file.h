/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sound file that is being written: WAV or RF64 in 32-bit float, FLAC in 24
 * bit. The same samples give the same bytes: no time of day is written.
 *
 * A .wav is made an RF64 when it grows beyond 4 GiB. FLAC has no float: sources
 * of up to 24 bit come through unchanged, samples beyond full scale are clipped
 * and counted. Any one thread at a time. */
#ifndef SOUND_FILE_H
#define SOUND_FILE_H

#include <stdint.h>

enum sound_kind {
	SOUND_WAV,
	SOUND_RF64,
	SOUND_FLAC,
};

struct sound_file;

struct sound_stats {
	uint64_t frames;
	uint64_t clipped; /* samples, FLAC only */
	float peak;	  /* linear, of all channels, before clipping */
};

/* The kind that a name ends with, or -EINVAL. */
int sound_kind_of(const char *path);
/* "32-bit float" */
const char *sound_kind_text(enum sound_kind kind);

/* fd, open for reading too, is taken over in any case. 0, or -errno and *out is
 * NULL: -EINVAL a shape that the kind cannot hold. */
int sound_file_new(struct sound_file **out, int fd, enum sound_kind kind,
	uint32_t rate_hz, uint32_t channels);

/* src[frames][channels], or NULL: silence. 0, or -errno (-ENOSPC, -EIO). */
int sound_file_write(struct sound_file *f, const float *src, uint64_t frames);

/* Makes what was written so far a valid file, should nobody close it. 0 or
 * -errno. */
int sound_file_checkpoint(struct sound_file *f);

void sound_file_stats(const struct sound_file *f, struct sound_stats *out);

/* Completes and closes it. 0 or -errno; freed in any case. NULL is fine. */
int sound_file_close(struct sound_file *f);

#endif
