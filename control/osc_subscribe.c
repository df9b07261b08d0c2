/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /subscribe, /unsubscribe, /resync and /meters: decoding. */
#include "control/osc_subs.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define LEASE_MIN_S   0.1
#define LEASE_MAX_S   86400.0
#define METERS_HZ     20.0 /* unless another is given */
#define METERS_MIN_HZ 0.1
#define METERS_MAX_HZ 60.0

/* Argument i as a number within a range; false: it is none, or NaN. */
static bool
take_number(const struct osc_request *r, uint32_t i, double min, double max,
	double *out)
{
	const lo_arg *arg = r->arg[i];
	double x;

	switch (r->types[i]) {
	case 'i':
		x = osc_arg_int(arg);
		break;
	case 'h':
		x = (double)osc_arg_long(arg);
		break;
	case 'f':
		x = (double)osc_arg_float(arg);
		break;
	case 'd':
		x = osc_arg_double(arg);
		break;
	default:
		return false;
	}
	if (isnan(x))
		return false;
	*out = x < min ? min : x > max ? max : x;
	return true;
}

/* The parameters that a pattern asks for, all of them without one: o->ids. */
static uint32_t
match(struct osc *o, const char *pattern)
{
	uint32_t count = param_count(o->params);

	if (pattern)
		return param_match(o->params, pattern, o->ids, count);
	for (uint32_t id = 0; id < count; id++)
		o->ids[id] = id;
	return count;
}

/* ["pattern"] [seconds] */
static bool
decode(struct osc *o, const struct osc_request *r, const char **pattern,
	double *seconds)
{
	uint32_t at = 0;

	*pattern = NULL;
	*seconds = (double)OSC_LEASE_NS / 1e9;
	if (r->args > 0 && r->types[0] == 's')
		*pattern = osc_arg_text(r->arg[at++]);
	if (r->args > at &&
		take_number(r, at, LEASE_MIN_S, LEASE_MAX_S, seconds))
		at++;
	if (at == r->args)
		return true;
	osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
		"arguments ,%.32s; allowed: a pattern as s, a lease in "
		"seconds as f or i, both or none",
		r->types);
	return false;
}

void
osc_subscribe(struct osc *o, const struct osc_request *r)
{
	const char *pattern;
	struct osc_sub *sub;
	double seconds;
	uint32_t count;

	if (!decode(o, r, &pattern, &seconds))
		return;
	count = match(o, pattern);
	if (count == 0) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ADDRESS,
			"no address matches \"%s\"; /list shows all", pattern);
		return;
	}
	sub = osc_sub_take(o, r);
	if (!sub)
		return;
	osc_sub_renew(o->subs, sub, (uint64_t)(seconds * 1e9), false);
	osc_sub_want(o->subs, sub, o->ids, count);
}

/* No arguments and a subscription, or it is refused. */
static struct osc_sub *
own_sub(struct osc *o, const struct osc_request *r)
{
	struct osc_sub *sub = osc_sub_find(o->subs, r->from);

	if (r->args > 0) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"arguments ,%.32s; allowed: none", r->types);
		return NULL;
	}
	if (!sub)
		osc_refuse(o, r->from, r->address, OSC_CAUSE_SUBSCRIBE,
			"you have no subscription, or its lease ran out; "
			"/subscribe makes one");
	return sub;
}

void
osc_unsubscribe(struct osc *o, const struct osc_request *r)
{
	struct osc_sub *sub = own_sub(o, r);

	if (sub)
		osc_sub_drop(o->subs, sub);
}

void
osc_resync(struct osc *o, const struct osc_request *r)
{
	struct osc_sub *sub = own_sub(o, r);

	osc_midi_resync(o);
	if (sub)
		osc_sub_resync(o->subs, sub);
}

/* How often a second; 0.0: no more. */
static bool
take_hz(struct osc *o, const struct osc_request *r, double *hz)
{
	*hz = METERS_HZ;
	if (r->args > 1 ||
		(r->args == 1 && !take_number(r, 0, 0.0, METERS_MAX_HZ, hz))) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"arguments ,%.32s; allowed: none, or how often a "
			"second as f or i, 0.1 to 60, 0 to stop",
			r->types);
		return false;
	}
	if (*hz > 0.0 && *hz < METERS_MIN_HZ)
		*hz = METERS_MIN_HZ;
	return true;
}

void
osc_meters(struct osc *o, const struct osc_request *r)
{
	bool blob = !strcmp(r->address, "/meters");
	uint32_t found = blob ? 0 : osc_meter_floats_find(o, r->address);
	struct osc_sub *sub;
	double hz;

	if (!take_hz(o, r, &hz))
		return;
	if (!blob && found == 0) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ADDRESS,
			"there is no such meter; there are /meters, "
			"/meters/strip/N and /meters/bus/BUS");
		return;
	}
	sub = hz > 0.0 ? osc_sub_take(o, r) : osc_sub_find(o->subs, r->from);
	if (!sub)
		return;
	if (blob)
		sub->meter_blob = hz > 0.0;
	else
		osc_meter_floats_want(o, sub, found, hz > 0.0);
	osc_sub_renew(o->subs, sub, OSC_LEASE_NS, true);
	if (hz > 0.0)
		osc_meters_start(o->subs, sub, (uint64_t)(1e9 / hz));
	else if (!osc_meters_wanted(sub))
		osc_meters_start(o->subs, sub, 0);
}
