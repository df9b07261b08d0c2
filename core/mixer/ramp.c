/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/ramp.h"

#include <string.h>

#define LN_2	      0.69314718055994530942
#define PI	      3.14159265358979323846
#define SQRT_2	      1.41421356237309504880
#define GRID	      16   /* frames */
#define EXPONENT_BIAS 1023 /* of a double, whose fraction has 52 bits */

RT uint32_t
ramp_frames_usual(uint32_t rate_hz)
{
	return (rate_hz * RAMP_MS + 500) / 1000;
}

RT void
ramp_jump(struct ramp *r, float value)
{
	*r = (struct ramp){.from = value, .to = value, .frames = 1};
}

/* ---- the laws; pos: frames of the ramp that have passed, 0 at the frame
 * before it ---- */

/* Of a positive number, to 2e-11: the series of ln((1 + t) / (1 - t)), where t
 * is small. */
static double
log_2(double x)
{
	uint64_t bits;
	int32_t exponent;
	double t, tt, sum = 1.0 / 11;

	memcpy(&bits, &x, sizeof(bits));
	exponent = (int32_t)(bits >> 52) - EXPONENT_BIAS;
	bits = (bits & 0xfffffffffffff) | (uint64_t)EXPONENT_BIAS << 52;
	memcpy(&x, &bits, sizeof(x)); /* 1..2 */
	if (x > SQRT_2) {
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
	return exponent + 2.0 / LN_2 * t * sum;
}

/* x: -64..64; to 1e-11 of the result, by the series of e^f. */
static inline double
exp_2(double x)
{
	int32_t whole = (int32_t)(x + 64.5) - 64;
	double f = (x - whole) * LN_2, sum = 1.0, power;
	uint64_t bits = (uint64_t)(whole + EXPONENT_BIAS) << 52;

	memcpy(&power, &bits, sizeof(power));
	sum = 1.0 + sum * f * (1.0 / 9);
	sum = 1.0 + sum * f * (1.0 / 8);
	sum = 1.0 + sum * f * (1.0 / 7);
	sum = 1.0 + sum * f * (1.0 / 6);
	sum = 1.0 + sum * f * (1.0 / 5);
	sum = 1.0 + sum * f * (1.0 / 4);
	sum = 1.0 + sum * f * (1.0 / 3);
	sum = 1.0 + sum * f * (1.0 / 2);
	sum = 1.0 + sum * f;
	return sum * power;
}

/* way: 0..1; to 1e-11, by the series of the sine. */
static inline double
cosine_way(double way)
{
	double x = (way - 0.5) * PI, xx = x * x, sum = 1.0;

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

static void
linear_fill(const struct ramp *r, int32_t pos, float *value, uint32_t n)
{
	const float from = r->from, way = r->to - r->from;
	const float frames = (float)(int32_t)r->frames;

	for (uint32_t i = 0; i < n; i++)
		value[i] = from + way * ((float)(pos + (int32_t)i) / frames);
}

/* Frames of a ramp in a row, counted from its start, go by the same factor: the
 * first of each 16 is computed, and the others follow from it. */
static void
db_fill(const struct ramp *r, int32_t pos, float *value, uint32_t n)
{
	const float least = RAMP_FLOOR;
	const double from = r->from > least ? r->from : least;
	const double to = r->to > least ? r->to : least;
	const double octaves = log_2(to / from) / r->frames;
	const double step = exp_2(octaves);
	double factor[GRID] = {1.0};

	for (uint32_t k = 1; k < GRID; k++)
		factor[k] = factor[k - 1] * step;
	for (uint32_t i = 0, m; i < n; i += m) {
		uint32_t at = (uint32_t)pos + i, k = at % GRID;
		double here = from * exp_2(octaves * (at - k));

		m = n - i < GRID - k ? n - i : GRID - k;
		for (uint32_t j = 0; j < m; j++)
			value[i + j] = (float)(here * factor[k + j]);
	}
}

static void
cosine_fill(const struct ramp *r, int32_t pos, float *value, uint32_t n)
{
	const double from = r->from, way = (double)r->to - from;
	const double frames = r->frames;

	for (uint32_t i = 0; i < n; i++)
		value[i] = (float)(from +
				   way * cosine_way((double)(pos + (int32_t)i) /
						    frames));
}

static void
law_fill(const struct ramp *r, int32_t pos, float *value, uint32_t n)
{
	switch (r->law) {
	case RAMP_DB:
		db_fill(r, pos, value, n);
		break;
	case RAMP_COSINE:
		cosine_fill(r, pos, value, n);
		break;
	default:
		linear_fill(r, pos, value, n);
		break;
	}
}

/* The position that belongs to a frame up to the ramp's end. */
static int32_t
position(const struct ramp *r, uint64_t frame)
{
	return (int32_t)r->frames - (int32_t)(r->end - frame);
}

RT void
ramp_fill(const struct ramp *r, uint64_t frame, float *value, uint32_t n)
{
	const struct ramp now = *r;

	law_fill(&now, position(r, frame), value, n);
}

RT float
ramp_at(const struct ramp *r, uint64_t frame)
{
	float value = r->to;

	if (!ramp_rests(r, frame))
		law_fill(r, position(r, frame), &value, 1);
	return value;
}

/* The value of the frame before. */
static float
value_before(const struct ramp *r, uint64_t frame)
{
	int32_t pos;
	float value = r->to;

	if (frame > r->end)
		return value;
	/* at the frame of its end it has one step to go from the one before;
	 * where it starts it is where it was, whatever its law */
	pos = position(r, frame) - 1;
	if (pos == 0)
		return r->from;
	law_fill(r, pos, &value, 1);
	return value;
}

RT void
ramp_start(struct ramp *r, uint64_t frame, float to, uint32_t frames,
	enum ramp_law law)
{
	if (r->to == to && (ramp_rests(r, frame) ||
				   (r->frames == frames && r->law == law)))
		return;
	r->from = value_before(r, frame);
	r->to = to;
	r->frames = frames;
	r->law = (uint8_t)law;
	r->end = frame + frames - 1;
}
