/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How loud a bus is by EBU R 128: the last three seconds (short-term), and all
 * since it was begun (integrated), in LUFS. It reads a ring, late and in
 * pieces, and never disturbs who writes it. Control thread only. */
#ifndef LOUDNESS_H
#define LOUDNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loudness;

/* Of a ring of two channels in this memory, which must stay; from now on. 0 and
 * *out is the caller's; or -errno, as ring_reader_init(), or -ENOMEM. */
int loudness_new(struct loudness **out, const void *map, size_t size_bytes);
void loudness_free(struct loudness *l); /* NULL is fine */

/* Takes what has come since the last time: at least once a second. now_ns is
 * CLOCK_MONOTONIC. */
void loudness_run(struct loudness *l, uint64_t now_ns);

/* LUFS; false: there is no such number. Of silence there is none, and none that
 * could be wrong: of the first three seconds, of those after frames were lost,
 * or while nothing comes. */
bool loudness_short(const struct loudness *l, double *lufs);
/* Likewise; after a loss not before loudness_reset(). */
bool loudness_integrated(const struct loudness *l, double *lufs);

/* Integrated begins anew. 0 or -ENOMEM: it is as it was. */
int loudness_reset(struct loudness *l);
/* It is not of all that was to be heard: something is missing before it. */
void loudness_miss(struct loudness *l);

#endif
