/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What subscribers are told. A change only sets a bit per subscriber; a timer,
 * which runs while any bit is set, sends the values as they are by then, each
 * parameter at most 60 times a second. A slow reader loses steps, never the
 * last value.
 *
 * A datagram may be lost: a value that has come to rest is told a few times
 * more over UDP, and every renewal brings the whole state, spread over a
 * second. Acknowledgements would be surer, and no client knows any. */
#include "control/osc/subscribers/osc_subs.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/answers/osc_answer.h"
#include "control/osc/answers/osc_ask.h"

#include <string.h>

#define COALESCE_NS   (UINT64_C(1000000000) / 60)
#define CONGESTED_NS  UINT64_C(2000000) /* until the next try */
#define GATHER_NS     UINT64_C(4000000) /* between two packets, but the first */
#define FLUSH_MAX     4096		/* messages of one turn */
#define AGAIN_STEPS   16		/* a second */
#define AGAIN_NS      (UINT64_C(1000000000) / AGAIN_STEPS)
#define AGAIN_MIN     24 /* about a packet */
#define REST_CHECK_NS UINT64_C(100000000)
#define RESTS	      4
#define OWN_RESTS     2 /* the first that its maker is told, too */

/* After so long a value that stays is told once more. Its maker may have been
 * heard saying an earlier one last: it is told late, when it has stopped. */
static const uint64_t rest_ns[RESTS] = {
	200000000, 600000000, 1000000000, 1600000000};

static void
want_flush(struct osc_subs *subs, uint64_t due_ns, uint64_t now_ns)
{
	timer_sooner(&subs->flush, due_ns > now_ns ? due_ns - now_ns : 0);
}

void
osc_feedback_soon(struct osc_subs *subs)
{
	want_flush(subs, 0, 0);
}

/* ---- changes ---- */

static void
rests(struct osc_subs *subs, struct osc_sub *sub, uint32_t id, uint8_t times,
	uint64_t now_ns)
{
	sub->sent_ns[id] = now_ns;
	if (sub->peer.client)
		return;
	sub->rests[id] = times;
	bit_set(sub->resting, id);
	if (sub->rest_due_ns == 0)
		sub->rest_due_ns = now_ns + REST_CHECK_NS;
	want_flush(subs, sub->rest_due_ns, now_ns);
}

void
osc_feedback_changed(struct osc_subs *subs, struct osc_sub *sub, uint32_t id,
	uint32_t source)
{
	bool own = source == sub->source;
	uint64_t now_ns, due_ns;

	if (!own && bit_get(sub->dirty, id))
		return;
	now_ns = loop_now_ns();
	if (own) {
		bit_clear(sub->dirty, id);
		rests(subs, sub, id, OWN_RESTS, now_ns);
		return;
	}
	bit_set(sub->dirty, id);
	due_ns = sub->sent_ns[id] + COALESCE_NS;
	if (due_ns < sub->flushed_ns + GATHER_NS)
		due_ns = sub->flushed_ns + GATHER_NS;
	want_flush(subs, due_ns, now_ns);
}

/* ---- telling ---- */

/* At most, of tell() */
static size_t
bytes_of(const struct osc_sub *sub, uint32_t id)
{
	size_t bytes = 0;

	for (int form = 0; form < PARAM_FORMS; form++)
		bytes += bit_get(sub->by[form], id) ? OSC_VALUE_BYTES : 0;
	return bytes;
}

/* Its value as it is now, under every address that it was asked for. */
static void
tell(struct osc *o, struct osc_sub *sub, uint32_t id)
{
	char address[PARAM_NAMED_MAX];

	for (int form = 0; form < PARAM_FORMS; form++)
		if (bit_get(sub->by[form], id) &&
			param_address(
				o->params, id, (enum param_form)form, address))
			osc_send_value(o, &sub->peer, address, id);
	bit_clear(sub->first, id);
	bit_clear(sub->again, id);
}

