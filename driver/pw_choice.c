/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which sink a stream's user has sent it to, by the words that the session
 * manager goes by, in its order: the metadata's, then the program's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/pw_private.h"

#define PARK_PREFIX "tapdeck.park-" /* of every run: no user's word */

/* A target is a number, of serials or of ids, or a name; "-1" is none. */
static const struct graph_object *
sink_of(const struct graph *g, const char *word, bool is_serial)
{
	const struct graph_object *node;
	char *end;
	uint64_t number = strtoull(word, &end, 10);

	if (*end || end == word || word[0] == '-') {
		node = graph_node_by_name(g, word);
		return node && heard_is_sink(node) ? node : NULL;
	}
	spa_list_for_each(node, &g->objects[GRAPH_NODE], link)
	{
		if ((is_serial ? node->serial : node->id) == number)
			return heard_is_sink(node) ? node : NULL;
	}
	return NULL;
}

const struct graph_object *
choice_elsewhere(const struct driver *d, const struct graph_object *node)
{
	const struct {
		const char *word;
		bool is_serial;
	} words[] = {
		{node->target_object, true},
		{node->target_node, false},
		{pw_properties_get(node->props, "target.object"), true},
		{pw_properties_get(node->props, "node.target"), false},
	};
	const struct graph_object *sink;

	for (size_t i = 0; i < SPA_N_ELEMENTS(words); i++) {
		if (!words[i].word || !strncmp(words[i].word, PARK_PREFIX,
					      strlen(PARK_PREFIX)))
			continue;
		sink = sink_of(&d->graph, words[i].word, words[i].is_serial);
		return sink && !buses_is_ours(d, sink) &&
				       !buses_is_room(d, sink)
			       ? sink
			       : NULL;
	}
	return NULL;
}
