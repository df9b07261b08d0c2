/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transports: what they tell, and which one somebody is reached by. */
#include "control/osc/osc_own.h"
#include "control/osc/osc_book.h"
#include "control/osc/requests/osc_dispatch.h"
#include "control/osc/requests/osc_line.h"
#include "control/osc/answers/osc_proof.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_serve.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/requests/osc_later.h"
#include "control/osc/answers/osc_out.h"
#include "control/osc/subscribers/osc_subscribers.h"

#include <errno.h>
#include <string.h>

bool
osc_is_far(struct osc *o, const struct osc_peer *peer)
{
	return !osc_here_is(&o->here, peer) &&
	       !osc_peer_same_host(peer, &o->bound);
}

struct share_who
osc_who(struct osc *o, const struct osc_peer *peer)
{
	struct share_who who = share_here;

	if (osc_is_far(o, peer))
		memcpy(who.address, &peer->ip, sizeof(who.address));
	return who;
}

bool
osc_hears(struct osc *o, const struct osc_peer *from)
{
	if (osc_peer_is_loopback(from) || osc_peer_same_host(from, &o->bound))
		return true; /* this machine */
	for (uint32_t i = 0; i < o->allowed_count; i++)
		if (osc_net_has(&o->allowed[i], from))
			return true;
	if (osc_here_is(&o->here, from) || osc_book_names(o, from))
		return true;
	if (o->hears_near && osc_here_is_near(&o->here, from))
		return true;
	o->counters.strangers++;
	osc_log(o, OSC_CAUSE_PEER, from,
		"not heard: it is %s; --osc-peer, in the file osc: peers:, "
		"says who is heard",
		o->hears_near ? "in no private subnet of this machine"
			      : "none of the peers");
	return false;
}

bool
osc_is_self(struct osc *o, const struct osc_peer *from)
{
	if (from->client || from->port != o->bound.port)
		return false;
	for (uint32_t i = 0; i < o->sockets.count; i++)
		if (osc_peer_same_host(from, &o->sockets.place[i].bound))
			return true;
	return osc_peer_is_any(&o->bound) && osc_here_is(&o->here, from);
}

/* ---- what they tell ---- */

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

	osc_line_client_gone(o, peer);
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

void
osc_close_transports(struct osc *o)
{
	while (o->ways > 0) {
		struct osc_transport *t = o->way[o->ways - 1];

		t->ops->close(t);
		o->ways--;
	}
}

/* ---- whom they reach ---- */

static struct osc_transport *
way_of(const struct osc *o, const struct osc_peer *peer)
{
	return peer->way < o->ways ? o->way[peer->way] : NULL;
}

const char *
osc_way_name(const struct osc *o, const struct osc_peer *peer)
{
	const struct osc_transport *t = way_of(o, peer);

	return t ? t->ops->name : "udp";
}

void
osc_transmit(struct osc *o, const struct osc_peer *to, const void *packet,
	size_t size_bytes)
{
	struct osc_transport *t = way_of(o, to);

	if (!t || !t->ops->send(t, to, packet, size_bytes))
		o->counters.lost++;
}

bool
osc_congested(struct osc *o, const struct osc_peer *to)
{
	struct osc_transport *t = way_of(o, to);

	return t && t->ops->congested && t->ops->congested(t, to);
}

int
osc_reach(struct osc *o, const struct osc_peer *to)
{
	struct osc_transport *t = way_of(o, to);

	return t && t->ops->reach ? t->ops->reach(t, to) : -EHOSTUNREACH;
}

void
osc_go_on(struct osc *o, const struct osc_peer *peer)
{
	struct osc_transport *t = way_of(o, peer);

	if (t && t->ops->go_on)
		t->ops->go_on(t);
}

void
osc_flush(struct osc *o)
{
	for (uint32_t i = 0; i < o->ways; i++)
		if (o->way[i]->ops->flush)
			o->way[i]->ops->flush(o->way[i]);
}
