/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/yaml/tree_value.h"

#include "control/util/check.h"

int
tree_refuse_value(const struct tree *t, const struct tree_node *node,
	const char *value, const char *why)
{
	if (!value[0])
		return tree_refuse(t, node, "%s", why);
	return tree_refuse(t, node, "\"%.40s\" %s", value, why);
}

int
tree_whole(const struct tree *t, const struct tree_node *node, uint32_t min,
	uint32_t max, uint32_t *out)
{
	char why[CHECK_WHY_MAX];

	if (node && check_whole(node->text, min, max, out, why) < 0)
		return tree_refuse_value(t, node, node->text, why);
	return 0;
}

int
tree_word(const struct tree *t, const struct tree_node *node,
	const char *const *words, uint32_t *out)
{
	char why[CHECK_WHY_MAX];

	if (node && check_word(node->text, words, out, why) < 0)
		return tree_refuse_value(t, node, node->text, why);
	return 0;
}

int
tree_number(const struct tree *t, const struct tree_node *node, double min,
	double max, double *out)
{
	char why[CHECK_WHY_MAX];

	if (node && check_number(node->text, min, max, "", out, why) < 0)
		return tree_refuse_value(t, node, node->text, why);
	return 0;
}

int
tree_truth(const struct tree *t, const struct tree_node *node, bool *out)
{
	char why[CHECK_WHY_MAX];

	if (node && check_truth(node->text, out, why) < 0)
		return tree_refuse_value(t, node, node->text, why);
	return 0;
}

int
tree_text(const struct tree *t, const struct tree_node *node, char *out,
	size_t size_bytes)
{
	char why[CHECK_WHY_MAX];

	if (node && check_text_copy(out, size_bytes, node->text, why) < 0)
		return tree_refuse_value(t, node, node->text, why);
	return 0;
}
