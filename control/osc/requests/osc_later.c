/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets that wait for their moment, each done then as if it came then. */
#include "control/osc/requests/osc_later.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/osc/answers/osc_ways.h"
#include "control/osc/requests/osc_line.h"
#include "control/osc/requests/osc_set.h"

/* Due, and its peer's line is full: it stays, with its share, until there is
 * room. What of that peer is due later stays as well. */
static bool
is_stuck(struct osc *o, const struct osc_later *l, uint64_t now_ns)
{
	return l->due_ns <= now_ns && !osc_line_has_room(o, &l->from);
}

/* Due, and behind what another peer's line is not done with. Its own line keeps
 * its order by itself. */
static bool
is_behind(struct osc *o, const struct osc_later *l, uint64_t now_ns)
{
	return l->due_ns <= now_ns && l->due_ns > osc_line_due(o) &&
	       !osc_line_waits(o, &l->from);
}

static bool
can_go(struct osc *o, const struct osc_later *l, uint64_t now_ns)
{
	return !is_stuck(o, l, now_ns) && !is_behind(o, l, now_ns);
}

/* Nothing is made that is later than this, or than what is being done. */
static void
behind(struct osc *o, uint64_t moment_ns)
{
	uint64_t doing_ns = osc_line_due(o);

	param_schedule_behind(
		o->params, doing_ns < moment_ns ? doing_ns : moment_ns);
}

/* For the first one that can be done; osc_turn.c calls for the others. What is
 * scheduled for later than that comes behind it. */
static void
arm(struct osc *o)
{
	uint64_t now_ns = loop_now_ns();
	const struct osc_later *l = o->later;

	while (l && !can_go(o, l, now_ns))
		l = l->next;
	behind(o, l ? l->due_ns : UINT64_MAX);
	if (l)
		timer_set(&o->later_due,
			l->due_ns > now_ns ? l->due_ns - now_ns : 0);
}

void
osc_later_go_on(struct osc *o)
{
	arm(o);
	osc_run_model(o); /* what came behind what is done */
}

void
osc_later_up_to(struct osc *o, uint64_t moment_ns)
{
	behind(o, moment_ns);
	osc_run_model(o);
}

static struct osc_later_room
room_of(const struct osc_later *l)
{
	return (struct osc_later_room){1, (uint32_t)l->size_bytes};
}

/* Takes it out of the list. */
static struct osc_later *
take(struct osc *o, struct osc_later **at)
{
	struct osc_later *l = *at;

	*at = l->next;
	osc_later_drop(o, &l->who, room_of(l));
	return l;
}

void
osc_later_free(struct osc_later *l)
{
	free(l->packet);
	free(l);
}

struct osc_later *
osc_later_due(struct osc *o, struct osc_later ***at)
{
	uint64_t now_ns = loop_now_ns();

	while (**at && (**at)->due_ns <= now_ns) {
		if (can_go(o, **at, now_ns))
			return take(o, *at);
		*at = &(**at)->next;
	}
	return NULL;
}

bool
osc_later_is_before(const struct osc *o, uint64_t moment_ns)
{
	return o->later && o->later->due_ns < moment_ns &&
	       osc_line_is_waited_for(o->later->due_ns, loop_now_ns());
}

struct osc_later_room
osc_later_room(const struct osc *o, const struct share_who *who)
{
	return (struct osc_later_room){share_room(&o->later_count, who),
		share_room(&o->later_bytes, who)};
}

struct osc_later_room
osc_later_room_max(const struct osc *o)
{
	return (struct osc_later_room){o->later_count.max, o->later_bytes.max};
}

bool
osc_later_hold(
	struct osc *o, const struct share_who *who, struct osc_later_room room)
{
	if (!share_take(&o->later_count, who, room.packets))
		return false;
	if (share_take(&o->later_bytes, who, room.bytes))
		return true;
	share_give(&o->later_count, who, room.packets);
	return false;
}

void
osc_later_drop(
	struct osc *o, const struct share_who *who, struct osc_later_room room)
{
	share_give(&o->later_count, who, room.packets);
	share_give(&o->later_bytes, who, room.bytes);
}

int
osc_later_add(struct osc *o, const struct osc_peer *from, void *packet,
	size_t size_bytes, uint64_t realtime_ns)
{
	struct osc_later *l = calloc(1, sizeof(*l)), **at = &o->later;

	if (!l) {
		free(packet);
		return -ENOMEM;
	}
	l->due_ns = param_schedule_moment(o->params, realtime_ns);
	l->from = *from;
	l->who = osc_who(o, from);
	l->packet = packet;
	l->size_bytes = size_bytes;
	if (!osc_later_hold(o, &l->who, room_of(l))) {
		osc_later_free(l);
		return -ENOBUFS;
	}
	while (*at && (*at)->due_ns <= l->due_ns)
		at = &(*at)->next;
	l->next = *at;
	*at = l;
	arm(o);
	return 0;
}

void
osc_later_client_gone(struct osc *o, const struct osc_peer *peer)
{
	struct osc_later **at = &o->later;

	while (*at) {
		if (osc_peer_equal(&(*at)->from, peer))
			osc_later_free(take(o, at));
		else
			at = &(*at)->next;
	}
	osc_later_go_on(o);
}
