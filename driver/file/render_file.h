/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two ends of the file driver: a source read block by block into planes,
 * and an output that takes its place only when it is whole. Control thread
 * only; why is [RENDER_WHY_MAX] and gets one line that begins with the path. */
#ifndef RENDER_FILE_H
#define RENDER_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sndfile.h>

#include "core/limits.h"
#include "driver/file/sound_file.h"

struct render_source {
	const char *path; /* borrowed */
	SNDFILE *handle;
	uint32_t rate_hz;
	uint32_t channels; /* 1..CHANNELS_MAX */
	dev_t device;
	ino_t inode;
	float *frames; /* [block][channels] */
	float *plane;  /* [channels][block] */
	bool ended;
};

/* 0, -EINVAL, -ENOMEM, -errno. done() accepts what a failed open left. */
int render_source_open(struct render_source *s, const char *path,
	uint32_t block_frames, char *why);
void render_source_done(struct render_source *s);

/* Fills the planes with n frames, silence after the end; *got is how many were
 * there. 0, or -EIO when the file is damaged. */
int render_source_read(
	struct render_source *s, uint32_t n, uint32_t *got, char *why);

struct render_output {
	const char *path; /* borrowed */
	char *place;	  /* path with its links followed */
	char *beside;	  /* the file being written; NULL: none */
	struct sound_file *file;
	mode_t mode;
	dev_t device; /* of what stands there now; inode 0: nothing */
	ino_t inode;
};

/* Finds its place, creates nothing. 0 or -errno. */
int render_output_find(struct render_output *o, const char *path, char *why);
int render_output_create(struct render_output *o, uint32_t rate_hz, char *why);
/* frames[n][2] */
int render_output_write(
	struct render_output *o, const float *frames, uint32_t n, char *why);
/* Closes the file, then puts it in its place: two steps, so that of several
 * outputs none is there unless all are whole. */
int render_output_finish(struct render_output *o, uint64_t *clipped, char *why);
int render_output_place(struct render_output *o, char *why);
/* Removes what is not in its place. */
void render_output_done(struct render_output *o);

#endif
