/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/answers/osc_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/osc/answers/osc_out_own.h"
#include "control/osc/answers/osc_ways.h"

/* A datagram costs its receiver more than its bytes: the kernel counts about
 * 768 of the buffer for the smallest and 2,304 for one of 1,200. In the unit
 * here that is 512 and its bytes. What leaves at once, and within the 16 ms
 * that a client sleeps which looks 60 times a second, takes half of the 212,992
 * that Linux gives to a socket. */
#define DATAGRAM_COST 512
#define BURST_COST    30000
#define COST_PER_MS   3600
#define RESERVE_COST  3500 /* answers leave it to feedback */

/* ---- who ---- */

static bool
goes_to(const struct osc_out *out, const struct osc_peer *to)
{
	if (out->to.way != to->way)
		return false;
	if (out->to.client || to->client)
		return out->to.client == to->client;
	return out->to.reply_port == to->reply_port &&
	       out->to.scope == to->scope && osc_peer_same_host(&out->to, to);
}

static void
forget(struct osc *o, struct osc_out *out)
{
	if (osc_out_waiting(out) > 0)
		o->counters.lost++;
	if (o->outs->open == out)
		o->outs->open = NULL;
	osc_buffer_done(&out->waiting);
	memset(out, 0, sizeof(*out));
}

static bool
may_go(const struct osc_out *out)
{
	return out->pins == 0 && out->to.client == 0;
}

/* a rather than b makes room for another */
static bool
goes_first(const struct osc_out *a, const struct osc_out *b)
{
	if (may_go(a) != may_go(b))
		return may_go(a);
	if (a->used != b->used)
		return !a->used;
	if ((osc_out_waiting(a) > 0) != (osc_out_waiting(b) > 0))
		return osc_out_waiting(b) > 0;
	return a->used_ns < b->used_ns;
}

static struct osc_out *
find(struct osc_outs *outs, const struct osc_peer *to)
{
	if (outs->last && outs->last->used && goes_to(outs->last, to))
		return outs->last;
	for (uint32_t i = 0; i < OSC_OUTS_MAX; i++)
		if (outs->out[i].used && goes_to(&outs->out[i], to))
			return outs->last = &outs->out[i];
	return NULL;
}

static struct osc_out *
make(struct osc *o, const struct osc_peer *to)
{
	/* one may always go: there are more places than are pinned */
	struct osc_out *place = &o->outs->out[0];

	for (uint32_t i = 1; i < OSC_OUTS_MAX; i++)
		if (goes_first(&o->outs->out[i], place))
			place = &o->outs->out[i];
	forget(o, place);
	place->used = true;
	place->to = *to;
	place->room = BURST_COST;
	return place;
}

struct osc_out *
osc_out_of(struct osc *o, const struct osc_peer *to)
{
	struct osc_out *out = find(o->outs, to);
	uint64_t now_ns = loop_now_ns(), more;

	if (!out)
		out = make(o, to);
	out->to = *to;
	out->used_ns = now_ns;
	more = (now_ns - out->refilled_ns) * COST_PER_MS / 1000000;
	if (more >= (uint64_t)(BURST_COST - out->room)) {
		out->room = BURST_COST;
		out->refilled_ns = now_ns;
	} else if (more > 0) {
		out->room += (int64_t)more;
		out->refilled_ns += more * 1000000 / COST_PER_MS;
	}
	return out;
}

struct osc_out *
osc_out_pin(struct osc *o, const struct osc_peer *to)
{
	struct osc_out *out = osc_out_of(o, to);

	out->pins++;
	return out;
}

void
osc_out_unpin(struct osc_out *out)
{
	if (out)
		out->pins--;
}

void
osc_out_gone(struct osc *o, const struct osc_peer *to)
{
	struct osc_out *out = o->outs ? find(o->outs, to) : NULL;

	if (out)
		forget(o, out);
}

/* ---- the packet ---- */

static size_t
packet_bytes(const struct osc_outs *outs)
{
	return (size_t)(outs->end - outs->packet);
}

void
osc_out_flush(struct osc *o)
{
	struct osc_outs *outs = o->outs;
	struct osc_out *out = outs->open;
	size_t skip = outs->messages == 1 ? OSC_BUNDLE_HEAD_BYTES + 4 : 0;
	size_t size_bytes = packet_bytes(outs) - skip;

	if (!out)
		return;
	outs->open = NULL;
	out->room -= DATAGRAM_COST + (int64_t)size_bytes;
	osc_proof_sent(o, out, size_bytes);
	osc_transmit(o, &out->to, outs->packet + skip, size_bytes);
}

/* Of the packet that is open. */
static size_t
size_with(const struct osc_outs *outs, size_t more)
{
	return packet_bytes(outs) + 4 + more;
}

void
osc_out_put(struct osc *o, struct osc_out *out, const void *message,
	size_t size_bytes)
{
	struct osc_outs *outs = o->outs;

	o->work++;
	if (out->to.client) {
		osc_transmit(o, &out->to, message, size_bytes);
		return;
	}
	if (outs->open != out || out->single ||
		size_with(outs, size_bytes) > OSC_BUNDLE_BYTES)
		osc_out_flush(o);
	if (!outs->open) {
		outs->open = out;
		outs->messages = 0;
		outs->end = osc_packet_begin(outs->packet);
	}
	outs->end = osc_packet_put(outs->end, message, size_bytes);
	outs->messages++;
}

/* cost: what must be left besides */
static bool
may_leave(struct osc *o, struct osc_out *out, int64_t cost, size_t size_bytes)
{
	if (out->to.client)
		return !osc_congested(o, &out->to);
	if (o->outs->open == out) {
		cost += DATAGRAM_COST + (int64_t)packet_bytes(o->outs);
		size_bytes = size_with(o->outs, size_bytes);
	}
	return out->room > cost && osc_proof_allows(o, out, size_bytes);
}

bool
osc_out_may_answer(struct osc *o, struct osc_out *out, size_t size_bytes)
{
	return may_leave(o, out, out->pins ? RESERVE_COST : 0, size_bytes);
}

/* ---- feedback ---- */

bool
osc_out_begin(struct osc *o, struct osc_out *out, size_t size_bytes)
{
	const struct osc_peer to = out->to;

	if (o->outs->direct != out)
		osc_out_of(o, &to); /* by now it may take more */
	if (!may_leave(o, out, 0, size_bytes))
		return false;
	o->outs->direct = out;
	return true;
}

void
osc_out_end(struct osc *o)
{
	o->outs->direct = NULL;
	osc_out_flush(o);
}

struct osc_out *
osc_out_at(struct osc *o, uint32_t i)
{
	return i < OSC_OUTS_MAX ? &o->outs->out[i] : NULL;
}

int
osc_outs_open(struct osc *o, void (*tick)(void *data))
{
	struct osc_outs *outs = calloc(1, sizeof(*outs));

	if (!outs)
		return -ENOMEM;
	o->outs = outs;
	timer_init(&outs->drain, o->loop, tick, o);
	outs->packet = malloc(OSC_BUNDLE_HEAD_BYTES + 4 + OSC_PACKET_MAX);
	return outs->packet ? 0 : -ENOMEM;
}

void
osc_outs_close(struct osc *o)
{
	if (!o->outs)
		return;
	timer_done(&o->outs->drain);
	for (uint32_t i = 0; i < OSC_OUTS_MAX; i++)
		osc_buffer_done(&o->outs->out[i].waiting);
	free(o->outs->packet);
	free(o->outs);
	o->outs = NULL;
}
