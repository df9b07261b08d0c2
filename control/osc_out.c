/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/osc_own.h"

/* A datagram costs its receiver more than its bytes: the kernel counts about
 * 768 of the buffer for the smallest and 2,304 for one of 1,200. In the unit
 * here that is 512 and its bytes. What leaves at once, and within the 16 ms
 * that a client sleeps which looks 60 times a second, takes half of the 212,992
 * that Linux gives to a socket. */
#define DATAGRAM_COST	512
#define BURST_COST	30000
#define COST_PER_MS	3600
#define RESERVE_COST	3500 /* answers leave it to feedback */
#define DRAIN_NS	UINT64_C(1000000)
#define STUCK_NS	UINT64_C(5000000) /* none could leave */
#define DRAIN_MAX	1024	     /* messages, and the like, of one turn */
#define PEER_MAX	256	     /* of them, of one peer */
#define WAITING_MAX	(128u << 10) /* bytes */
#define WAITING_TCP_MAX (1u << 20)
#define QUESTIONS_MAX	64 /* over UDP: for about a second */
#define FULL_BYTES	(64u << 10)
#define BUNDLE_HEAD	16
#define VALUE_BYTES	(PARAM_ADDRESS_MAX + PARAM_TEXT_MAX + 8)

/* An answer that waits; its payload follows, padded to 8. */
struct osc_waiting {
	uint32_t question; /* enum osc_question */
	uint32_t size_bytes;
};

struct osc_outs {
	struct osc_out *open; /* whom the packet is for, or NULL */
	uint8_t *packet;      /* [BUNDLE_HEAD + 4 + OSC_PACKET_MAX] */
	size_t packet_bytes;
	uint32_t messages;	/* in it */
	struct osc_out *direct; /* whose feedback or next answers are made */
	uint32_t budget;	/* of this turn */
	uint32_t turn;		/* who is first in the next one */
	struct osc_timer drain;
	bool drains; /* it is armed */
	struct osc_out out[OSC_OUTS_MAX];
};

/* ---- who ---- */

static bool
goes_to(const struct osc_out *out, const struct osc_peer *to)
{
	if (out->to.client || to->client)
		return out->to.client == to->client;
	return out->to.reply_port == to->reply_port &&
	       out->to.scope == to->scope && osc_peer_same_host(&out->to, to);
}

static size_t
waiting_bytes(const struct osc_out *out)
{
	return osc_buffer_waiting(&out->waiting);
}

static void
forget(struct osc *o, struct osc_out *out)
{
	if (waiting_bytes(out) > 0)
		o->counters.lost++;
	if (o->outs->open == out)
		o->outs->open = NULL;
	osc_buffer_done(&out->waiting);
	memset(out, 0, sizeof(*out));
}

/* a rather than b makes room for another */
static bool
goes_first(const struct osc_out *a, const struct osc_out *b)
{
	if (!b || a->used != b->used)
		return !b || !a->used;
	if ((waiting_bytes(a) > 0) != (waiting_bytes(b) > 0))
		return waiting_bytes(b) > 0;
	return a->used_ns < b->used_ns;
}

static struct osc_out *
find(struct osc_outs *outs, const struct osc_peer *to)
{
	for (uint32_t i = 0; i < OSC_OUTS_MAX; i++)
		if (outs->out[i].used && goes_to(&outs->out[i], to))
			return &outs->out[i];
	return NULL;
}

