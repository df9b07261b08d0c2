/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets that wait for their moment, each done then as if it came then. */
#include "control/osc_own.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX 1024
#define BYTES_MAX (1u << 20)
/* What the console sets at that moment comes first: the error of the conversion
 * between the two clocks. */
#define BEHIND_NS UINT64_C(100000)

struct osc_later {
	struct osc_later *next; /* by due_ns, then as they came */
	uint64_t due_ns;	/* CLOCK_MONOTONIC */
	struct osc_peer from;
	void *packet;
	size_t size_bytes;
};

static void
arm(struct osc *o)
{
	uint64_t now_ns = loop_now_ns();

	if (o->later)
		osc_timer_arm(&o->later_due, o->later->due_ns > now_ns
						     ? o->later->due_ns - now_ns
						     : 0);
}

/* Takes it out of the list. */
static struct osc_later *
take(struct osc *o, struct osc_later **at)
{
	struct osc_later *l = *at;

	*at = l->next;
	o->later_count--;
	o->later_bytes -= l->size_bytes;
	return l;
}

static void
later_free(struct osc_later *l)
{
	free(l->packet);
	free(l);
}

static void
on_due(void *data)
{
	struct osc *o = data;

	osc_run_console(o);
	while (o->later && o->later->due_ns <= loop_now_ns()) {
		struct osc_later *l = take(o, &o->later);

		osc_dispatch(o, &l->from, l->packet, l->size_bytes);
		later_free(l);
	}
	osc_tcp_flush(o->tcp);
	arm(o);
}

bool
osc_later_has_room(const struct osc *o, size_t size_bytes)
{
	return o->later_count < COUNT_MAX &&
	       size_bytes <= BYTES_MAX - o->later_bytes;
}

int
osc_later_add(struct osc *o, const struct osc_peer *from, void *packet,
	size_t size_bytes, uint64_t after_ns)
{
	struct osc_later *l = calloc(1, sizeof(*l)), **at = &o->later;

	if (!l || !osc_later_has_room(o, size_bytes)) {
		free(packet);
		free(l);
		return l ? -ENOBUFS : -ENOMEM;
	}
	l->due_ns = loop_now_ns() + after_ns + BEHIND_NS;
	l->from = *from;
	l->packet = packet;
	l->size_bytes = size_bytes;
	while (*at && (*at)->due_ns <= l->due_ns)
		at = &(*at)->next;
	l->next = *at;
	*at = l;
	o->later_count++;
	o->later_bytes += size_bytes;
	arm(o);
	return 0;
}

void
osc_later_client_gone(struct osc *o, const struct osc_peer *peer)
{
	struct osc_later **at = &o->later;

	while (*at) {
		if (osc_peer_equal(&(*at)->from, peer))
			later_free(take(o, at));
		else
			at = &(*at)->next;
	}
}

void
osc_later_open(struct osc *o)
{
	osc_timer_init(&o->later_due, o->loop, on_due, o);
}

void
osc_later_close(struct osc *o)
{
	osc_timer_done(&o->later_due);
	while (o->later)
		later_free(take(o, &o->later));
}
