/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a bundle asks for: what is not understood is left out and told, the rest
 * becomes steps, each with its moment. A value that is refused refuses all of
 * it. Hundreds of patterns take their time: it may be done in several turns, in
 * which nothing of it is changed yet. */
#include "control/osc/requests/osc_bundle.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/requests/osc_set.h"
#include "control/osc/requests/osc_request.h"

#include <errno.h>
#include <stdlib.h>

static int
step_add(struct osc_bundle *b, const struct osc_step *step)
{
	if (b->steps == b->cap) {
		uint32_t cap = b->cap ? 2 * b->cap : 32;
		void *more = realloc(b->step, cap * sizeof(*b->step));

		if (!more) {
			osc_refuse(b->osc, &b->from, "#bundle",
				OSC_CAUSE_BUNDLE, "no memory for %u messages",
				cap);
			return -ENOMEM;
		}
		b->step = more;
		b->cap = cap;
	}
	b->step[b->steps] = *step;
	b->step[b->steps].place = b->steps;
	b->steps++;
	return 0;
}

/* 0 also when it is left out; below, the whole packet is refused. */
static int
read_message(struct osc_bundle *b, struct osc_element e, uint64_t when_ns)
{
	struct osc *o = b->osc;
	struct osc_step step = {
		.when_ns = when_ns, .first = o->changes.count, .e = e};
	struct osc_request request;
	int res =
		osc_request_open(o, &request, &b->from, e.packet, e.size_bytes);
	bool set = res == 0 && osc_request_is_set(&request);

	o->work++;
	o->changes.altered = false;
	if (set)
		res = osc_set_collect(o, &request);
	osc_request_close(&request);
	step.changes = o->changes.count - step.first;
	step.altered = o->changes.altered;
	if (set && step.changes == 0 && res == 0)
		return 0; /* it is what it was told */
	if (res == 0)
		return step_add(b, &step);
	return res == -ENOENT ? 0 : res;
}

/* A time of 1, immediately, is with the bundle around it. */
static void
enter(struct osc_bundle *b, struct osc_element e)
{
	const struct osc_level *around =
		b->depth > 0 ? &b->level[b->depth - 1] : NULL;
	struct osc_level l = {
		.bundle = e, .timetag = osc_packet_timetag(e.packet)};

	l.when_ns = osc_timetag_realtime_ns(l.timetag);
	if (l.when_ns == 0) {
		l.timetag = around ? around->timetag : 0;
		l.when_ns = around ? around->when_ns : 0;
	} else if (around && l.timetag < around->timetag) {
		osc_refuse(b->osc, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"a nested bundle is due before the one around it; "
			"allowed: the same time or later");
		return;
	}
	b->level[b->depth++] = l;
}

int
osc_bundle_take(struct osc_bundle *b, struct osc_element e)
{
	uint64_t when_ns = b->depth > 0 ? b->level[b->depth - 1].when_ns : 0;

	if (!osc_packet_is_bundle(e.packet, e.size_bytes))
		return read_message(b, e, when_ns);
	enter(b, e);
	return 0;
}

int
osc_bundle_read(struct osc_bundle *b)
{
	while (b->depth > 0) {
		struct osc_level *l = &b->level[b->depth - 1];
		struct osc_element e;
		int res = 0;

		if (osc_bundle_pauses(b))
			return 0;
		e.packet = osc_packet_next(l->bundle.packet,
			l->bundle.size_bytes, &l->at, &e.size_bytes);
		if (!e.packet)
			b->depth--;
		else
			res = osc_bundle_take(b, e);
		if (res < 0)
			return res;
	}
	return 1;
}
