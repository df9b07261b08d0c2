/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Squares of frames and channels are turned over in registers. The vectors are
 * those of the compiler (gcc 12, clang), which makes SSE2 or NEON of them.
 *
 * Channels that fill no square are moved with a last one that overlaps the one
 * before it: it stores the same words again. Frames that fill none are moved
 * word by word. */
#include "core/ring/interleave.h"

#include <stddef.h>

#include "core/ring/copy.h"

static void
words(float *dst, const float *const *ch, uint32_t channels, uint32_t offset,
	uint32_t n)
{
	for (uint32_t i = offset; i < offset + n; i++)
		for (uint32_t c = 0; c < channels; c++)
			word_set(dst++, ch[c][i]);
}

#ifdef RING_WORDS
void
ring_interleave_choose(struct ring_writer *w, uint32_t vector_words)
{
	(void)vector_words;
	w->interleave = words;
}
#else

/* A plane's frames stand at any multiple of a word. */
typedef float vector4 __attribute__((vector_size(16), aligned(4), may_alias));

static inline vector4
load4(const float *x)
{
	return *(const vector4 *)(const void *)x;
}

static inline void
store4(float *to, vector4 x)
{
	*(vector4 *)(void *)to = x;
}

/* Apart, so that the usual block keeps few registers. */
static __attribute__((noinline)) void
words_rest(float *dst, const float *const *ch, uint32_t channels,
	uint32_t offset, uint32_t n, uint32_t done)
{
	words(dst + done * (size_t)channels, ch, channels, offset + done,
		n - done);
}

static void
stereo4(float *dst, const float *const *ch, uint32_t channels, uint32_t offset,
	uint32_t n)
{
	const float *l = ch[0] + offset, *r = ch[1] + offset;
	const float *end = l + (n & ~3u);
	float *to = dst;

	for (; l != end; l += 4, r += 4, to += 8) {
		vector4 a = load4(l), b = load4(r);

		store4(to, __builtin_shufflevector(a, b, 0, 4, 1, 5));
		store4(to + 4, __builtin_shufflevector(a, b, 2, 6, 3, 7));
	}
	if (n & 3)
		words_rest(dst, ch, channels, offset, n, n & ~3u);
}

/* Frames at..at + 4 of four planes go to dst[4][stride]. */
static inline void
square4(float *dst, size_t stride, const float *const *ch, uint32_t at)
{
	vector4 a = load4(ch[0] + at), b = load4(ch[1] + at);
	vector4 c = load4(ch[2] + at), d = load4(ch[3] + at);
	vector4 ab0 = __builtin_shufflevector(a, b, 0, 4, 1, 5);
	vector4 ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
	vector4 cd0 = __builtin_shufflevector(c, d, 0, 4, 1, 5);
	vector4 cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);

	store4(dst, __builtin_shufflevector(ab0, cd0, 0, 1, 4, 5));
	store4(dst + stride, __builtin_shufflevector(ab0, cd0, 2, 3, 6, 7));
	store4(dst + 2 * stride, __builtin_shufflevector(ab2, cd2, 0, 1, 4, 5));
	store4(dst + 3 * stride, __builtin_shufflevector(ab2, cd2, 2, 3, 6, 7));
}

/* A cache line of each plane at once: planes whose distance is a power of two
 * push each other's lines out. */
#define LINE 16u

/* channels: at least 4 */
static void
squares4(float *dst, const float *const *ch, uint32_t channels, uint32_t offset,
	uint32_t n)
{
	uint32_t whole = n & ~3u;

	for (uint32_t line = 0; line < whole; line += LINE) {
		uint32_t end = whole - line < LINE ? whole : line + LINE;

		for (uint32_t c = 0; c < channels; c += 4) {
			uint32_t k = c + 4 <= channels ? c : channels - 4;

			for (uint32_t i = line; i < end; i += 4)
				square4(dst + i * (size_t)channels + k,
					channels, ch + k, offset + i);
		}
	}
	if (whole < n)
		words_rest(dst, ch, channels, offset, n, whole);
}

#ifdef __x86_64__
#define WIDE   __attribute__((target("avx2")))
#define WIDEST __attribute__((target("avx512f")))

