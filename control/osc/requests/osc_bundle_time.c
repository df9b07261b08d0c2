/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The times of a bundle: its steps in their order, and what is to come. */
#include "control/osc/requests/osc_bundle.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/requests/osc_set.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/subscribers/osc_subscribers.h"
#include "control/osc/answers/osc_log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AHEAD_TOLD_NS UINT64_C(100000000) /* more than anybody's latency */

/* ---- in the order of time ---- */

/* Those without a time first, then as they are due. */
static int
compare(const void *a, const void *b)
{
	const struct osc_step *x = a, *y = b;

	if (x->when_ns != y->when_ns)
		return x->when_ns < y->when_ns ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* The changes as their steps have them. */
static void
changes_follow(struct osc_bundle *b, const struct param_change *from,
	struct param_change *to)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->steps; i++) {
		struct osc_step *s = &b->step[i];

		if (s->changes)
			memcpy(to + n, from + s->first,
				s->changes * sizeof(*to));
		s->first = n;
		n += s->changes;
	}
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

int
osc_bundle_sort(struct osc_bundle *b)
{
	struct osc_changes *list = &b->osc->changes;
	struct param_change *was;

	if (moment_end(b, 0) == b->steps)
		return 0;
	was = calloc(list->count + 1, sizeof(*was));
	if (!was) {
		osc_refuse(b->osc, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"no memory for %u changes", list->count);
		return -ENOMEM;
	}
	if (list->count)
		memcpy(was, list->change, list->count * sizeof(*was));
	qsort(b->step, b->steps, sizeof(*b->step), compare);
	changes_follow(b, was, list->change);
	free(was);
	return 0;
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

/* For what of this moment must wait. */
static struct osc_bundle_room
moment_room(const struct osc_bundle *b, uint32_t first, uint32_t end)
{
	struct osc_bundle_room room = {0};
	uint32_t row_end = end;

	room.changes = changes_in_row(b, first, &row_end);
	if (row_end == end)
		return room;
	room.later = (struct osc_later_room){1, OSC_BUNDLE_HEAD_BYTES};
	for (uint32_t i = row_end; i < end; i++)
		room.later.bytes += (uint32_t)b->step[i].e.size_bytes + 4;
	return room;
}

/* For all that is to come. */
static struct osc_bundle_room
room_to_come(const struct osc_bundle *b)
{
	struct osc_bundle_room all = {.who = osc_who(b->osc, &b->from)};

	for (uint32_t i = b->at, end; i < b->steps; i = end) {
		struct osc_bundle_room room;

		end = moment_end(b, i);
		if (osc_bundle_is_due(b, i))
			continue;
		room = moment_room(b, i, end);
		all.changes += room.changes;
		all.later.packets += room.later.packets;
		all.later.bytes += room.later.bytes;
	}
	return all;
}

static int
check_room(struct osc_bundle *b)
{
	struct osc *o = b->osc;
	struct osc_bundle_room want = room_to_come(b);
	struct osc_later_room later = osc_later_room(o, &want.who);
	struct osc_later_room max = osc_later_room_max(o);
	uint32_t changes_max, changes;

	changes = param_schedule_room(o->params, &want.who, &changes_max);
	if (want.changes > changes) {
		osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"%u changes to come, and room for %u; at most %u of "
			"one machine may wait",
			want.changes, changes, changes_max);
		return -ENOBUFS;
	}
	if (want.later.packets > later.packets ||
		want.later.bytes > later.bytes) {
		osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"%u packets of %u bytes to come, and room for %u of "
			"%u; at most %u of %u bytes of one machine may wait",
			want.later.packets, want.later.bytes, later.packets,
			later.bytes, max.packets, max.bytes);
		return -ENOBUFS;
	}
	return 0;
}

int
osc_bundle_check_times(struct osc_bundle *b)
{
	struct osc *o = b->osc;
	bool to_come = false;

	for (uint32_t i = 0; i < b->steps; i = moment_end(b, i)) {
		uint64_t ahead_ns;

		if (osc_bundle_is_due(b, i))
			continue;
		ahead_ns = b->step[i].when_ns - b->now_ns;
		if (ahead_ns > PARAM_AHEAD_MAX_NS) {
			osc_refuse(o, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
				"a timetag that is too far ahead, %.1f s; at "
				"most 10 s; is its clock right?",
				(double)ahead_ns / 1e9);
			return -E2BIG;
		}
		tell_ahead(o, &b->from, ahead_ns);
		to_come = true;
	}
	return to_come ? check_room(b) : 0;
}

void
osc_bundle_hold_room(struct osc_bundle *b)
{
	struct osc_bundle_room *room = &b->room;
	struct osc *o = b->osc;

	*room = room_to_come(b);
	if (!param_schedule_hold(o->params, &room->who, room->changes))
		room->changes = 0;
	if (!osc_later_hold(o, &room->who, room->later))
		room->later = (struct osc_later_room){0};
}

void
osc_bundle_drop_room(struct osc_bundle *b)
{
	struct osc_bundle_room *room = &b->room;
	struct osc *o = b->osc;

	param_schedule_drop(o->params, &room->who, room->changes);
	osc_later_drop(o, &room->who, room->later);
	memset(room, 0, sizeof(*room));
}

/* These steps as a bundle without a time. */
static int
wait(struct osc_bundle *b, uint32_t first, uint32_t end, uint64_t when_ns)
{
	size_t size_bytes = OSC_BUNDLE_HEAD_BYTES;
	uint8_t *packet, *at;

	for (uint32_t i = first; i < end; i++)
		size_bytes += 4 + b->step[i].e.size_bytes;
	packet = malloc(size_bytes);
	if (!packet)
		return -ENOMEM;
	at = osc_packet_begin(packet);
	for (uint32_t i = first; i < end; i++)
		at = osc_packet_put(
			at, b->step[i].e.packet, b->step[i].e.size_bytes);
	return osc_later_add(b->osc, &b->from, packet, size_bytes, when_ns);
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
moment_schedule(struct osc_bundle *b, uint32_t first, uint32_t end)
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
	return res;
}

/* The model goes on when it knows all of them: of moments that the mixer has
 * passed already, a later one would else be made before an earlier one. */
void
osc_bundle_schedule(struct osc_bundle *b)
{
	int res = 0;

	while (b->at < b->steps && res == 0) {
		uint32_t first = b->at;

		b->at = moment_end(b, first);
		res = moment_schedule(b, first, b->at);
	}
	b->at = b->steps;
	osc_run_model(b->osc);
	if (res < 0)
		osc_refuse(b->osc, &b->from, "#bundle", OSC_CAUSE_BUNDLE,
			"no room for what is to come");
}
