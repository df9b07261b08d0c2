/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bundles; a message alone is a bundle of one.
 *
 * All of a packet is read before anything of it is done (osc_bundle_read.c).
 * Then, moment by moment, the steps are done in the order of the packet;
 * changes in a row are made as one, at one frame. Steps without a time come
 * first, then those that are late, in the order of their times.
 *
 * Of a moment that is to come (osc_bundle_time.c) the changes in front are
 * posted to the mixer for their sample, and what follows the first get or
 * service waits in osc_later.c. */
#include "control/osc/requests/osc_bundle.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_serve.h"
#include "control/osc/requests/osc_set.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/answers/osc_out.h"
#include "control/osc/requests/osc_line.h"
#include "control/osc/requests/osc_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define APPLY_WORK 8 /* changes, per work */

/* ---- now ---- */

static void
do_one(struct osc_bundle *b, struct osc_element e)
{
	struct osc *o = b->osc;
	struct osc_request request;

	if (!osc_may_answer(o))
		return;
	if (osc_request_open(o, &request, &b->from, e.packet, e.size_bytes) ==
		0) {
		o->replies_left--;
		if (request.service)
			osc_service_call(&request);
		else
			osc_get(o, &request);
	}
	osc_request_close(&request);
}

static void
tell_altered(struct osc_bundle *b, uint32_t first, uint32_t end)
{
	struct osc *o = b->osc;

	for (uint32_t i = first; i < end; i++) {
		const struct osc_step *s = &b->step[i];

		if (s->altered)
			osc_set_tell(o, &b->from, s->e.packet,
				o->changes.change + s->first, s->changes);
	}
}

/* The changes in a row that are due. */
static uint32_t
due_in_row(const struct osc_bundle *b, uint32_t *end)
{
	uint32_t n = 0;

	for (*end = b->at; *end < b->steps && osc_bundle_is_due(b, *end) &&
			   b->step[*end].changes > 0;
		++*end)
		n += b->step[*end].changes;
	return n;
}

static void
do_due(struct osc_bundle *b)
{
	struct osc *o = b->osc;
	uint32_t first = b->at, end, n = due_in_row(b, &end);

	if (n == 0) {
		o->work++;
		do_one(b, b->step[b->at++].e);
		return;
	}
	b->at = end;
	o->work += n / APPLY_WORK;
	osc_set_apply(o, &b->from, o->changes.change + b->step[first].first, n);
	tell_altered(b, first, end);
}

static uint64_t
realtime_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Time has gone on since. */
static bool
is_due_now(struct osc_bundle *b)
{
	if (!osc_bundle_is_due(b, b->at))
		b->now_ns = realtime_ns();
	return osc_bundle_is_due(b, b->at);
}

/* In the order of time, as far as this turn allows. What is to come is handed
 * over behind what is now, which must not undo it. */
static bool
do_some(struct osc_bundle *b)
{
	while (b->at < b->steps) {
		if (osc_bundle_pauses(b))
			return false;
		if (is_due_now(b))
			do_due(b);
		else
			osc_bundle_schedule(b);
	}
	return true;
}

/* All of it is known. 0 or -errno */
static int
begin(struct osc_bundle *b)
{
	if (osc_bundle_sort(b) < 0)
		return -EINVAL;
	if (b->steps > 0 && b->step[b->steps - 1].when_ns > 0) {
		b->now_ns = realtime_ns();
		if (osc_bundle_check_times(b) < 0)
			return -EINVAL;
	}
	b->doing = true;
	return 0;
}

/* ---- turns ---- */

/* Until it is done, refused, or another's turn: then false. */
static bool
work(struct osc_bundle *b)
{
	struct osc *o = b->osc;
	int res = 1;

	b->end = o->work + OSC_BUNDLE_WORK;
	if (!b->doing) {
		res = osc_bundle_read(b);
		if (res == 0)
			return false;
		if (res > 0)
			res = begin(b);
	}
	if (res >= 0 && !do_some(b))
		return false;
	if (!osc_may_answer(o))
		osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"more than %d answers to one packet; the rest is left "
			"out",
			OSC_REPLIES_MAX);
	return true;
}

