/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/curve.h"

#include <math.h>

#include "core/level.h"

static double
within(double x, double min, double max)
{
	/* NaN goes to min */
	return x > min ? (x < max ? x : max) : min;
}

/* Along the points: from column `from` to the other. A level piece gives its
 * beginning. */
static double
follow(const struct curve *c, int from, double x)
{
	int to = !from;
	uint32_t i = 1;

	while (i + 1u < c->points && x > c->point[i][from])
		i++;
	const double *a = c->point[i - 1], *b = c->point[i];

	if (!(b[from] > a[from]))
		return a[to];
	return within(
		a[to] + (b[to] - a[to]) * (x - a[from]) / (b[from] - a[from]),
		0.0, 1.0);
}

RT double
curve_way(const struct curve *c, uint32_t value)
{
	return value >= c->full ? 1.0 : value / (double)c->last;
}

RT double
curve_share(const struct curve *c, double way)
{
	way = within(c->invert ? 1.0 - way : way, 0.0, 1.0);
	if (c->shape == CURVE_AUDIO)
		return within((level_from_fader(way) - LEVEL_MIN_DB) /
				      (LEVEL_MAX_DB - LEVEL_MIN_DB),
			0.0, 1.0);
	return c->shape == CURVE_POINTS ? follow(c, 0, way) : way;
}

double
curve_unshare(const struct curve *c, double share)
{
	double way = within(share, 0.0, 1.0);

	if (c->shape == CURVE_AUDIO)
		way = within(
			level_to_fader(LEVEL_MIN_DB +
				       way * (LEVEL_MAX_DB - LEVEL_MIN_DB)),
			0.0, 1.0);
	else if (c->shape == CURVE_POINTS)
		way = follow(c, 1, way);
	return c->invert ? 1.0 - way : way;
}

RT double
curve_number(const struct curve *c, double way)
{
	return c->low + curve_share(c, way) * (c->high - c->low);
}

/* Of no negative number; half of one is the next. */
static uint32_t
whole(double x)
{
	uint32_t below = (uint32_t)within(x, 0.0, UINT16_MAX);

	return below + (x - below >= 0.5);
}

/* As the parameter has it: a float. */
static float
law_target(const struct curve *c, double number)
{
	float kept = (float)within(number, c->min, c->max);
	uint32_t n = whole(number);

	switch ((enum curve_law)c->law) {
	case CURVE_WHOLE:
		return (float)within(n, c->min, c->max);
	case CURVE_DB:
		return level_linear((double)kept);
	case CURVE_FADER:
		return level_linear(level_from_fader((double)kept));
	case CURVE_KNOB:
		return level_linear(level_from_knob((double)kept));
	case CURVE_CHOICE:
		return n < c->choices ? c->choice[n] : NAN;
	case CURVE_SAME:
		break;
	}
	return kept;
}

RT float
curve_target(const struct curve *c, uint32_t value)
{
	if (c->shape == CURVE_SWITCH)
		return (float)(value >= c->full ? c->high : c->low);
	return law_target(c, c->shape == CURVE_NUMBER
				     ? value
				     : curve_number(c, curve_way(c, value)));
}
