/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /reply-to PORT: a UDP client listens elsewhere than it speaks from. */
#include "control/osc/subscribers/osc_reply_port.h"

#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/subscribers/osc_subscribers.h"
#include "control/osc/answers/osc_arg.h"

#define REPLY_PORT_NS UINT64_C(600000000000) /* of silence */

/* Its place in the table: the one it has, a free one, or the oldest. */
static struct osc_reply_port *
reply_port_place(struct osc *o, const struct osc_peer *from)
{
	struct osc_reply_port *oldest = &o->reply_port[0];

	for (uint32_t i = 0; i < o->reply_ports; i++) {
		struct osc_reply_port *known = &o->reply_port[i];

		if (known->peer.port == from->port &&
			osc_peer_same_host(&known->peer, from))
			return known;
		if (known->used_ns < oldest->used_ns)
			oldest = known;
	}
	if (o->reply_ports < OSC_SUBSCRIBERS_MAX)
		return &o->reply_port[o->reply_ports++];
	return oldest;
}

static void
remember_reply_port(struct osc *o, const struct osc_peer *from, uint16_t port)
{
	struct osc_reply_port *place = reply_port_place(o, from);

	place->peer = *from;
	place->peer.reply_port = port;
	place->used_ns = loop_now_ns();
}

void
osc_reply_to(void *data, const struct osc_request *r)
{
	struct osc *o = data;
	struct osc_peer there = *r->from;
	int32_t port = 0;

	if (r->args == 1 && r->types[0] == 'i')
		port = osc_arg_int(r->arg[0]);
	else if (r->args == 1 && r->types[0] == 'f' &&
		 osc_arg_float(r->arg[0]) >= 1.0f &&
		 osc_arg_float(r->arg[0]) <= 65535.0f)
		port = (int32_t)osc_arg_float(r->arg[0]);
	there.port = (uint16_t)port;
	if (r->from->client) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"over TCP answers go back the same way; "
			"allowed: over UDP");
	} else if (port < 1 || port > UINT16_MAX || osc_is_self(o, &there)) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"arguments ,%s; allowed: one port, i, 1 to 65535, "
			"not our own",
			r->types);
	} else {
		remember_reply_port(o, r->from, (uint16_t)port);
		osc_subs_reply_port(o, r->from, (uint16_t)port);
	}
}

/* Forgotten after a while of silence: the port it spoke from may be another
 * program's by then. */
void
osc_use_reply_port(struct osc *o, struct osc_peer *from)
{
	if (from->client)
		return;
	from->reply_port = from->port;
	if (osc_subs_answers_to(o, from))
		return;
	for (uint32_t i = 0; i < o->reply_ports; i++) {
		struct osc_reply_port *known = &o->reply_port[i];
		uint64_t now_ns;

		if (known->peer.port != from->port ||
			!osc_peer_same_host(&known->peer, from))
			continue;
		now_ns = loop_now_ns();
		if (now_ns - known->used_ns < REPLY_PORT_NS) {
			known->used_ns = now_ns;
			from->reply_port = known->peer.reply_port;
		}
		return;
	}
}
