/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include "control/yaml/tree_value.h"

struct rule_keys {
	const struct tree_node *match, *strip, *pair, *split, *ignore;
};

/* clang-format off */
const struct keys config_rule_table[] = {
	KEYS_TEXT_OR_ANY(rule_keys, match),
	KEYS_TEXT(rule_keys, strip),
	KEYS_TEXT(rule_keys, pair),
	KEYS_TEXT(rule_keys, split),
	KEYS_TEXT(rule_keys, ignore),
	KEYS_END};
/* clang-format on */

/* ---- match ---- */

/* False: it was refused. */
static bool
read_condition(const struct reading *r, const struct tree_node *node,
	const char *word, struct model_rule *rule)
{
	bool no_word = word[0] && !rule_property(word);
	struct tree_node moved = *node;
	uint32_t at;

	if (rule_condition(rule, word, node->text, &at, r->why) == 0)
		return true;
	if (no_word)
		moved.at = node->key_at;
	if (at > 0)
		moved.at.column += at + node->quoted;
	tree_refuse_value(r->t, &moved, no_word ? word : node->text, r->why);
	return false;
}

/* A text, or properties that have to fit all at once */
static void
read_alternative(const struct reading *r, const struct tree_node *node,
	const struct model_rule *like)
{
	struct model_rule rule = *like;
	bool good = true;

	rule.line = node->at.line;
	if (node->kind == TREE_TEXT)
		good = read_condition(r, node, "", &rule);
	for (const struct tree_node *i = tree_first(node); i;
		i = tree_next(node, i))
		good &= read_condition(r, i, i->key, &rule);
	if (good && model_config_rule(&r->to->model, &rule, r->why) < 0)
		tree_refuse(r->t, node, "%s", r->why);
}

void
config_read_match(const struct reading *r, const struct tree_node *match,
	const struct model_rule *like)
{
	const struct tree_node *i;

	if (match && match->kind != TREE_LIST) {
		read_alternative(r, match, like);
		return;
	}
	for (i = tree_first(match); i; i = tree_next(match, i))
		read_alternative(r, i, like);
}

/* ---- rules ---- */

static void
read_place(const struct reading *r, const struct rule_keys *y,
	struct model_rule *rule)
{
	if (y->strip)
		config_good(r, y->strip,
			model_config_strip(&r->to->model, y->strip->text,
				&rule->strip, r->why));
	if (y->pair)
		config_good(r, y->pair,
			model_config_pair(y->pair->text, &rule->pair, r->why));
	tree_truth(r->t, y->ignore, &rule->ignore);
	if (y->split)
		config_good(
			r, y->split, rule_split(rule, y->split->text, r->why));
}

static void
read_rule(const struct reading *r, const struct tree_node *entry)
{
	struct model_rule rule = {.strip = RULE_NO_STRIP};
	struct rule_keys y;

	keys_find(entry, config_rule_table, &y, sizeof(y));
	read_place(r, &y, &rule);
	if (!y.match)
		tree_refuse(r->t, entry, "needs match: what it is for");
	else if (!y.strip && !y.pair && !y.split && !y.ignore)
		tree_refuse(r->t, entry, "needs strip, pair, split or ignore");
	else if (rule.ignore && (y.strip || y.pair || y.split))
		tree_refuse(r->t, y.ignore,
			"what is ignored has no strip, pair or split");
	else
		config_read_match(r, y.match, &rule);
}

void
config_read_rules(const struct reading *r)
{
	const struct tree_node *list = r->top.rules, *i;
	const struct tree_node *unlisted = r->top.unlisted;

	if (unlisted)
		config_good(r, unlisted,
			model_config_unlisted(
				&r->to->model, unlisted->text, r->why));
	for (i = tree_first(list); i; i = tree_next(list, i))
		read_rule(r, i);
}
