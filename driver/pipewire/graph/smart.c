/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of filters is that of their nodes, but for what their `before` and
 * `after` say. What the metadata says counts more than a node's properties, and
 * is kept among them under a name of its own. */
#include "driver/pipewire/graph/smart.h"

#include <stdio.h>
#include <string.h>

#include <pipewire/extensions/metadata.h>
#include <spa/utils/json.h>

#include "driver/pipewire/graph/wireplumber.h"

#define SAID	 "tapdeck.filters:"
#define WORD_MAX 256

static const char *
word(const struct graph_object *node, const char *key)
{
	char said[64];
	const char *value;

	snprintf(said, sizeof(said), SAID "%s", key);
	value = pw_properties_get(node->props, said);
	return value ? value : graph_prop(node, key);
}

void
smart_said(struct graph_object *node, const char *key, const char *value)
{
	static const char *const keys[] = {"filter.smart", "filter.smart.name",
		"filter.smart.disabled", "filter.smart.target",
		"filter.smart.before", "filter.smart.after"};
	char said[64];

	for (size_t i = 0; i < SPA_N_ELEMENTS(keys); i++) {
		if (key && strcmp(key, keys[i]) != 0)
			continue;
		snprintf(said, sizeof(said), SAID "%s", keys[i]);
		pw_properties_set(node->props, said, key ? value : NULL);
	}
}

static bool
is_on(const struct graph_object *node)
{
	return graph_prop(node, PW_KEY_NODE_LINK_GROUP)[0] &&
	       !strncmp(graph_prop(node, PW_KEY_MEDIA_CLASS), "Audio/Sink",
		       10) &&
	       pw_properties_parse_bool(word(node, "filter.smart")) &&
	       !pw_properties_parse_bool(word(node, "filter.smart.disabled"));
}

/* The target is an object of properties that the sink has. */
static bool
stands_before(
	const struct graph_object *filter, const struct graph_object *sink)
{
	const char *target = word(filter, "filter.smart.target");
	struct spa_json it[2];
	char key[WORD_MAX], value[WORD_MAX];

	if (!target[0])
		return false;
	spa_json_init(&it[0], target, strlen(target));
	if (spa_json_enter_object(&it[0], &it[1]) <= 0)
		return false;
	while (spa_json_get_string(&it[1], key, sizeof(key)) > 0) {
		if (spa_json_get_string(&it[1], value, sizeof(value)) <= 0 ||
			strcmp(graph_prop(sink, key), value) != 0)
			return false;
	}
	return true;
}

static void
name_of(const struct graph_object *filter, char name[WORD_MAX])
{
	const char *given = word(filter, "filter.smart.name");
	struct spa_json it;

	spa_json_init(&it, given, strlen(given));
	/* a property is the name, the metadata has it as JSON */
	if (given[0] != '"' || spa_json_get_string(&it, name, WORD_MAX) <= 0)
		snprintf(name, WORD_MAX, "%s",
			given[0] ? given
				 : graph_prop(filter, PW_KEY_NODE_LINK_GROUP));
}

static bool
names(const struct graph_object *filter, const char *key,
	const struct graph_object *other)
{
	const char *list = word(filter, key);
	struct spa_json it[2];
	char name[WORD_MAX], value[WORD_MAX];

	name_of(other, name);
	spa_json_init(&it[0], list, strlen(list));
	if (spa_json_enter_array(&it[0], &it[1]) <= 0)
		return false;
	while (spa_json_get_string(&it[1], value, sizeof(value)) > 0)
		if (!strcmp(value, name))
			return true;
	return false;
}

static bool
comes_first(const struct graph_object *a, const struct graph_object *b)
{
	return names(a, "filter.smart.before", b) ||
	       names(b, "filter.smart.after", a);
}

static bool
is_asked(const struct graph_object *filter, const struct graph_object *sink,
	bool by_target)
{
	if (filter == sink || !is_on(filter))
		return false;
	return by_target ? stands_before(filter, sink)
			 : !word(filter, "filter.smart.target")[0];
}

static const struct graph_object *
first_of(const struct graph *g, const struct graph_object *sink, bool by_target)
{
	const struct graph_object *filter, *other, *any = NULL;

	spa_list_for_each(filter, &g->objects[GRAPH_NODE], link)
	{
		bool first = true;

		if (!is_asked(filter, sink, by_target))
			continue;
		any = any ? any : filter;
		spa_list_for_each(other, &g->objects[GRAPH_NODE], link)
		{
			if (other != filter &&
				is_asked(other, sink, by_target) &&
				comes_first(other, filter))
				first = false;
		}
		if (first)
			return filter;
	}
	return any; /* each says that it is behind another one */
}

const struct graph_object *
smart_before(const struct graph *g, const struct graph_object *sink)
{
	const struct graph_object *filter;

	if (!sink || !wireplumber_has_filters(g) || is_on(sink))
		return sink;
	filter = first_of(g, sink, true);
	if (!filter)
		filter = first_of(g, sink, false);
	return filter ? filter : sink;
}
