/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/surface/takeover.h"

#include <math.h>
#include <string.h>

void
takeover_reset(struct takeover *t)
{
	memset(t, 0, sizeof(*t));
}

static double
unit_clamp(double x)
{
	if (!(x > 0.0))
		return 0.0;
	return x < 1.0 ? x : 1.0;
}

static bool
is_passed(const struct takeover *t, double control, double parameter,
	uint64_t now_ns)
{
	double low = fmin(t->control, control);
	double high = fmax(t->control, control);

	if (!t->known || parameter < low || parameter > high)
		return false;
	return high - low <= TAKEOVER_STEP ||
	       now_ns - t->moved_ns <= TAKEOVER_THROW_NS;
}

static bool
pickup(const struct takeover *t, double control, double parameter,
	uint64_t now_ns, double *out)
{
	*out = control;
	return fabs(control - parameter) <= TAKEOVER_NEAR ||
	       is_passed(t, control, parameter, now_ns);
}

/* Toward an end the two keep the ratio of their ways to it. */
static double
scaled(const struct takeover *t, double control, double parameter)
{
	double end = control > t->control ? 1.0 : 0.0;
	double way = end - t->control, slope;

	if (way == 0.0 || control == t->control)
		return parameter;
	slope = fmin((end - parameter) / way, TAKEOVER_SLOPE_MAX);
	return unit_clamp(parameter + (control - t->control) * slope);
}

static bool
scale(const struct takeover *t, double control, double parameter, double *out)
{
	*out = control;
	if (fabs(control - parameter) <= TAKEOVER_MEET)
		return true;
	if (!t->known)
		return false;
	*out = scaled(t, control, parameter);
	if (fabs(*out - control) <= TAKEOVER_MEET)
		*out = control;
	return *out != parameter;
}

/* Nothing else has moved it. */
static bool
is_where_left(const struct takeover *t, double parameter)
{
	return fabs(parameter - t->parameter) <= TAKEOVER_NEAR;
}

bool
takeover_holds(
	const struct takeover *t, enum mapping_takeover mode, double parameter)
{
	return mode == MAPPING_JUMP ||
	       (t->held && is_where_left(t, unit_clamp(parameter)));
}

bool
takeover_move(struct takeover *t, enum mapping_takeover mode, double control,
	double parameter, uint64_t now_ns, double *out)
{
	bool moves;

	control = unit_clamp(control);
	parameter = unit_clamp(parameter);
	if (takeover_holds(t, mode, parameter)) {
		*out = control;
		moves = true;
	} else if (mode == MAPPING_PICKUP) {
		moves = pickup(t, control, parameter, now_ns, out);
	} else {
		moves = scale(t, control, parameter, out);
	}
	t->held = moves && *out == control;
	t->parameter = moves ? *out : parameter;
	t->control = control;
	t->moved_ns = now_ns;
	t->known = true;
	return moves;
}

void
takeover_applied(struct takeover *t, double parameter)
{
	t->parameter = unit_clamp(parameter);
}
