/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/answers/osc_service.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_serve.h"
#include "control/util/nearest.h"

#define HZ_MIN 0.1

static bool
is_place(const char *part)
{
	return *part >= 'A' && *part <= 'Z' && part[-1] == '/';
}

static uint32_t
places_of(const char *pattern)
{
	uint32_t n = 0;

	for (const char *p = pattern + 1; *p; p++)
		n += is_place(p);
	return n;
}

int
osc_serve(struct osc *o, const struct osc_service *service, uint32_t n,
	void *data)
{
	for (uint32_t i = 0; i < n; i++) {
		if (o->services == OSC_SERVICES_MAX)
			return -ENOMEM;
		if (places_of(service[i].pattern) > OSC_PLACES_OF)
			return -EINVAL;
		o->service[o->services++] =
			(struct osc_served){&service[i], data};
	}
	return 0;
}

static bool
fits(const char *pattern, const char *address,
	char place[OSC_PLACES_OF][OSC_PLACE_BYTES])
{
	uint32_t n = 0;

	for (; *pattern == *address || is_place(pattern);
		pattern++, address++) {
		if (is_place(pattern)) {
			size_t bytes = strcspn(address, "/");

			if (bytes == 0 || bytes >= OSC_PLACE_BYTES)
				return false;
			memcpy(place[n], address, bytes);
			place[n++][bytes] = '\0';
			address += bytes;
			pattern += strcspn(pattern, "/");
			if (*pattern != *address)
				return false;
		}
		if (!*pattern)
			return true;
	}
	return false;
}

void
osc_service_find(struct osc_request *r)
{
	const struct osc *o = r->osc;

	r->service = NULL;
	if (*r->address != '/')
		return;
	for (uint32_t i = 0; i < o->services && !r->service; i++) {
		const char *pattern = o->service[i].is->pattern + 1;

		if ((*pattern == r->address[1] || is_place(pattern)) &&
			fits(pattern, r->address + 1, r->place))
			r->service = &o->service[i];
	}
}

void
osc_service_call(const struct osc_request *r)
{
	const struct osc_service *is = r->service->is;
	const char *answer = is->answer;

	if (is->call && !(answer && !strncmp(r->types, answer, strlen(answer))))
		is->call(r->service->data, r);
}

const char *
osc_service_nearest(const struct osc *o, const char *address)
{
	struct nearest near;

	nearest_init(&near, address);
	for (uint32_t i = 0; i < o->services; i++)
		if (o->service[i].is->call)
			nearest_try(&near, o->service[i].is->pattern);
	return near.best;
}

void
osc_service_resync(struct osc *o)
{
	for (uint32_t i = 0; i < o->services; i++)
		if (o->service[i].is->resync)
			o->service[i].is->resync(o->service[i].data);
}

void
osc_service_client_gone(struct osc *o, const struct osc_peer *peer)
{
	for (uint32_t i = 0; i < o->services; i++)
		if (o->service[i].is->gone)
			o->service[i].is->gone(o->service[i].data, peer);
}

bool
osc_no_arguments(const struct osc_request *r)
{
	return r->args == 0 || osc_refuse_args(r, "none");
}

bool
osc_number(const struct osc_request *r, uint32_t i, double min, double max,
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

bool
osc_hz(const struct osc_request *r, double max, double *hz)
{
	char allowed[80];

	if (r->args > 1 || (r->args == 1 && !osc_number(r, 0, 0.0, max, hz))) {
		snprintf(allowed, sizeof(allowed),
			"none, or how often a second as f or i, %g to %g, 0 to "
			"stop",
			HZ_MIN, max);
		return osc_refuse_args(r, allowed);
	}
	if (*hz > 0.0 && *hz < HZ_MIN)
		*hz = HZ_MIN;
	return true;
}

bool
osc_press(const struct osc_request *r)
{
	char type = r->args == 1 ? r->types[0] : '\0';
	double x;

	if (r->args == 0 || type == 'T' || type == 'I')
		return true;
	if (type == 'F')
		return false;
	if (r->args == 1 && osc_number(r, 0, -1.0, 1.0, &x))
		return x != 0.0;
	return osc_refuse_args(r, "none, or 1 as a button sends it");
}
