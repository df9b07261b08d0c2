/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the texts of a YAML text mean: checked as check.h says, and refused with
 * their place. Where there is no node, the file says nothing: 0, and *out is as
 * before. Else 0, or -EINVAL and it is refused. Control thread only. */
#ifndef TREE_VALUE_H
#define TREE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/yaml/tree.h"

int tree_whole(const struct tree *t, const struct tree_node *node, uint32_t min,
	uint32_t max, uint32_t *out);
/* The index of the text in words, a list that ends in NULL. */
int tree_word(const struct tree *t, const struct tree_node *node,
	const char *const *words, uint32_t *out);
int tree_number(const struct tree *t, const struct tree_node *node, double min,
	double max, double *out);
int tree_truth(const struct tree *t, const struct tree_node *node, bool *out);
int tree_text(const struct tree *t, const struct tree_node *node, char *out,
	size_t size_bytes);

/* FILE:LINE:COLUMN: PATH: "VALUE" why, of what check.h says of it. Gives
 * -EINVAL. */
int tree_refuse_value(const struct tree *t, const struct tree_node *node,
	const char *value, const char *why);

#endif