/* Of a change that another one made: it may come back. What its maker is told
 * once more may not be counted: a sequencer says the same again and again. */
static void
tell_news(struct osc *o, struct osc_sub *sub, uint32_t id, uint64_t now_ns)
{
	struct param_value value;

	param_get(o->params, id, &value);
	osc_echoes_put(sub->echoes, id, &value, now_ns);
	tell(o, sub, id);
}

/* The first bit of a set from `from` on, or how many there may be. */
static uint32_t
next_bit(const struct osc_subs *subs, const uint64_t *set, uint32_t from)
{
	uint32_t w = from / 64;
	uint64_t bits;

	if (from >= subs->params)
		return subs->params;
	bits = set[w] & ~UINT64_C(0) << (from % 64);
	while (!bits)
		if (++w == subs->words)
			return subs->params;
		else
			bits = set[w];
	return w * 64 + (uint32_t)__builtin_ctzll(bits);
}

/* When it may not be told. */
static uint64_t
pause_ns(const struct osc_subs *subs, const struct osc_sub *sub)
{
	return osc_proof_lacks(subs->osc, sub->out) ? OSC_UNPROVED_NS
						    : CONGESTED_NS;
}

static bool
may_tell(struct osc_subs *subs, struct osc_sub *sub, uint32_t id,
	uint32_t *budget)
{
	if (*budget == 0 ||
		!osc_out_begin(subs->osc, sub->out, bytes_of(sub, id)))
		return false;
	--*budget;
	return true;
}

/* Each returns when it wants to be called again, UINT64_MAX for not at all. */

static uint64_t
tell_changes(struct osc_subs *subs, struct osc_sub *sub, uint64_t now_ns,
	uint32_t *budget)
{
	uint64_t next_ns = UINT64_MAX;

	for (uint32_t id = 0;
		(id = next_bit(subs, sub->dirty, id)) < subs->params; id++) {
		uint64_t due_ns = sub->sent_ns[id] + COALESCE_NS;

		if (due_ns > now_ns) {
			next_ns = due_ns < next_ns ? due_ns : next_ns;
			continue;
		}
		if (!may_tell(subs, sub, id, budget))
			return now_ns + pause_ns(subs, sub);
		tell_news(subs->osc, sub, id, now_ns);
		bit_clear(sub->dirty, id);
		rests(subs, sub, id, 0, now_ns);
		sub->flushed_ns = now_ns;
	}
	return next_ns;
}

static uint64_t
tell_again(struct osc_subs *subs, struct osc_sub *sub, uint64_t now_ns,
	uint32_t *budget)
{
	uint32_t id = next_bit(subs, sub->again, 0);

	if (id == subs->params)
		return UINT64_MAX;
	if (sub->again_due_ns > now_ns)
		return sub->again_due_ns;
	if (sub->again_ns == 0)
		sub->again_ns = now_ns;
	for (uint32_t n = 0; n < sub->again_step && id < subs->params; n++) {
		if (!may_tell(subs, sub, id, budget))
			return now_ns + pause_ns(subs, sub);
		tell(subs->osc, sub, id);
		id = next_bit(subs, sub->again, id + 1);
	}
	sub->again_due_ns = now_ns + AGAIN_NS;
	if (id < subs->params)
		return sub->again_due_ns;
	/* Whoever renews more often gets no more: one state a second. */
	sub->again_due_ns = sub->again_ns + UINT64_C(1000000000);
	sub->again_ns = 0;
	return UINT64_MAX;
}

