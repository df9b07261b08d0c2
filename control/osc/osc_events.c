/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the transports tell, and what they ask. */
#include "control/osc/osc_book.h"
#include "control/osc/requests/osc_dispatch.h"
#include "control/osc/requests/osc_line.h"
#include "control/osc/answers/osc_serve.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/requests/osc_later.h"
#include "control/osc/subscribers/osc_subscribers.h"
#include "control/osc/answers/osc_answer.h"
#include "control/osc/answers/osc_log.h"
#include "control/osc/requests/osc_turn.h"
#include "control/osc/subscribers/osc_reply_port.h"

#include <errno.h>

static void
on_begin(struct osc *o)
{
	o->work = 0;
}

static enum osc_take
may_take(struct osc *o, const struct osc_peer *from)
{
	bool client = from && from->client;

	if (client && osc_line_waits(o, from))
		return OSC_TAKE_WHEN_TOLD;
	if (o->work >= OSC_WORK_MAX)
		return OSC_TAKE_NEXT_TURN;
	return client && osc_out_full(o, from) ? OSC_TAKE_SOON : OSC_TAKE_NOW;
}

static void
on_packet(struct osc *o, struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	if (!from->client) {
		if (!osc_hears(o, from) || osc_is_self(o, from))
			return;
		osc_use_reply_port(o, from);
		osc_proof_heard(o, from, size_bytes);
	}
	osc_dispatch(o, from, packet, size_bytes);
}

/* What it began ends; what its bundle says still, as well. */
static void
on_gone(struct osc *o, const struct osc_peer *peer, bool closed)
{
	osc_turn_client_gone(o, peer);
	osc_subs_client_gone(o, peer);
	osc_service_client_gone(o, peer);
	osc_later_client_gone(o, peer);
	if (closed)
		osc_out_gone(o, peer);
}

static void
on_log(struct osc *o, const struct osc_peer *peer, const char *what,
	const char *why)
{
	osc_log(o, OSC_CAUSE_STREAM, peer, "%s: %s", what, why);
}

int
osc_add_transport(struct osc *o, struct osc_transport *t)
{
	static const struct osc_transport_events events = {on_begin, osc_flush,
		may_take, on_packet, osc_hears, on_gone, osc_subs_unreached,
		osc_is_far, osc_out_waits, osc_subs_has, on_log};

	t->events = &events;
	t->data = o;
	t->way = (uint8_t)o->ways;
	t->patience = o->patience;
	if (o->ways == OSC_WAYS_MAX) {
		t->ops->close(t);
		return -ENOMEM;
	}
	o->way[o->ways++] = t;
	return 0;
}
