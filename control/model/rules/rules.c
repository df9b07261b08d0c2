/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/rules/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/rules/match.h"
#include "control/util/check.h"
#include "control/util/name.h"

struct rules {
	uint32_t count;
	struct match *match[RULES_MAX][RULE_CONDITIONS_MAX];
	struct model_rule rule[];
};

static const char *
said(const struct driver_stream *s, const char *property)
{
	const char *text = NULL;

	if (!strcmp(property, "key"))
		return s->key;
	if (!strcmp(property, "name"))
		return s->name;
	if (s->word)
		text = s->word(s->of, property);
	return text ? text : "";
}

static bool
fits(const struct match *m, const struct model_condition *condition,
	const struct driver_stream *s)
{
	const char *text;

	if (!condition->property[0])
		return match_fits(m, s->key) || match_fits(m, s->name);
	text = said(s, condition->property);
	return text[0] && match_fits(m, text);
}

uint32_t
rules_find(const struct rules *r, const struct driver_stream *s)
{
	for (uint32_t i = 0; i < r->count; i++) {
		const struct model_rule *rule = &r->rule[i];
		uint32_t n = 0;

		while (n < rule->conditions &&
			fits(r->match[i][n], &rule->condition[n], s))
			n++;
		if (n == rule->conditions)
			return i + 1;
	}
	return RULES_NONE;
}

/* Of the program, and not of one of its streams */
static bool
is_of_program(const char *property)
{
	static const char *const beginnings[] = {
		"application.", "pipewire.access.", "pipewire.sec."};

	if (!strchr(property, '.'))
		return true;
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (!strncmp(property, beginnings[i], strlen(beginnings[i])))
			return true;
	return false;
}

static bool
is_of_streams(const struct model_rule *rule)
{
	for (uint32_t i = 0; i < rule->conditions; i++)
		if (!is_of_program(rule->condition[i].property))
			return true;
	return false;
}

/* What is behind the key: the same each time. */
static void
add(char *to, size_t size_bytes, const char *sign, const char *part)
{
	char whole[APP_KEY_MAX + APP_KEY_MAX];
	size_t room = size_bytes - 1 - strlen(sign), n = strlen(part);

	/* half of it at least is the program's */
	if (n > size_bytes / 2 - strlen(sign))
		n = size_bytes / 2 - strlen(sign);
	snprintf(whole, sizeof(whole), "%.*s%s%.*s", (int)(room - n), to, sign,
		(int)n, part);
	name_copy(to, size_bytes, whole);
}

void
rules_group(const struct rules *r, uint32_t number,
	const struct driver_stream *s, char key[APP_KEY_MAX],
	char name[APP_NAME_MAX])
{
	const struct model_rule *rule;
	const char *part;
	char strip[16] = "ignored";

	if (number == 0 || number > r->count)
		return;
	rule = &r->rule[number - 1];
	part = rule->split[0] ? said(s, rule->split) : "";
	if (part[0]) {
		add(key, APP_KEY_MAX, "/", part);
		add(name, APP_NAME_MAX, ": ", part);
	} else if (is_of_streams(rule) &&
		   (rule->ignore || rule->strip != RULE_NO_STRIP)) {
		if (!rule->ignore)
			snprintf(strip, sizeof(strip), "%u", rule->strip + 1);
		add(key, APP_KEY_MAX, "#", strip);
	}
}

int
rules_new(struct rules **out, const struct model_rule *rule, uint32_t count)
{
	struct rules *r = calloc(1, sizeof(*r) + count * sizeof(*rule));
	char why[CHECK_WHY_MAX];
	uint32_t at;
	int rc = 0;

	*out = NULL;
	if (!r)
		return -ENOMEM;
	memcpy(r->rule, rule, count * sizeof(*rule));
	r->count = count;
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t n = 0; rc == 0 && n < rule[i].conditions; n++)
			rc = match_new(&r->match[i][n],
				rule[i].condition[n].pattern, &at, why);
	if (rc < 0)
		rules_free(r);
	else
		*out = r;
	return rc;
}

void
rules_free(struct rules *r)
{
	if (!r)
		return;
	for (uint32_t i = 0; i < RULES_MAX; i++)
		for (uint32_t n = 0; n < RULE_CONDITIONS_MAX; n++)
			match_free(r->match[i][n]);
	free(r);
}
