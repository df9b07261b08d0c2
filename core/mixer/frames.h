/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of the frames of a chunk. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/rt.h"

#define FRAMES_WORDS ((CHUNK_FRAMES + 63) / 64)

struct frames {
	uint32_t count;		     /* how many are in it */
	uint64_t word[FRAMES_WORDS]; /* of no meaning while there are none */
};

/* any: none is in it */
RT static inline void
frames_clear(struct frames *f)
{
	f->count = 0;
}

/* any: frames `at` to `at + n`, of which none was, are in it from now on */
RT static inline void
frames_add(struct frames *f, uint32_t at, uint32_t n)
{
	if (f->count == 0)
		for (uint32_t w = 0; w < FRAMES_WORDS; w++)
			f->word[w] = 0;
	f->count += n;
	while (n > 0) {
		uint32_t bit = at % 64, some = 64 - bit < n ? 64 - bit : n;

		f->word[at / 64] |=
			(some == 64 ? UINT64_MAX : (UINT64_C(1) << some) - 1)
			<< bit;
		at += some;
		n -= some;
	}
}

/* any: where the frames from `at` on that are like it, in or out, end; at most
 * `end` */
RT static inline uint32_t
frames_alike(const struct frames *f, uint32_t at, uint32_t end, bool *in)
{
	uint64_t flip;

	*in = false;
	if (f->count == 0)
		return end;
	*in = f->word[at / 64] >> at % 64 & 1;
	flip = *in ? UINT64_MAX : 0;
	while (at < end) {
		uint64_t others = (f->word[at / 64] ^ flip) >> at % 64;

		if (others) {
			at += (uint32_t)__builtin_ctzll(others);
			return at < end ? at : end;
		}
		at += 64 - at % 64;
	}
	return end;
}

/* any: frames `at` to `end`, of which none was, are in it from now on where
 * they are in the other */
RT static inline void
frames_add_of(
	struct frames *f, const struct frames *of, uint32_t at, uint32_t end)
{
	uint32_t next;
	bool in;

	for (; at < end; at = next) {
		next = frames_alike(of, at, end, &in);
		if (in)
			frames_add(f, at, next - at);
	}
}

#endif
