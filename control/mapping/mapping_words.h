/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words, numbers and lists of a mapping file. All refuse what is wrong, at the
 * place of the node. For mapping*.c only. */
#ifndef MAPPING_WORDS_H
#define MAPPING_WORDS_H

#include "control/mapping/mapping_reading.h"

/* All of it is a number. */
bool mapping_is_number(const char *text, double *out);

/* Of a piece of the node's text: 0 or -EINVAL. */
int mapping_number(const struct tree *t, const struct tree_node *node,
	const char *text, double min, double max, double *out);
int mapping_whole(const struct tree *t, const struct tree_node *node,
	const char *text, uint32_t min, uint32_t max, uint32_t *out);
int mapping_text(const struct tree *t, const struct tree_node *node,
	const char *text, char *out, size_t size_bytes);

/* Element `index` of a list such as 1-8, 0-56/8, 1,3,both; its length. Or
 * -EINVAL: not such a list, -E2BIG: longer than MAPPING_ROW_MAX. */
int mapping_list(const char *text, size_t length, unsigned base, uint32_t index,
	char *out, size_t size_bytes);

/* The node's text with each {list} made its element; every list has one element
 * or as many as the entry has controls. */
int mapping_expand(const struct mapping_entry *e, const struct tree_node *node,
	char *out, size_t size_bytes);

#endif
