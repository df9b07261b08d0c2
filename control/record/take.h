/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A take: what is being recorded, on its way to the disk. A thread of its own
 * writes, and a queue of minutes stands before it, so that a disk that stops
 * for a while costs nothing. Files are valid at any moment: a recorder that is
 * killed leaves a playable one. Control thread, where nothing else is said. */
#ifndef TAKE_H
#define TAKE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/file/sound_file.h"

#define TAKE_QUEUE_BYTES   (256u << 20)
#define TAKE_CHECKPOINT_MS 500

struct take;

/* One file of it. */
struct take_file {
	char path[PATH_MAX];
	uint32_t rate_hz;
	uint32_t channels;
	struct sound_stats stats; /* valid after take_finish() */
};

/* path ends as sound_kind_of() wants it. 0 or -ENOMEM, -errno. */
int take_new(struct take **out, const char *path, bool force);

/* Begins the first file, or the next one: NAME-2.wav, never over an existing
 * one. Until then nothing is created. 0, or -EEXIST it is there and force was
 * not given, -EINVAL the kind cannot hold this, -errno. */
int take_begin(struct take *t, uint32_t rate_hz, uint32_t channels);

/* The name that take_begin() has tried last. */
const char *take_path(const struct take *t);

/* src[frames][channels], copied; NULL: silence. 0, -ENOBUFS when the disk is
 * minutes behind (nothing is taken), or the -errno with which writing failed.
 */
int take_write(struct take *t, const float *src, uint64_t frames);

/* Waits until all is on the disk and closes the last file. 0 or the -errno of
 * the first failure. */
int take_finish(struct take *t);

uint32_t take_files(const struct take *t);
const struct take_file *take_file(const struct take *t, uint32_t i);

void take_free(struct take *t); /* finishes; NULL is fine */

#endif
