/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two words that are read together or not at all: one thread stores them, and
 * waits for nobody; others, in other processes too, load them. */
#ifndef RING_PAIR_H
#define RING_PAIR_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/rt.h"

struct word_pair {
	_Atomic uint64_t version; /* odd: being stored; 0: never was */
	_Atomic uint64_t a, b;
};

/* Who stores: version is 2 more than the last time, 2 at first. It is not read
 * back, since the memory may be shared. */
RT static inline void
pair_store(struct word_pair *p, uint64_t version, uint64_t a, uint64_t b)
{
	/* relaxed: the two stores that follow carry it with them */
	atomic_store_explicit(&p->version, version - 1, memory_order_relaxed);
	/* release: who sees one of these words sees the odd version as well.
	 * A fence would do the same, but ThreadSanitizer knows none. */
	atomic_store_explicit(&p->a, a, memory_order_release);
	atomic_store_explicit(&p->b, b, memory_order_release);
	/* release: who sees the even version sees both words */
	atomic_store_explicit(&p->version, version, memory_order_release);
}

/* any: the version of both words; odd: they are being stored, try again; 0:
 * there is none yet */
RT static inline uint64_t
pair_load(const struct word_pair *p, uint64_t *a, uint64_t *b)
{
	/* acquire, three times: pairs with the releases in pair_store(); each
	 * keeps the next load behind it */
	uint64_t version =
		atomic_load_explicit(&p->version, memory_order_acquire);

	*a = atomic_load_explicit(&p->a, memory_order_acquire);
	*b = atomic_load_explicit(&p->b, memory_order_acquire);
	/* relaxed: had a word been newer, this would be as well */
	if (atomic_load_explicit(&p->version, memory_order_relaxed) != version)
		return 1;
	return version;
}

#endif
