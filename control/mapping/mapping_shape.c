/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/level.h"
#include "control/mapping/mapping.h"

static double
bound(double share)
{
	/* NaN goes to 0 */
	return share > 0.0 ? (share < 1.0 ? share : 1.0) : 0.0;
}

/* Along the points: from column `from` to the other. A level piece gives its
 * beginning. */
static double
follow(const struct mapping_control *c, int from, double x)
{
	int to = !from;
	uint32_t i = 1;

	while (i + 1u < c->points && x > c->point[i][from])
		i++;
	const double *a = c->point[i - 1], *b = c->point[i];

	if (!(b[from] > a[from]))
		return a[to];
	return bound(
		a[to] + (b[to] - a[to]) * (x - a[from]) / (b[from] - a[from]));
}

double
mapping_shape(const struct mapping_control *c, double way)
{
	way = bound(c->invert ? 1.0 - way : way);
	switch (c->curve) {
	case MAPPING_AUDIO:
		return bound((level_from_fader(way) - LEVEL_MIN_DB) /
			     (LEVEL_MAX_DB - LEVEL_MIN_DB));
	case MAPPING_POINTS:
		return follow(c, 0, way);
	default:
		return way;
	}
}

double
mapping_unshape(const struct mapping_control *c, double share)
{
	double way = bound(share);

	if (c->curve == MAPPING_AUDIO)
		way = bound(level_to_fader(
			LEVEL_MIN_DB + way * (LEVEL_MAX_DB - LEVEL_MIN_DB)));
	else if (c->curve == MAPPING_POINTS)
		way = follow(c, 1, way);
	return c->invert ? 1.0 - way : way;
}
