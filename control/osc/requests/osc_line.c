/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who sent a bundle that takes more than one turn: it is gone on with, one
 * peer's at a time, and what that peer sends meanwhile is done behind it. All
 * others go on as if it were not there. */
#include "control/osc/requests/osc_bundle.h"
#include "control/osc/requests/osc_dispatch.h"
#include "control/osc/requests/osc_line.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_serve.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/requests/osc_later.h"
#include "control/osc/answers/osc_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX  16 /* of all machines; see share.h */
#define HELD_MAX   256
#define HELD_BYTES (256u << 10)

struct held {
	struct held *next;
	struct osc_peer from;
	size_t size_bytes;
	uint32_t packet[]; /* aligned, as osc_dispatch() wants it */
};

struct osc_line {
	struct osc_line *next; /* the first one is next to go on */
	struct osc_peer from;
	struct share_who who;
	struct osc_bundle *bundle; /* NULL: what is held comes next */
	struct held *first, **last;
	uint32_t held;
	size_t held_bytes;
};

static struct osc_line **
find(struct osc *o, const struct osc_peer *from)
{
	struct osc_line **at = &o->lines;

	while (*at && !((*at)->from.way == from->way &&
			      (*at)->from.client == from->client &&
			      (*at)->from.port == from->port &&
			      osc_peer_same_host(&(*at)->from, from)))
		at = &(*at)->next;
	return at;
}

static void
append(struct osc *o, struct osc_line *l)
{
	struct osc_line **at = &o->lines;

	while (*at)
		at = &(*at)->next;
	l->next = NULL;
	*at = l;
}

static struct held *
take_held(struct osc_line *l)
{
	struct held *h = l->first;

	l->first = h->next;
	if (!l->first)
		l->last = &l->first;
	l->held--;
	l->held_bytes -= h->size_bytes;
	return h;
}

/* It is in no list. */
static void
line_free(struct osc *o, struct osc_line *l)
{
	while (l->first)
		free(take_held(l));
	osc_bundle_free(l->bundle);
	share_give(&o->lines_of, &l->who, 1);
	free(l);
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
	while (l->first && !l->bundle && o->work < OSC_BUNDLE_WORK) {
		struct held *h = take_held(l);

		osc_use_reply_port(o, &h->from);
		osc_dispatch_now(o, &h->from, h->packet, h->size_bytes);
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
		append(o, l);
	} else {
		osc_go_on(o, &l->from);
		line_free(o, l);
	}
	osc_flush(o);
	if (o->lines)
		timer_set(&o->lines_turn, 0);
}

int
osc_line_place(
	struct osc *o, const struct osc_peer *from, struct osc_bundle ***place)
{
	struct osc_line *l = *find(o, from);
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
		append(o, l);
		timer_set(&o->lines_turn, 0);
	}
	*place = &l->bundle;
	return 0;
}

bool
osc_line_waits(struct osc *o, const struct osc_peer *peer)
{
	return o->lines && *find(o, peer);
}

bool
osc_line_has_room(struct osc *o, const struct osc_peer *from)
{
	const struct osc_line *l = o->lines ? *find(o, from) : NULL;

	return !l || (l->held < HELD_MAX &&
			     l->held_bytes + OSC_PACKET_MAX <= HELD_BYTES);
}

bool
osc_line_holds(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	struct osc_line *l = o->lines ? *find(o, from) : NULL;
	struct held *h = NULL;

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
	h->size_bytes = size_bytes;
	memcpy(h->packet, packet, size_bytes);
	*l->last = h;
	l->last = &h->next;
	l->held++;
	l->held_bytes += size_bytes;
	return true;
}

void
osc_line_client_gone(struct osc *o, const struct osc_peer *peer)
{
	struct osc_line **at = find(o, peer), *l = *at;

	if (!l)
		return;
	*at = l->next;
	if (l->bundle)
		osc_bundle_end(l->bundle);
	line_free(o, l);
}

void
osc_line_open(struct osc *o)
{
	timer_init(&o->lines_turn, o->loop, on_turn, o);
	share_init(&o->lines_of, LINES_MAX);
}

void
osc_line_close(struct osc *o)
{
	timer_done(&o->lines_turn);
	while (o->lines) {
		struct osc_line *l = o->lines;

		o->lines = l->next;
		line_free(o, l);
	}
}
