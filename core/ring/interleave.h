/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planes to frames. Words are moved and never computed with, so that every way
 * gives the same bytes. Only the sources of core/ring, its tests and its bench
 * include this. */
#ifndef RING_INTERLEAVE_H
#define RING_INTERLEAVE_H

#include <stdint.h>

#include "core/ring/ring.h"

/* control: sets w->interleave to the fastest way for w->channels, of which
 * there are at least 2, with vectors of so many words: 4 always, 8 where there
 * is AVX2, 16 where there is AVX-512 */
void ring_interleave_choose(struct ring_writer *w, uint32_t vector_words);

#endif
