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
on_begin(void *data)
{
	((struct osc *)data)->work = 0;
}

static void
on_end(void *data)
{
	osc_flush(data);
}

static enum osc_take
may_take(void *data, const struct osc_peer *from)
{
	struct osc *o = data;
	bool client = from && from->client;

	if (client && osc_line_waits(o, from))
		return OSC_TAKE_WHEN_TOLD;
	if (o->work >= OSC_WORK_MAX)
		return OSC_TAKE_NEXT_TURN;
	return client && osc_out_full(o, from) ? OSC_TAKE_SOON : OSC_TAKE_NOW;
}

static void
on_packet(void *data, struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	struct osc *o = data;

	if (!from->client) {
		if (!osc_hears(o, from) || osc_is_self(o, from))
			return;
		osc_use_reply_port(o, from);
		osc_proof_heard(o, from, size_bytes);
	}
	osc_dispatch(o, from, packet, size_bytes);
}

static bool
hears(void *data, const struct osc_peer *from)
{
	return osc_hears(data, from);
}

/* What it began ends; what its bundle says still, as well. */
static void
on_gone(void *data, const struct osc_peer *peer, bool closed)
{
	struct osc *o = data;

	osc_turn_client_gone(o, peer);
	osc_subs_client_gone(o, peer);
	osc_service_client_gone(o, peer);
	osc_later_client_gone(o, peer);
	if (closed)
		osc_out_gone(o, peer);
}

static void
on_lost(void *data, const struct osc_peer *peer)
{
	osc_subs_unreached(data, peer);
}

static bool
is_far(void *data, const struct osc_peer *peer)
{
	return osc_is_far(data, peer);
}

static bool
is_owed(void *data, const struct osc_peer *peer)
{
	return osc_out_waits(data, peer);
}

static bool
is_kept(void *data, const struct osc_peer *peer)
{
	return osc_subs_has(data, peer);
}

static void
on_log(void *data, const struct osc_peer *peer, const char *what,
	const char *why)
{
	osc_log(data, OSC_CAUSE_STREAM, peer, "%s: %s", what, why);
}

int
osc_add_transport(struct osc *o, struct osc_transport *t)
{
	static const struct osc_transport_events events = {on_begin, on_end,
		may_take, on_packet, hears, on_gone, on_lost, is_far, is_owed,
		is_kept, on_log};

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
