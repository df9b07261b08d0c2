/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script of moves: lines `SECONDS ADDRESS VALUE`, for the file driver. Blank
 * lines and what follows a # are comments. Control thread only. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdint.h>
#include <stdio.h>

#include "control/model/param.h"

#define SCRIPT_SECONDS_MAX 1000000.0

struct script;

/* Reads them all from a file ("-": standard input). A move is at frame
 * llround(seconds * rate_hz); those of one frame apply as one, in the order of
 * their lines; addresses are those that hold before the first move. 0 and *out
 * is the caller's, or *out is NULL: -EINVAL after each bad line was told on err
 * as `PATH:LINE: what`, -ENOMEM, -errno as the file cannot be read (told, too).
 */
int script_load(struct script **out, const char *path, const struct params *p,
	uint32_t rate_hz, FILE *err);
void script_free(struct script *s); /* NULL is fine */

/* Applies those that fall into frames `frame` to `frame + n`; fewer than n are
 * returned when the moves are so dense that the mixer's queue could not hold
 * them: call again from there. */
uint32_t script_step(
	struct script *s, struct params *p, uint64_t frame, uint32_t n);

/* The first that was not applied yet: its line and frame; 0 when all were. */
uint32_t script_left(const struct script *s, uint64_t *frame);

#endif
