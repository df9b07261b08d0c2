/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The subscribers' beginning and end, and those of a process that was killed.
 */
#include "control/osc/answers/osc_ways.h"
#include "control/osc/subscribers/osc_subs.h"
#include "control/osc/subscribers/osc_subscribers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
osc_subs_open(struct osc *o, struct osc_leases *leases)
{
	struct osc_subs *subs = calloc(1, sizeof(*subs));

	if (!subs)
		return -ENOMEM;
	o->subs = subs;
	subs->osc = o;
	subs->params = param_count(o->params);
	subs->words = subs->params / 64 + 1;
	timer_init(&subs->flush, o->loop, osc_feedback_tick, subs);
	timer_init(&subs->lease, o->loop, osc_subs_lease_tick, subs);
	timer_init(&subs->meters, o->loop, osc_meters_tick, subs);
	subs->sub_words =
		OSC_SETS * subs->words + subs->params + subs->params / 8 + 1;
	subs->memory = calloc(SUBS_MAX * subs->sub_words, sizeof(uint64_t));
	subs->leases = leases;
	if (!subs->leases)
		subs->leases = subs->own_lease = calloc(1, osc_leases_bytes());
	if (!subs->memory || !subs->leases)
		return -ENOMEM;
	osc_leases_open(subs->leases);
	return param_listen(o->params, osc_subs_changed, subs);
}

void
osc_subs_close(struct osc *o)
{
	struct osc_subs *subs = o->subs;

	if (!subs)
		return;
	param_unlisten(o->params, osc_subs_changed, subs);
	timer_done(&subs->flush);
	timer_done(&subs->lease);
	timer_done(&subs->meters);
	for (uint32_t i = 0; i < SUBS_MAX; i++)
		osc_echoes_free(subs->sub[i].echoes);
	free(subs->memory);
	free(subs->own_lease);
	free(subs);
	o->subs = NULL;
}

void
osc_subs_take_leases(struct osc *o,
	bool (*hears)(struct osc *o, const struct osc_peer *from))
{
	struct osc_subs *subs = o->subs;
	struct osc_lease lease;

	for (uint32_t i = 0; i < OSC_SUBSCRIBERS_MAX; i++) {
		struct osc_sub *sub;

		if (!osc_lease_read(&subs->leases->lease[i], &lease) ||
			!hears(o, &lease.peer) || osc_is_self(o, &lease.peer)) {
			osc_lease_clear(&subs->leases->lease[i]);
			continue;
		}
		lease.peer.place = 0; /* our sockets may be others now */
		sub = osc_sub_new(subs, i, i + 1, &lease.peer);
		if (!sub)
			continue;
		memcpy(sub->lease->text, lease.text, lease.text_bytes);
		sub->lease->text_bytes = lease.text_bytes;
		sub->out->single = lease.single;
		sub->meters = lease.meters;
		osc_sub_renew(subs, sub, lease.end_ns - loop_now_ns(), false);
		osc_sub_want_again(subs, sub);
		if (lease.meters.period_ns > 0)
			osc_meters_start(subs, sub, lease.meters.period_ns);
	}
}