/* What it has of the server's scratch is its own now. */
static void
put_aside(struct osc_bundle *b)
{
	struct osc *o = b->osc;

	b->changes = o->changes;
	memset(&o->changes, 0, sizeof(o->changes));
	b->replies_left = o->replies_left;
	if (b->doing)
		osc_bundle_hold_room(b);
}

bool
osc_bundle_go_on(struct osc_bundle *b)
{
	struct osc *o = b->osc;
	bool done;

	osc_changes_done(&o->changes);
	o->changes = b->changes;
	memset(&b->changes, 0, sizeof(b->changes));
	o->replies_left = b->replies_left;
	osc_bundle_drop_room(b);
	done = work(b);
	if (done)
		osc_changes_done(&o->changes);
	else
		put_aside(b);
	return done;
}

void
osc_bundle_end(struct osc_bundle *b)
{
	while (b->doing && !osc_bundle_go_on(b))
		osc_out_flush(b->osc);
}

void
osc_bundle_free(struct osc_bundle *b)
{
	if (!b)
		return;
	osc_bundle_drop_room(b);
	osc_changes_done(&b->changes);
	free(b->packet);
	free(b->step);
	free(b);
}

static void
move(struct osc_element *e, const uint8_t *from, const uint8_t *to)
{
	e->packet = to + ((const uint8_t *)e->packet - from);
}

/* A copy that stands alone, with all that the one on the stack has; or NULL. */
static struct osc_bundle *
keep(struct osc_bundle *b, const void *packet, size_t size_bytes)
{
	struct osc_bundle *own = malloc(sizeof(*own));
	void *copy = malloc(size_bytes);

	if (!own || !copy) {
		free(own);
		free(copy);
		return NULL;
	}
	memcpy(copy, packet, size_bytes);
	for (uint32_t i = 0; i < b->depth; i++)
		move(&b->level[i].bundle, packet, copy);
	for (uint32_t i = 0; i < b->steps; i++)
		move(&b->step[i].e, packet, copy);
	*own = *b;
	own->packet = copy;
	b->step = NULL;
	put_aside(own);
	return own;
}

/* For the next turns. 0 or -errno */
static int
put_in_line(struct osc_bundle *b, const void *packet, size_t size_bytes)
{
	struct osc_bundle **place;
	int res = osc_line_place(b->osc, &b->from, &place);

	if (res < 0)
		return res;
	*place = keep(b, packet, size_bytes);
	return *place ? 0 : -ENOMEM;
}

/* It cannot wait for the next turns. Half of what is begun would be worse than
 * a long turn. */
static void
end_now(struct osc_bundle *b, size_t size_bytes, int why)
{
	struct osc *o = b->osc;
	struct share_who who = osc_who(o, &b->from);

	if (b->doing) {
		do {
			osc_out_flush(o);
		} while (!work(b));
		return;
	}
	if (why == -ENOBUFS)
		osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"it takes long to read, and %u of your machine are "
			"read already, the most that one may have",
			o->lines_of.max - share_room(&o->lines_of, &who));
	else
		osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"no memory for %zu bytes", size_bytes);
}

void
osc_bundle_scratch_done(struct osc *o)
{
	osc_changes_done(&o->changes);
	free(o->step);
	o->step = NULL;
	o->step_cap = 0;
}

void
osc_bundle(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	struct osc_bundle b = {
		.osc = o, .from = *from, .step = o->step, .cap = o->step_cap};

	o->changes.count = 0;
	if (osc_bundle_take(&b, (struct osc_element){packet, size_bytes}) ==
			0 &&
		!work(&b)) {
		int res = put_in_line(&b, packet, size_bytes);

		if (res < 0)
			end_now(&b, size_bytes, res);
	}
	o->step = b.step;
	o->step_cap = b.step ? b.cap : 0;
	if (o->changes.cap > 1024 || o->step_cap > 1024)
		osc_bundle_scratch_done(o); /* large ones are rare */
}