typedef float vector8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float vector16 __attribute__((vector_size(64), aligned(4), may_alias));

/* The compiler would load what is used twice from memory twice. */
WIDE static inline vector8
load8(const float *x)
{
	vector8 v = *(const vector8 *)(const void *)x;

	__asm__("" : "+x"(v));
	return v;
}

WIDE static inline void
store8(float *to, vector8 x)
{
	*(vector8 *)(void *)to = x;
}

WIDE static inline void
frames8(float *to, vector8 l, vector8 r)
{
	store8(to, __builtin_shufflevector(l, r, 0, 8, 1, 9, 2, 10, 3, 11));
	store8(to + 8,
		__builtin_shufflevector(l, r, 4, 12, 5, 13, 6, 14, 7, 15));
}

WIDE static void
stereo8(float *dst, const float *const *ch, uint32_t channels, uint32_t offset,
	uint32_t n)
{
	const float *l = ch[0] + offset, *r = ch[1] + offset;
	const float *end = l + (n & ~15u);
	float *to = dst;

	for (; l != end; l += 16, r += 16, to += 32) {
		vector8 l0 = load8(l), l8 = load8(l + 8);
		vector8 r0 = load8(r), r8 = load8(r + 8);

		frames8(to, l0, r0);
		frames8(to + 16, l8, r8);
	}
	if (n & 15)
		words_rest(dst, ch, channels, offset, n, n & ~15u);
}

WIDEST static inline vector16
load16(const float *x)
{
	return *(const vector16 *)(const void *)x;
}

WIDEST static inline void
store16(float *to, vector16 x)
{
	*(vector16 *)(void *)to = x;
}

WIDEST static void
stereo16(float *dst, const float *const *ch, uint32_t channels, uint32_t offset,
	uint32_t n)
{
	const float *l = ch[0] + offset, *r = ch[1] + offset;
	const float *end = l + (n & ~15u);
	float *to = dst;

	for (; l != end; l += 16, r += 16, to += 32) {
		vector16 a = load16(l), b = load16(r);

		store16(to, __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18,
				    3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
		store16(to + 16,
			__builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11,
				27, 12, 28, 13, 29, 14, 30, 15, 31));
	}
	if (n & 15)
		words_rest(dst, ch, channels, offset, n, n & ~15u);
}

/* Frames at..at + 8 of four planes: to[i] has frames i and i + 4. */
WIDE static inline void
quarter8(vector8 to[4], const float *const *ch, uint32_t at)
{
	vector8 a = load8(ch[0] + at), b = load8(ch[1] + at);
	vector8 c = load8(ch[2] + at), d = load8(ch[3] + at);
	vector8 ab0 = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
	vector8 ab2 = __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
	vector8 cd0 = __builtin_shufflevector(c, d, 0, 8, 1, 9, 4, 12, 5, 13);
	vector8 cd2 = __builtin_shufflevector(c, d, 2, 10, 3, 11, 6, 14, 7, 15);

	to[0] = __builtin_shufflevector(ab0, cd0, 0, 1, 8, 9, 4, 5, 12, 13);
	to[1] = __builtin_shufflevector(ab0, cd0, 2, 3, 10, 11, 6, 7, 14, 15);
	to[2] = __builtin_shufflevector(ab2, cd2, 0, 1, 8, 9, 4, 5, 12, 13);
	to[3] = __builtin_shufflevector(ab2, cd2, 2, 3, 10, 11, 6, 7, 14, 15);
}

/* Frames at..at + 8 of eight planes go to dst[8][stride]. */
WIDE static inline void
square8(float *dst, size_t stride, const float *const *ch, uint32_t at)
{
	vector8 a[4], b[4];

	quarter8(a, ch, at);
	quarter8(b, ch + 4, at);
	for (size_t i = 0; i < 4; i++) {
		store8(dst + i * stride, __builtin_shufflevector(a[i], b[i], 0,
						 1, 2, 3, 8, 9, 10, 11));
		store8(dst + (i + 4) * stride,
			__builtin_shufflevector(
				a[i], b[i], 4, 5, 6, 7, 12, 13, 14, 15));
	}
}

