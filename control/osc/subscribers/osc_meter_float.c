/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /meters/strip/N and /meters/bus/BUS [hz], the same behind /meters/hold and
 * /meters/rms: the level there, once per interval, as one float in dB, for
 * surfaces that read no blobs. The louder of left and right; -90, where a fader
 * ends, is silence. */
#include "control/osc/subscribers/osc_subs.h"
#include "control/osc/answers/osc_reply.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/level.h"
#include "core/mixer/mixer.h"

#define TAIL "/mute" /* a parameter of each strip and bus, to find them by */

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

const char *const osc_meter_addresses[MIXER_METERS] = {
	[MIXER_PEAK] = "/meters",
	[MIXER_HOLD] = "/meters/hold",
	[MIXER_RMS] = "/meters/rms",
};

enum mixer_meter
osc_meter_kind(const char *address, const char **rest)
{
	for (int kind = MIXER_METERS - 1; kind > 0; kind--) {
		size_t n = strlen(osc_meter_addresses[kind]);

		*rest = address + n;
		if (!strncmp(address, osc_meter_addresses[kind], n) &&
			(**rest == '/' || !**rest))
			return (enum mixer_meter)kind;
	}
	*rest = address + strlen(osc_meter_addresses[MIXER_PEAK]);
	return MIXER_PEAK;
}

uint32_t
osc_meter_floats_find(struct osc *o, const char *rest)
{
	char mute[PARAM_ADDRESS_MAX];
	int length = snprintf(mute, sizeof(mute), "%s" TAIL, rest);

	if (length >= (int)sizeof(mute))
		return 0;
	return param_match(o->params, mute, o->ids, param_count(o->params));
}

void
osc_meter_floats_want(struct osc *o, struct osc_sub *sub, enum mixer_meter kind,
	uint32_t found, bool wanted)
{
	for (uint32_t i = 0; i < found; i++)
		sub->meters.wanted[kind][meter_of(o, o->ids[i])] = wanted;
}

bool
osc_meters_wanted(const struct osc_sub *sub, enum mixer_meter kind)
{
	bool any = sub->meters.blob[kind];

	for (uint32_t i = 0; i < STRIPS_MAX + BUSES_MAX; i++)
		any |= sub->meters.wanted[kind][i];
	return any;
}

float
osc_meter_level(const struct osc *o, enum mixer_meter kind, uint32_t meter,
	uint32_t channel)
{
	struct mixer *m =
		o->source.mixer ? o->source.mixer(o->source.data) : NULL;

	if (!m)
		return 0.0f;
	return meter < STRIPS_MAX
		       ? mixer_strip_meter(m, kind, meter, channel)
		       : mixer_bus_meter(m, kind, meter - STRIPS_MAX, channel);
}

static void
send_one(struct osc *o, const struct osc_sub *sub, enum mixer_meter kind,
	uint32_t meter, const char *address)
{
	float level = fmaxf(osc_meter_level(o, kind, meter, 0),
		osc_meter_level(o, kind, meter, 1));

	if (osc_out_begin(o, sub->out, PARAM_ADDRESS_MAX + 8))
		osc_tell(o, &sub->peer, address, "f",
			level_db(level, LEVEL_MIN_DB), LO_ARGS_END);
}

static void
send_kind(struct osc *o, const struct osc_sub *sub, enum mixer_meter kind)
{
	const struct model_config *shape = model_config(o->model);
	const bool *wanted = sub->meters.wanted[kind];
	char address[PARAM_ADDRESS_MAX];

	for (uint32_t i = 0; i < shape->strips; i++) {
		if (!wanted[i])
			continue;
		snprintf(address, sizeof(address), "%s/strip/%u",
			osc_meter_addresses[kind], i + 1);
		send_one(o, sub, kind, i, address);
	}
	for (uint32_t i = 0; i < shape->buses; i++) {
		if (!wanted[STRIPS_MAX + i])
			continue;
		snprintf(address, sizeof(address), "%s/bus/%s",
			osc_meter_addresses[kind], shape->bus_name[i]);
		send_one(o, sub, kind, STRIPS_MAX + i, address);
	}
}

void
osc_meter_floats_send(struct osc *o, const struct osc_sub *sub)
{
	for (int kind = 0; kind < MIXER_METERS; kind++)
		send_kind(o, sub, (enum mixer_meter)kind);
}
