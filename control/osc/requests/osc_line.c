/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/requests/osc_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_ways.h"

#define OTHERS_WAIT_NS UINT64_C(250000000)
#define HELD_MAX       256
#define HELD_BYTES     (256u << 10)

struct osc_line **
osc_line_find(struct osc *o, const struct osc_peer *from)
{
	struct osc_line **at = &o->lines;

	while (*at && !((*at)->from.way == from->way &&
			      (*at)->from.client == from->client &&
			      (*at)->from.port == from->port &&
			      osc_peer_same_host(&(*at)->from, from)))
		at = &(*at)->next;
	return at;
}

void
osc_line_append(struct osc *o, struct osc_line *l)
{
	struct osc_line **at = &o->lines;

	while (*at)
		at = &(*at)->next;
	l->next = NULL;
	*at = l;
}

/* They stand in the order of their moments. */
static uint64_t
held_due(const struct osc_line *l)
{
	const struct osc_held *h = l->first;

	while (h && !h->due_ns)
		h = h->next;
	return h ? h->due_ns : 0;
}

struct osc_held *
osc_line_take(struct osc_line *l)
{
	struct osc_held *h = l->first;

	l->first = h->next;
	if (!l->first)
		l->last = &l->first;
	l->held--;
	l->held_bytes -= h->size_bytes;
	if (h->due_ns)
		l->held_due_ns = held_due(l);
	return h;
}

void
osc_line_free(struct osc *o, struct osc_line *l)
{
	while (l->first)
		free(osc_line_take(l));
	share_give(&o->lines_of, &l->who, 1);
	free(l);
}

int
osc_line_place(
	struct osc *o, const struct osc_peer *from, struct osc_bundle ***place)
{
	struct osc_line *l = *osc_line_find(o, from);
	struct share_who who = osc_who(o, from);

	if (!l) {
		if (!share_take(&o->lines_of, &who, 1))
			return -ENOBUFS;
		l = calloc(1, sizeof(*l));
		if (!l) {
			share_give(&o->lines_of, &who, 1);
			return -ENOMEM;
		}
		l->from = *from;
		l->who = who;
		l->last = &l->first;
		osc_line_append(o, l);
		timer_set(&o->lines_turn, 0);
	}
	l->due_ns = o->due_ns;
	*place = &l->bundle;
	return 0;
}

bool
osc_line_is_waited_for(uint64_t due_ns, uint64_t now_ns)
{
	return due_ns && now_ns < due_ns + OTHERS_WAIT_NS;
}

uint64_t
osc_line_due(const struct osc *o)
{
	uint64_t first_ns = UINT64_MAX, now_ns;

	if (!o->lines)
		return first_ns;
	now_ns = loop_now_ns();
	for (const struct osc_line *l = o->lines; l; l = l->next) {
		if (l->bundle && l->due_ns < first_ns &&
			osc_line_is_waited_for(l->due_ns, now_ns))
			first_ns = l->due_ns;
		if (l->held_due_ns < first_ns &&
			osc_line_is_waited_for(l->held_due_ns, now_ns))
			first_ns = l->held_due_ns;
	}
	return first_ns;
}

bool
osc_line_waits(struct osc *o, const struct osc_peer *peer)
{
	return o->lines && *osc_line_find(o, peer);
}

bool
osc_line_has_room(struct osc *o, const struct osc_peer *from)
{
	const struct osc_line *l = o->lines ? *osc_line_find(o, from) : NULL;

	return !l || (l->held < HELD_MAX &&
			     l->held_bytes + OSC_PACKET_MAX <= HELD_BYTES);
}

bool
osc_line_holds(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	struct osc_line *l = o->lines ? *osc_line_find(o, from) : NULL;
	struct osc_held *h = NULL;

	if (!l)
		return false;
	if (l->held < HELD_MAX && l->held_bytes + size_bytes <= HELD_BYTES)
		h = malloc(sizeof(*h) + size_bytes);
	if (!h) {
		o->counters.lost++;
		osc_refuse(o, from, "#bundle", OSC_CAUSE_BUNDLE,
			"a packet behind it is left out: at most %d of %u "
			"bytes wait until it is read",
			HELD_MAX, HELD_BYTES);
		return true;
	}
	h->next = NULL;
	h->from = *from;
	h->due_ns = o->due_ns;
	h->size_bytes = size_bytes;
	memcpy(h->packet, packet, size_bytes);
	*l->last = h;
	l->last = &h->next;
	l->held++;
	l->held_bytes += size_bytes;
	if (!l->held_due_ns)
		l->held_due_ns = h->due_ns;
	return true;
}
