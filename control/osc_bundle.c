/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bundles.
 *
 * All of a packet is read before anything of it is done: what is not understood
 * is left out and told, the rest becomes steps, each with its moment. A value
 * that is refused refuses all of it. Then, moment by moment, the steps are done
 * in the order of the packet; changes in a row are made as one, at one frame.
 *
 * Of a moment that is to come the changes in front are posted to the mixer for
 * their sample, and what follows the first get or service waits in
 * osc_later.c. */
#include "control/osc_own.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HEAD_BYTES    16		  /* of a bundle */
#define AHEAD_TOLD_NS UINT64_C(100000000) /* more than anybody's latency */

struct element {
	const void *packet;
	size_t size_bytes;
};

/* A message that was understood: a set, or something to be done. */
struct step {
	uint64_t when_ns; /* CLOCK_REALTIME; 0: now */
	uint32_t place;	  /* in the packet */
	uint32_t first;	  /* of the changes */
	uint32_t changes; /* 0: a get or a service */
	bool altered;	  /* a value is not the one that was asked for */
	struct element e;
};

struct reading {
	struct osc *osc;
	const struct osc_peer *from;
	uint64_t now_ns; /* CLOCK_REALTIME, the same for the whole packet */
	struct step *step;
	uint32_t steps, cap;
};

/* ---- reading ---- */

static int
step_add(struct reading *r, const struct step *step)
{
	if (r->steps == r->cap) {
		uint32_t cap = r->cap ? 2 * r->cap : 32;
		void *more = realloc(r->step, cap * sizeof(*r->step));

		if (!more) {
			osc_refuse(r->osc, r->from, "#bundle", OSC_CAUSE_BUNDLE,
				"no memory for %u messages", cap);
			return -ENOMEM;
		}
		r->step = more;
		r->cap = cap;
	}
	r->step[r->steps] = *step;
	r->step[r->steps].place = r->steps;
	r->steps++;
	return 0;
}

/* 0 also when it is left out; below, the whole packet is refused. */
static int
collect_message(struct reading *r, struct element e, uint64_t when_ns)
{
	struct osc *o = r->osc;
	struct step step = {
		.when_ns = when_ns, .first = o->changes.count, .e = e};
	struct osc_request request;
	int res =
		osc_request_open(o, &request, r->from, e.packet, e.size_bytes);

	bool set = res == 0 && osc_request_is_set(o, &request);

	o->work++;
	o->changes.altered = false;
	if (set)
		res = osc_set_collect(o, &request);
	osc_request_close(&request);
	step.changes = o->changes.count - step.first;
	step.altered = o->changes.altered;
	if (set && step.changes == 0 && res == 0)
		return 0; /* it is what it was told */
	if (res == 0)
		return step_add(r, &step);
	return res == -ENOENT ? 0 : res;
}

static int collect(struct reading *r, struct element bundle,
	uint64_t around_timetag, uint64_t around_ns);

static int
collect_nested(struct reading *r, struct element e, uint64_t around_timetag,
	uint64_t around_ns)
{
	uint64_t timetag = osc_packet_timetag(e.packet);

	if (osc_timetag_realtime_ns(timetag) == 0 || timetag >= around_timetag)
		return collect(r, e, around_timetag, around_ns);
	osc_refuse(r->osc, r->from, "#bundle", OSC_CAUSE_BUNDLE,
		"a nested bundle is due before the one around it; allowed: the "
		"same time or later");
	return 0;
}

/* A time of 1, immediately, is with the bundle around it. */
static int
collect(struct reading *r, struct element bundle, uint64_t around_timetag,
	uint64_t around_ns)
{
	uint64_t timetag = osc_packet_timetag(bundle.packet);
	uint64_t when_ns = osc_timetag_realtime_ns(timetag);
	struct element e;
	size_t at = 0;
	int res = 0;

	if (when_ns == 0) {
		timetag = around_timetag;
		when_ns = around_ns;
	}
	if (when_ns <= r->now_ns)
		when_ns = 0;
	while (res == 0 && (e.packet = osc_packet_next(bundle.packet,
				    bundle.size_bytes, &at, &e.size_bytes))) {
		if (osc_packet_is_bundle(e.packet, e.size_bytes))
			res = collect_nested(r, e, timetag, when_ns);
		else
			res = collect_message(r, e, when_ns);
	}
	return res;
}

