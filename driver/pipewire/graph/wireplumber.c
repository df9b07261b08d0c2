/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/graph/wireplumber.h"

#include <stdlib.h>
#include <string.h>

#include <pipewire/keys.h>
#include <spa/utils/json.h>

/* From 0.5 on it has its settings in a metadata of their own, before it does
 * anything else. */
enum wireplumber
wireplumber_version(const struct graph *g)
{
	if (graph_metadata(g, "sm-settings"))
		return WIREPLUMBER_0_5;
	return graph_metadata(g, "default") ? WIREPLUMBER_0_4
					    : WIREPLUMBER_NONE;
}

/* None reads the other one's, which a change of version leaves behind. */
const char *
wireplumber_streams_file(enum wireplumber version, unsigned n)
{
	static const char *const names[][3] = {
		[WIREPLUMBER_NONE] = {"stream-properties", "restore-stream"},
		[WIREPLUMBER_0_4] = {"restore-stream"},
		[WIREPLUMBER_0_5] = {"stream-properties"},
	};

	return names[version][n];
}

const char *
wireplumber_stream_key(unsigned n)
{
	static const char *const keys[] = {PW_KEY_MEDIA_ROLE, PW_KEY_APP_ID,
		PW_KEY_APP_NAME, PW_KEY_MEDIA_NAME, PW_KEY_NODE_NAME};

	return n < SPA_N_ELEMENTS(keys) ? keys[n] : NULL;
}

/* The value of a line KEY TAIL = ..., up to its end, without its escapes.
 * Free it; NULL when there is none. */
static char *
value_of(const char *text, const char *key, const char *tail)
{
	size_t length = strlen(key), more = strlen(tail);
	char *value, *to;

	for (; text; text = strchr(text, '\n'), text += text != NULL) {
		if (!strncmp(text, key, length) &&
			!strncmp(text + length, tail, more) &&
			text[length + more] == '=')
			break;
	}
	if (!text)
		return NULL;
	text += length + more + 1;
	value = to = strndup(text, strcspn(text, "\n"));
	for (const char *from = value; from && *from; from++) {
		bool escaped = from[0] == '\\' && from[1];

		from += escaped;
		/* \s is a blank; no tab and no line is in a name */
		*to++ = escaped && *from == 's' ? ' ' : *from;
	}
	if (to)
		*to = '\0';
	return value;
}

/* Also without its quotes, as people write it. */
static bool
is_text(const char *value, int n)
{
	return !spa_json_is_container(value, n) &&
	       !spa_json_is_null(value, n) && !spa_json_is_bool(value, n);
}

bool
wireplumber_text(
	const char *json, const char *name, char *text, size_t size_bytes)
{
	struct spa_json it[2];
	const char *value;
	char key[64];
	int n;

	text[0] = '\0';
	spa_json_init(&it[0], json, strlen(json));
	if (spa_json_enter_object(&it[0], &it[1]) <= 0)
		return false;
	while (spa_json_get_string(&it[1], key, sizeof(key)) > 0 &&
		(n = spa_json_next(&it[1], &value)) > 0) {
		if (strcmp(key, name) != 0)
			continue;
		if (is_text(value, n) && spa_json_parse_stringn(value, n, text,
						 (int)size_bytes) > 0)
			return true;
		break;
	}
	text[0] = '\0';
	return false;
}

/* In 0.4 it has a line for each word, later one of JSON for a program. */
bool
wireplumber_streams_sink(
	const char *text, const char *key, char *sink, size_t size_bytes)
{
	char *value = value_of(text, key, ":target");
	bool found;

	sink[0] = '\0';
	if (value) {
		if (strlen(value) < size_bytes)
			memcpy(sink, value, strlen(value) + 1);
	} else if ((value = value_of(text, key, ""))) {
		wireplumber_text(value, "target", sink, size_bytes);
	}
	found = value != NULL;
	free(value);
	return found;
}

bool
wireplumber_has_filters(const struct graph *g)
{
	return graph_metadata(g, "filters") != NULL;
}

const struct graph_object *
wireplumber_target(const struct graph *g, const char *word, bool is_serial)
{
	char *end;
	uint64_t number = strtoull(word, &end, 10);

	if (*end || end == word || word[0] == '-')
		return graph_node_by_name(g, word);
	if (is_serial)
		return graph_node_by_serial(g, number);
	return number < g->ids ? graph_node(g, (uint32_t)number) : NULL;
}

bool
wireplumber_remembers(const char *word)
{
	return word[0] && word[strspn(word, "0123456789")] == '\0';
}

bool
wireplumber_links(const struct graph *g)
{
	const struct graph_object *link;

	spa_list_for_each(link, &g->objects[GRAPH_LINK], link)
	{
		if (graph_is_managers(g, link))
			return true;
	}
	return false;
}

bool
wireplumber_has_linked(const struct graph_object *node)
{
	const struct graph_object *link;

	spa_list_for_each(link, &node->links_in, of_in)
	{
		if (graph_is_managers(node->graph, link))
			return true;
	}
	spa_list_for_each(link, &node->links_out, of_out)
	{
		if (graph_is_managers(node->graph, link))
			return true;
	}
	return false;
}

bool
wireplumber_has_found(const struct graph_object *node)
{
	const struct graph_object *words =
		graph_metadata(node->graph, "default");

	return words && node->serial < words->serial;
}
