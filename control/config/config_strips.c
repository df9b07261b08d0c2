/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include "control/util/check.h"
#include "control/yaml/tree_value.h"

struct strip_keys {
	const struct tree_node *number, *name, *pair, *match;
};

/* clang-format off */
const struct keys config_strip_table[] = {
	KEYS_TEXT(strip_keys, number),
	KEYS_TEXT(strip_keys, name),
	KEYS_TEXT(strip_keys, pair),
	KEYS_TEXT_OR_ANY(strip_keys, match),
	KEYS_END};
/* clang-format on */

static int
read_match(const struct reading *r, const struct strip_keys *y, uint32_t strip)
{
	struct model_rule rule = {.strip = strip};
	char why[CHECK_WHY_MAX];
	int rc = 0;

	if (y->pair)
		rc = config_told(r, y->pair,
			model_config_pair(y->pair->text, &rule.pair, why), why);
	if (rc == 0 && y->pair && !y->match)
		return tree_refuse(
			r->t, y->pair, "needs match: whose outputs it chooses");
	return config_worse(rc, config_read_match(r, y->match, &rule));
}

static int
read_strip(const struct reading *r, const struct tree_node *entry, bool *seen)
{
	struct model_config *c = &r->to->model;
	char why[CHECK_WHY_MAX];
	struct strip_keys y;
	uint32_t strip = 0;
	int rc;

	keys_find(entry, config_strip_table, &y, sizeof(y));
	if (!y.number)
		return tree_refuse(
			r->t, entry, "needs a number, from 1 to %u", c->strips);
	rc = model_config_strip(c, y.number->text, &strip, why);
	if (rc == 0 && seen[strip])
		rc = check_refuse(why, "is there twice");
	if (rc < 0)
		return config_told(r, y.number, rc, why);
	seen[strip] = true;
	rc = tree_text(r->t, y.name, c->strip_name[strip], PARAM_TEXT_MAX);
	return config_worse(rc, read_match(r, &y, strip));
}

int
config_read_strips(const struct reading *r)
{
	const struct tree_node *list = r->top.strip, *i = tree_first(list);
	bool seen[STRIPS_MAX] = {false};
	int rc = 0;

	for (; i; i = tree_next(list, i))
		rc = config_worse(rc, read_strip(r, i, seen));
	return rc;
}
