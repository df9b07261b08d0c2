/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three programs on one strip, without PipeWire: what else the driver
 * has is here, and answers as the test says. One test file includes it. */
#ifndef TAP_RIG_H
#define TAP_RIG_H

#include <string.h>

#include "driver/pipewire/choice.h"
#include "driver/pipewire/crowd.h"
#include "driver/pipewire/heard.h"
#include "driver/pipewire/kind.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses_where.h"
#include "driver/pipewire/tap.h"
#include "driver/pipewire/tap_strip.h"
#include "tests/graph_rig.h"

#define OWN 9 /* our node, if there is one in the graph */

static uint64_t now_ns;
static bool arrived[3]; /* by node_id */
static int posts;

/* ---- what else the driver has ---- */

uint64_t
driver_now_ns(void)
{
	return now_ns;
}

bool
links_active(const struct links *l, uint32_t node_id)
{
	(void)l;
	return arrived[node_id];
}

bool
mixer_post(struct mixer *m, const struct message *msgs, uint32_t count)
{
	(void)m, (void)msgs, (void)count;
	posts++;
	return true;
}

bool
rate_settled(const struct driver *d)
{
	(void)d;
	return true;
}

void
driver_say(struct driver *d, const char *format, ...)
{
	(void)d, (void)format;
}

uint32_t
node_id(const struct node *node)
{
	(void)node;
	return OWN;
}

/* ---- nobody lacks room, and all may be taken ---- */

void
crowd_count(struct driver *d)
{
	(void)d;
}

bool
crowd_enter(struct driver *d, struct stream *s)
{
	(void)d, (void)s;
	return true;
}

const char *
kind_why_not_taken(const struct driver *d, const struct stream *s)
{
	(void)d, (void)s;
	return NULL;
}

static bool doubted[3]; /* by node_id */

bool
choice_is_doubted(struct driver *d, const struct stream *s)
{
	(void)d;
	return doubted[s->node_id];
}

/* ---- the session manager, and where it has them ---- */

static bool in_room[3]; /* by node_id */

const struct graph_object *
buses_park_sink(const struct driver *d)
{
	(void)d;
	return NULL;
}

bool
stream_heard(const struct driver *d, const struct stream *s, enum heard_by by)
{
	(void)d;
	return in_room[s->node_id] &&
	       (by == HEARD_BY_MANAGER || by == HEARD_IN_ROOM);
}

void
heard_cut(struct driver *d, const struct stream *s, enum heard_by by)
{
	(void)d, (void)s, (void)by;
}

int
supervisor_client_park(struct supervisor_client *w, uint64_t serial, bool sent)
{
	(void)w, (void)serial, (void)sent;
	return 0;
}

int
supervisor_client_restore(struct supervisor_client *w, uint64_t serial)
{
	(void)w, (void)serial;
	return 0;
}

/* ---- three programs ---- */

#define A 0
#define B 1

struct rig {
	struct driver d;
	struct cycle cycle;
	struct tapped app[3];
	struct stream s[3];
};

static int
rig_new(void **state)
{
	static struct rig r;

	memset(&r, 0, sizeof(r));
	memset(arrived, 0, sizeof(arrived));
	memset(in_room, 0, sizeof(in_room));
	memset(doubted, 0, sizeof(doubted));
	now_ns = 1000 * MS;
	r.d.running = r.d.ran = true;
	r.d.rate_hz = 48000;
	r.d.node.cycle = &r.cycle;
	graph_init(&r.d.graph);
	spa_list_init(&r.d.apps);
	for (uint32_t i = 0; i < 3; i++) {
		struct stream *s = &r.s[i];

		*s = (struct stream){.app = &r.app[i],
			.node_id = i,
			.serial = i + 1,
			.strip = A,
			.old_strip = -1,
			.step = STEP_ON,
			.linked = true,
			.parked = true};
		r.app[i].strip = A;
		r.app[i].tap = TAP_TAKE;
		spa_list_init(&r.app[i].streams);
		spa_list_append(&r.app[i].streams, &s->link);
		spa_list_append(&r.d.apps, &r.app[i].link);
	}
	*state = &r;
	return 0;
}

#endif
