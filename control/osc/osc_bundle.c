/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bundles.
 *
 * All of a packet is read before anything of it is done (osc_bundle_read.c).
 * Then, moment by moment, the steps are done in the order of the packet;
 * changes in a row are made as one, at one frame.
 *
 * Of a moment that is to come the changes in front are posted to the mixer for
 * their sample, and what follows the first get or service waits in
 * osc_later.c. */
#include "control/osc/osc_bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HEAD_BYTES    16		  /* of a bundle */
#define AHEAD_TOLD_NS UINT64_C(100000000) /* more than anybody's latency */
#define APPLY_WORK    8			  /* changes, per work */

/* ---- in the order of time ---- */

/* Latest first: those for now, which cannot fail, come last. */
static int
compare(const void *a, const void *b)
{
	const struct osc_step *x = a, *y = b;

	if (x->when_ns != y->when_ns)
		return x->when_ns > y->when_ns ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* The steps by their moments, and the changes as the steps have them. */
static int
sort(struct osc_bundle *b)
{
	struct osc_changes *list = &b->osc->changes;
	struct param_change *sorted;
	uint32_t i = 1, n = 0;

	while (i < b->steps && b->step[i].when_ns == b->step[0].when_ns)
		i++;
	if (i >= b->steps)
		return 0;
	sorted = calloc(list->cap + 1, sizeof(*sorted));
	if (!sorted) {
		osc_refuse(b->osc, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"no memory for %u changes", list->count);
		return -ENOMEM;
	}
	qsort(b->step, b->steps, sizeof(*b->step), compare);
	for (i = 0; i < b->steps; i++) {
		struct osc_step *s = &b->step[i];

		if (s->changes)
			memcpy(sorted + n, list->change + s->first,
				s->changes * sizeof(*sorted));
		s->first = n;
		n += s->changes;
	}
	free(list->change);
	list->change = sorted;
	list->cap++;
	return 0;
}

/* The end of the steps of one moment, from first on. */
static uint32_t
moment_end(const struct osc_bundle *b, uint32_t first)
{
	uint32_t end = first;

	while (end < b->steps && b->step[end].when_ns == b->step[first].when_ns)
		end++;
	return end;
}

/* How many changes stand in a row, and where that ends. */
static uint32_t
changes_in_row(const struct osc_bundle *b, uint32_t first, uint32_t *end)
{
	uint32_t n = 0, last = *end;

	for (*end = first; *end < last && b->step[*end].changes > 0; ++*end)
		n += b->step[*end].changes;
	return n;
}

/* ---- what is to come ---- */

/* Said once of each machine: its clock may be meant, or wrong. */
static void
tell_ahead(struct osc *o, const struct osc_peer *from, uint64_t ahead_ns)
{
	uint32_t known =
		o->ahead_told < OSC_AHEAD_TOLD ? o->ahead_told : OSC_AHEAD_TOLD;

	if (ahead_ns <= AHEAD_TOLD_NS || !osc_is_far(o, from))
		return;
	for (uint32_t i = 0; i < known; i++)
		if (osc_peer_same_host(&o->ahead[i], from))
			return;
	o->ahead[o->ahead_told++ % OSC_AHEAD_TOLD] = *from;
	osc_log(o, OSC_CAUSE_CLOCK, from,
		"its bundles are for %.3f s from now, and wait as long; if "
		"that is not meant, its clock is ahead of this machine's",
		(double)ahead_ns / 1e9);
}

static int
check_room(
	struct osc_bundle *b, uint32_t changes, uint32_t packets, size_t bytes)
{
	struct osc *o = b->osc;
	struct share_who who = osc_who(o, &b->from);
	uint32_t changes_max,
		room = param_schedule_room(o->params, &who, &changes_max);
	struct osc_later_room later = osc_later_room(o, &who);
	struct osc_later_room max = osc_later_room_max(o);

	if (changes > room) {
		osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"%u changes to come, and room for %u; at most %u of "
			"one machine may wait",
			changes, room, changes_max);
		return -ENOBUFS;
	}
	if (packets > later.packets || bytes > later.bytes) {
		osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"%u packets of %zu bytes to come, and room for %u of "
			"%u; at most %u of %u bytes of one machine may wait",
			packets, bytes, later.packets, later.bytes, max.packets,
			max.bytes);
		return -ENOBUFS;
	}
	return 0;
}

/* Before any of its moments is taken: all or nothing. */
static int
check_times(struct osc_bundle *b)
{
	struct osc *o = b->osc;
	uint32_t changes = 0, packets = 0;
	size_t bytes = 0;

	for (uint32_t i = 0, end; i < b->steps; i = end) {
		uint64_t when_ns = b->step[i].when_ns, ahead_ns;
		uint32_t row_end = end = moment_end(b, i);

		if (when_ns == 0)
			continue;
		ahead_ns = when_ns - b->now_ns;
		if (ahead_ns > PARAM_AHEAD_MAX_NS) {
			osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
				"a timetag that is too far ahead, %.1f s; at "
				"most 10 s; is its clock right?",
				(double)ahead_ns / 1e9);
			return -E2BIG;
		}
		tell_ahead(o, &b->from, ahead_ns);
		changes += changes_in_row(b, i, &row_end);
		if (row_end < end) {
			packets++;
			bytes += HEAD_BYTES;
		}
		for (; row_end < end; row_end++)
			bytes += b->step[row_end].e.size_bytes + 4;
	}
	return check_room(b, changes, packets, bytes);
}

