/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/yaml/keys.h"

#include <string.h>
#include <strings.h>

#include "control/util/text.h"

static const struct keys *
row_of(const struct keys *keys, const char *key)
{
	while (keys->key && strcmp(keys->key, key) != 0)
		keys++;
	return keys->key ? keys : NULL;
}

/* no key "prt" here; one of strips, ... */
static int
no_key(const struct tree *t, const struct tree_node *node,
	const struct keys *keys)
{
	char allowed[TREE_WHY_MAX] = "";

	for (const struct keys *k = keys; k->key; k++) {
		if (!strcasecmp(k->key, node->key))
			return tree_refuse_at(t, node->key_at,
				"no key \"%.60s\" here; did you mean %s?",
				node->key, k->key);
		text_add(allowed, sizeof(allowed), "%s%s",
			k == keys ? "" : ", ", k->key);
	}
	return tree_refuse_at(t, node->key_at,
		"no key \"%.60s\" here; one of %s", node->key, allowed);
}

static int
wrong_kind(const struct tree *t, const struct tree_node *node, int is)
{
	return tree_refuse_at(t, node->at, "%s%smust be %s", node->path,
		node->path[0] ? " " : "",
		is & TREE_TEXT	 ? "one value"
		: is & TREE_LIST ? "a list"
				 : "keys and values");
}

static int check(const struct tree *t, const struct tree_node *node,
	const struct keys *row);

/* What is refused is dropped: the rest can be read all the same. */
static int
check_inside(const struct tree *t, const struct tree_node *node,
	const struct keys *row, const struct tree_node *i)
{
	const struct keys item = {
		.is = row->items, .items = TREE_TEXT, .inside = row->inside};
	const struct keys text = {.is = TREE_TEXT};
	const struct keys *below = node->kind == TREE_LIST ? &item
				   : row->inside ? row_of(row->inside, i->key)
						 : &text;
	int rc = below ? check(t, i, below) : no_key(t, i, row->inside);

	if (rc < 0 && (!below || !(below->is & (int)i->kind)))
		t->node[i - t->node].dropped = true;
	return rc;
}

/* Lists and maps are in each other no deeper than the text is. */
static int
check(const struct tree *t, const struct tree_node *node,
	const struct keys *row)
{
	const struct tree_node *i, *next;
	int rc = 0, more;

	if (!(row->is & (int)node->kind))
		return wrong_kind(t, node, row->is);
	if (node->kind == TREE_LIST && row->is & TREE_TEXT && !tree_first(node))
		return tree_refuse(t, node, "the list is empty");
	for (i = tree_first(node); i; i = next) {
		next = tree_next(node, i);
		more = check_inside(t, node, row, i);
		rc = rc < 0 ? rc : more;
	}
	return rc;
}

int
keys_check(const struct tree *t, const struct keys *keys)
{
	const struct keys whole = {.is = TREE_MAP, .inside = keys};

	return t->nodes ? check(t, t->node, &whole) : 0;
}

static const struct tree_node **
at(void *out, size_t offset)
{
	void *field = (char *)out + offset;

	return field;
}

void
keys_find(const struct tree_node *map, const struct keys *keys, void *out,
	size_t size_bytes)
{
	const struct tree_node *i;

	memset(out, 0, size_bytes);
	for (i = tree_first(map); i; i = tree_next(map, i)) {
		const struct keys *row = row_of(keys, i->key);

		if (row)
			*at(out, row->offset) = i;
	}
}
