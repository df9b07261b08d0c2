/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transports: who is reached, and by which one. */
#include "control/osc/answers/osc_ways.h"

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
osc_is_self(struct osc *o, const struct osc_peer *from)
{
	if (from->client || from->port != o->bound.port)
		return false;
	for (uint32_t i = 0; i < o->sockets.count; i++)
		if (osc_peer_same_host(from, &o->sockets.place[i].bound))
			return true;
	return osc_peer_is_any(&o->bound) && osc_here_is(&o->here, from);
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
