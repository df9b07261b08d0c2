/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A parameter as a number, and as a position of the control that moves it; and
 * what is said to it. */
#include "control/surface/surface_value.h"

#include <math.h>
#include <string.h>

#include "core/curve.h"

uint32_t
surface_match(struct surface *s, const char *address)
{
	return param_match(s->params, address, s->ids, param_count(s->params));
}

static double
choice_index(const struct surface *s, uint32_t id, const char *name)
{
	struct param_info info;

	param_info(s->params, id, &info);
	for (uint32_t i = 0; i < info.choices; i++)
		if (!strcmp(info.choice[i], name))
			return i;
	return -1.0; /* none of them, as a route of its own is */
}

double
surface_number_of(const struct surface *s, const struct binding *b,
	const struct param_value *v)
{
	if (v->type == PARAM_FLOAT)
		return v->f;
	if (v->type == PARAM_INT)
		return (double)v->i;
	return b->choice ? choice_index(s, b->id, v->s) : 0.0;
}

double
surface_number(const struct surface *s, const struct binding *b)
{
	struct param_value v;

	param_get(s->params, b->id, &v);
	return surface_number_of(s, b, &v);
}

static double
share_of(const struct binding *b, double number)
{
	double share = b->high != b->low
			       ? (number - b->low) / (b->high - b->low)
			       : 0.0;

	if (!(share > 0.0))
		return 0.0;
	return share < 1.0 ? share : 1.0;
}

double
surface_way_of(const struct surface *s, const struct binding *b, double number)
{
	return mapping_unshape(
		&s->mapping->control[b->control], share_of(b, number));
}

double
surface_way(const struct surface *s, const struct binding *b)
{
	return surface_way_of(s, b, surface_number(s, b));
}

void
surface_curve(
	const struct surface *s, const struct binding *b, struct curve *out)
{
	mapping_curve(&s->mapping->control[b->control], out);
	out->low = b->low;
	out->high = b->high;
}

double
surface_number_at(const struct surface *s, const struct binding *b, double way)
{
	struct curve curve;

	surface_curve(s, b, &curve);
	return curve_number(&curve, way);
}

double
surface_end(const struct surface *s, const struct binding *b, bool high)
{
	return high != s->mapping->control[b->control].invert ? b->high
							      : b->low;
}

bool
surface_is_on(const struct binding *b, double number)
{
	return fabs(number - b->high) < fabs(number - b->low);
}

bool
surface_is_value(const struct surface *s, const struct binding *b,
	const struct param_value *now)
{
	const struct mapping_control *c = &s->mapping->control[b->control];
	struct param_value want;
	char why[PARAM_WHY_MAX];

	if (param_check(s->params, b->id, &c->value, &want, why) < 0)
		return false;
	if (now->type == PARAM_FLOAT)
		return (float)now->f == (float)want.f;
	if (now->type == PARAM_INT)
		return now->i == want.i;
	return !strcmp(now->s, want.s);
}

/* ---- changes ---- */

void
surface_change_put(struct surface *s, const struct binding *b,
	const struct param_value *value)
{
	struct param_change *change = &s->change[s->changes];
	char why[PARAM_WHY_MAX];

	change->id = b->id;
	if (param_check(s->params, b->id, value, &change->value, why) == 0)
		s->changes++;
}

struct param_value
surface_value(const struct binding *b, double number)
{
	struct param_value v = {.type = PARAM_FLOAT, .f = number};

	if (b->type != PARAM_FLOAT) {
		v.type = PARAM_INT;
		v.i = llround(number);
	}
	return v;
}

void
surface_change_number(struct surface *s, const struct binding *b, double number)
{
	struct param_value v = surface_value(b, number);

	surface_change_put(s, b, &v);
}

void
surface_change_apply(struct surface *s, enum param_when when, uint64_t frame)
{
	uint32_t n = s->changes;

	s->changes = 0;
	if (n > 0)
		param_request(s->params, s->change, n, frame, s->source, when);
}

enum param_when
surface_when(const struct mapping_control *c)
{
	if (c->as == MAPPING_VALUE || c->as == MAPPING_MOMENTARY)
		return PARAM_AT_ONCE;
	return c->quantise;
}