static struct osc_out *
make(struct osc *o, const struct osc_peer *to)
{
	struct osc_out *place = NULL;

	for (uint32_t i = 0; i < OSC_OUTS_MAX; i++) {
		struct osc_out *out = &o->outs->out[i];

		if (out->pins == 0 && out->to.client == 0 &&
			goes_first(out, place))
			place = out;
	}
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

static void
leave(struct osc *o)
{
	struct osc_outs *outs = o->outs;
	struct osc_out *out = outs->open;
	size_t skip = outs->messages == 1 ? BUNDLE_HEAD + 4 : 0;
	size_t size_bytes = outs->packet_bytes - skip;

	if (!out)
		return;
	outs->open = NULL;
	out->room -= DATAGRAM_COST + (int64_t)size_bytes;
	osc_proof_sent(o, out, size_bytes);
	osc_udp_send(o->udp, &out->to, outs->packet + skip, size_bytes);
}

/* Of the packet that is open. */
static size_t
size_with(const struct osc_outs *outs, size_t more)
{
	return outs->packet_bytes + 4 + more;
}

static void
put(struct osc *o, struct osc_out *out, const void *message, size_t size_bytes)
{
	static const uint8_t head[BUNDLE_HEAD] = "#bundle\0\0\0\0\0\0\0\0\1";
	struct osc_outs *outs = o->outs;
	uint8_t *to;

	o->work++;
	if (out->to.client) {
		osc_tcp_send(o->tcp, &out->to, message, size_bytes);
		return;
	}
	if (outs->open != out || out->single ||
		size_with(outs, size_bytes) > OSC_BUNDLE_BYTES)
		leave(o);
	if (!outs->open) {
		outs->open = out;
		outs->messages = 0;
		outs->packet_bytes = BUNDLE_HEAD;
		memcpy(outs->packet, head, sizeof(head));
	}
	to = outs->packet + outs->packet_bytes;
	to[0] = (uint8_t)(size_bytes >> 24);
	to[1] = (uint8_t)(size_bytes >> 16);
	to[2] = (uint8_t)(size_bytes >> 8);
	to[3] = (uint8_t)size_bytes;
	memcpy(to + 4, message, size_bytes);
	outs->packet_bytes += 4 + size_bytes;
	outs->messages++;
}

/* cost: what must be left besides */
static bool
may_leave(struct osc *o, struct osc_out *out, int64_t cost, size_t size_bytes)
{
	if (out->to.client)
		return !osc_tcp_congested(o->tcp, &out->to);
	if (o->outs->open == out) {
		cost += DATAGRAM_COST + (int64_t)o->outs->packet_bytes;
		size_bytes = size_with(o->outs, size_bytes);
	}
	return out->room > cost && osc_proof_allows(o, out, size_bytes);
}

static bool
may_answer(struct osc *o, struct osc_out *out, size_t size_bytes)
{
	return may_leave(o, out, out->pins ? RESERVE_COST : 0, size_bytes);
}

void
osc_out_flush(struct osc *o)
{
	leave(o);
}

/* ---- feedback ---- */

bool
osc_out_begin(struct osc *o, struct osc_out *out)
{
	const struct osc_peer to = out->to;

	if (o->outs->direct != out)
		osc_out_of(o, &to); /* by now it may take more */
	if (!may_leave(o, out, 0, VALUE_BYTES))
		return false;
	o->outs->direct = out;
	return true;
}

void
osc_out_end(struct osc *o)
{
	o->outs->direct = NULL;
	leave(o);
}

/* ---- answers ---- */

static void
drain_in(struct osc_outs *outs, uint64_t after_ns)
{
	if (!outs->drains)
		osc_timer_arm(&outs->drain, after_ns);
	outs->drains = true;
}

/* It has many answers */
static bool
is_long(uint32_t question)
{
	return question == OSC_QUESTION_LIST || question == OSC_QUESTION_GET;
}

/* Room for so many bytes more, or NULL. */
static uint8_t *
line_end(struct osc_out *out, enum osc_question question, size_t size_bytes)
{
	if (out->to.client)
		return osc_buffer_reserve(
			&out->waiting, size_bytes, WAITING_TCP_MAX);
	if (question != OSC_QUESTION_MESSAGE && out->questions == QUESTIONS_MAX)
		return NULL;
	return osc_buffer_reserve(&out->waiting, size_bytes, WAITING_MAX);
}

static bool
wait_in_line(struct osc *o, struct osc_out *out, enum osc_question question,
	const void *payload, size_t size_bytes)
{
	const struct osc_waiting w = {question, (uint32_t)size_bytes};
	size_t need = sizeof(w) + ((size_bytes + 7) & ~(size_t)7);
	bool first = waiting_bytes(out) == 0;
	uint8_t *to = line_end(out, question, need);

	if (!to) {
		o->counters.lost++;
		if (out->lost++ == 0)
			osc_log(o, OSC_CAUSE_LOST, &out->to,
				"asks faster than it can be answered: answers "
				"are lost");
		return false;
	}
	memcpy(to, &w, sizeof(w));
	memcpy(to + sizeof(w), payload, size_bytes);
	out->waiting.end_bytes += need;
	out->questions += is_long(question);
	if (first)
		out->cursor = 0;
	drain_in(o->outs, DRAIN_NS);
	return true;
}

void
osc_out_answer(struct osc *o, const struct osc_peer *to, const void *message,
	size_t size_bytes)
{
	struct osc_out *out = o->outs->direct;

	if (!out) {
		out = osc_out_of(o, to);
		if (waiting_bytes(out) > 0 || !may_answer(o, out, size_bytes)) {
			wait_in_line(o, out, OSC_QUESTION_MESSAGE, message,
				size_bytes);
			return;
		}
	}
	put(o, out, message, size_bytes);
}

bool
osc_out_waits(struct osc *o, const struct osc_peer *to)
{
	struct osc_out *out = osc_out_of(o, to);

	return waiting_bytes(out) > 0 || !may_answer(o, out, VALUE_BYTES);
}

bool
osc_out_full(struct osc *o, const struct osc_peer *to)
{
	return waiting_bytes(osc_out_of(o, to)) > FULL_BYTES;
}

bool
osc_out_more(struct osc *o)
{
	struct osc_outs *outs = o->outs;

	if (outs->budget == 0 || !may_answer(o, outs->direct, VALUE_BYTES))
		return false;
	outs->budget--;
	return true;
}

/* The first of those that wait, as far as it goes now. true: it is done. */
static bool
answer_first(struct osc *o, struct osc_out *out, const struct osc_waiting *w)
{
	const char *text = (const char *)(w + 1);

	switch ((enum osc_question)w->question) {
	case OSC_QUESTION_LIST:
		return osc_list_step(o, &out->to, text, &out->cursor);
	case OSC_QUESTION_GET:
	case OSC_QUESTION_VALUE:
		return osc_get_step(o, &out->to, text, &out->cursor);
	case OSC_QUESTION_STATE:
		return osc_feedback_step(o, out);
	case OSC_QUESTION_MESSAGE:
		break;
	}
	if (!may_answer(o, out, w->size_bytes) || !osc_out_more(o))
		return false;
	put(o, out, w + 1, w->size_bytes);
	return true;
}

/* All that it asked for has been answered: what could not be is said now. */
static void
tell_lost(struct osc *o, struct osc_out *out)
{
	uint64_t lost = out->lost;

	out->lost = 0;
	if (lost > 0)
		osc_refuse(o, &out->to, "", OSC_CAUSE_LOST,
			"%llu answers had no room: you ask faster than you can "
			"be answered",
			(unsigned long long)lost);
}

static void
answer_some(struct osc *o, struct osc_out *out, uint32_t budget)
{
	struct osc_outs *outs = o->outs;
	struct osc_buffer *b = &out->waiting;

	outs->direct = out;
	outs->budget = budget;
	while (osc_buffer_waiting(b) > 0) {
		const struct osc_waiting *w = (void *)(b->bytes + b->at_bytes);

		if (!answer_first(o, out, w))
			break;
		out->questions -= is_long(w->question);
		b->at_bytes += sizeof(*w) + ((w->size_bytes + 7) & ~7u);
		out->cursor = 0;
	}
	if (osc_buffer_waiting(b) == 0) {
		osc_buffer_done(b);
		tell_lost(o, out);
	}
	outs->direct = NULL;
}

bool
osc_out_ask(struct osc *o, const struct osc_peer *to,
	enum osc_question question, const char *text)
{
	struct osc_out *out = osc_out_of(o, to);
	bool first = waiting_bytes(out) == 0;

	if (!wait_in_line(o, out, question, text, strlen(text) + 1))
		return false;
	if (first)
		answer_some(o, out, PEER_MAX);
	return true;
}

static void
drain_tick(void *data)
{
	struct osc *o = data;
	struct osc_outs *outs = o->outs;
	uint32_t left = DRAIN_MAX;
	bool waits = false, lack = false;

	outs->drains = false;
	outs->turn = (outs->turn + 1) % OSC_OUTS_MAX;
	for (uint32_t i = 0; i < OSC_OUTS_MAX; i++) {
		struct osc_out *out =
			&outs->out[(outs->turn + i) % OSC_OUTS_MAX];
		uint32_t budget = left < PEER_MAX ? left : PEER_MAX;
		const struct osc_peer to = out->to;

		if (waiting_bytes(out) == 0)
			continue;
		osc_out_of(o, &to);
		answer_some(o, out, budget);
		left -= budget - outs->budget;
		if (waiting_bytes(out) == 0)
			continue;
		if (osc_proof_lacks(o, out))
			lack = true;
		else
			waits = true;
	}
	leave(o);
	osc_tcp_flush(o->tcp);
	if (waits)
		drain_in(outs, left < DRAIN_MAX ? DRAIN_NS : STUCK_NS);
	else if (lack)
		drain_in(outs, OSC_UNPROVED_NS);
}

struct osc_out *
osc_out_at(struct osc *o, uint32_t i)
{
	return i < OSC_OUTS_MAX ? &o->outs->out[i] : NULL;
}

void
osc_out_wake(struct osc *o)
{
	o->outs->drains = false;
	drain_in(o->outs, 0);
}

int
osc_outs_open(struct osc *o)
{
	struct osc_outs *outs = calloc(1, sizeof(*outs));

	if (!outs)
		return -ENOMEM;
	o->outs = outs;
	osc_timer_init(&outs->drain, o->loop, drain_tick, o);
	outs->packet = malloc(BUNDLE_HEAD + 4 + OSC_PACKET_MAX);
	return outs->packet ? 0 : -ENOMEM;
}

void
osc_outs_close(struct osc *o)
{
	if (!o->outs)
		return;
	osc_timer_done(&o->outs->drain);
	for (uint32_t i = 0; i < OSC_OUTS_MAX; i++)
		osc_buffer_done(&o->outs->out[i].waiting);
	free(o->outs->packet);
	free(o->outs);
	o->outs = NULL;
}
