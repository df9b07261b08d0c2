/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file driver: sound files in, the same mixer, sound files out, as fast as
 * it can. It moves blocks and computes nothing.
 *
 * The same files and the same messages give the same bytes, whatever the block.
 * Outputs are written beside their place and renamed at the end: there is a
 * whole file or none. Control thread only. */
#ifndef RENDER_H
#define RENDER_H

#include <stddef.h>
#include <stdint.h>

#include "core/limits.h"
#include "driver/bus_name.h"

#define RENDER_WHY_MAX 4400 /* bytes: a path and what is wrong with it */

struct mixer;
struct render;

struct render_input {
	const char *path;
	uint32_t strip; /* no two on the same */
};

struct render_config {
	uint32_t strips;
	uint32_t buses;
	struct bus_uses uses;
	uint32_t rate_hz; /* what every file must have; 0: that of the first */
	uint32_t block_frames;
	double tail_s; /* silence after the longest file */
	uint32_t inputs;
	struct render_input input[STRIPS_MAX];
	const char *out[BUSES_MAX]; /* a path, or NULL: not written; must
				       live as long as the render does */
};

struct render_stats {
	uint64_t frames;
	uint64_t bad_samples; /* NaN or infinity in a file, silenced */
	uint64_t clipped;     /* samples, in FLAC outputs */
};

/* Called before frames `frame` to `frame + n` are mixed: posts what takes
 * effect in them. Returns how many of the n may be mixed before it wants to be
 * called again, or 0: stop, and leave nothing behind. */
typedef uint32_t (*render_step)(void *data, uint64_t frame, uint32_t n);

/* Opens the inputs and makes the mixer. 0, or *out is NULL and one line in
 * why[RENDER_WHY_MAX]: -EINVAL a file's content or shape, -ENOMEM, -errno it
 * cannot be read. */
int render_open(
	struct render **out, const struct render_config *config, char *why);

/* Creates the outputs, beside their places. 0, or -EINVAL a name that cannot be
 * used, -errno, and why. */
int render_create(struct render *r, char *why);

/* Mixes it all, completes the outputs and puts them in their places. 0, or
 * -EINTR (stopped), -errno and why; then no output is there. */
int render_run(struct render *r, render_step step, void *data,
	struct render_stats *stats, char *why);

void render_close(struct render *r); /* NULL is fine */

struct mixer *render_mixer(struct render *r);
uint32_t render_rate_hz(const struct render *r);

#endif
