/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The silent sink that taken programs are parked on.
 *
 * It is there only beside another sink: alone it would be the default one, and
 * who begins to play would be silent. When the last other one goes, without the
 * cable, WirePlumber may name it before it is gone as well: 0.4 and 0.5 take an
 * only sink at any priority, and of a class that they do not look at it would
 * hang the pulse server's clients (see sound_device.h).
 *
 * Destroyed by somebody it is made anew, by its name: the session manager then
 * brings back by itself who belongs to it. */
#include "driver/supervisor/park/park.h"

#include <errno.h>
#include <string.h>

#include "driver/pipewire/sinks/sound_device.h"

/* Of the pulse server, as long as no other sink is there: ours would end it. */
#define FALLBACK_NAME "auto_null"

static void
on_removed(void *data)
{
	struct park *p = data;

	park_sink_drop(p);
	if (contest_lost(&p->park_contest)) {
		p->park_given_up = true;
		park_say(p,
			"another program removes the silent sink as often as "
			"it is made; programs are copied, not taken");
		return;
	}
	park_say(p, "somebody has removed the silent sink; it is made "
		    "anew, and its programs are taken again");
	park_sink_look(p);
}

static void
on_error(void *data, int seq, int res, const char *message)
{
	(void)seq;
	park_say(data, "no silent sink: %s (%s)", message, strerror(-res));
}

static const struct pw_proxy_events events = {
	PW_VERSION_PROXY_EVENTS,
	.removed = on_removed,
	.error = on_error,
};

static void
make(struct park *p)
{
	p->park_proxy = sound_device_park_new(p->graph.core, p->park_sink);
	if (p->park_proxy)
		pw_proxy_add_listener(p->park_proxy, &p->park_hook, &events, p);
	else
		park_say(p, "no silent sink: %s", strerror(errno));
}

void
park_sink_drop(struct park *p)
{
	if (!p->park_proxy)
		return;
	spa_hook_remove(&p->park_hook);
	pw_proxy_destroy(p->park_proxy);
	p->park_proxy = NULL;
}

/* The cable goes with its engine. */
static bool
is_beside(const struct park *p, const struct park_node *n)
{
	return n->is_sink && strcmp(n->name, p->park_sink) != 0 &&
	       strcmp(n->name, FALLBACK_NAME) != 0 &&
	       (p->engine_lives ||
		       strcmp(n->name, SOUND_DEVICE_CABLE_NAME) != 0);
}

void
park_sink_look(struct park *p)
{
	const struct park_node *n;
	bool beside = false;

	if (!p->park_sink[0] || !p->graph.core)
		return;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		beside |= is_beside(p, n);
	}
	if (!beside)
		park_sink_drop(p);
	else if (!p->park_proxy && !p->park_given_up)
		make(p);
}
