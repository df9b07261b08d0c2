/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How samples go into a ring's memory and out of it, and the fences beside
 * that: see layout.h. Only the sources of core/ring include this. */
#ifndef RING_COPY_H
#define RING_COPY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __has_feature
#if __has_feature(thread_sanitizer)
#define RING_WORDS 1
#endif
#endif
#if !defined(RING_WORDS) && defined(__SANITIZE_THREAD__)
#define RING_WORDS 1
#endif

/* One memcpy() is never longer than this: glibc copies longer pieces (from
 * 16,448 bytes on, by its tunables) with non-temporal stores, which may become
 * visible before the intent that was stored ahead of them. */
#define RING_PIECE_SAMPLES 4096u /* 16 KiB */

#ifdef RING_WORDS
/* The thread sanitizer knows neither fences nor what is done with a copy before
 * it is checked. Here the order is in the words themselves: a word read with
 * acquire that was stored with release brings the intent stored before it. */
static inline void
fence_release(void)
{
}

static inline void
fence_acquire(void)
{
}

static inline void
word_set(float *at, float value)
{
	uint32_t word;

	memcpy(&word, &value, sizeof(word));
	__atomic_store_n((uint32_t *)(void *)at, word, __ATOMIC_RELEASE);
}

static inline void
copy_in(float *dst, const float *src, size_t samples)
{
	for (size_t i = 0; i < samples; i++)
		word_set(&dst[i], src[i]);
}

static inline void
copy_out(float *dst, const float *src, size_t samples)
{
	for (size_t i = 0; i < samples; i++) {
		uint32_t word =
			__atomic_load_n((const uint32_t *)(const void *)&src[i],
				__ATOMIC_ACQUIRE);

		memcpy(&dst[i], &word, sizeof(word));
	}
}
#else
/* release: pairs with fence_acquire(). A store of intent alone, even with
 * release, would not keep the stores after it behind it. */
static inline void
fence_release(void)
{
	atomic_thread_fence(memory_order_release);
}

/* acquire: the loads of the copy are done before intent is loaded */
static inline void
fence_acquire(void)
{
	atomic_thread_fence(memory_order_acquire);
}

static inline void
word_set(float *at, float value)
{
	*at = value;
}

/* Plain copies race with the other process, on purpose: what was torn is thrown
 * away unread once intent is checked, the fences order whole copies, and any
 * bits make a float. Word-wise atomics would say so to the compiler, and would
 * keep it from vectorising: a third of the speed. */
static __attribute__((noinline)) void
copy_in_pieces(float *dst, const float *src, size_t samples)
{
	while (samples > RING_PIECE_SAMPLES) {
		memcpy(dst, src, RING_PIECE_SAMPLES * sizeof(float));
		dst += RING_PIECE_SAMPLES;
		src += RING_PIECE_SAMPLES;
		samples -= RING_PIECE_SAMPLES;
	}
	memcpy(dst, src, samples * sizeof(float));
}

static inline void
copy_in(float *dst, const float *src, size_t samples)
{
	if (samples > RING_PIECE_SAMPLES)
		copy_in_pieces(dst, src, samples);
	else
		memcpy(dst, src, samples * sizeof(float));
}

static inline void
copy_out(float *dst, const float *src, size_t samples)
{
	memcpy(dst, src, samples * sizeof(float));
}
#endif

#endif
