/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ramps and filters need of libm, which may do anything on the audio
 * thread: by their series, the same bytes everywhere. */
#ifndef SERIES_H
#define SERIES_H

#include <stdint.h>
#include <string.h>

#include "core/rt.h"

#define SERIES_LN_2   0.69314718055994530942
#define SERIES_LOG2_E 1.44269504088896341
#define SERIES_PI     3.14159265358979323846
#define SERIES_SQRT_2 1.41421356237309504880
#define SERIES_BIAS   1023 /* of a double, whose fraction has 52 bits */

/* any: of a positive number, to 2e-11: the series of ln((1 + t) / (1 - t)),
 * where t is small. */
RT static inline double
series_log2(double x)
{
	uint64_t bits;
	int32_t exponent;
	double t, tt, sum = 1.0 / 11;

	memcpy(&bits, &x, sizeof(bits));
	exponent = (int32_t)(bits >> 52) - SERIES_BIAS;
	bits = (bits & 0xfffffffffffff) | (uint64_t)SERIES_BIAS << 52;
	memcpy(&x, &bits, sizeof(x)); /* 1..2 */
	if (x > SERIES_SQRT_2) {
		x *= 0.5;
		exponent++;
	}
	t = (x - 1.0) / (x + 1.0);
	tt = t * t;
	sum = 1.0 / 9 + tt * sum;
	sum = 1.0 / 7 + tt * sum;
	sum = 1.0 / 5 + tt * sum;
	sum = 1.0 / 3 + tt * sum;
	sum = 1.0 + tt * sum;
	return exponent + 2.0 / SERIES_LN_2 * t * sum;
}

/* any: x: -64..64; to 1e-11 of the result, by the series of e^f. */
RT static inline double
series_exp2(double x)
{
	int32_t whole = (int32_t)(x + 64.5) - 64;
	double f = (x - whole) * SERIES_LN_2, sum = 1.0, power;
	uint64_t bits = (uint64_t)(whole + SERIES_BIAS) << 52;

	memcpy(&power, &bits, sizeof(power));
	sum = 1.0 + sum * (f * (1.0 / 9));
	sum = 1.0 + sum * (f * (1.0 / 8));
	sum = 1.0 + sum * (f * (1.0 / 7));
	sum = 1.0 + sum * (f * (1.0 / 6));
	sum = 1.0 + sum * (f * (1.0 / 5));
	sum = 1.0 + sum * (f * (1.0 / 4));
	sum = 1.0 + sum * (f * (1.0 / 3));
	sum = 1.0 + sum * (f * (1.0 / 2));
	sum = 1.0 + sum * f;
	return sum * power;
}

/* any: half a turn of a cosine from 0 to 1, way 0..1; to 1e-11, by the series
 * of the sine. */
RT static inline double
series_cosine_way(double way)
{
	double x = (way - 0.5) * SERIES_PI, xx = x * x, sum = 1.0;

	sum = 1.0 - sum * xx * (1.0 / (16 * 17));
	sum = 1.0 - sum * xx * (1.0 / (14 * 15));
	sum = 1.0 - sum * xx * (1.0 / (12 * 13));
	sum = 1.0 - sum * xx * (1.0 / (10 * 11));
	sum = 1.0 - sum * xx * (1.0 / (8 * 9));
	sum = 1.0 - sum * xx * (1.0 / (6 * 7));
	sum = 1.0 - sum * xx * (1.0 / (4 * 5));
	sum = 1.0 - sum * xx * (1.0 / (2 * 3));
	return 0.5 + 0.5 * x * sum;
}

/* any: sin(pi / 2 * way), way 0..1; to 1e-9, and exact at the ends as a float
 */
RT static inline double
series_sin(double way)
{
	double x = way * (SERIES_PI / 2.0), xx = x * x, sum = 1.0;

	sum = 1.0 - sum * xx * (1.0 / (12 * 13));
	sum = 1.0 - sum * xx * (1.0 / (10 * 11));
	sum = 1.0 - sum * xx * (1.0 / (8 * 9));
	sum = 1.0 - sum * xx * (1.0 / (6 * 7));
	sum = 1.0 - sum * xx * (1.0 / (4 * 5));
	sum = 1.0 - sum * xx * (1.0 / (2 * 3));
	return x * sum;
}

/* any: tan(x), x 0..1.55, to 1e-8 of it: of half of it by the fraction of Pade,
 * and from that by the formula for twice an angle */
RT static inline double
series_tan(double x)
{
	double h = 0.5 * x, hh = h * h;
	double over = h * (945.0 - hh * (105.0 - hh));
	double under = 945.0 - hh * (420.0 - 15.0 * hh);

	return 2.0 * over * under / (under * under - over * over);
}

#endif
