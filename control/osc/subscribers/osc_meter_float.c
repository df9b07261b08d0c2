/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /meters/strip/N and /meters/bus/BUS [hz]: the level there, once per interval,
 * as one float in dB, for surfaces that read no blobs. The louder of left and
 * right; -90, where a fader ends, is silence. */
#include "control/osc/subscribers/osc_subs.h"
#include "control/osc/answers/osc_reply.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/level.h"
#include "core/mixer/mixer.h"

#define PREFIX "/meters"
#define TAIL   "/mute" /* a parameter of each strip and bus, to find them by */

/* The place in meters.wanted[] of what a parameter is of. */
static uint32_t
meter_of(const struct osc *o, uint32_t id)
{
	const struct model_config *shape = model_config(o->model);
	struct param_info info;
	uint32_t bus = 0;

	param_info(o->params, id, &info);
	if (strncmp(info.address, "/bus/", 5) != 0)
		return (uint32_t)strtoul(
			       info.address + strlen("/strip/"), NULL, 10) -
		       1;
	*strrchr(info.address, '/') = '\0';
	while (strcmp(shape->bus_name[bus], info.address + 5) != 0)
		bus++;
	return STRIPS_MAX + bus;
}

uint32_t
osc_meter_floats_find(struct osc *o, const char *address)
{
	char mute[PARAM_ADDRESS_MAX];
	int length = snprintf(
		mute, sizeof(mute), "%s" TAIL, address + strlen(PREFIX));

	if (length >= (int)sizeof(mute))
		return 0;
	return param_match(o->params, mute, o->ids, param_count(o->params));
}

void
osc_meter_floats_want(
	struct osc *o, struct osc_sub *sub, uint32_t found, bool wanted)
{
	for (uint32_t i = 0; i < found; i++)
		sub->meters.wanted[meter_of(o, o->ids[i])] = wanted;
}

bool
osc_meters_wanted(const struct osc_sub *sub)
{
	bool any = sub->meters.blob;

	for (uint32_t i = 0; i < STRIPS_MAX + BUSES_MAX; i++)
		any |= sub->meters.wanted[i];
	return any;
}

float
osc_meter_peak(const struct osc *o, uint32_t meter, uint32_t channel)
{
	struct mixer *m =
		o->source.mixer ? o->source.mixer(o->source.data) : NULL;

	if (!m)
		return 0.0f;
	return meter < STRIPS_MAX
		       ? mixer_strip_peak(m, meter, channel)
		       : mixer_bus_peak(m, meter - STRIPS_MAX, channel);
}

static void
send_one(struct osc *o, const struct osc_sub *sub, uint32_t meter,
	const char *address)
{
	float peak =
		fmaxf(osc_meter_peak(o, meter, 0), osc_meter_peak(o, meter, 1));
	lo_message m;

	if (!osc_out_begin(o, sub->out, PARAM_ADDRESS_MAX + 8))
		return;
	m = lo_message_new();
	if (!m)
		return;
	lo_message_add_float(m, (float)level_db(peak, LEVEL_MIN_DB));
	osc_send(o, &sub->peer, address, m);
}

void
osc_meter_floats_send(struct osc *o, const struct osc_sub *sub)
{
	const struct model_config *shape = model_config(o->model);
	char address[PARAM_ADDRESS_MAX];

	for (uint32_t i = 0; i < shape->strips; i++) {
		if (!sub->meters.wanted[i])
			continue;
		snprintf(address, sizeof(address), PREFIX "/strip/%u", i + 1);
		send_one(o, sub, i, address);
	}
	for (uint32_t i = 0; i < shape->buses; i++) {
		if (!sub->meters.wanted[STRIPS_MAX + i])
			continue;
		snprintf(address, sizeof(address), PREFIX "/bus/%s",
			shape->bus_name[i]);
		send_one(o, sub, STRIPS_MAX + i, address);
	}
}
