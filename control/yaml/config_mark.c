/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/yaml/config_mark.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* A list or mapping that is open. */
struct level {
	bool mapping;
	bool value_next; /* the key has been read */
	uint32_t items;
	size_t path_length; /* of its own path */
};

struct walk {
	struct marks *marks;
	struct level level[MARK_DEPTH_MAX];
	uint32_t depth;
	char path[MARK_PATH_MAX];
	struct place_in_text key;
	uint32_t documents;
	char *why;
};

static struct place_in_text
place_of(yaml_mark_t mark)
{
	return (struct place_in_text){
		(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static int
walk_fail(struct walk *w, const char *why)
{
	snprintf(w->why, MARK_WHY_MAX, "%s", why);
	return -EINVAL;
}

static int
mark_put(struct walk *w, struct place_in_text key, struct place_in_text value,
	bool list)
{
	struct mark *m = &w->marks->mark[w->marks->count];

	if (w->marks->count == MARKS_MAX)
		return walk_fail(w, "more than 4096 values");
	memcpy(m->path, w->path, sizeof(m->path));
	m->key = key;
	m->value = value;
	m->list = list;
	w->marks->count++;
	return 0;
}

static int
walk_key(struct walk *w, const yaml_event_t *e)
{
	struct level *l = &w->level[w->depth - 1];
	size_t room = sizeof(w->path) - l->path_length;
	int n;

	if (e->type != YAML_SCALAR_EVENT)
		return walk_fail(w, "a key must be a word");
	n = snprintf(w->path + l->path_length, room, "%s%s",
		l->path_length ? "." : "", (const char *)e->data.scalar.value);
	if (n < 0 || (size_t)n >= room)
		return walk_fail(w, "a key that is too long");
	if (marks_find(w->marks, w->path))
		return walk_fail(w, "this key is there twice");
	w->key = place_of(e->start_mark);
	l->value_next = true;
	return 0;
}

/* The path and place of a value that begins. */
static int
walk_value(struct walk *w, const yaml_event_t *e)
{
	struct level *l = w->depth ? &w->level[w->depth - 1] : NULL;
	struct place_in_text at = place_of(e->start_mark), key = at;

	if (!l) {
		w->path[0] = '\0';
	} else if (l->mapping) {
		key = w->key;
		l->value_next = false;
	} else {
		snprintf(w->path + l->path_length,
			sizeof(w->path) - l->path_length, "[%u]", l->items++);
	}
	return mark_put(w, key, at, e->type == YAML_SEQUENCE_START_EVENT);
}

static int
walk_open(struct walk *w, bool mapping)
{
	if (w->depth == MARK_DEPTH_MAX)
		return walk_fail(w, "more than 16 levels deep");
	w->level[w->depth++] = (struct level){
		.mapping = mapping, .path_length = strlen(w->path)};
	return 0;
}

static const void *
event_tag(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.tag;
	default:
		return NULL;
	}
}

static const void *
event_anchor(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_ALIAS_EVENT:
		return e->data.alias.anchor;
	case YAML_SCALAR_EVENT:
		return e->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

static int
walk_node(struct walk *w, const yaml_event_t *e)
{
	struct level *l = w->depth ? &w->level[w->depth - 1] : NULL;
	int rc;

	if (event_anchor(e))
		return walk_fail(w, "anchors and aliases are not allowed");
	if (event_tag(e))
		return walk_fail(w, "tags are not allowed");
	if (e->type == YAML_SCALAR_EVENT &&
		memchr(e->data.scalar.value, '\0', e->data.scalar.length))
		return walk_fail(w, "a NUL character");
	if (l && l->mapping && !l->value_next)
		return walk_key(w, e);
	rc = walk_value(w, e);
	if (rc < 0 || e->type == YAML_SCALAR_EVENT)
		return rc;
	return walk_open(w, e->type == YAML_MAPPING_START_EVENT);
}

static int
walk_event(struct walk *w, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		return w->documents++ ? walk_fail(w, "a second document") : 0;
	case YAML_ALIAS_EVENT:
	case YAML_SCALAR_EVENT:
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return walk_node(w, e);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		w->depth--;
		w->path[w->level[w->depth].path_length] = '\0';
		return 0;
	default:
		return 0;
	}
}

static int
walk_text(struct walk *w, yaml_parser_t *parser, struct place_in_text *at)
{
	bool end = false;
	int rc = 0;

	while (!end && rc == 0) {
		yaml_event_t e;

		if (!yaml_parser_parse(parser, &e)) {
			*at = place_of(parser->problem_mark);
			snprintf(w->why, MARK_WHY_MAX, "not YAML: %s",
				parser->problem ? parser->problem : "?");
			return -EINVAL;
		}
		end = e.type == YAML_STREAM_END_EVENT;
		*at = place_of(e.start_mark);
		rc = walk_event(w, &e);
		yaml_event_delete(&e);
	}
	return rc;
}

int
marks_init(struct marks *m, const void *text, size_t size_bytes,
	struct place_in_text *at, char *why)
{
	struct walk w = {.marks = m, .why = why};
	yaml_parser_t parser;
	int rc;

	m->count = 0;
	m->mark = calloc(MARKS_MAX, sizeof(*m->mark));
	if (!m->mark || !yaml_parser_initialize(&parser)) {
		marks_done(m);
		return -ENOMEM;
	}
	yaml_parser_set_input_string(&parser, text, size_bytes);
	rc = walk_text(&w, &parser, at);
	yaml_parser_delete(&parser);
	if (rc < 0)
		marks_done(m);
	return rc;
}

void
marks_done(struct marks *m)
{
	free(m->mark);
	m->mark = NULL;
	m->count = 0;
}

const struct mark *
marks_find(const struct marks *m, const char *path)
{
	for (uint32_t i = 0; i < m->count; i++) {
		if (!strcmp(m->mark[i].path, path))
			return &m->mark[i];
	}
	return NULL;
}
