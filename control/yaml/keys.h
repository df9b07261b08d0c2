/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which keys a map of a YAML text may have, as rows of a table. Control thread
 * only. */
#ifndef KEYS_H
#define KEYS_H

#include <stddef.h>

#include "control/yaml/tree.h"

struct keys {
	const char *key; /* NULL: KEYS_END */
	int is;		 /* of enum tree_kind, one or several */
	int items;	 /* likewise, where it is a list; a list in it has
			  * texts. Of a key that may be a text too, there must
			  * be one */
	const struct keys *inside; /* of a map, and of the maps of a list;
				    * NULL: any keys, each with a text */
	size_t offset; /* of a const struct tree_node * in what keys_find()
			* fills */
};

/* Rows: the key is the name of a field of struct type, too. */
#define KEYS_ROW(type, field, one_of, items_of, keys_of)                       \
	{                                                                      \
		.key = #field, .is = (one_of), .items = (items_of),            \
		.inside = (keys_of), .offset = offsetof(struct type, field)    \
	}
#define KEYS_TEXT(type, key)  KEYS_ROW(type, key, TREE_TEXT, 0, NULL)
#define KEYS_TEXTS(type, key) KEYS_ROW(type, key, TREE_LIST, TREE_TEXT, NULL)
#define KEYS_TEXT_OR_TEXTS(type, key)                                          \
	KEYS_ROW(type, key, TREE_TEXT | TREE_LIST, TREE_TEXT, NULL)
#define KEYS_TEXT_OR_LISTS(type, key)                                          \
	KEYS_ROW(type, key, TREE_TEXT | TREE_LIST, TREE_TEXT | TREE_LIST, NULL)
#define KEYS_TEXT_OR_ANY(type, key)                                            \
	KEYS_ROW(type, key, TREE_TEXT | TREE_MAP | TREE_LIST,                  \
		TREE_TEXT | TREE_MAP, NULL)
#define KEYS_MAP(type, key, inside) KEYS_ROW(type, key, TREE_MAP, 0, inside)
#define KEYS_MAPS(type, key, inside)                                           \
	KEYS_ROW(type, key, TREE_LIST, TREE_MAP, inside)
#define KEYS_END                                                               \
	{                                                                      \
		.key = NULL                                                    \
	}

/* Are all keys known, and is each what it has to be? 0; or -EINVAL and each
 * that is not was refused, and is dropped from the tree. The whole is a map of
 * these keys, or there is nothing. */
int keys_check(const struct tree *t, const struct keys *keys);

/* The value of each key of a map that keys_check() has passed, NULL of one that
 * is not there. */
void keys_find(const struct tree_node *map, const struct keys *keys, void *out,
	size_t size_bytes);

#endif
