/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is told what. A change only sets a bit per subscriber; a timer, which
 * runs while any bit is set, sends the values as they are by then, each
 * parameter at most 60 times a second. A slow reader loses steps, never the
 * last value. */
#include "control/osc_subs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COALESCE_NS  (UINT64_C(1000000000) / 60)
#define CONGESTED_NS UINT64_C(2000000) /* until the next try */
#define FLUSH_MAX    4096	       /* messages of one turn */
#define SOURCE_FIRST 0x4F000000u       /* "O": not those of other protocols */

static bool
bit_get(const uint64_t *set, uint32_t i)
{
	return set[i / 64] >> (i % 64) & 1;
}

static void
bit_set(uint64_t *set, uint32_t i)
{
	set[i / 64] |= UINT64_C(1) << (i % 64);
}

static void
bit_clear(uint64_t *set, uint32_t i)
{
	set[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static void
want_flush(struct osc_subs *subs, uint64_t due_ns, uint64_t now_ns)
{
	if (due_ns >= subs->flush_due_ns)
		return;
	subs->flush_due_ns = due_ns;
	osc_timer_arm(&subs->flush, due_ns > now_ns ? due_ns - now_ns : 0);
}

static void
changed(void *data, uint32_t id, uint32_t source)
{
	struct osc_subs *subs = data;

	for (uint32_t i = 0; i < SUBS_MAX; i++) {
		struct osc_sub *sub = &subs->sub[i];
		bool own;

		if (!sub->used || !bit_get(sub->wanted, id))
			continue;
		/* What follows from its change (a fader from a gain) is news */
		own = source == sub->source &&
		      (!subs->own_active || bit_get(subs->own, id));
		if (own) {
			bit_clear(sub->dirty, id);
		} else if (!bit_get(sub->dirty, id)) {
			bit_set(sub->dirty, id);
			want_flush(subs, sub->sent_ns[id] + COALESCE_NS,
				loop_now_ns());
		}
	}
}

/* listener: only while somebody is there, so that a change costs nothing */
static void
on_change(void *data, uint32_t id, uint32_t source)
{
	struct osc_subs *subs = data;

	if (subs->used > 0)
		changed(subs, id, source);
}

static void
send_param(struct osc *o, const struct osc_sub *sub, uint32_t id)
{
	struct param_info info;

	param_info(o->params, id, &info);
	osc_send_value(o, &sub->peer, info.address, id);
}

static uint64_t
flush_due(struct osc_subs *subs, struct osc_sub *sub, uint64_t now_ns,
	uint32_t *budget)
{
	uint64_t next_ns = UINT64_MAX;

	for (uint32_t w = 0; w < subs->words; w++) {
		uint64_t bits = sub->dirty[w];

		while (bits) {
			uint32_t id = w * 64 + (uint32_t)__builtin_ctzll(bits);
			uint64_t due_ns = sub->sent_ns[id] + COALESCE_NS;

			bits &= bits - 1;
			if (due_ns > now_ns) {
				next_ns = due_ns < next_ns ? due_ns : next_ns;
				continue;
			}
			if (!osc_out_room(subs->osc, sub->out))
				return now_ns + CONGESTED_NS;
			if (*budget == 0)
				return now_ns;
			(*budget)--;
			bit_clear(sub->dirty, id);
			sub->sent_ns[id] = now_ns;
			send_param(subs->osc, sub, id);
		}
	}
	return next_ns;
}

/* Sends what is due; *budget messages at most. Returns when it wants to be
 * called again, UINT64_MAX for not at all. */
static uint64_t
flush_sub(struct osc_subs *subs, struct osc_sub *sub, uint64_t now_ns,
	uint32_t *budget)
{
	uint64_t next_ns;

	if (!osc_out_begin(subs->osc, sub->out))
		return now_ns + CONGESTED_NS;
	next_ns = flush_due(subs, sub, now_ns, budget);
	osc_out_end(subs->osc);
	return next_ns;
}

static void
flush_tick(void *data)
{
	struct osc_subs *subs = data;
	uint64_t now_ns = loop_now_ns(), next_ns = UINT64_MAX;
	uint32_t budget = FLUSH_MAX;
	uint32_t n = SUBS_MAX;

	subs->flush_due_ns = UINT64_MAX;
	for (uint32_t i = 0; i < n; i++) {
		struct osc_sub *sub = &subs->sub[(subs->turn + i) % n];
		uint64_t due_ns;

		if (!sub->used)
			continue;
		due_ns = flush_sub(subs, sub, now_ns, &budget);
		next_ns = due_ns < next_ns ? due_ns : next_ns;
	}
	subs->turn = (subs->turn + 1) % n;
	osc_tcp_flush(subs->osc->tcp);
	if (next_ns != UINT64_MAX)
		want_flush(subs, next_ns, now_ns);
}

static void
flush_now(struct osc_subs *subs, struct osc_sub *sub)
{
	uint64_t now_ns = loop_now_ns();
	uint32_t budget = FLUSH_MAX;
	uint64_t next_ns = flush_sub(subs, sub, now_ns, &budget);

	if (next_ns != UINT64_MAX)
		want_flush(subs, next_ns, now_ns);
}

void
osc_sub_want(struct osc_subs *subs, struct osc_sub *sub, const uint32_t *ids,
	uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (bit_get(sub->wanted, ids[i]))
			continue;
		bit_set(sub->wanted, ids[i]);
		bit_set(sub->dirty, ids[i]);
		sub->sent_ns[ids[i]] = 0;
	}
	flush_now(subs, sub);
}

void
osc_sub_resync(struct osc_subs *subs, struct osc_sub *sub)
{
	memcpy(sub->dirty, sub->wanted, subs->words * sizeof(*sub->dirty));
	memset(sub->sent_ns, 0, subs->params * sizeof(*sub->sent_ns));
	flush_now(subs, sub);
}

static void
lease_tick(void *data)
{
	struct osc_subs *subs = data;
	uint64_t now_ns = loop_now_ns(), next_ns = UINT64_MAX;

	for (uint32_t i = 0; i < SUBS_MAX; i++) {
		struct osc_sub *sub = &subs->sub[i];

		if (!sub->used || sub->push)
			continue;
		if (sub->lease_end_ns <= now_ns)
			osc_sub_drop(subs, sub);
		else if (sub->lease_end_ns < next_ns)
			next_ns = sub->lease_end_ns;
	}
	if (next_ns != UINT64_MAX)
		osc_timer_arm(&subs->lease, next_ns - now_ns);
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
	lease_tick(subs);
}

struct osc_sub *
osc_sub_find(struct osc_subs *subs, const struct osc_peer *peer)
{
	for (uint32_t i = 0; i < SUBS_MAX; i++) {
		struct osc_sub *sub = &subs->sub[i];

		if (sub->used && !sub->push && osc_peer_equal(&sub->peer, peer))
			return sub;
	}
	return NULL;
}

/* The first free of sub[first..end), or NULL. */
static struct osc_sub *
sub_new(struct osc_subs *subs, uint32_t first, uint32_t end,
	const struct osc_peer *peer)
{
	size_t bytes = subs->sub_words * sizeof(*subs->memory);
	struct osc_sub *sub;

	while (first < end && subs->sub[first].used)
		first++;
	if (first == end)
		return NULL;
	sub = &subs->sub[first];
	sub->sent_ns = subs->memory + first * subs->sub_words;
	sub->wanted = sub->sent_ns + subs->params;
	sub->dirty = sub->wanted + subs->words;
	memset(sub->sent_ns, 0, bytes);
	sub->used = true;
	subs->used++;
	sub->peer = *peer;
	sub->out = osc_out_pin(subs->osc, peer);
	subs->last_source = (subs->last_source + 1) & 0xFFFFFF;
	sub->source = SOURCE_FIRST + 1 + subs->last_source;
	return sub;
}

struct osc_sub *
osc_sub_take(struct osc *o, const struct osc_request *r)
{
	struct osc_sub *sub = osc_sub_find(o->subs, r->from);
	char why[240];
	int at;

	if (sub)
		return sub;
	at = osc_subs_place(o, r->from, why, sizeof(why));
	if (at >= 0)
		return sub_new(
			o->subs, (uint32_t)at, (uint32_t)at + 1, r->from);
	osc_refuse(o, r->from, r->address, OSC_CAUSE_SUBSCRIBE, "%s", why);
	return NULL;
}

void
osc_sub_drop(struct osc_subs *subs, struct osc_sub *sub)
{
	osc_out_unpin(sub->out);
	memset(sub, 0, sizeof(*sub));
	subs->used--;
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

uint32_t
osc_subs_source(const struct osc *o, const struct osc_peer *from)
{
	const struct osc_subs *subs = o->subs;

	if (subs->used == 0)
		return SOURCE_FIRST;
	for (uint32_t i = 0; i < SUBS_MAX; i++) {
		const struct osc_sub *sub = &subs->sub[i];

		if (!sub->used)
			continue;
		if (sub->push ? is_push(sub, from)
			      : osc_peer_equal(&sub->peer, from))
			return sub->source;
	}
	return SOURCE_FIRST;
}

void
osc_subs_own(struct osc *o, const struct param_change *changes, uint32_t count,
	bool own)
{
	struct osc_subs *subs = o->subs;

	if (subs->used == 0)
		return;
	subs->own_active = own;
	for (uint32_t i = 0; i < count; i++) {
		/* What an action comes to, its sender does not know. */
		if (param_is_action(o->params, changes[i].id))
			continue;
		if (own)
			bit_set(subs->own, changes[i].id);
		else
			bit_clear(subs->own, changes[i].id);
	}
}

void
osc_subs_client_gone(struct osc *o, const struct osc_peer *peer)
{
	struct osc_sub *sub = o->subs ? osc_sub_find(o->subs, peer) : NULL;

	if (sub)
		osc_sub_drop(o->subs, sub);
}

bool
osc_subs_has(const struct osc *o, const struct osc_peer *peer)
{
	return osc_sub_find(o->subs, peer) != NULL;
}

void
osc_subs_reply_port(
	struct osc *o, const struct osc_peer *from, uint16_t reply_port)
{
	struct osc_sub *sub = osc_sub_find(o->subs, from);

	if (!sub)
		return;
	osc_out_unpin(sub->out);
	sub->peer.reply_port = reply_port;
	sub->out = osc_out_pin(o, &sub->peer);
}

uint32_t
osc_subs_count(const struct osc *o)
{
	return o->subs->used;
}

int
osc_subs_push(struct osc *o, const struct osc_peer *peer)
{
	struct osc_subs *subs = o->subs;
	struct osc_sub *sub;

	sub = sub_new(subs, OSC_SUBSCRIBERS_MAX, SUBS_MAX, peer);
	if (!sub)
		return -ENOMEM;
	sub->push = true;
	sub->push_host = !osc_peer_is_loopback(peer);
	for (uint32_t i = 0; i < SUBS_MAX; i++) {
		struct osc_sub *other = &subs->sub[i];

		if (other->used && other != sub &&
			osc_peer_same_host(&other->peer, peer))
			other->push_host = sub->push_host = false;
	}
	for (uint32_t id = 0; id < subs->params; id++) {
		bit_set(sub->wanted, id);
		bit_set(sub->dirty, id);
	}
	want_flush(subs, 0, 0);
	return 0;
}

void
osc_subs_unpush(struct osc *o, const struct osc_peer *peer)
{
	for (uint32_t i = OSC_SUBSCRIBERS_MAX; i < SUBS_MAX; i++) {
		struct osc_sub *sub = &o->subs->sub[i];

		if (sub->used && osc_peer_equal(&sub->peer, peer)) {
			osc_sub_drop(o->subs, sub);
			return;
		}
	}
}

int
osc_subs_open(struct osc *o)
{
	struct osc_subs *subs = calloc(1, sizeof(*subs));

	if (!subs)
		return -ENOMEM;
	o->subs = subs;
	subs->osc = o;
	subs->params = param_count(o->params);
	subs->words = subs->params / 64 + 1;
	subs->flush_due_ns = UINT64_MAX;
	osc_timer_init(&subs->flush, o->loop, flush_tick, subs);
	osc_timer_init(&subs->lease, o->loop, lease_tick, subs);
	osc_timer_init(&subs->meters, o->loop, osc_meters_tick, subs);
	subs->sub_words = subs->params + 2 * subs->words;
	subs->own = calloc(subs->words, sizeof(*subs->own));
	subs->memory = calloc(SUBS_MAX * subs->sub_words, sizeof(uint64_t));
	if (!subs->own || !subs->memory)
		return -ENOMEM;
	return param_listen(o->params, on_change, subs);
}

void
osc_subs_close(struct osc *o)
{
	struct osc_subs *subs = o->subs;

	if (!subs)
		return;
	param_unlisten(o->params, on_change, subs);
	osc_timer_done(&subs->flush);
	osc_timer_done(&subs->lease);
	osc_timer_done(&subs->meters);
	free(subs->own);
	free(subs->memory);
	free(subs);
	o->subs = NULL;
}
