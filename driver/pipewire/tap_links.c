/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ports of a stream are linked to which ports of its strip. */
#include "driver/pipewire/tap_links.h"
#include "driver/pipewire/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SAY_AFTER_NS 100000000u

/* CHANNEL_NONE: it has no place in a room, as the outputs of JACK programs and
 * of pro audio have none. */
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
	};
	const char *name = graph_prop(port, PW_KEY_AUDIO_CHANNEL);

	for (size_t i = 0; i < SPA_N_ELEMENTS(names); i++)
		if (!strcmp(names[i].name, name))
			return names[i].channel;
	return CHANNEL_NONE;
}

#define WIDE_NONE  (-1)
#define WIDE_LATER (-2)

/* Links into a group end a while after nobody wants them: who gets it before
 * that hears its last owner. */
static bool
wide_is_fed(const struct driver *d, int w)
{
	const struct graph_object *link, *port;
	const struct graph_object *own = driver_own_node(d);
	char group[32];

	if (!own)
		return false;
	snprintf(group, sizeof(group), "wide%d_", w + 1);
	spa_list_for_each(link, &own->links_in, of_in)
	{
		port = graph_find(&d->graph, GRAPH_PORT, link->in_port);
		if (port && link->out_node == d->wide_node[w] &&
			!strncmp(port->name, group, strlen(group)))
			return true;
	}
	return false;
}

/* The group that this stream has, or a free one; WIDE_LATER when one is about
 * to be free */
static int
wide_for(struct driver *d, uint64_t serial)
{
	int free_group = WIDE_NONE;

	for (int w = 0; w < WIDES; w++) {
		if (d->wide_serial[w] == serial)
			return w;
		if (d->wide_serial[w] || free_group >= 0)
			continue;
		free_group = wide_is_fed(d, w) ? WIDE_LATER : w;
	}
	return free_group;
}

static bool
serial_is_linked(const struct driver *d, uint64_t serial)
{
	const struct stream *s;

	for (s = NULL; (s = driver_next_stream(d, s));) {
		if (s->serial == serial)
			return s->linked;
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

/* What is said of a stream that is not heard whole; "" for one that is. */
static __attribute__((format(printf, 3, 4))) void
left_out(struct driver *d, struct stream *s, const char *format, ...)
{
	char text[APP_NOTE_MAX];
	va_list args;

	va_start(args, format);
	/* clang-tidy 14 does not see va_start().
	 * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (strcmp(text, s->left_out) != 0) {
		memcpy(s->left_out, text, strlen(text) + 1);
		s->left_out_ns = driver_now_ns();
		s->left_out_said = false;
	}
	if (!text[0] || s->left_out_said)
		return;
	/* The ports of a JACK program come one after another. */
	if (driver_now_ns() - s->left_out_ns < SAY_AFTER_NS) {
		d->waiting = true;
		return;
	}
	s->left_out_said = true;
	driver_say(d, "%s: %s", s->app->app.name, text);
}

static void
wide_links(struct driver *d, struct stream *s, uint32_t ports, int w)
{
	uint64_t use = (uint64_t)s->strip;
	uint32_t places = 0;
	char name[32];

	for (uint32_t i = 0; i < ports && i < CHANNELS_MAX; i++) {
		const struct graph_object *port =
			graph_port(&d->graph, s->node_id, true, false, i);
		uint32_t channel = channel_of(port);

		places += channel != CHANNEL_NONE;
		if (channel == CHANNEL_NONE) /* which would end the layout */
			channel = CHANNEL_LFE;
		use |= (uint64_t)channel << (32 + 4 * i);
		snprintf(name, sizeof(name), "wide%d_%u", w + 1, i + 1);
		links_want(&d->links, port, driver_own_port(d, name));
	}
	d->wide_serial[w] = s->serial;
	d->wide_node[w] = s->node_id;
	/* relaxed: one word, stored before its ports are linked */
	atomic_store_explicit(
		&d->node.cycle->wide_use[w], use, memory_order_relaxed);
	if (places < ports)
		left_out(d, s,
			"%u of its %u outputs are not heard: they have "
			"no place in stereo",
			ports - places, ports);
	else
		left_out(d, s, "%s", "");
}

/* Two ports of the stream, from this one on; a last one goes to both sides. */
static void
pair_links_to(struct driver *d, const struct stream *s, int strip,
	uint32_t first, uint32_t ports)
{
	static const char *const sides[] = {"FL", "FR"};
	char name[32];

	for (uint32_t i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "strip%d_%s", strip + 1, sides[i]);
		links_want(&d->links,
			graph_port(&d->graph, s->node_id, true, false,
				first + 1 < ports ? first + i : first),
			driver_own_port(d, name));
	}
}

static void
pair_links(struct driver *d, const struct stream *s, uint32_t first,
	uint32_t ports)
{
	pair_links_to(d, s, s->strip, first, ports);
	if (s->old_strip >= 0)
		pair_links_to(d, s, s->old_strip, first, ports);
}

static void
narrow_links(struct driver *d, struct stream *s, uint32_t ports, uint32_t pair)
{
	uint32_t first = pair ? 2 * (pair - 1) : 0;

	if (first >= ports) {
		pair_links(d, s, 0, ports);
		left_out(d, s,
			"it has %u outputs and no pair %u; its first "
			"are heard",
			ports, pair);
		return;
	}
	pair_links(d, s, first, ports);
	if (ports <= 2)
		left_out(d, s, "%s", "");
	else if (first + 1 == ports)
		left_out(d, s,
			"output %u of %u is heard; a rule's pair "
			"chooses others",
			first + 1, ports);
	else
		left_out(d, s,
			"outputs %u and %u of %u are heard; a rule's "
			"pair chooses others",
			first + 1, first + 2, ports);
}

/* Some port says where in a room it belongs. */
static bool
has_places(const struct driver *d, const struct stream *s, uint32_t ports)
{
	for (uint32_t i = 0; i < ports; i++)
		if (channel_of(graph_port(&d->graph, s->node_id, true, false,
			    i)) != CHANNEL_NONE)
			return true;
	return false;
}

/* Those for MIDI among them. */
static bool
all_announced(const struct graph_object *node)
{
	const struct graph_object *port;
	uint32_t n = 0;

	spa_list_for_each(port, &node->ports[true], of_node) n++;
	return n >= node->outputs;
}

static void
stream_links(struct driver *d, struct stream *s)
{
	const struct graph_object *node = graph_node(&d->graph, s->node_id);
	uint32_t ports = graph_ports(&d->graph, s->node_id, true, false);
	uint32_t pair = s->app->pair;
	int w;

	/* Not all of them yet: mono, for a moment, would be wrong. */
	if (!node || ports == 0 || !all_announced(node))
		return;
	if (ports <= 2 || pair || !has_places(d, s, ports)) {
		narrow_links(d, s, ports, pair);
		return;
	}
	w = wide_for(d, s->serial);
	if (w >= 0) {
		wide_links(d, s, ports, w);
		return;
	}
	if (w == WIDE_LATER) /* the graph changes when it is free */
		return;
	if (!d->wide_short)
		driver_say(d,
			"%s: only %d programs at once can have more than two "
			"channels; this one's first two are used",
			s->app->app.name, WIDES);
	d->wide_short = true;
	narrow_links(d, s, ports, 0);
}

void
tap_links(struct driver *d)
{
	struct stream *s;

	wide_collect(d);
	for (s = NULL; (s = driver_next_stream(d, s));) {
		if (s->linked && !s->blocked)
			stream_links(d, s);
	}
}
