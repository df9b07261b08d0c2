/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures what computes sound, in double precision. */
#ifndef DSP_RIG_H
#define DSP_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS 20

/* The ith of POINTS frequencies, evenly by octaves. */
static inline double
point_hz(int i, double from_hz, double to_hz)
{
	return from_hz * pow(to_hz / from_hz, (double)i / (POINTS - 1));
}

/* The response to x at a frequency, of the rate 1. */
static inline double complex
response(const float *x, uint32_t n, double frequency)
{
	double complex turn = cexp(-2.0 * M_PI * I * frequency), z = 1.0,
		       sum = 0.0;

	for (uint32_t i = 0; i < n; i++) {
		sum += x[i] * z;
		z *= turn;
	}
	return sum;
}

static inline double
db(double level)
{
	return 20.0 * log10(level);
}

/* xorshift: the same numbers every time; -1..1 */
static inline float
noise(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return (float)((double)*seed / UINT32_MAX * 2.0 - 1.0);
}

/* ---- zipper ---- */

#define RATE_HZ	 48000u
#define TONE_HZ	 1000.0
#define APART_HZ 300.0

/* A 4-term Blackman-Harris window: side lobes of -92 dB. */
static inline double
window(uint32_t i, uint32_t n)
{
	double at = 2.0 * M_PI * i / n;

	return 0.35875 - 0.48829 * cos(at) + 0.14128 * cos(2.0 * at) -
	       0.01168 * cos(3.0 * at);
}

/* What of x is farther than APART_HZ from the tone, in dB of a full tone. */
static inline double
splatter_db(const float *x, uint32_t n)
{
	double all = 0.0, near = 0.0, full = 0.0;
	float *y = calloc(n, sizeof(*y));
	uint32_t first = (uint32_t)((TONE_HZ - APART_HZ) * n / RATE_HZ);
	uint32_t last = (uint32_t)((TONE_HZ + APART_HZ) * n / RATE_HZ);

	for (uint32_t i = 0; i < n; i++) {
		double w = window(i, n);

		y[i] = (float)(w * x[i]);
		all += (double)y[i] * y[i];
		full += 0.5 * w * w;
	}
	for (uint32_t bin = first; bin <= last; bin++) {
		double level = cabs(response(y, n, (double)bin / n));

		near += 2.0 * level * level / n;
	}
	free(y);
	return 10.0 * log10(fabs(all - near) / full + 1e-15);
}

/* A way from 0 to 1 in a second, from frame `start` on, as a controller of
 * `steps` steps sends it: at irregular times. */
static inline void
stepped(float *to, uint32_t n, uint32_t start, double steps)
{
	double was = 0.0, next = 0.0;
	uint32_t seed = 5;

	for (uint32_t i = 0; i < n; i++) {
		double at = ((double)i - start) / RATE_HZ;

		at = at < 0.0 ? 0.0 : at > 1.0 ? 1.0 : at;
		if (at >= next) {
			was = floor(at * steps) / steps;
			next = at + (1.0 + 0.5 * (double)noise(&seed)) / steps;
		}
		to[i] = (float)was;
	}
}

/* The same without steps. */
static inline void
straight(float *to, uint32_t n, uint32_t start)
{
	for (uint32_t i = 0; i < n; i++) {
		double at = ((double)i - start) / RATE_HZ;

		to[i] = (float)(at < 0.0 ? 0.0 : at > 1.0 ? 1.0 : at);
	}
}

#endif
