/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers, at once or when they may leave. Control thread only. */
#ifndef OSC_ANSWER_H
#define OSC_ANSWER_H

#include "control/osc/answers/osc_out.h"
#include "control/osc/osc_own.h"

/* An answer, whole; it leaves with the others of this request. */
void osc_out_answer(struct osc *o, const struct osc_peer *to,
	const void *message, size_t size_bytes);

/* An answer would have to wait. */
bool osc_out_waits(struct osc *o, const struct osc_peer *to);
/* For a step: whether one more message, of so many bytes at most, may leave
 * now. Takes it as done. */
bool osc_out_more(struct osc *o, size_t size_bytes);
/* So much was done for it besides: less may follow in this turn. */
void osc_out_worked(struct osc *o, uint32_t work);
/* Has as many answers waiting as there may be: a TCP client is read no more. */
bool osc_out_full(struct osc *o, const struct osc_peer *to);

/* Something may leave: it was sent outside of a request, or it may be more than
 * before. */
void osc_out_wake(struct osc *o);

#endif
