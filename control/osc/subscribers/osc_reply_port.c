/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /reply-to PORT: a UDP client listens elsewhere than it speaks from. */
#include "control/osc/subscribers/osc_reply_port.h"

#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/subscribers/osc_subscribers.h"

#define REPLY_PORT_NS UINT64_C(600000000000) /* of silence */

static struct osc_reply_port *
find(struct osc *o, const struct osc_peer *from)
{
	for (uint32_t i = 0; i < o->reply_ports; i++)
		if (o->reply_port[i].peer.port == from->port &&
			osc_peer_same_host(&o->reply_port[i].peer, from))
			return &o->reply_port[i];
	return NULL;
}

/* Its place in the table: the one it has, a free one, or the oldest. */
static struct osc_reply_port *
place(struct osc *o, const struct osc_peer *from)
{
	struct osc_reply_port *known = find(o, from);
	struct osc_reply_port *oldest = &o->reply_port[0];

	if (known)
		return known;
	if (o->reply_ports < OSC_SUBSCRIBERS_MAX)
		return &o->reply_port[o->reply_ports++];
	for (uint32_t i = 1; i < o->reply_ports; i++)
		if (o->reply_port[i].used_ns < oldest->used_ns)
			oldest = &o->reply_port[i];
	return oldest;
}

bool
osc_reply_port_check(const struct osc_request *r, double port)
{
	struct osc_peer there = *r->from;
	bool is_port = port >= 1.0 && port <= UINT16_MAX;

	there.port = is_port ? (uint16_t)port : 0;
	if (r->from->client)
		osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ARGS,
			"over TCP answers go back the same way; "
			"allowed: a port over UDP");
	else if (!is_port || osc_is_self(r->osc, &there))
		osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ARGS,
			"port %.0f; allowed: 1 to 65535, not our own", port);
	else
		return true;
	return false;
}

void
osc_reply_to(void *data, const struct osc_request *r)
{
	struct osc *o = data;
	double port;

	if (r->args != 1 || !osc_number(r, 0, 0.0, UINT16_MAX + 1.0, &port)) {
		osc_refuse_args(r, "one port as i or f");
	} else if (osc_reply_port_check(r, port)) {
		struct osc_reply_port *p = place(o, r->from);

		p->peer = *r->from;
		p->peer.reply_port = (uint16_t)port;
		p->used_ns = loop_now_ns();
		osc_subs_reply_port(o, r->from, (uint16_t)port);
	}
}

/* Forgotten after a while of silence: the port it spoke from may be another
 * program's by then. */
void
osc_use_reply_port(struct osc *o, struct osc_peer *from)
{
	uint64_t now_ns = loop_now_ns();
	struct osc_reply_port *known;

	if (from->client)
		return;
	from->reply_port = from->port;
	if (osc_subs_answers_to(o, from))
		return;
	known = find(o, from);
	if (known && now_ns - known->used_ns < REPLY_PORT_NS) {
		known->used_ns = now_ns;
		from->reply_port = known->peer.reply_port;
	}
}
