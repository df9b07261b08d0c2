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

static void
read_match(const struct reading *r, const struct strip_keys *y, uint32_t strip)
{
	struct model_rule rule = {.strip = strip};

	if (y->pair &&
		config_good(r, y->pair,
			model_config_pair(y->pair->text, &rule.pair, r->why)) &&
		!y->match)
		tree_refuse(
			r->t, y->pair, "needs match: whose outputs it chooses");
	config_read_match(r, y->match, &rule);
}

static void
read_strip(const struct reading *r, const struct tree_node *entry, bool *seen)
{
	struct model_config *c = &r->to->model;
	struct strip_keys y;
	uint32_t strip = 0;
	int rc;

	keys_find(entry, config_strip_table, &y, sizeof(y));
	if (!y.number) {
		tree_refuse(
			r->t, entry, "needs a number, from 1 to %u", c->strips);
		return;
	}
	rc = model_config_strip(c, y.number->text, &strip, r->why);
	if (rc == 0 && seen[strip])
		rc = check_refuse(r->why, "is there twice");
	if (!config_good(r, y.number, rc))
		return;
	seen[strip] = true;
	tree_text(r->t, y.name, c->strip_name[strip], PARAM_TEXT_MAX);
	read_match(r, &y, strip);
}

void
config_read_strips(const struct reading *r)
{
	const struct tree_node *list = r->top.strip, *i = tree_first(list);
	bool seen[STRIPS_MAX] = {false};

	for (; i; i = tree_next(list, i))
		read_strip(r, i, seen);
}
