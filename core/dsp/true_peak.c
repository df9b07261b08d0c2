/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/dsp/true_peak.h"

#include <string.h>

#define HALF  (TRUE_PEAK_TAPS / 2)
#define PAIRS 3

/* Four frames that follow each other. */
typedef float lanes __attribute__((vector_size(16)));
typedef int32_t lanes_bits __attribute__((vector_size(16)));

#define ALL(x)                                                                 \
	{                                                                      \
		x, x, x, x                                                     \
	}

/* The points at k/8 and 1 - k/8 of the way have the same taps, one from its
 * left and the other from its right: so with the sums and the differences of
 * samples as far from the middle on both sides, one is even + odd and the other
 * even - odd. A tap: sinc(d) I0(6 sqrt(1 - (d/12)^2)) / I0(6), d from the
 * point.
 */
static const lanes even[PAIRS][HALF] = {
	{ALL(-3.13106469e-04f), ALL(8.04735716e-04f), ALL(-1.65346046e-03f),
		ALL(3.00189662e-03f), ALL(-5.03051199e-03f),
		ALL(7.98231369e-03f), ALL(-1.22234505e-02f),
		ALL(1.83980189e-02f), ALL(-2.78733746e-02f),
		ALL(4.43551389e-02f), ALL(-8.32215097e-02f),
		ALL(5.55702980e-01f)},
	{ALL(-5.61279504e-04f), ALL(1.46145078e-03f), ALL(-3.01948025e-03f),
		ALL(5.49825374e-03f), ALL(-9.22962780e-03f),
		ALL(1.46587106e-02f), ALL(-2.24523167e-02f),
		ALL(3.37739653e-02f), ALL(-5.10631443e-02f),
		ALL(8.07765795e-02f), ALL(-1.48045468e-01f),
		ALL(5.98079201e-01f)},
	{ALL(-7.19825712e-04f), ALL(1.88949742e-03f), ALL(-3.91716230e-03f),
		ALL(7.14580459e-03f), ALL(-1.20077681e-02f),
		ALL(1.90815748e-02f), ALL(-2.92309014e-02f),
		ALL(4.39553785e-02f), ALL(-6.63754981e-02f),
		ALL(1.04632099e-01f), ALL(-1.89191152e-01f),
		ALL(6.24582364e-01f)},
};
static const lanes odd[PAIRS][HALF] = {
	{ALL(-1.30725660e-04f), ALL(2.41116738e-04f), ALL(-3.99290248e-04f),
		ALL(6.16879501e-04f), ALL(-9.11002715e-04f),
		ALL(1.31230591e-03f), ALL(-1.88466258e-03f),
		ALL(2.77887314e-03f), ALL(-4.40853530e-03f),
		ALL(8.22102028e-03f), ALL(-2.24770410e-02f),
		ALL(4.18502997e-01f)},
	{ALL(-1.60420295e-04f), ALL(2.96253558e-04f), ALL(-4.90916054e-04f),
		ALL(7.58687723e-04f), ALL(-1.12053554e-03f),
		ALL(1.61392205e-03f), ALL(-2.31676743e-03f),
		ALL(3.41247002e-03f), ALL(-5.40116226e-03f),
		ALL(1.00111727e-02f), ALL(-2.67359865e-02f),
		ALL(3.01168099e-01f)},
	{ALL(-1.04559468e-04f), ALL(1.93237752e-04f), ALL(-3.20335988e-04f),
		ALL(4.95163315e-04f), ALL(-7.31370287e-04f),
		ALL(1.05331807e-03f), ALL(-1.51161422e-03f),
		ALL(2.22515314e-03f), ALL(-3.51705706e-03f),
		ALL(6.49563633e-03f), ALL(-1.71138160e-02f),
		ALL(1.57537134e-01f)},
};
/* Half way. */
static const lanes middle[HALF] = {ALL(-7.74257815e-04f), ALL(2.03797137e-03f),
	ALL(-4.22981495e-03f), ALL(7.72085510e-03f), ALL(-1.29786089e-02f),
	ALL(2.06281721e-02f), ALL(-3.16016682e-02f), ALL(4.75149113e-02f),
	ALL(-7.17216243e-02f), ALL(1.12928733e-01f), ALL(-2.03291797e-01f),
	ALL(6.33600639e-01f)};

RT static inline lanes
load(const float *x)
{
	lanes l;

	memcpy(&l, x, sizeof(l));
	return l;
}

RT static inline lanes
size_of(lanes x)
{
	return (lanes)((lanes_bits)x & 0x7fffffff);
}

/* What is no number is never larger. */
RT static inline lanes
larger(lanes a, lanes b)
{
	lanes_bits is = b > a;

	return (lanes)(((lanes_bits)b & is) | ((lanes_bits)a & ~is));
}

/* x: the first sample of the first of four frames */
RT static inline lanes
points_find(const float *x)
{
	lanes sum[PAIRS] = {{0}}, difference[PAIRS] = {{0}}, half = {0};

	for (int j = 0; j < HALF; j++) {
		lanes left = load(x + j),
		      right = load(x + TRUE_PEAK_TAPS - 1 - j);
		lanes both = left + right, between = left - right;

		for (int k = 0; k < PAIRS; k++) {
			sum[k] += even[k][j] * both;
			difference[k] += odd[k][j] * between;
		}
		half += middle[j] * both;
	}
	half = size_of(half);
	for (int k = 0; k < PAIRS; k++)
		half = larger(half, size_of(sum[k]) + size_of(difference[k]));
	return half;
}

RT void
true_peak_find(const float *x, float *peak, uint32_t n)
{
	const float *first = x - (TRUE_PEAK_TAPS - 1);

	for (uint32_t i = 0; i < n; i += TRUE_PEAK_LANES) {
		lanes most = larger(load(peak + i), points_find(first + i));

		most = larger(most, size_of(load(x + i - TRUE_PEAK_AFTER)));
		memcpy(peak + i, &most, sizeof(most));
	}
}
