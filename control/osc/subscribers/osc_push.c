/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is told of every change without asking: the targets of the
 * configuration. */
#include "control/osc/subscribers/osc_subs.h"
#include "control/osc/subscribers/osc_subscribers.h"

#include <errno.h>

int
osc_subs_push(struct osc *o, const struct osc_peer *peer)
{
	struct osc_subs *subs = o->subs;
	struct osc_sub *sub =
		osc_sub_new(subs, OSC_SUBSCRIBERS_MAX, SUBS_MAX, peer);

	if (!sub)
		return -ENOMEM;
	sub->push = true;
	sub->out->proof.proved = true; /* the user says where it is */
	sub->push_host = !osc_peer_is_loopback(peer);
	for (struct osc_sub *other = NULL; (other = osc_sub_next(subs, other));)
		if (other != sub && osc_peer_same_host(&other->peer, peer))
			other->push_host = sub->push_host = false;
	return osc_sub_want(subs, sub, "");
}

void
osc_subs_unpush(struct osc *o, const struct osc_peer *peer)
{
	struct osc_subs *subs = o->subs;

	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));) {
		if (sub->push && osc_peer_equal(&sub->peer, peer)) {
			osc_sub_drop(subs, sub);
			return;
		}
	}
}
