/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What osc_out.c and osc_answer.c share, and nobody else. */
#ifndef OSC_OUT_OWN_H
#define OSC_OUT_OWN_H

#include "control/osc/osc_own.h"
#include "control/osc/answers/osc_out.h"

struct osc_outs {
	struct osc_out *last; /* that was asked for */
	struct osc_out *open; /* whom the packet is for, or NULL */
	uint8_t *packet;      /* a bundle; as long as a message may be */
	size_t packet_bytes;
	uint32_t messages;	/* in it */
	struct osc_out *direct; /* whose feedback or next answers are made */
	uint32_t budget;	/* of this turn */
	uint32_t turn;		/* who is first in the next one */
	struct timer drain;
	struct osc_out out[OSC_OUTS_MAX];
};

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

/* osc_answer.c: the timer's */
void osc_answer_tick(void *data);

#endif
