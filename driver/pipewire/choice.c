/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which sink a stream's user has sent it to, by the words that the session
 * manager goes by, in its order: the metadata's, then the program's own. As
 * long as it has not spoken, by the one that it remembers. */
#include <stdio.h>
#include <string.h>

#include "driver/clock.h"
#include "driver/pipewire/choice.h"
#include "driver/pipewire/graph/remembered.h"
#include "driver/pipewire/heard.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses_where.h"

/* When the default sink changes, each stream follows a little later. */
#define DOUBT_NS    1000000000ull
#define READ_NS	    100000000ull
#define PARK_PREFIX "tapdeck.park-" /* of every run: no user's word */

static const struct graph_object *
sink_of(const struct graph *g, const char *word, bool is_serial)
{
	const struct graph_object *node =
		wireplumber_target(g, word, is_serial);

	return node && heard_is_sink(node) ? node : NULL;
}

static const struct graph_object *
if_elsewhere(const struct driver *d, const struct graph_object *sink)
{
	return sink && !buses_is_ours(d, sink) && !buses_is_room(d, sink)
		       ? sink
		       : NULL;
}

struct word {
	const char *text;
	bool is_serial;
};

/* The first of them that is there and not ours; NULL: none is */
static const struct word *
first_of(const struct word *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (words[i].text && strncmp(words[i].text, PARK_PREFIX,
					     strlen(PARK_PREFIX)) != 0)
			return &words[i];
	}
	return NULL;
}

const struct graph_object *
choice_elsewhere(const struct driver *d, const struct stream *s,
	const struct graph_object *node)
{
	const struct word words[] = {
		{node->target_object, true},
		{node->target_node, false},
		{pw_properties_get(node->props, "target.object"), true},
		{pw_properties_get(node->props, "node.target"), false},
		{s->remembered[0] ? s->remembered : NULL, false},
	};
	const struct word *w = first_of(words, SPA_N_ELEMENTS(words));

	return w ? if_elsewhere(d, sink_of(&d->graph, w->text, w->is_serial))
		 : NULL;
}

/* What the session manager will begin it with the next time, before its file
 * says so. A word that goes says nothing: its sink was unplugged, or the
 * session manager went with all its words. */
static void
note_word(struct driver *d, struct stream *s, const struct graph_object *node)
{
	const struct word words[] = {
		{node->target_object, true},
		{node->target_node, false},
	};
	const struct word *w = first_of(words, SPA_N_ELEMENTS(words));
	const struct graph_object *sink =
		w ? sink_of(&d->graph, w->text, w->is_serial) : NULL;

	if ((sink ? sink->serial : 0) == s->noted)
		return;
	s->noted = sink ? sink->serial : 0;
	if (!sink)
		return;
	s->sent = true;
	recent_note(&d->recent, &node->props->dict, sink->name,
		clock_ns(CLOCK_REALTIME));
}

/* By what was heard of it, and else by its file */
static bool
remembers(struct driver *d, struct stream *s, const struct spa_dict *props)
{
	uint64_t written_ns;

	remembered_sink(&d->remembered, wireplumber_version(&d->graph), props,
		s->remembered, sizeof(s->remembered), &written_ns);
	recent_sink(&d->recent, props, written_ns, s->remembered,
		sizeof(s->remembered));
	return s->remembered[0];
}

/* It restores the word before it makes the first link. */
static bool
manager_has_spoken(const struct driver *d, const struct stream *s,
	const struct graph_object *node)
{
	return node->target_object || node->target_node ||
	       stream_heard(d, s, HEARD_BY_MANAGER) ||
	       stream_heard(d, s, HEARD_PARKED);
}

/* It restores none where the program has its own, or the sink is gone. Where it
 * has linked it already, its word may yet not have been told. */
void
choice_begin(
	struct driver *d, struct stream *s, const struct graph_object *node)
{
	const struct spa_dict *props = &node->props->dict;

	if (spa_dict_lookup(props, "target.object") ||
		spa_dict_lookup(props, "node.target"))
		return;
	s->sent = remembers(d, s, props) &&
		  sink_of(&d->graph, s->remembered, false);
	if (!s->sent || manager_has_spoken(d, s, node))
		s->remembered[0] = '\0';
}

/* The session manager does as it is told. Where it has a stream that is not
 * ours is what was said last, also where that was not told to us. One that is
 * on its way to us may still be where it was. */
static bool
contradicts(const struct driver *d, const struct stream *s,
	const struct graph_object *node)
{
	const struct graph_object *is = heard_sink(d, s);
	const struct graph_object *said = choice_elsewhere(d, s, node);

	if (!is || (s->parked && s->step != STEP_ON && !s->doubt_ns))
		return false;
	return said ? is != said : !buses_is_room(d, is);
}

void
choice_look(struct driver *d, struct stream *s, const struct graph_object *node)
{
	uint64_t now = driver_now_ns();

	note_word(d, s, node);
	if (s->remembered[0] && manager_has_spoken(d, s, node))
		s->remembered[0] = '\0';
	if (!contradicts(d, s, node)) {
		s->doubt_ns = 0;
		return;
	}
	if (!s->doubt_ns)
		s->doubt_ns = now;
	if (now - s->doubt_ns >= DOUBT_NS)
		return;
	d->waiting = true;
	if (now - d->read_ns >= READ_NS && graph_read_again(&d->graph))
		d->read_ns = now;
}

bool
choice_is_doubted(struct driver *d, const struct stream *s)
{
	if (!s->doubt_ns || driver_now_ns() - s->doubt_ns >= DOUBT_NS)
		return false;
	d->waiting = true;
	return true;
}
