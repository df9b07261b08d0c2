/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A YAML text of the plain kind that a configuration needs, as a tree whose
 * every node knows where it stands: one document, no anchors, aliases or tags,
 * not deep, no key twice. Control thread only. */
#ifndef TREE_H
#define TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_NODES_MAX 8192
#define TREE_DEPTH_MAX 16
#define TREE_PATH_MAX  96  /* bytes with the NUL */
#define TREE_WHY_MAX   512 /* bytes with the NUL */

struct tree_place {
	uint32_t line, column; /* from 1 */
};

enum tree_kind {
	TREE_TEXT = 1,
	TREE_LIST = 2,
	TREE_MAP = 4,
};

/* Those inside a list or map follow it, in the order of the text. */
struct tree_node {
	enum tree_kind kind;
	char path[TREE_PATH_MAX]; /* "buses[1].name"; the whole is "" */
	const char *key;	  /* in path; "" where it has none */
	struct tree_place key_at; /* the value's, where there is no key */
	struct tree_place at;
	char *text;  /* of a TREE_TEXT; UTF-8 without a NUL inside */
	bool quoted; /* a sign stands before it */
	const struct tree_node *end; /* behind the last one inside */
	bool dropped; /* was refused by keys_check(): is found no more */
};

struct tree {
	const char *file; /* what messages call it */
	char *why;	  /* [TREE_WHY_MAX]: the first that was refused */
	/* told of each, when it is not NULL; set behind tree_read() */
	void (*told)(void *data, const char *line);
	void *told_data;
	char *text; /* of all nodes */
	size_t text_bytes;
	struct tree_node *node;
	uint32_t nodes; /* [0] is the whole; 0: blanks and remarks only */
	struct tree_place end;
};

/* 0, and tree_done() is due; or -ENOMEM, -EINVAL and one line in why. file and
 * why are kept. */
int tree_read(struct tree *t, const char *file, const void *text,
	size_t size_bytes, char *why);
void tree_done(struct tree *t);

/* FILE:LINE:COLUMN: PATH: text, told and in t->why. NULL: the end of the text.
 * Gives -EINVAL. */
int tree_refuse(const struct tree *t, const struct tree_node *node,
	const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same of a place. */
int tree_refuse_at(const struct tree *t, struct tree_place at,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Those inside a list or map, one after another; NULL: no more. Of NULL there
 * are none. */
const struct tree_node *tree_first(const struct tree_node *node);
const struct tree_node *tree_next(
	const struct tree_node *node, const struct tree_node *inside);
uint32_t tree_count(const struct tree_node *node);

#endif