/* channels: at least 8 */
WIDE static void
squares8(float *dst, const float *const *ch, uint32_t channels, uint32_t offset,
	uint32_t n)
{
	uint32_t whole = n & ~7u;

	for (uint32_t line = 0; line < whole; line += LINE) {
		uint32_t end = whole - line < LINE ? whole : line + LINE;

		for (uint32_t c = 0; c < channels; c += 8) {
			uint32_t k = c + 8 <= channels ? c : channels - 8;

			for (uint32_t i = line; i < end; i += 8)
				square8(dst + i * (size_t)channels + k,
					channels, ch + k, offset + i);
		}
	}
	if (whole < n)
		words_rest(dst, ch, channels, offset, n, whole);
}
/* Eight frames of plane x[0], then eight of x[8] */
WIDEST static inline vector16
load88(const float *const *x, uint32_t at)
{
	return __builtin_shufflevector(load8(x[0] + at), load8(x[8] + at), 0, 1,
		2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

#define LOW_WORDS(a, b)                                                        \
	__builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9,    \
		25, 12, 28, 13, 29)
#define HIGH_WORDS(a, b)                                                       \
	__builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11,  \
		27, 14, 30, 15, 31)
#define LOW_PAIRS(a, b)                                                        \
	__builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24,    \
		25, 12, 13, 28, 29)
#define HIGH_PAIRS(a, b)                                                       \
	__builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26,  \
		27, 14, 15, 30, 31)

#define FIRST_LANES(a, b)                                                      \
	__builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10,    \
		11, 24, 25, 26, 27)
#define SECOND_LANES(a, b)                                                     \
	__builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14,  \
		15, 28, 29, 30, 31)

WIDEST static inline void
quarter16(vector16 to[4], const float *const *ch, uint32_t at)
{
	vector16 a = load88(ch, at), b = load88(ch + 1, at);
	vector16 c = load88(ch + 2, at), d = load88(ch + 3, at);
	vector16 ab0 = LOW_WORDS(a, b), ab2 = HIGH_WORDS(a, b);
	vector16 cd0 = LOW_WORDS(c, d), cd2 = HIGH_WORDS(c, d);

	to[0] = LOW_PAIRS(ab0, cd0);
	to[1] = HIGH_PAIRS(ab0, cd0);
	to[2] = LOW_PAIRS(ab2, cd2);
	to[3] = HIGH_PAIRS(ab2, cd2);
}

WIDEST static inline void
square16(float *dst, size_t stride, const float *const *ch, uint32_t at)
{
	vector16 a[4], b[4];

	quarter16(a, ch, at);
	quarter16(b, ch + 4, at);
	for (size_t i = 0; i < 4; i++) {
		store16(dst + i * stride, FIRST_LANES(a[i], b[i]));
		store16(dst + (i + 4) * stride, SECOND_LANES(a[i], b[i]));
	}
}

/* channels: at least 16 */
WIDEST static void
squares16(float *dst, const float *const *ch, uint32_t channels,
	uint32_t offset, uint32_t n)
{
	uint32_t whole = n & ~7u;

	for (uint32_t line = 0; line < whole; line += LINE) {
		uint32_t end = whole - line < LINE ? whole : line + LINE;

		for (uint32_t c = 0; c < channels; c += 16) {
			uint32_t k = c + 16 <= channels ? c : channels - 16;

			for (uint32_t i = line; i < end; i += 8)
				square16(dst + i * (size_t)channels + k,
					channels, ch + k, offset + i);
		}
	}
	if (whole < n)
		words_rest(dst, ch, channels, offset, n, whole);
}
#endif

void
ring_interleave_choose(struct ring_writer *w, uint32_t vector_words)
{
	if (w->channels == 2)
		w->interleave = stereo4;
	else
		w->interleave = w->channels < 4 ? words : squares4;
#ifdef __x86_64__
	if (w->channels == 2 && vector_words >= 8)
		w->interleave = vector_words >= 16 ? stereo16 : stereo8;
	else if (w->channels >= 16 && vector_words >= 16)
		w->interleave = squares16;
	else if (w->channels >= 8 && vector_words >= 8)
		w->interleave = squares8;
#else
	(void)vector_words;
#endif
}
#endif
