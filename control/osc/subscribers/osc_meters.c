/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meters: one blob for all subscribers, or floats, sent to each at its own
 * rate. */
#include "control/osc/subscribers/osc_subs.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_ways.h"

#include <lo/lo.h>
#include <math.h>

#include "core/level.h"

#define SILENCE_DB   (-128.0)
#define STEPS_PER_DB 256.0
#define HEAD_BYTES   24 /* "/meters/hold", ",b", the blob's length */

static void
put_level(uint8_t *out, float level)
{
	double steps = level_db(level, SILENCE_DB) * STEPS_PER_DB;
	uint16_t bits = (uint16_t)lrint(fmin(steps, INT16_MAX));

	out[0] = (uint8_t)(bits >> 8);
	out[1] = (uint8_t)bits;
}

/* Big-endian int16: each strip, then each bus, left then right. */
static size_t
fill(const struct osc *o, enum mixer_meter kind, uint8_t *out)
{
	const struct model_config *shape = model_config(o->model);
	uint8_t *p = out;

	for (uint32_t i = 0; i < 2 * shape->strips; i++, p += 2)
		put_level(p, osc_meter_level(o, kind, i / 2, i % 2));
	for (uint32_t i = 0; i < 2 * shape->buses; i++, p += 2)
		put_level(
			p, osc_meter_level(o, kind, STRIPS_MAX + i / 2, i % 2));
	return (size_t)(p - out);
}

static void
send_blob(struct osc *o, const struct osc_sub *sub, enum mixer_meter kind)
{
	uint8_t levels[4 * (STRIPS_MAX + BUSES_MAX)];
	int32_t size = (int32_t)fill(o, kind, levels);
	lo_blob blob;
	lo_message m;

	if (!osc_out_begin(o, sub->out, (size_t)size + HEAD_BYTES))
		return;
	blob = lo_blob_new(size, levels);
	m = lo_message_new();
	if (blob && m) {
		lo_message_add_blob(m, blob);
		osc_send(o, &sub->peer, osc_meter_addresses[kind], m);
	} else if (m) {
		lo_message_free(m);
	}
	if (blob)
		lo_blob_free(blob);
}

static void
send_meters(struct osc *o, const struct osc_sub *sub)
{
	for (int kind = 0; kind < MIXER_METERS; kind++)
		if (sub->meters.blob[kind])
			send_blob(o, sub, (enum mixer_meter)kind);
	osc_meter_floats_send(o, sub);
	osc_out_end(o);
}

/* The mixer measures what somebody asks for. */
static void
measure(struct osc_subs *subs)
{
	const struct osc *o = subs->osc;
	struct mixer *m =
		o->source.mixer ? o->source.mixer(o->source.data) : NULL;
	bool all = false;

	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));)
		all |= sub->meters.period_ns > 0 &&
		       (osc_meters_wanted(sub, MIXER_HOLD) ||
			       osc_meters_wanted(sub, MIXER_RMS));
	if (m)
		mixer_measure(m, all);
}

void
osc_meters_tick(void *data)
{
	struct osc_subs *subs = data;
	uint64_t now_ns = loop_now_ns(), next_ns = UINT64_MAX;

	measure(subs);
	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));) {
		if (sub->meters.period_ns == 0)
			continue;
		if (sub->meter_next_ns <= now_ns) {
			sub->meter_next_ns += sub->meters.period_ns;
			if (sub->meter_next_ns <= now_ns) /* not made up for */
				sub->meter_next_ns =
					now_ns + sub->meters.period_ns;
			send_meters(subs->osc, sub);
		}
		if (sub->meter_next_ns < next_ns)
			next_ns = sub->meter_next_ns;
	}
	osc_flush(subs->osc);
	if (next_ns != UINT64_MAX)
		timer_set(&subs->meters, next_ns - now_ns);
}

void
osc_meters_start(struct osc_subs *subs, struct osc_sub *sub, uint64_t period_ns)
{
	sub->meters.period_ns = period_ns;
	sub->meter_next_ns = loop_now_ns();
	osc_lease_keep(sub);
	timer_set(&subs->meters, 0);
}
