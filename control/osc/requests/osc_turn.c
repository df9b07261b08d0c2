/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done in turns of its own: bundles that take more than one, one peer's
 * at a time, with what waits behind them; and packets whose moment has come,
 * each as if it came then. */
#include "control/osc/requests/osc_turn.h"

#include <stdlib.h>

#include "control/osc/answers/osc_out.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/requests/osc_bundle.h"
#include "control/osc/requests/osc_dispatch.h"
#include "control/osc/requests/osc_line.h"
#include "control/osc/requests/osc_set.h"
#include "control/osc/subscribers/osc_reply_port.h"

/* Nothing of an earlier moment is to be done, here or of another peer. */
static bool
is_next(const struct osc *o, const struct osc_held *h)
{
	return !h->due_ns || (h->due_ns <= osc_line_due(o) &&
				     !osc_later_is_before(o, h->due_ns));
}

static void
go_on(struct osc *o, struct osc_line *l)
{
	if (l->bundle) {
		bool done = osc_bundle_go_on(l->bundle);

		osc_out_flush(o);
		if (!done)
			return;
		osc_bundle_free(l->bundle);
		l->bundle = NULL;
	}
	while (l->first && !l->bundle && o->work < OSC_BUNDLE_WORK &&
		is_next(o, l->first)) {
		struct osc_held *h = osc_line_take(l);

		if (h->due_ns)
			osc_later_up_to(o, h->due_ns);
		else
			osc_later_go_on(o);
		osc_use_reply_port(o, &h->from);
		o->due_ns = h->due_ns;
		osc_dispatch_now(o, &h->from, h->packet, h->size_bytes);
		o->due_ns = 0;
		free(h);
	}
}

static void
on_turn(void *data)
{
	struct osc *o = data;
	struct osc_line *l = o->lines;

	if (!l)
		return; /* its client has gone */
	o->work = 0;
	go_on(o, l);
	osc_later_go_on(o);
	o->lines = l->next;
	if (l->bundle || l->first) {
		osc_line_append(o, l);
	} else {
		osc_go_on(o, &l->from);
		osc_line_free(o, l);
	}
	osc_flush(o);
	if (o->lines)
		timer_set(&o->lines_turn, 0);
}

static void
on_due(void *data)
{
	struct osc *o = data;
	struct osc_later **at = &o->later, *l;

	o->work = 0;
	while (o->work < OSC_WORK_MAX && (l = osc_later_due(o, &at))) {
		osc_later_up_to(o, l->due_ns);
		osc_use_reply_port(o, &l->from);
		o->due_ns = l->due_ns;
		osc_dispatch(o, &l->from, l->packet, l->size_bytes);
		o->due_ns = 0;
		osc_later_free(l);
	}
	osc_flush(o);
	osc_later_go_on(o);
}

/* Out of the list. */
static void
line_close(struct osc *o, struct osc_line **at, bool to_its_end)
{
	struct osc_line *l = *at;

	*at = l->next;
	if (l->bundle && to_its_end)
		osc_bundle_end(l->bundle);
	osc_bundle_free(l->bundle);
	osc_line_free(o, l);
}

void
osc_turn_client_gone(struct osc *o, const struct osc_peer *peer)
{
	struct osc_line **at = osc_line_find(o, peer);

	if (*at)
		line_close(o, at, true);
}

void
osc_turn_open(struct osc *o)
{
	timer_init(&o->lines_turn, o->loop, on_turn, o);
	timer_init(&o->later_due, o->loop, on_due, o);
	share_init(&o->lines_of, OSC_LINES_MAX);
	share_init(&o->later_count, OSC_LATER_MAX);
	share_init(&o->later_bytes, OSC_LATER_BYTES_MAX);
}

void
osc_turn_close(struct osc *o)
{
	timer_done(&o->lines_turn);
	timer_done(&o->later_due);
	while (o->lines)
		line_close(o, &o->lines, false);
	while (o->later) {
		struct osc_later *l = o->later;

		o->later = l->next;
		osc_later_free(l);
	}
	param_schedule_behind(o->params, UINT64_MAX);
}