/* These steps as a bundle without a time. */
static int
wait(struct osc_bundle *b, uint32_t first, uint32_t end, uint64_t when_ns)
{
	static const uint8_t head[HEAD_BYTES] = {
		'#', 'b', 'u', 'n', 'd', 'l', 'e', [15] = 1};
	size_t size_bytes = sizeof(head);
	uint8_t *packet, *at;

	for (uint32_t i = first; i < end; i++)
		size_bytes += 4 + b->step[i].e.size_bytes;
	packet = malloc(size_bytes);
	if (!packet)
		return -ENOMEM;
	memcpy(packet, head, sizeof(head));
	at = packet + sizeof(head);
	for (uint32_t i = first; i < end; i++) {
		size_t size = b->step[i].e.size_bytes;

		*at++ = (uint8_t)(size >> 24);
		*at++ = (uint8_t)(size >> 16);
		*at++ = (uint8_t)(size >> 8);
		*at++ = (uint8_t)size;
		memcpy(at, b->step[i].e.packet, size);
		at += size;
	}
	return osc_later_add(
		b->osc, &b->from, packet, size_bytes, when_ns - b->now_ns);
}

/* Whose the changes are. Who has to hear what came of one hears of them all. */
static uint32_t
source_of(const struct osc_bundle *b, uint32_t first, uint32_t end)
{
	for (uint32_t i = first; i < end; i++)
		if (b->step[i].altered)
			return PARAM_SOURCE_NONE;
	return osc_subs_source(b->osc, &b->from);
}

static int
schedule(struct osc_bundle *b, uint32_t first, uint32_t end)
{
	struct osc *o = b->osc;
	uint64_t when_ns = b->step[first].when_ns;
	uint32_t row_end = end;
	uint32_t n = changes_in_row(b, first, &row_end);
	struct share_who who = osc_who(o, &b->from);
	int res = param_schedule(o->params,
		o->changes.change + b->step[first].first, n, when_ns,
		source_of(b, first, row_end), &who);

	if (res == 0 && row_end < end)
		res = wait(b, row_end, end, when_ns);
	if (res < 0)
		osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"no room for what is to come");
	else
		osc_run_console(o);
	return res;
}

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
		osc_answer(o, &request);
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

/* As far as this turn allows. */
static bool
do_some(struct osc_bundle *b)
{
	struct osc *o = b->osc;

	while (b->at < b->steps) {
		uint32_t first = b->at, n;

		if (osc_bundle_pauses(b))
			return false;
		b->at = b->steps;
		n = changes_in_row(b, first, &b->at);
		if (n > 0) {
			o->work += n / APPLY_WORK;
			osc_set_apply(o, &b->from,
				o->changes.change + b->step[first].first, n);
			tell_altered(b, first, b->at);
		} else {
			o->work++;
			do_one(b, b->step[b->at++].e);
		}
	}
	return true;
}

static uint64_t
realtime_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* What has come due while it was read is for now. */
static void
look_at_clock(struct osc_bundle *b)
{
	b->now_ns = realtime_ns();
	for (uint32_t i = 0; i < b->steps; i++)
		if (b->step[i].when_ns <= b->now_ns)
			b->step[i].when_ns = 0;
}

/* All of it is known: the moments to come are seen to, and those that are done
 * now are the last ones. 0 or -errno */
static int
begin(struct osc_bundle *b)
{
	look_at_clock(b);
	if (sort(b) < 0 || check_times(b) < 0)
		return -EINVAL;
	while (b->at < b->steps && b->step[b->at].when_ns > 0) {
		uint32_t end = moment_end(b, b->at);

		if (schedule(b, b->at, end) < 0)
			return -EINVAL;
		b->at = end;
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
	done = work(b);
	if (done)
		osc_changes_done(&o->changes);
	else
		put_aside(b);
	return done;
}

void
osc_bundle_free(struct osc_bundle *b)
{
	if (!b)
		return;
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
osc_bundle(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	struct osc_bundle b = {
		.osc = o, .from = *from, .now_ns = realtime_ns()};

	o->changes.count = 0;
	osc_bundle_enter(&b, (struct osc_element){packet, size_bytes});
	if (!work(&b)) {
		int res = put_in_line(&b, packet, size_bytes);

		if (res < 0)
			end_now(&b, size_bytes, res);
	}
	free(b.step);
	if (o->changes.cap > 1024)
		osc_changes_done(&o->changes); /* large ones are rare */
}
