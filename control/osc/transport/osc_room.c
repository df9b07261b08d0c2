/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/transport/osc_room.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

/* Whom a newcomer may displace. */
struct choice {
	const struct osc_peer *host; /* of this machine only; NULL: of any */
	bool far_only;
};

static bool
may_displace(const struct osc_seat *seat, const struct choice *c)
{
	if (c->host)
		return osc_peer_same_host(seat->peer, c->host);
	return seat->far || !c->far_only;
}

static int
displaced(const struct osc_seat *seat, const struct choice *c, uint64_t now_ns,
	uint64_t silence_ns)
{
	int longest = -1;

	for (int i = 0; i < OSC_ROOM_MAX; i++) {
		const struct osc_seat *s = &seat[i];

		if (!s->peer || !may_displace(s, c))
			continue;
		if (s->gone)
			return i;
		if (s->keeps || now_ns - s->heard_ns < silence_ns)
			continue;
		if (longest < 0 || s->heard_ns < seat[longest].heard_ns)
			longest = i;
	}
	return longest;
}

int
osc_room_find(const struct osc_seat *seat, const struct osc_peer *who, bool far,
	uint64_t now_ns, uint64_t silence_ns)
{
	uint32_t fars = 0, hosts = 0;
	struct choice c = {NULL, far};
	int first = -1, place;

	for (int i = OSC_ROOM_MAX - 1; i >= 0; i--) {
		if (!seat[i].peer) {
			first = i;
		} else if (seat[i].far) {
			fars++;
			hosts += osc_peer_same_host(seat[i].peer, who);
		}
	}
	if (far && hosts >= OSC_ROOM_HOST)
		c.host = who;
	else if (first >= 0 && (!far || fars < OSC_ROOM_FAR))
		return first;
	place = displaced(seat, &c, now_ns, silence_ns);
	if (place >= 0)
		return place;
	return c.host ? -EDQUOT : -EUSERS;
}

void
osc_room_why(int error, const struct osc_seat *seat, const char *what,
	char *why, uint32_t size)
{
	uint32_t all = 0, fars = 0;

	for (int i = 0; i < OSC_ROOM_MAX; i++) {
		all += seat[i].peer != NULL;
		fars += seat[i].peer && seat[i].far;
	}
	if (error == -EDQUOT)
		snprintf(why, size,
			"your machine has %d %s already, the most that one "
			"may have, and none has been silent for long",
			OSC_ROOM_HOST, what);
	else
		snprintf(why, size,
			"there are %u %s already, %u of this machine and %u of "
			"others; at most %d, others %d, and none has been "
			"silent for long",
			all, what, all - fars, fars, OSC_ROOM_MAX,
			OSC_ROOM_FAR);
}
