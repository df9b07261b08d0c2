/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is told: by a lease, or by the configuration. */
#include "control/osc/subscribers/osc_subs.h"
#include "control/osc/subscribers/osc_subscribers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_FIRST 0x4F000000u /* "O": not those of other protocols */

void
osc_subs_lease_tick(void *data)
{
	struct osc_subs *subs = data;
	uint64_t now_ns = loop_now_ns(), next_ns = UINT64_MAX;

	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));) {
		if (sub->push)
			continue;
		if (sub->lease_end_ns <= now_ns)
			osc_sub_drop(subs, sub);
		else if (sub->lease_end_ns < next_ns)
			next_ns = sub->lease_end_ns;
	}
	if (next_ns != UINT64_MAX)
		timer_set(&subs->lease, next_ns - now_ns);
}

void
osc_sub_renew(struct osc_subs *subs, struct osc_sub *sub, uint64_t lease_ns,
	bool keep)
{
	uint64_t end_ns = loop_now_ns() + lease_ns;

	if (!sub->push && !(keep && sub->lease_end_ns > end_ns))
		sub->lease_end_ns = end_ns;
	sub->renewed_ns = loop_now_ns();
	sub->lost_ns = 0;
	osc_lease_keep(sub);
	osc_subs_lease_tick(subs);
}

struct osc_sub *
osc_sub_find(struct osc_subs *subs, const struct osc_peer *peer)
{
	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));)
		if (!sub->push && osc_peer_equal(&sub->peer, peer))
			return sub;
	return NULL;
}

/* Does what this peer sends come from the target of a push? It may send from
 * any port, so that its host decides where that is no question. */
static bool
is_push(const struct osc_sub *sub, const struct osc_peer *from)
{
	return from->client == 0 && osc_peer_same_host(&sub->peer, from) &&
	       (sub->push_host || from->port == sub->peer.port ||
		       from->reply_port == sub->peer.port);
}

static void
count_elsewhere(struct osc_subs *subs)
{
	subs->elsewhere = 0;
	for (uint32_t i = 0; i < OSC_SUBSCRIBERS_MAX; i++) {
		const struct osc_sub *sub = &subs->sub[i];

		subs->elsewhere +=
			sub->used && sub->peer.reply_port != sub->peer.port;
	}
}

static void
share_memory(struct osc_subs *subs, struct osc_sub *sub, size_t index)
{
	uint64_t *at = subs->memory + index * subs->sub_words;
	uint64_t **sets[] = {&sub->wanted, &sub->dirty, &sub->first,
		&sub->again, &sub->resting};

	memset(at, 0, subs->sub_words * sizeof(*at));
	for (uint32_t i = 0; i < PARAM_FORMS; i++, at += subs->words)
		sub->by[i] = at;
	for (uint32_t i = 0; i < OSC_SETS - PARAM_FORMS; i++, at += subs->words)
		*sets[i] = at;
	sub->sent_ns = at;
	sub->rests = (uint8_t *)(at + subs->params);
}

struct osc_sub *
osc_sub_new(struct osc_subs *subs, uint32_t first, uint32_t end,
	const struct osc_peer *peer)
{
	/* whose changes are the same one's as those of this new subscriber */
	const struct osc_sub *push = osc_sub_find_push(subs, peer);
	struct osc_sub *sub;

	while (first < end && subs->sub[first].used)
		first++;
	if (first == end)
		return NULL;
	sub = &subs->sub[first];
	share_memory(subs, sub, first);
	subs->last_source = (subs->last_source + 1) & 0xFFFFFF;
	sub->source =
		push ? push->source : SOURCE_FIRST + 1 + subs->last_source;
	sub->used = true;
	subs->used++;
	sub->peer = *peer;
	sub->out = osc_out_pin(subs->osc, peer);
	sub->echoes = osc_echoes_new();
	sub->lease = first < OSC_SUBSCRIBERS_MAX
			     ? &subs->leases->lease[first]
			     : &subs->push_lease[first - OSC_SUBSCRIBERS_MAX];
	osc_lease_clear(sub->lease);
	count_elsewhere(subs);
	return sub;
}

struct osc_sub *
osc_sub_find_push(struct osc_subs *subs, const struct osc_peer *from)
{
	struct osc_sub *found = NULL;

	for (uint32_t i = OSC_SUBSCRIBERS_MAX; i < SUBS_MAX; i++) {
		struct osc_sub *sub = &subs->sub[i];

		if (!sub->used || !is_push(sub, from))
			continue;
		if (from->reply_port == sub->peer.port)
			return sub;
		found = found ? found : sub;
	}
	return found;
}

void
osc_sub_single(struct osc_sub *sub, bool single)
{
	sub->out->single = single;
	osc_lease_keep(sub);
}

void
osc_sub_drop(struct osc_subs *subs, struct osc_sub *sub)
{
	osc_out_unpin(sub->out);
	osc_echoes_free(sub->echoes);
	osc_lease_clear(sub->lease);
	memset(sub, 0, sizeof(*sub));
	subs->used--;
	count_elsewhere(subs);
}

uint32_t
osc_subs_source(const struct osc *o, const struct osc_peer *from)
{
	struct osc_subs *subs = o->subs;

	if (subs->used == 0)
		return SOURCE_FIRST;
	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));)
		if (sub->push ? is_push(sub, from)
			      : osc_peer_equal(&sub->peer, from))
			return sub->source;
	return SOURCE_FIRST;
}

bool
osc_subs_is_echo(struct osc *o, const struct osc_peer *from, uint32_t id,
	const struct param_value *value)
{
	struct osc_subs *subs = o->subs;
	bool echo = false;
	uint32_t source;

	if (subs->used == 0)
		return false;
	/* SOURCE_FIRST is that of nobody who is told. */
	source = osc_subs_source(o, from);
	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));)
		if (sub->source == source)
			echo |= osc_echoes_take(
				sub->echoes, id, value, loop_now_ns());
	return echo;
}

void
osc_subs_client_gone(struct osc *o, const struct osc_peer *peer)
{
	struct osc_sub *sub = o->subs ? osc_sub_find(o->subs, peer) : NULL;

	if (sub)
		osc_sub_drop(o->subs, sub);
}

bool
osc_subs_has(struct osc *o, const struct osc_peer *peer)
{
	return osc_sub_find(o->subs, peer) != NULL;
}

void
osc_subs_reply_port(
	struct osc *o, const struct osc_peer *from, uint16_t reply_port)
{
	struct osc_sub *sub = osc_sub_find(o->subs, from);
	bool single;

	if (!sub || sub->peer.reply_port == reply_port)
		return;
	single = sub->out->single;
	osc_out_unpin(sub->out);
	sub->peer.reply_port = reply_port;
	sub->out = osc_out_pin(o, &sub->peer);
	sub->out->single = single;
	count_elsewhere(o->subs);
	osc_lease_keep(sub);
	if (sub->first_asked) { /* in the line of the other port */
		sub->first_asked = false;
		osc_feedback_first(o->subs, sub);
	}
}

bool
osc_subs_answers_to(struct osc *o, struct osc_peer *from)
{
	struct osc_subs *subs = o->subs;

	if (!subs || subs->elsewhere == 0)
		return false;
	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));) {
		if (sub->push || sub->peer.client ||
			sub->peer.port != from->port ||
			!osc_peer_same_host(&sub->peer, from))
			continue;
		from->reply_port = sub->peer.reply_port;
		return true;
	}
	return false;
}

uint32_t
osc_subs_count(const struct osc *o)
{
	return o->subs->used;
}
