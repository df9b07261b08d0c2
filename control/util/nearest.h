/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the word among some that is closest to one that is none of
 * them. Any thread; no state of its own. */
#ifndef NEAREST_H
#define NEAREST_H

#include <stdint.h>

#define NEAREST_MAX 64 /* bytes; longer words are near nothing */

struct nearest {
	const char *asked; /* borrowed */
	const char *best;  /* borrowed from nearest_try(); NULL: none is near */
	uint32_t cost;
};

void nearest_init(struct nearest *n, const char *asked);
void nearest_try(struct nearest *n, const char *word);

#endif
