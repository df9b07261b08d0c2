/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include "control/util/check.h"
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

static int
read_condition(const struct reading *r, const struct tree_node *node,
	const char *word, struct model_rule *rule)
{
	struct tree_node moved = *node;
	char why[CHECK_WHY_MAX];
	uint32_t at;
	int rc;

	if (word[0] && !rule_property(word))
		moved.at = node->key_at;
	rc = rule_condition(rule, word, node->text, &at, why);
	if (rc == 0)
		return 0;
	if (at > 0)
		moved.at.column += at + node->quoted;
	return tree_refuse_value(r->t, &moved,
		word[0] && !rule_property(word) ? word : node->text, why);
}

/* A text, or properties that have to fit all at once */
static int
read_alternative(const struct reading *r, const struct tree_node *node,
	const struct model_rule *like)
{
	struct model_rule rule = *like;
	char why[CHECK_WHY_MAX];
	int rc = 0;

	rule.line = node->at.line;
	if (node->kind == TREE_TEXT)
		rc = read_condition(r, node, "", &rule);
	for (const struct tree_node *i = tree_first(node); i;
		i = tree_next(node, i))
		rc = config_worse(rc, read_condition(r, i, i->key, &rule));
	if (rc == 0 && model_config_rule(&r->to->model, &rule, why) < 0)
		rc = tree_refuse_value(r->t, node, "", why);
	return rc;
}

int
config_read_match(const struct reading *r, const struct tree_node *match,
	const struct model_rule *like)
{
	const struct tree_node *i;
	int rc = 0;

	if (!match || match->kind != TREE_LIST)
		return match ? read_alternative(r, match, like) : 0;
	for (i = tree_first(match); i; i = tree_next(match, i))
		rc = config_worse(rc, read_alternative(r, i, like));
	return rc;
}

/* ---- rules ---- */

static int
read_strip(const struct reading *r, const struct rule_keys *y,
	struct model_rule *rule)
{
	char why[CHECK_WHY_MAX];
	int rc = 0;

	if (y->strip)
		rc = config_told(r, y->strip,
			model_config_strip(&r->to->model, y->strip->text,
				&rule->strip, why),
			why);
	if (y->pair)
		rc = config_worse(rc, config_told(r, y->pair,
					      model_config_pair(y->pair->text,
						      &rule->pair, why),
					      why));
	return rc;
}

static int
read_rule(const struct reading *r, const struct tree_node *entry)
{
	struct model_rule rule = {.strip = RULE_NO_STRIP};
	char why[CHECK_WHY_MAX];
	struct rule_keys y;
	int rc;

	keys_find(entry, config_rule_table, &y, sizeof(y));
	rc = read_strip(r, &y, &rule);
	rc = config_worse(rc, tree_truth(r->t, y.ignore, &rule.ignore));
	if (y.split)
		rc = config_worse(rc,
			config_told(r, y.split,
				rule_split(&rule, y.split->text, why), why));
	if (!y.match)
		return tree_refuse(r->t, entry, "needs match: what it is for");
	if (!y.strip && !y.pair && !y.split && !y.ignore)
		return tree_refuse(
			r->t, entry, "needs strip, pair, split or ignore");
	if (rule.ignore && (y.strip || y.pair || y.split))
		return tree_refuse(r->t, y.ignore,
			"what is ignored has no strip, pair or split");
	return config_worse(rc, config_read_match(r, y.match, &rule));
}

static int
read_unlisted(const struct reading *r)
{
	const struct tree_node *unlisted = r->top.unlisted;
	char why[CHECK_WHY_MAX];

	if (!unlisted)
		return 0;
	return config_told(r, unlisted,
		model_config_unlisted(&r->to->model, unlisted->text, why), why);
}

int
config_read_rules(const struct reading *r)
{
	const struct tree_node *list = r->top.rules, *i;
	int rc = read_unlisted(r);

	for (i = tree_first(list); i; i = tree_next(list, i))
		rc = config_worse(rc, read_rule(r, i));
	return rc;
}
