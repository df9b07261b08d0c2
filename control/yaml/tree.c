/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/yaml/tree.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "control/util/name.h"

/* Two bytes of UTF-16, or of an escape, can be three of UTF-8. */
#define TEXT_GROWS 2

/* A list or map whose end has not come. */
struct open {
	struct tree_node *node;
	uint32_t items;
	bool value_next; /* the key has been read */
};

struct walk {
	struct tree *tree;
	struct open open[TREE_DEPTH_MAX];
	uint32_t depth;
	uint32_t documents;
};

/* ---- refusals ---- */

static int
refuse(const struct tree *t, struct tree_place at, const char *path,
	const char *format, va_list args)
{
	char text[TREE_WHY_MAX], line[2 * TREE_WHY_MAX], clean[TREE_WHY_MAX];

	vsnprintf(text, sizeof(text), format, args);
	snprintf(line, sizeof(line), "%.300s:%u:%u: %s%s%s", t->file, at.line,
		at.column, path, path[0] ? ": " : "", text);
	name_clean(clean, sizeof(clean), line);
	if (!t->why[0])
		memcpy(t->why, clean, sizeof(clean));
	if (t->told)
		t->told(t->told_data, clean);
	return -EINVAL;
}

int
tree_refuse(const struct tree *t, const struct tree_node *node,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	/* clang-tidy 14 does not see va_start().
	 * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	refuse(t, node ? node->at : t->end, node ? node->path : "", format,
		args);
	va_end(args);
	return -EINVAL;
}

int
tree_refuse_at(
	const struct tree *t, struct tree_place at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	refuse(t, at, "", format, args);
	va_end(args);
	return -EINVAL;
}

static int
no_memory(const struct tree *t)
{
	snprintf(t->why, TREE_WHY_MAX, "%.250s: %s", t->file, strerror(ENOMEM));
	return -ENOMEM;
}

/* ---- events ---- */

static struct tree_place
place_of(yaml_mark_t mark)
{
	return (struct tree_place){
		(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

/* Gives the node that comes next its path. */
static int
name_next(struct walk *w, const char *format, ...)
{
	const struct tree *t = w->tree;
	struct tree_node *next = &t->node[t->nodes];
	const struct tree_node *parent = w->open[w->depth - 1].node;
	size_t used = strlen(parent->path), room = sizeof(next->path) - used;
	va_list args;
	int n;

	memcpy(next->path, parent->path, used);
	va_start(args, format);
	n = vsnprintf(next->path + used, room, format, args);
	va_end(args);
	return n < 0 || (size_t)n >= room ? -ENAMETOOLONG : 0;
}

static int
read_key(struct walk *w, const yaml_event_t *e)
{
	struct tree *t = w->tree;
	struct tree_node *next = &t->node[t->nodes];
	struct open *in = &w->open[w->depth - 1];
	const char *dot = in->node->path[0] ? "." : "";
	const char *key = (const char *)e->data.scalar.value;

	next->key_at = place_of(e->start_mark);
	if (e->type != YAML_SCALAR_EVENT)
		return tree_refuse_at(t, next->key_at, "a key must be a word");
	if (name_next(w, "%s%s", dot, key) < 0)
		return tree_refuse_at(
			t, next->key_at, "a key that is too long");
	next->key = next->path + strlen(in->node->path) + strlen(dot);
	for (const struct tree_node *i = in->node + 1; i < next; i = i->end)
		if (!strcmp(i->key, key))
			return tree_refuse_at(
				t, next->key_at, "this key is there twice");
	in->value_next = true;
	return 0;
}

/* What is inside a list or map is put behind it; its end is known later. */
static int
read_value(struct walk *w, const yaml_event_t *e, enum tree_kind kind)
{
	struct tree *t = w->tree;
	struct tree_node *n = &t->node[t->nodes];
	struct open *in = w->depth ? &w->open[w->depth - 1] : NULL;

	n->kind = kind;
	n->at = place_of(e->start_mark);
	if (t->nodes == TREE_NODES_MAX)
		return tree_refuse_at(
			t, n->at, "more than %d values", TREE_NODES_MAX);
	if (!in || in->node->kind == TREE_LIST) {
		n->key = "";
		n->key_at = n->at;
	}
	if (in && in->node->kind == TREE_LIST) /* too long: no key is known */
		name_next(w, "[%u]", in->items++);
	if (in)
		in->value_next = false;
	t->nodes++;
	n->end = n + 1;
	if (kind == TREE_TEXT) {
		n->text = t->text + t->text_bytes;
		memcpy(n->text, e->data.scalar.value, e->data.scalar.length);
		t->text_bytes += e->data.scalar.length + 1;
		n->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		return 0;
	}
	if (w->depth == TREE_DEPTH_MAX)
		return tree_refuse_at(
			t, n->at, "more than %d levels deep", TREE_DEPTH_MAX);
	w->open[w->depth++] = (struct open){.node = n};
	return 0;
}

static int
read_node(struct walk *w, const yaml_event_t *e, enum tree_kind kind,
	const void *anchor, const void *tag)
{
	const struct open *in = w->depth ? &w->open[w->depth - 1] : NULL;
	struct tree_place at = place_of(e->start_mark);

	if (anchor)
		return tree_refuse_at(
			w->tree, at, "anchors and aliases are not allowed");
	if (tag)
		return tree_refuse_at(w->tree, at, "tags are not allowed");
	if (kind == TREE_TEXT &&
		memchr(e->data.scalar.value, '\0', e->data.scalar.length))
		return tree_refuse_at(w->tree, at, "a NUL character");
	if (in && in->node->kind == TREE_MAP && !in->value_next)
		return read_key(w, e);
	return read_value(w, e, kind);
}

static int
read_event(struct walk *w, const yaml_event_t *e)
{
	struct tree *t = w->tree;

	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		return w->documents++
			       ? tree_refuse_at(t, place_of(e->start_mark),
					 "a second document")
			       : 0;
	case YAML_ALIAS_EVENT:
		return read_node(w, e, TREE_LIST, e->data.alias.anchor, NULL);
	case YAML_SCALAR_EVENT:
		return read_node(w, e, TREE_TEXT, e->data.scalar.anchor,
			e->data.scalar.tag);
	case YAML_SEQUENCE_START_EVENT:
		return read_node(w, e, TREE_LIST, e->data.sequence_start.anchor,
			e->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return read_node(w, e, TREE_MAP, e->data.mapping_start.anchor,
			e->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		if (w->depth > 0)
			w->open[--w->depth].node->end = &t->node[t->nodes];
		return 0;
	case YAML_STREAM_END_EVENT:
		t->end = place_of(e->start_mark);
		return 0;
	default:
		return 0;
	}
}

static int
read_events(struct walk *w, yaml_parser_t *parser)
{
	bool end = false;
	int rc = 0;

	while (!end && rc == 0) {
		yaml_event_t e;

		if (!yaml_parser_parse(parser, &e))
			return parser->error == YAML_MEMORY_ERROR
				       ? no_memory(w->tree)
				       : tree_refuse_at(w->tree,
						 place_of(parser->problem_mark),
						 "not YAML: %s",
						 parser->problem
							 ? parser->problem
							 : "?");
		end = e.type == YAML_STREAM_END_EVENT;
		rc = read_event(w, &e);
		yaml_event_delete(&e);
	}
	return rc;
}

int
tree_read(struct tree *t, const char *file, const void *text, size_t size_bytes,
	char *why)
{
	struct walk w = {.tree = t};
	yaml_parser_t parser;
	int rc;

	/* one more: a key is put down before its value is counted */
	*t = (struct tree){.file = file, .why = why};
	why[0] = '\0';
	t->node = calloc(TREE_NODES_MAX + 1, sizeof(*t->node));
	t->text = calloc(1, size_bytes * TEXT_GROWS + TREE_NODES_MAX);
	if (!t->node || !t->text || !yaml_parser_initialize(&parser)) {
		tree_done(t);
		return no_memory(t);
	}
	yaml_parser_set_input_string(&parser, text, size_bytes);
	rc = read_events(&w, &parser);
	yaml_parser_delete(&parser);
	if (rc < 0)
		tree_done(t);
	return rc;
}

void
tree_done(struct tree *t)
{
	free(t->node);
	free(t->text);
	t->node = NULL;
	t->text = NULL;
	t->nodes = 0;
}

/* The first from here on that is not dropped. */
static const struct tree_node *
found(const struct tree_node *node, const struct tree_node *inside)
{
	while (inside < node->end && inside->dropped)
		inside = inside->end;
	return inside < node->end ? inside : NULL;
}

const struct tree_node *
tree_first(const struct tree_node *node)
{
	return node ? found(node, node + 1) : NULL;
}

const struct tree_node *
tree_next(const struct tree_node *node, const struct tree_node *inside)
{
	return found(node, inside->end);
}

uint32_t
tree_count(const struct tree_node *node)
{
	const struct tree_node *i;
	uint32_t n = 0;

	for (i = tree_first(node); i; i = tree_next(node, i))
		n++;
	return n;
}
