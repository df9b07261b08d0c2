/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/rules/rule.h"

#include <errno.h>
#include <string.h>

#include "control/model/rules/match.h"
#include "control/util/check.h"

const char *
rule_property(const char *word)
{
	static const char *const words[][2] = {
		{"key", "key"},
		{"name", "name"},
		{"id", "application.id"},
		{"portal", "pipewire.access.portal.app_id"},
		{"binary", "application.process.binary"},
		{"node", "node.name"},
		{"role", "media.role"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i][0], word))
			return words[i][1];
	return strchr(word, '.') ? word : NULL;
}

static int
read_property(char property[RULE_PROPERTY_MAX], const char *word, char *why)
{
	const char *name = word[0] ? rule_property(word) : "";

	if (!name)
		return check_refuse(why,
			"must be key, name, id, portal, binary, node, role or "
			"a property with a dot, like media.name");
	return check_text_copy(property, RULE_PROPERTY_MAX, name, why);
}

int
rule_condition(struct model_rule *rule, const char *word, const char *pattern,
	uint32_t *at, char *why)
{
	struct model_condition c = {.property = ""};
	struct match *m;
	int rc = check_room(
		rule->conditions, RULE_CONDITIONS_MAX, "conditions", why);

	*at = 0;
	rc = rc < 0 ? rc : read_property(c.property, word, why);
	rc = rc < 0 ? rc : match_new(&m, pattern, at, why);
	if (rc < 0)
		return rc;
	match_free(m);
	rc = check_text_copy(c.pattern, sizeof(c.pattern), pattern, why);
	if (rc == 0)
		rule->condition[rule->conditions++] = c;
	return rc;
}

int
rule_split(struct model_rule *rule, const char *word, char *why)
{
	return read_property(rule->split, word[0] ? word : "-", why);
}

/* ---- one that is there ---- */

static int
refuse_rule(
	const struct model_rule *r, const char *of, const char *part, char *why)
{
	const char *pattern = r->condition[0].pattern;

	if (r->strip == RULE_NO_STRIP)
		return check_refuse(
			why, "the rule \"%.40s\"%s %s", pattern, of, part);
	return check_refuse(why, "the rule \"%.40s\" for strip %u%s %s",
		pattern, r->strip + 1, of, part);
}

static bool
has_end(const char *text, size_t size_bytes)
{
	return memchr(text, '\0', size_bytes) != NULL;
}

static bool
has_ends(const struct model_rule *r)
{
	bool has = has_end(r->split, sizeof(r->split));

	for (uint32_t i = 0; i < RULE_CONDITIONS_MAX; i++)
		has &= has_end(r->condition[i].property,
			       sizeof(r->condition[i].property)) &&
		       has_end(r->condition[i].pattern,
			       sizeof(r->condition[i].pattern));
	return has;
}

int
rule_check(const struct model_rule *r, uint32_t strips, char *why)
{
	struct model_rule again = {.conditions = 0};
	char part[CHECK_WHY_MAX];
	uint32_t at;
	int rc = 0;

	if (r->conditions > RULE_CONDITIONS_MAX || !has_ends(r))
		return check_refuse(why, "the pattern of a rule has no end");
	if (r->strip != RULE_NO_STRIP &&
		check_range(r->strip + 1, 1, strips, part) < 0)
		return refuse_rule(r, ": the strip", part, why);
	if (r->pair && check_range(r->pair, 1, PAIRS_MAX, part) < 0)
		return refuse_rule(r, ": the pair", part, why);
	if (r->conditions == 0)
		return refuse_rule(r, "", "needs a pattern", why);
	for (uint32_t i = 0; rc == 0 && i < r->conditions; i++)
		rc = rule_condition(&again, r->condition[i].property,
			r->condition[i].pattern, &at, part);
	if (rc == 0 && r->split[0])
		rc = rule_split(&again, r->split, part);
	return rc < 0 ? refuse_rule(r, "", part, why) : 0;
}
