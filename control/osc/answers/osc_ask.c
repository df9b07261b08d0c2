/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that wait, and those that are made step by step: a turn of all peers
 * each millisecond, while there are any. */
#include "control/osc/answers/osc_ask.h"

#include <string.h>

#include "control/osc/answers/osc_out_own.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_ways.h"

#define STUCK_NS  UINT64_C(5000000) /* none could leave */
#define DRAIN_MAX 1024		    /* messages, and the like, of one turn */
#define PEER_MAX  256		    /* of them, of one peer */

/* The first of those that wait, as far as it goes now. true: it is done. */
static bool
answer_first(struct osc *o, struct osc_out *out, const struct osc_waiting *w)
{
	const char *text = (const char *)(w + 1);

	if (w->question)
		return w->question->step(o, out, text, w->question->data);
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
		out->questions -= osc_question_is_long(w->question);
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

	if (!osc_answer_wait(o, out, question, text, strlen(text) + 1))
		return false;
	if (first)
		answer_some(o, out, PEER_MAX);
	return true;
}

void
osc_ask_tick(void *data)
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
		timer_sooner(&outs->drain,
			left < DRAIN_MAX ? OSC_DRAIN_NS : STUCK_NS);
	else if (lack)
		timer_sooner(&outs->drain, OSC_UNPROVED_NS);
}
