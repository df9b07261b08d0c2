/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bundles: every change in them, nested ones included, is found good before
 * the first is made. The changes of one moment are made as one, at one frame,
 * in their order; gets and services are answered after that, in theirs. */
#include "control/osc_own.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct element {
	const void *packet;
	size_t size_bytes;
};

/* A change and its place, for a sort that keeps the order. */
struct timed {
	uint64_t when_ns;
	uint32_t place;
};

static uint64_t
realtime_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int
collect_message(struct osc *o, const struct osc_peer *from, struct element e,
	uint64_t when_ns)
{
	struct osc_request r;
	int res = osc_request_open(&r, from, e.packet, e.size_bytes);

	o->work++;
	if (res < 0)
		osc_refuse(o, from, e.packet, OSC_CAUSE_PACKET,
			"arguments that cannot be read");
	else if (osc_request_is_set(o, &r))
		res = osc_set_collect(o, &r, when_ns);
	osc_request_close(&r);
	return res;
}

/* now_ns: CLOCK_REALTIME, the same for the whole packet. */
static int
collect(struct osc *o, const struct osc_peer *from, struct element bundle,
	uint64_t now_ns)
{
	uint64_t timetag = osc_packet_timetag(bundle.packet);
	uint64_t when_ns = osc_timetag_realtime_ns(timetag);
	struct element e;
	size_t at = 0;
	int res = 0;

	if (when_ns <= now_ns)
		when_ns = 0;
	while (res == 0 && (e.packet = osc_packet_next(bundle.packet,
				    bundle.size_bytes, &at, &e.size_bytes))) {
		if (!osc_packet_is_bundle(e.packet)) {
			res = collect_message(o, from, e, when_ns);
		} else if (osc_packet_timetag(e.packet) < timetag) {
			osc_refuse(o, from, "#bundle", OSC_CAUSE_BUNDLE,
				"a nested bundle is due before the one around "
				"it; allowed: the same time or later");
			res = -EINVAL;
		} else {
			res = collect(o, from, e, now_ns);
		}
	}
	return res;
}

static int
schedule(struct osc *o, const struct osc_peer *from,
	const struct param_change *changes, uint32_t count, uint64_t when_ns)
{
	int res = param_schedule(
		o->params, changes, count, when_ns, osc_subs_source(o, from));

	if (res == -E2BIG)
		osc_refuse(o, from, "#bundle", OSC_CAUSE_BUNDLE,
			"a timetag that is too far ahead; at most 10 s");
	else if (res < 0)
		osc_refuse(o, from, "#bundle", OSC_CAUSE_BUNDLE,
			"%u changes to come; too many wait already", count);
	else
		osc_run_console(o);
	return res;
}

/* Latest first, so that a moment too far ahead is refused before anything is
 * done, and those for now, which cannot fail, come last. */
static int
compare(const void *a, const void *b)
{
	const struct timed *x = a, *y = b;

	if (x->when_ns != y->when_ns)
		return x->when_ns > y->when_ns ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* The list in runs of one moment each. */
static void
apply_runs(struct osc *o, const struct osc_peer *from,
	const struct param_change *sorted, const struct timed *timed,
	uint32_t count)
{
	for (uint32_t first = 0, end; first < count; first = end) {
		uint64_t when_ns = timed[first].when_ns;

		for (end = first; end < count; end++)
			if (timed[end].when_ns != when_ns)
				break;
		if (when_ns == 0)
			osc_set_apply(o, from, sorted + first, end - first);
		else if (schedule(o, from, sorted + first, end - first,
				 when_ns) < 0)
			return;
	}
}

static void
apply_sorted(struct osc *o, const struct osc_peer *from)
{
	struct osc_changes *list = &o->changes;
	struct timed *timed = calloc(list->count, sizeof(*timed));
	struct param_change *sorted = calloc(list->count, sizeof(*sorted));

	if (list->count > param_schedule_room(o->params)) {
		/* before any of its moments is taken: all or nothing */
		osc_refuse(o, from, "#bundle", OSC_CAUSE_BUNDLE,
			"%u changes to come; too many wait already",
			list->count);
	} else if (timed && sorted) {
		for (uint32_t i = 0; i < list->count; i++)
			timed[i] = (struct timed){list->when_ns[i], i};
		qsort(timed, list->count, sizeof(*timed), compare);
		for (uint32_t i = 0; i < list->count; i++)
			sorted[i] = list->change[timed[i].place];
		apply_runs(o, from, sorted, timed, list->count);
	} else {
		osc_refuse(o, from, "#bundle", OSC_CAUSE_BUNDLE,
			"no memory for %u changes", list->count);
	}
	free(timed);
	free(sorted);
}

static void
apply(struct osc *o, const struct osc_peer *from)
{
	struct osc_changes *list = &o->changes;

	for (uint32_t i = 1; i < list->count; i++) {
		if (list->when_ns[i] != list->when_ns[0]) {
			apply_sorted(o, from);
			return;
		}
	}
	if (list->count == 0)
		return;
	if (list->when_ns[0] == 0)
		osc_set_apply(o, from, list->change, list->count);
	else
		schedule(o, from, list->change, list->count, list->when_ns[0]);
}

static void
answer_all(struct osc *o, const struct osc_peer *from, struct element bundle)
{
	struct element e;
	size_t at = 0;

	while ((e.packet = osc_packet_next(bundle.packet, bundle.size_bytes,
			&at, &e.size_bytes)) &&
		osc_may_answer(o)) {
		struct osc_request r;

		if (osc_packet_is_bundle(e.packet)) {
			answer_all(o, from, e);
			continue;
		}
		if (osc_request_open(&r, from, e.packet, e.size_bytes) == 0 &&
			!osc_request_is_set(o, &r)) {
			o->replies_left--;
			osc_answer(o, &r);
		}
		osc_request_close(&r);
	}
}

void
osc_bundle(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	struct element bundle = {packet, size_bytes};

	o->changes.count = 0;
	if (collect(o, from, bundle, realtime_ns()) < 0)
		return;
	apply(o, from);
	answer_all(o, from, bundle);
	if (!osc_may_answer(o))
		osc_refuse(o, from, "#bundle", OSC_CAUSE_BUNDLE,
			"more than %d answers to one packet; the rest is left "
			"out",
			OSC_REPLIES_MAX);
	if (o->changes.cap > 1024)
		osc_changes_done(&o->changes); /* large ones are rare */
}
