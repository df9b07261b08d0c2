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
	const struct keys *inside; /* of a map, and of the maps of a list */
	size_t offset; /* of a const struct tree_node * in what keys_find()
			* fills */
};

#define KEYS_TEXT(type, key)                                                   \
	{                                                                      \
#key, TREE_TEXT, 0, NULL, offsetof(struct type, key)           \
	}
#define KEYS_TEXTS(type, key)                                                  \
	{                                                                      \
#key, TREE_LIST, TREE_TEXT, NULL, offsetof(struct type, key)   \
	}
#define KEYS_TEXT_OR_TEXTS(type, key)                                          \
	{                                                                      \
#key, TREE_TEXT | TREE_LIST, TREE_TEXT, NULL,                  \
			offsetof(struct type, key)                             \
	}
#define KEYS_MAPS(type, key, inside)                                           \
	{                                                                      \
#key, TREE_LIST, TREE_MAP, inside, offsetof(struct type, key)  \
	}
#define KEYS_MAP(type, key, inside)                                            \
	{                                                                      \
#key, TREE_MAP, 0, inside, offsetof(struct type, key)          \
	}

#define KEYS_END                                                               \
	{                                                                      \
		.key = NULL                                                    \
	}

/* Are all keys known, and is each what it has to be? 0; or -EINVAL and it is
 * refused. The whole is a map of these keys, or there is nothing. */
int keys_check(const struct tree *t, const struct keys *keys);

/* The value of each key of a map that keys_check() has passed, NULL of one that
 * is not there. */
void keys_find(const struct tree_node *map, const struct keys *keys, void *out,
	size_t size_bytes);

#endif
