/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that wait for their peer, in the order it asked: a turn of all peers
 * each millisecond, while there are any. */
#include "control/osc/answers/osc_out_own.h"
#include "control/osc/answers/osc_proof.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/answers/osc_out.h"

#include <string.h>

#define DRAIN_NS	UINT64_C(1000000)
#define STUCK_NS	UINT64_C(5000000) /* none could leave */
#define DRAIN_MAX	1024	     /* messages, and the like, of one turn */
#define PEER_MAX	256	     /* of them, of one peer */
#define WAITING_MAX	(128u << 10) /* bytes */
#define WAITING_TCP_MAX (1u << 20)
#define QUESTIONS_MAX	64 /* over UDP: for about a second */
#define FULL_BYTES	(64u << 10)

/* An answer that waits; its payload follows, padded to 8. */
struct osc_waiting {
	const struct osc_question *question; /* NULL: a message */
	uint32_t size_bytes;
};

static bool
is_long(const struct osc_question *question)
{
	return question && question->is_long;
}

/* Room for so many bytes more, or NULL. */
static uint8_t *
line_end(struct osc_out *out, const struct osc_question *question,
	size_t size_bytes)
{
	if (out->to.client)
		return osc_buffer_reserve(
			&out->waiting, size_bytes, WAITING_TCP_MAX);
	if (is_long(question) && out->questions == QUESTIONS_MAX)
		return NULL;
	return osc_buffer_reserve(&out->waiting, size_bytes, WAITING_MAX);
}

static bool
wait_in_line(struct osc *o, struct osc_out *out,
	const struct osc_question *question, const void *payload,
	size_t size_bytes)
{
	const struct osc_waiting w = {question, (uint32_t)size_bytes};
	size_t need = sizeof(w) + ((size_bytes + 7) & ~(size_t)7);
	bool first = osc_out_waiting(out) == 0;
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
	timer_sooner(&o->outs->drain, DRAIN_NS);
	return true;
}

void
osc_out_answer(struct osc *o, const struct osc_peer *to, const void *message,
	size_t size_bytes)
{
	struct osc_out *out = o->outs->direct;

	if (!out) {
		out = osc_out_of(o, to);
		if (osc_out_waiting(out) > 0 ||
			!osc_out_may_answer(o, out, size_bytes)) {
			wait_in_line(o, out, NULL, message, size_bytes);
			return;
		}
	}
	osc_out_put(o, out, message, size_bytes);
}

bool
osc_out_waits(struct osc *o, const struct osc_peer *to)
{
	struct osc_out *out = osc_out_of(o, to);

	return osc_out_waiting(out) > 0 ||
	       !osc_out_may_answer(o, out, OSC_VALUE_BYTES);
}

bool
osc_out_full(struct osc *o, const struct osc_peer *to)
{
	return osc_out_waiting(osc_out_of(o, to)) > FULL_BYTES;
}

bool
osc_out_more(struct osc *o, size_t size_bytes)
{
	struct osc_outs *outs = o->outs;

	if (outs->budget == 0 ||
		!osc_out_may_answer(o, outs->direct, size_bytes))
		return false;
	outs->budget--;
	return true;
}

void
osc_out_worked(struct osc *o, uint32_t work)
{
	uint32_t *left = &o->outs->budget;

	/* Something is left for the answer itself. */
	*left = *left > work + 1 ? *left - work : *left > 0;
}

/* The first of those that wait, as far as it goes now. true: it is done. */
static bool
answer_first(struct osc *o, struct osc_out *out, const struct osc_waiting *w)
{
	const char *text = (const char *)(w + 1);

	if (w->question)
		return w->question->step(o, out, text);
	if (!osc_out_more(o, w->size_bytes))
		return false;
	osc_out_put(o, out, w + 1, w->size_bytes);
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
	const struct osc_question *question, const char *text)
{
	struct osc_out *out = osc_out_of(o, to);
	bool first = osc_out_waiting(out) == 0;

	if (!wait_in_line(o, out, question, text, strlen(text) + 1))
		return false;
	if (first)
		answer_some(o, out, PEER_MAX);
	return true;
}

void
osc_answer_tick(void *data)
{
	struct osc *o = data;
	struct osc_outs *outs = o->outs;
	uint32_t left = DRAIN_MAX;
	bool waits = false, lack = false;

	outs->turn = (outs->turn + 1) % OSC_OUTS_MAX;
	for (uint32_t i = 0; i < OSC_OUTS_MAX; i++) {
		struct osc_out *out =
			&outs->out[(outs->turn + i) % OSC_OUTS_MAX];
		uint32_t budget = left < PEER_MAX ? left : PEER_MAX;
		const struct osc_peer to = out->to;

		if (osc_out_waiting(out) == 0)
			continue;
		osc_out_of(o, &to);
		answer_some(o, out, budget);
		left -= budget - outs->budget;
		if (osc_out_waiting(out) == 0)
			continue;
		if (osc_proof_lacks(o, out))
			lack = true;
		else
			waits = true;
	}
	osc_out_flush(o);
	osc_flush(o);
	if (waits)
		timer_sooner(
			&outs->drain, left < DRAIN_MAX ? DRAIN_NS : STUCK_NS);
	else if (lack)
		timer_sooner(&outs->drain, OSC_UNPROVED_NS);
}

void
osc_out_wake(struct osc *o)
{
	timer_sooner(&o->outs->drain, 0);
}
