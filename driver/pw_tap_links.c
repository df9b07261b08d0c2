/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ports of a stream are linked to which ports of its strip. */
#include "driver/pw_private.h"

#include <stdio.h>
#include <string.h>

static const struct graph_object *
own_port(const struct driver *d, const char *name)
{
	return graph_port_by_name(&d->graph, node_id(&d->node), name);
}

static uint32_t
channel_of(const struct graph_object *port)
{
	static const struct {
		const char *name;
		uint32_t channel;
	} names[] = {
		{"MONO", CHANNEL_MONO},
		{"FL", CHANNEL_FL},
		{"FR", CHANNEL_FR},
		{"FC", CHANNEL_FC},
		{"LFE", CHANNEL_LFE},
		{"SL", CHANNEL_SL},
		{"SR", CHANNEL_SR},
		{"RL", CHANNEL_RL},
		{"RR", CHANNEL_RR},
		{"RC", CHANNEL_RC},
		{"AUX0", CHANNEL_FL},
		{"AUX1", CHANNEL_FR},
	};
	const char *name = graph_prop(port, PW_KEY_AUDIO_CHANNEL);

	for (size_t i = 0; i < SPA_N_ELEMENTS(names); i++)
		if (!strcmp(names[i].name, name))
			return names[i].channel;
	return CHANNEL_LFE; /* unknown: left out */
}

/* The group that this stream has, or a free one; -1 when there is none */
static int
wide_for(struct driver *d, uint64_t serial)
{
	int free_group = -1;

	for (int w = 0; w < WIDES; w++) {
		if (d->wide_serial[w] == serial)
			return w;
		if (!d->wide_serial[w] && free_group < 0)
			free_group = w;
	}
	return free_group;
}

static bool
serial_is_linked(const struct driver *d, uint64_t serial)
{
	const struct tapped *t;
	const struct stream *s;

	spa_list_for_each(t, &d->apps, link)
	{
		spa_list_for_each(s, &t->streams, link)
		{
			if (s->serial == serial)
				return s->linked;
		}
	}
	return false;
}

static void
wide_collect(struct driver *d)
{
	for (int w = 0; w < WIDES; w++) {
		if (!d->wide_serial[w] ||
			serial_is_linked(d, d->wide_serial[w]))
			continue;
		d->wide_serial[w] = 0;
		/* relaxed: one word, and its ports are being unlinked */
		atomic_store_explicit(
			&d->node.cycle->wide_use[w], 0, memory_order_relaxed);
	}
}

static void
wide_links(struct driver *d, const struct stream *s, uint32_t ports, int w)
{
	uint64_t use = (uint64_t)s->strip;
	char name[32];

	for (uint32_t i = 0; i < ports && i < CHANNELS_MAX; i++) {
		const struct graph_object *port =
			graph_port(&d->graph, s->node_id, true, false, i);

		use |= (uint64_t)channel_of(port) << (32 + 4 * i);
		snprintf(name, sizeof(name), "wide%d_%u", w + 1, i + 1);
		links_want(&d->links, port, own_port(d, name));
	}
	d->wide_serial[w] = s->serial;
	/* relaxed: one word, stored before its ports are linked */
	atomic_store_explicit(
		&d->node.cycle->wide_use[w], use, memory_order_relaxed);
}

static void
narrow_links(struct driver *d, const struct stream *s, uint32_t ports)
{
	static const char *const sides[] = {"FL", "FR"};
	char name[32];

	for (uint32_t i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "strip%d_%s", s->strip + 1,
			sides[i]);
		links_want(&d->links,
			graph_port(&d->graph, s->node_id, true, false,
				ports == 1 ? 0 : i),
			own_port(d, name));
	}
}

static void
stream_links(struct driver *d, const struct stream *s)
{
	const struct graph_object *node =
		graph_find(&d->graph, GRAPH_NODE, s->node_id);
	uint32_t ports = graph_ports(&d->graph, s->node_id, true, false);
	int w;

	/* Not all of them announced yet: mono, for a moment, would be wrong. */
	if (!node || ports == 0 || ports < node->outputs)
		return;
	if (ports <= 2) {
		narrow_links(d, s, ports);
		return;
	}
	w = wide_for(d, s->serial);
	if (w >= 0) {
		wide_links(d, s, ports, w);
		return;
	}
	if (!d->wide_short)
		driver_say(d,
			"%s: only %d programs at once can have more than two "
			"channels; this one's first two are used",
			s->app->app.name, WIDES);
	d->wide_short = true;
	narrow_links(d, s, ports);
}

void
tap_links(struct driver *d)
{
	struct tapped *t;
	struct stream *s;

	wide_collect(d);
	spa_list_for_each(t, &d->apps, link)
	{
		spa_list_for_each(s, &t->streams, link)
		{
			if (s->linked)
				stream_links(d, s);
		}
	}
}
