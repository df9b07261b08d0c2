/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions that have many answers, or whose answer is made when it may leave.
 * Control thread only. */
#ifndef OSC_ASK_H
#define OSC_ASK_H

#include "control/osc/answers/osc_out.h"
#include "control/osc/osc_own.h"

/* An answer that is made step by step, from what it was asked for. */
struct osc_question {
	/* From out->cursor on, such as a parameter; true: that was all. */
	bool (*step)(struct osc *o, struct osc_out *out, const char *text,
		void *data);
	bool is_long; /* it has many answers */
	void *data;
};
/* false: there is no room, and it is told so */
bool osc_out_ask(struct osc *o, const struct osc_peer *to,
	const struct osc_question *question, const char *text);
/* What waits, as far as it may leave by now. */
void osc_ask_tick(void *osc);

#endif
