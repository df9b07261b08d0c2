/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has a place among the subscribers, and who has lost it: a surface that
 * left sends no farewell, but its machine says that nobody listens there. */
#include "control/osc/subscribers/osc_subs.h"
#include "control/osc/answers/osc_log.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/subscribers/osc_subscribers.h"

/* It may be a program that starts anew. */
#define LOST_NS UINT64_C(2000000000)

/* A place among those with a lease for this peer, made free if need be; or -1,
 * and why. */
static int
place(struct osc *o, const struct osc_peer *peer, char *why, uint32_t size)
{
	struct osc_subs *subs = o->subs;
	struct osc_seat seat[OSC_ROOM_MAX] = {0};
	int at;

	for (uint32_t i = 0; i < OSC_ROOM_MAX; i++) {
		const struct osc_sub *sub = &subs->sub[i];

		if (sub->used)
			seat[i] = (struct osc_seat){&sub->peer, sub->renewed_ns,
				osc_is_far(o, &sub->peer), sub->lost_ns != 0,
				sub->peer.client != 0};
	}
	at = osc_room_find(seat, peer, osc_is_far(o, peer), loop_now_ns(),
		o->patience.silence_ms * UINT64_C(1000000));
	if (at < 0)
		osc_room_why(at, seat, "subscribers", why, size);
	else if (subs->sub[at].used)
		osc_sub_drop(subs, &subs->sub[at]);
	return at;
}

struct osc_sub *
osc_sub_take(struct osc *o, const struct osc_request *r, uint16_t reply_port)
{
	struct osc_sub *sub = osc_sub_find(o->subs, r->from);
	struct osc_peer peer = *r->from;
	char why[240];
	int at;

	if (reply_port)
		peer.reply_port = reply_port;
	if (sub) {
		osc_subs_reply_port(o, r->from, peer.reply_port);
		return sub;
	}
	sub = osc_sub_find_push(o->subs, &peer);
	if (sub && sub->peer.port == peer.reply_port)
		return sub;
	at = place(o, &peer, why, sizeof(why));
	if (at >= 0) {
		/* It may have said before how it is to be answered. */
		bool single = osc_out_of(o, r->from)->single;

		sub = osc_sub_new(
			o->subs, (uint32_t)at, (uint32_t)at + 1, &peer);
		sub->out->single |= single;
		return sub;
	}
	osc_refuse(o, &peer, r->address, OSC_CAUSE_SUBSCRIBE, "%s", why);
	return NULL;
}

void
osc_subs_unreached(struct osc *o, const struct osc_peer *peer)
{
	struct osc_subs *subs = o->subs;
	uint64_t now_ns = loop_now_ns();

	if (!subs)
		return;
	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));) {
		if (sub->push || sub->peer.client ||
			sub->peer.reply_port != peer->port ||
			!osc_peer_same_host(&sub->peer, peer))
			continue;
		if (!sub->lost_ns) {
			sub->lost_ns = now_ns;
		} else if (now_ns - sub->lost_ns > LOST_NS) {
			osc_log(o, OSC_CAUSE_SUBSCRIBE, &sub->peer,
				"nobody listens at port %u any more: its "
				"subscription has ended",
				peer->port);
			osc_sub_drop(subs, sub);
		}
	}
}