/* ---- in the order of time ---- */

/* Latest first: those for now, which cannot fail, come last. */
static int
compare(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->when_ns != y->when_ns)
		return x->when_ns > y->when_ns ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* The steps by their moments, and the changes as the steps have them. */
static int
sort(struct reading *r)
{
	struct osc_changes *list = &r->osc->changes;
	struct param_change *sorted;
	uint32_t i = 1, n = 0;

	while (i < r->steps && r->step[i].when_ns == r->step[0].when_ns)
		i++;
	if (i >= r->steps)
		return 0;
	sorted = calloc(list->cap + 1, sizeof(*sorted));
	if (!sorted) {
		osc_refuse(r->osc, r->from, "#bundle", OSC_CAUSE_BUNDLE,
			"no memory for %u changes", list->count);
		return -ENOMEM;
	}
	qsort(r->step, r->steps, sizeof(*r->step), compare);
	for (i = 0; i < r->steps; i++) {
		struct step *s = &r->step[i];

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
moment_end(const struct reading *r, uint32_t first)
{
	uint32_t end = first;

	while (end < r->steps && r->step[end].when_ns == r->step[first].when_ns)
		end++;
	return end;
}

/* How many changes stand in a row, and where that ends. */
static uint32_t
changes_in_row(const struct reading *r, uint32_t first, uint32_t *end)
{
	uint32_t n = 0, last = *end;

	for (*end = first; *end < last && r->step[*end].changes > 0; ++*end)
		n += r->step[*end].changes;
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
check_room(struct reading *r, uint32_t changes, uint32_t packets, size_t bytes)
{
	struct osc *o = r->osc;
	struct share_who who = osc_who(o, r->from);
	uint32_t changes_max,
		room = param_schedule_room(o->params, &who, &changes_max);
	struct osc_later_room later = osc_later_room(o, &who);
	struct osc_later_room max = osc_later_room_max(o);

	if (changes > room) {
		osc_refuse(o, r->from, "#bundle", OSC_CAUSE_BUNDLE,
			"%u changes to come, and room for %u; at most %u of "
			"one machine may wait",
			changes, room, changes_max);
		return -ENOBUFS;
	}
	if (packets > later.packets || bytes > later.bytes) {
		osc_refuse(o, r->from, "#bundle", OSC_CAUSE_BUNDLE,
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
check_times(struct reading *r)
{
	struct osc *o = r->osc;
	uint32_t changes = 0, packets = 0;
	size_t bytes = 0;

	for (uint32_t i = 0, end; i < r->steps; i = end) {
		uint64_t when_ns = r->step[i].when_ns, ahead_ns;
		uint32_t row_end = end = moment_end(r, i);

		if (when_ns == 0)
			continue;
		ahead_ns = when_ns - r->now_ns;
		if (ahead_ns > PARAM_AHEAD_MAX_NS) {
			osc_refuse(o, r->from, "#bundle", OSC_CAUSE_BUNDLE,
				"a timetag that is too far ahead, %.1f s; at "
				"most 10 s; is its clock right?",
				(double)ahead_ns / 1e9);
			return -E2BIG;
		}
		tell_ahead(o, r->from, ahead_ns);
		changes += changes_in_row(r, i, &row_end);
		if (row_end < end) {
			packets++;
			bytes += HEAD_BYTES;
		}
		for (; row_end < end; row_end++)
			bytes += r->step[row_end].e.size_bytes + 4;
	}
	return check_room(r, changes, packets, bytes);
}

/* These steps as a bundle without a time. */
static int
wait(struct reading *r, uint32_t first, uint32_t end, uint64_t when_ns)
{
	static const uint8_t head[HEAD_BYTES] = {
		'#', 'b', 'u', 'n', 'd', 'l', 'e', [15] = 1};
	size_t size_bytes = sizeof(head);
	uint8_t *packet, *at;

	for (uint32_t i = first; i < end; i++)
		size_bytes += 4 + r->step[i].e.size_bytes;
	packet = malloc(size_bytes);
	if (!packet)
		return -ENOMEM;
	memcpy(packet, head, sizeof(head));
	at = packet + sizeof(head);
	for (uint32_t i = first; i < end; i++) {
		size_t size = r->step[i].e.size_bytes;

		*at++ = (uint8_t)(size >> 24);
		*at++ = (uint8_t)(size >> 16);
		*at++ = (uint8_t)(size >> 8);
		*at++ = (uint8_t)size;
		memcpy(at, r->step[i].e.packet, size);
		at += size;
	}
	return osc_later_add(
		r->osc, r->from, packet, size_bytes, when_ns - r->now_ns);
}

/* Whose the changes are. Who has to hear what came of one hears of them all. */
static uint32_t
source_of(const struct reading *r, uint32_t first, uint32_t end)
{
	for (uint32_t i = first; i < end; i++)
		if (r->step[i].altered)
			return PARAM_SOURCE_NONE;
	return osc_subs_source(r->osc, r->from);
}

static int
schedule(struct reading *r, uint32_t first, uint32_t end)
{
	struct osc *o = r->osc;
	uint64_t when_ns = r->step[first].when_ns;
	uint32_t row_end = end;
	uint32_t n = changes_in_row(r, first, &row_end);
	struct share_who who = osc_who(o, r->from);
	int res = param_schedule(o->params,
		o->changes.change + r->step[first].first, n, when_ns,
		source_of(r, first, row_end), &who);

	if (res == 0 && row_end < end)
		res = wait(r, row_end, end, when_ns);
	if (res < 0)
		osc_refuse(o, r->from, "#bundle", OSC_CAUSE_BUNDLE,
			"no room for what is to come");
	else
		osc_run_console(o);
	return res;
}

/* ---- now ---- */

static void
do_one(struct reading *r, struct element e)
{
	struct osc *o = r->osc;
	struct osc_request request;

	if (!osc_may_answer(o))
		return;
	if (osc_request_open(o, &request, r->from, e.packet, e.size_bytes) ==
		0) {
		o->replies_left--;
		osc_answer(o, &request);
	}
	osc_request_close(&request);
}

static void
tell_altered(struct reading *r, uint32_t first, uint32_t end)
{
	struct osc *o = r->osc;

	for (uint32_t i = first; i < end; i++) {
		const struct step *s = &r->step[i];

		if (s->altered)
			osc_set_tell(o, r->from, s->e.packet,
				o->changes.change + s->first, s->changes);
	}
}

static void
do_all(struct reading *r, uint32_t first, uint32_t end)
{
	struct osc *o = r->osc;

	while (first < end) {
		uint32_t row_end = end;
		uint32_t n = changes_in_row(r, first, &row_end);

		if (n > 0) {
			osc_set_apply(o, r->from,
				o->changes.change + r->step[first].first, n);
			tell_altered(r, first, row_end);
		} else {
			do_one(r, r->step[row_end++].e);
		}
		first = row_end;
	}
}

static void
run(struct reading *r)
{
	if (sort(r) < 0 || check_times(r) < 0)
		return;
	for (uint32_t i = 0, end; i < r->steps; i = end) {
		end = moment_end(r, i);
		if (r->step[i].when_ns == 0)
			do_all(r, i, end);
		else if (schedule(r, i, end) < 0)
			return;
	}
}

static uint64_t
realtime_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void
osc_bundle(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	struct reading r = {.osc = o, .from = from, .now_ns = realtime_ns()};

	o->changes.count = 0;
	if (collect(&r, (struct element){packet, size_bytes}, 0, 0) == 0)
		run(&r);
	free(r.step);
	if (!osc_may_answer(o))
		osc_refuse(o, from, "#bundle", OSC_CAUSE_BUNDLE,
			"more than %d answers to one packet; the rest is left "
			"out",
			OSC_REPLIES_MAX);
	if (o->changes.cap > 1024)
		osc_changes_done(&o->changes); /* large ones are rare */
}
