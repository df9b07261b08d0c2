/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mixer's inner loops, each over n samples, written to be vectorised.
 *
 * Sizes are looked at as integers: without its sign bit, a float's pattern
 * grows with its size, and infinity and NaN come after all numbers. One pass
 * finds both the peak and whether there is anything to clean. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/rt.h"

#define SAMPLE_SIZE_BITS     0x7fffffff
#define SAMPLE_INFINITY_BITS 0x7f800000

RT static inline void
samples_copy(float *restrict to, const float *restrict x, uint32_t n)
{
	memcpy(to, x, n * sizeof(*to));
}

RT static inline void
samples_clear(float *to, uint32_t n)
{
	memset(to, 0, n * sizeof(*to));
}

RT static inline int32_t
sample_size_bits(const float *x)
{
	int32_t bits;

	memcpy(&bits, x, sizeof(bits));
	return bits & SAMPLE_SIZE_BITS;
}

RT static inline int32_t
sample_larger(int32_t bits, float x)
{
	int32_t size = sample_size_bits(&x);

	return size > bits ? size : bits;
}

/* The size of the largest sample, as bits; SAMPLE_INFINITY_BITS or more when
 * one of them is no number. In two halves: to go on with one a processor need
 * not wait for the other. */
RT static inline int32_t
samples_peak_bits(const float *x, uint32_t n)
{
	const float *y = x + n / 2;
	int32_t a = 0, b = 0;

	for (uint32_t i = 0; i < n / 2; i++) {
		a = sample_larger(a, x[i]);
		b = sample_larger(b, y[i]);
	}
	if (n % 2)
		a = sample_larger(a, x[n - 1]);
	return a > b ? a : b;
}

/* The sum of their squares, in eight sums that a vector holds. */
RT static inline float
samples_energy(const float *x, uint32_t n)
{
	float sum[8] = {0.0f};
	uint32_t i = 0;

	for (; i + 8 <= n; i += 8)
		for (uint32_t k = 0; k < 8; k++)
			sum[k] += x[i + k] * x[i + k];
	for (; i < n; i++)
		sum[0] += x[i] * x[i];
	return ((sum[0] + sum[4]) + (sum[1] + sum[5])) +
	       ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

/* Are all of them numbers? Cheaper than their peak. */
RT static inline bool
samples_are_numbers(const float *x, uint32_t n)
{
	uint32_t carry = 0, bits;

	for (uint32_t i = 0; i < n; i++) {
		memcpy(&bits, &x[i], sizeof(bits));
		carry |= (bits & SAMPLE_INFINITY_BITS) + 0x00800000u;
	}
	return carry >> 31 == 0;
}

/* Copies, with silence for what is no number; how often that was. In place is
 * fine. */
RT static inline uint32_t
samples_clean(float *to, const float *x, uint32_t n)
{
	uint32_t bad = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (sample_size_bits(&x[i]) >= SAMPLE_INFINITY_BITS) {
			to[i] = 0.0f;
			bad++;
		} else {
			memmove(&to[i], &x[i], sizeof(*to));
		}
	}
	return bad;
}

/* `to` may be x itself: a loop of its own, since the compiler would give one
 * that might overlap no vectors. */
RT static inline void
samples_scale(float *to, const float *x, float gain, uint32_t n)
{
	float *restrict apart = to;

	if (to == x) {
		for (uint32_t i = 0; i < n; i++)
			to[i] *= gain;
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		apart[i] = x[i] * gain;
}

/* `to` may be x itself. */
RT static inline void
samples_multiply(float *to, const float *x, const float *gain, uint32_t n)
{
	float *restrict apart = to;

	if (to == x) {
		for (uint32_t i = 0; i < n; i++)
			apart[i] *= gain[i];
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		apart[i] = x[i] * gain[i];
}

/* The same, but a gain of 1 is a copy, as where nothing is computed: also of a
 * denormal. */
RT static inline void
samples_apply(float *to, const float *x, const float *gain, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] = gain[i] == 1.0f ? x[i] : x[i] * gain[i];
}

/* Both sides as middle and difference, and of the difference this share: by a
 * share of 1 they are what they were. */
RT static inline void
sample_widen(float *l, float *r, float share)
{
	float near = 0.5f + 0.5f * share, far = 0.5f - 0.5f * share;
	float left = near * *l + far * *r;

	*r = far * *l + near * *r;
	*l = left;
}

RT static inline void
samples_widen(float *restrict l, float *restrict r, float share, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		sample_widen(&l[i], &r[i], share);
}

RT static inline void
samples_widen_by(float *restrict l, float *restrict r,
	const float *restrict share, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		sample_widen(&l[i], &r[i], share[i]);
}

RT static inline void
samples_add(float *restrict to, const float *restrict x, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] += x[i];
}

/* Into two that are apart. */
RT static inline void
samples_add_to_two(float *restrict to, float *restrict other,
	const float *restrict x, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		to[i] += x[i];
		other[i] += x[i];
	}
}

RT static inline void
samples_add_scaled(
	float *restrict to, const float *restrict x, float gain, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] += x[i] * gain;
}

RT static inline void
samples_add_multiplied(float *restrict to, const float *restrict x,
	const float *restrict gain, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] += x[i] * gain[i];
}

RT static inline void
samples_add_multiplied_to_two(float *restrict to, float *restrict other,
	const float *restrict x, const float *restrict gain, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		float y = x[i] * gain[i];

		to[i] += y;
		other[i] += y;
	}
}

#endif
