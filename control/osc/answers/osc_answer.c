/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers, at once or in the order that their peer asked for them. */
#include "control/osc/answers/osc_out_own.h"
#include "control/osc/answers/osc_log.h"

#include <string.h>

#define WAITING_MAX	(128u << 10) /* bytes */
#define WAITING_TCP_MAX (1u << 20)
#define QUESTIONS_MAX	64 /* over UDP: for about a second */
#define FULL_BYTES	(64u << 10)

/* Room for so many bytes more, or NULL. */
static uint8_t *
line_end(struct osc_out *out, const struct osc_question *question,
	size_t size_bytes)
{
	if (out->to.client)
		return osc_buffer_reserve(
			&out->waiting, size_bytes, WAITING_TCP_MAX);
	if (osc_question_is_long(question) && out->questions == QUESTIONS_MAX)
		return NULL;
	return osc_buffer_reserve(&out->waiting, size_bytes, WAITING_MAX);
}

bool
osc_answer_wait(struct osc *o, struct osc_out *out,
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
	out->questions += osc_question_is_long(question);
	if (first)
		out->cursor = 0;
	timer_sooner(&o->outs->drain, OSC_DRAIN_NS);
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
			osc_answer_wait(o, out, NULL, message, size_bytes);
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

void
osc_out_wake(struct osc *o)
{
	timer_sooner(&o->outs->drain, 0);
}
