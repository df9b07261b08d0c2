/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What osc_out.c, osc_answer.c and osc_ask.c share, and nobody else. */
#ifndef OSC_OUT_OWN_H
#define OSC_OUT_OWN_H

#include "control/osc/answers/osc_answer.h"
#include "control/osc/answers/osc_ask.h"

#define OSC_DRAIN_NS UINT64_C(1000000)

/* An answer that waits; its payload follows, padded to 8. */
struct osc_waiting {
	const struct osc_question *question; /* NULL: a message */
	uint32_t size_bytes;
};

struct osc_outs {
	struct osc_out *last;	/* that was asked for */
	struct osc_out *open;	/* whom the packet is for, or NULL */
	uint8_t *packet;	/* a bundle; as long as a message may be */
	uint8_t *end;		/* of what is in it */
	uint32_t messages;	/* in it */
	struct osc_out *direct; /* whose feedback or next answers are made */
	uint32_t budget;	/* of this turn */
	uint32_t turn;		/* who is first in the next one */
	struct timer drain;
	struct osc_out out[OSC_OUTS_MAX];
};

static inline bool
osc_question_is_long(const struct osc_question *question)
{
	return question && question->is_long;
}

static inline size_t
osc_out_waiting(const struct osc_out *out)
{
	return osc_buffer_waiting(&out->waiting);
}

/* The message joins the packet that leaves next. */
void osc_out_put(struct osc *o, struct osc_out *out, const void *message,
	size_t size_bytes);
/* Is there room for an answer of so many bytes? */
bool osc_out_may_answer(struct osc *o, struct osc_out *out, size_t size_bytes);

/* It comes behind what waits already; question: NULL when it is a message.
 * False: there is no room, and it is told so. */
bool osc_answer_wait(struct osc *o, struct osc_out *out,
	const struct osc_question *question, const void *payload,
	size_t size_bytes);

#endif
