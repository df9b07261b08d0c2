/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/file/sound_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sndfile.h>
#include <unistd.h>

#define CHUNK_SAMPLES 8192
#define FULL_SCALE_24 8388608.0f /* 2^23 */

struct sound_file {
	SNDFILE *handle; /* has fd and closes it */
	int fd;
	enum sound_kind kind;
	uint32_t channels;
	struct sound_stats stats;
	int samples[CHUNK_SAMPLES]; /* FLAC: 24 bit in the upper bytes */
};

static const struct {
	const char *suffix;
	int format;
	const char *text;
} kinds[] = {
	[SOUND_WAV] = {".wav", SF_FORMAT_RF64 | SF_FORMAT_FLOAT,
		"32-bit float"},
	[SOUND_RF64] = {".rf64", SF_FORMAT_RF64 | SF_FORMAT_FLOAT,
		"32-bit float"},
	[SOUND_FLAC] = {".flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, "24 bit"},
};
#define KINDS ((int)(sizeof(kinds) / sizeof(kinds[0])))

int
sound_kind_of(const char *path)
{
	size_t length = strlen(path);

	for (int k = 0; k < KINDS; k++) {
		size_t n = strlen(kinds[k].suffix);

		if (length > n &&
			!strcasecmp(path + length - n, kinds[k].suffix))
			return k;
	}
	return -EINVAL;
}

const char *
sound_kind_text(enum sound_kind kind)
{
	return kinds[kind].text;
}

/* What the system said, or EIO when the library alone knows. */
static int
write_error(int saved_errno)
{
	return saved_errno ? -saved_errno : -EIO;
}

int
sound_file_new(struct sound_file **out, int fd, enum sound_kind kind,
	uint32_t rate_hz, uint32_t channels)
{
	SF_INFO info = {
		.samplerate = (int)rate_hz,
		.channels = (int)channels,
		.format = kinds[kind].format,
	};
	struct sound_file *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (!f || !sf_format_check(&info)) {
		close(fd);
		free(f);
		return f ? -EINVAL : -ENOMEM;
	}
	f->fd = fd;
	f->kind = kind;
	f->channels = channels;
	errno = 0;
	f->handle = sf_open_fd(fd, SFM_WRITE, &info, SF_TRUE);
	if (!f->handle) {
		free(f);
		return write_error(errno);
	}
	if (kind == SOUND_WAV)
		sf_command(f->handle, SFC_RF64_AUTO_DOWNGRADE, NULL, SF_TRUE);
	*out = f;
	return 0;
}

static void
peak_take(struct sound_file *f, const float *src, uint64_t samples)
{
	for (uint64_t i = 0; i < samples; i++)
		if (fabsf(src[i]) > f->stats.peak)
			f->stats.peak = fabsf(src[i]);
}

/* The library would scale by 2^23 - 1, or by 2^23 when it clips: here the
 * scale is certain, and clipping is counted. */
static int
write_flac(struct sound_file *f, const float *src, uint64_t samples)
{
	for (uint64_t at = 0; at < samples;) {
		uint64_t n = samples - at;
		sf_count_t done;

		if (n > CHUNK_SAMPLES - CHUNK_SAMPLES % f->channels)
			n = CHUNK_SAMPLES - CHUNK_SAMPLES % f->channels;
		for (uint64_t i = 0; i < n; i++) {
			float x = rintf(src[at + i] * FULL_SCALE_24);
			bool low = !(x >= -FULL_SCALE_24);
			bool high = x > FULL_SCALE_24 - 1.0f;

			f->stats.clipped += low || high;
			f->samples[i] = (low	       ? -8388608
						: high ? 8388607
						       : (int)x) *
					256;
		}
		errno = 0;
		done = sf_write_int(f->handle, f->samples, (sf_count_t)n);
		if (done != (sf_count_t)n)
			return write_error(errno);
		at += n;
	}
	return 0;
}

static int
write_frames(struct sound_file *f, const float *src, uint64_t frames)
{
	uint64_t samples = frames * f->channels;
	int r = 0;

	peak_take(f, src, samples);
	if (f->kind == SOUND_FLAC) {
		r = write_flac(f, src, samples);
	} else {
		errno = 0;
		if (sf_write_float(f->handle, src, (sf_count_t)samples) !=
			(sf_count_t)samples)
			r = write_error(errno);
	}
	if (r == 0)
		f->stats.frames += frames;
	return r;
}

int
sound_file_write(struct sound_file *f, const float *src, uint64_t frames)
{
	static const float silence[CHUNK_SAMPLES];
	uint64_t most = CHUNK_SAMPLES / f->channels;
	int r = 0;

	if (src)
		return write_frames(f, src, frames);
	while (frames > 0 && r == 0) {
		uint64_t n = frames < most ? frames : most;

		r = write_frames(f, silence, n);
		frames -= n;
	}
	return r;
}

int
sound_file_checkpoint(struct sound_file *f)
{
	errno = 0;
	/* A FLAC stream is valid as it stands: its length may be unknown. */
	if (f->kind != SOUND_FLAC)
		sf_command(f->handle, SFC_UPDATE_HEADER_NOW, NULL, 0);
	return sf_error(f->handle) ? write_error(errno) : 0;
}

void
sound_file_stats(const struct sound_file *f, struct sound_stats *out)
{
	*out = f->stats;
}

/* The library puts the time of day into the header's PEAK chunk, and writes
 * that chunk into RF64 whether it is wanted or not. The same sound shall be the
 * same bytes: the time is 0. EBU Tech 3306: chunks after 12 bytes, each with
 * its name and its size. */
static int
time_clear(int fd)
{
	const unsigned char none[4] = {0};
	unsigned char head[8];
	off_t at = 12;

	while (pread(fd, head, sizeof(head), at) == sizeof(head) &&
		memcmp(head, "data", 4) != 0) {
		uint32_t size_bytes =
			(uint32_t)head[4] | (uint32_t)head[5] << 8 |
			(uint32_t)head[6] << 16 | (uint32_t)head[7] << 24;

		if (!memcmp(head, "PEAK", 4) &&
			pwrite(fd, none, sizeof(none), at + 12) != sizeof(none))
			return -errno;
		at += 8 + (off_t)size_bytes + (size_bytes & 1);
	}
	return 0;
}

int
sound_file_close(struct sound_file *f)
{
	int fd, r = 0;

	if (!f)
		return 0;
	fd = f->kind == SOUND_FLAC ? -1 : fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
	errno = 0;
	if (sf_close(f->handle) != 0)
		r = write_error(errno);
	if (fd >= 0) {
		if (r == 0)
			r = time_clear(fd);
		close(fd);
	}
	free(f);
	return r;
}