static uint64_t
tell_resting(struct osc_subs *subs, struct osc_sub *sub, uint64_t now_ns,
	uint32_t *budget)
{
	uint32_t id = next_bit(subs, sub->resting, 0);

	if (sub->rest_due_ns == 0)
		return UINT64_MAX;
	if (sub->rest_due_ns > now_ns)
		return sub->rest_due_ns;
	for (; id < subs->params; id = next_bit(subs, sub->resting, id + 1)) {
		if (now_ns - sub->sent_ns[id] < rest_ns[sub->rests[id]])
			continue;
		if (!may_tell(subs, sub, id, budget))
			return now_ns + pause_ns(subs, sub);
		if (sub->rests[id] < OWN_RESTS)
			tell_news(subs->osc, sub, id, now_ns);
		else
			tell(subs->osc, sub, id);
		if (++sub->rests[id] == RESTS)
			bit_clear(sub->resting, id);
	}
	sub->rest_due_ns = next_bit(subs, sub->resting, 0) < subs->params
				   ? now_ns + REST_CHECK_NS
				   : 0;
	return sub->rest_due_ns ? sub->rest_due_ns : UINT64_MAX;
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t
flush(struct osc_subs *subs, struct osc_sub *sub, uint64_t now_ns,
	uint32_t *budget)
{
	uint64_t next_ns;

	next_ns = tell_changes(subs, sub, now_ns, budget);
	next_ns = earlier(next_ns, tell_again(subs, sub, now_ns, budget));
	next_ns = earlier(next_ns, tell_resting(subs, sub, now_ns, budget));
	osc_out_end(subs->osc);
	return next_ns;
}

void
osc_feedback_tick(void *data)
{
	struct osc_subs *subs = data;
	uint64_t now_ns = loop_now_ns(), next_ns = UINT64_MAX;
	uint32_t budget = FLUSH_MAX;

	subs->turn = (subs->turn + 1) % SUBS_MAX;
	for (uint32_t i = 0; i < SUBS_MAX; i++) {
		struct osc_sub *sub = &subs->sub[(subs->turn + i) % SUBS_MAX];

		if (sub->used)
			next_ns = earlier(
				next_ns, flush(subs, sub, now_ns, &budget));
	}
	osc_flush(subs->osc);
	if (next_ns != UINT64_MAX)
		want_flush(subs, next_ns, now_ns);
}

/* ---- states ---- */

static bool
state_step(struct osc *o, struct osc_out *out, const char *none, void *data)
{
	struct osc_subs *subs = o->subs;

	(void)none;
	(void)data;
	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));) {
		uint32_t id;

		if (sub->out != out || !sub->first_asked)
			continue;
		while ((id = next_bit(subs, sub->first, 0)) < subs->params) {
			if (!osc_out_more(o, bytes_of(sub, id)))
				return false;
			tell(o, sub, id);
		}
		sub->first_asked = false;
	}
	return true;
}

static const struct osc_question state = {state_step, false, NULL};

void
osc_feedback_first(struct osc_subs *subs, struct osc_sub *sub)
{
	if (sub->first_asked || next_bit(subs, sub->first, 0) == subs->params)
		return;
	sub->first_asked = true;
	if (osc_out_ask(subs->osc, &sub->peer, &state, ""))
		return;
	/* It asks too fast; a second is soon enough. */
	sub->first_asked = false;
	for (uint32_t w = 0; w < subs->words; w++)
		sub->again[w] |= sub->first[w];
	osc_feedback_again(subs, sub);
}

void
osc_feedback_again(struct osc_subs *subs, struct osc_sub *sub)
{
	uint64_t now_ns = loop_now_ns();
	uint32_t n = 0;

	for (uint32_t w = 0; w < subs->words; w++)
		n += (uint32_t)__builtin_popcountll(sub->again[w]);
	if (n == 0)
		return;
	sub->again_step = n / AGAIN_STEPS + 1;
	if (sub->again_step < AGAIN_MIN)
		sub->again_step = AGAIN_MIN;
	want_flush(subs, sub->again_due_ns, now_ns);
}

void
osc_sub_resync(struct osc_subs *subs, struct osc_sub *sub)
{
	memcpy(sub->first, sub->wanted, subs->words * sizeof(*sub->first));
	osc_feedback_first(subs, sub);
}
