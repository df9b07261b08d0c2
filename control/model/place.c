/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "control/model/names.h"
#include "control/model/rules/rules.h"
#include "control/util/check.h"
#include "control/util/name.h"
#include "control/util/text.h"

static int
strip_of_key(const struct model *c, const char *key)
{
	for (uint32_t i = 0; i < c->config.strips; i++) {
		if (!strcmp(names_key(c, i), key))
			return (int)i;
	}
	return -1;
}

/* Of a strip that runs, unlike one that was saved by hand when there were
 * more; or NULL */
static const struct hand *
hand_of(const struct model *c, const char *key)
{
	const struct hand *hand = hands_find(c->apps.hands, key);

	return hand && hand->strip < (int)c->config.strips ? hand : NULL;
}

/* The same of a rule: a file that is read again may count on more. */
static bool
names_strip(const struct model *c, const struct model_rule *rule)
{
	return rule->strip < c->config.strips;
}

uint32_t
place_rule_of(const struct model *c, const char *key, const char *name)
{
	const struct driver_stream s = {.key = key, .name = name};

	return rules_find(c->apps.rules, &s);
}

const struct model_rule *
place_rule(const struct model *c, uint32_t number)
{
	return number > 0 && number <= c->config.rules
		       ? &c->config.rule[number - 1]
		       : NULL;
}

int
place_ruled(const struct model *c, const char *key, const char *name)
{
	const struct model_rule *rule =
		place_rule(c, place_rule_of(c, key, name));

	return rule && names_strip(c, rule) ? (int)rule->strip : -1;
}

bool
place_is_ruled(const struct model *c, uint32_t strip)
{
	for (uint32_t i = 0; i < c->config.rules; i++)
		if (c->config.rule[i].strip == strip)
			return true;
	return false;
}

/* How willingly an empty strip is given to an app it does not know; 0: not. */
static double
strip_rank(const struct model *c, uint32_t strip)
{
	double left = kept_number(&c->kept, ROW_STRIP_LEFT, strip_place(strip));

	if (c->held[strip] || c->apps.reserved[strip])
		return 0.0;
	/* never used; its app is gone, the longest first; then what somebody
	 * has given a name to, in the same order */
	return (names_by_user(c, strip) ? 2.0 : 4.0) * LEFT_MAX -
	       (names_key(c, strip)[0] ? 1.0 + left : 0.0);
}

static int
strip_free(const struct model *c)
{
	double best = 0.0;
	int strip = -1;

	for (uint32_t i = 0; i < c->config.strips; i++) {
		double rank = strip_rank(c, i);

		if (rank > best) {
			best = rank;
			strip = (int)i;
		}
	}
	return strip;
}

/* Whom nobody names. */
static int
any_place(const struct model *c, const struct app *app, int strip,
	enum placed *how)
{
	int known = strip_of_key(c, app->key);

	*how = PLACED_AS_BEFORE;
	if (known >= 0)
		return known;
	if (strip >= 0)
		return strip;
	strip = strip_free(c);
	*how = strip < 0 ? NO_STRIP_IS_FREE : PLACED_FREE;
	return strip;
}

int
place_of(const struct model *c, const struct app *app, int strip,
	enum placed *how)
{
	const struct hand *hand = hand_of(c, app->key);
	const struct model_rule *rule = place_rule(c, app->rule);

	if (hand) {
		*how = hand->strip < 0 ? IGNORED_BY_HAND : PLACED_BY_HAND;
		return hand->strip;
	}
	if (rule && rule->ignore) {
		*how = IGNORED_BY_RULE;
		return -1;
	}
	if (rule && names_strip(c, rule)) {
		*how = PLACED_BY_RULE;
		return (int)rule->strip;
	}
	if (!rule && c->config.unlisted_ignore) {
		*how = IGNORED_UNLISTED;
		return -1;
	}
	return any_place(c, app, strip, how);
}

void
place_note(const struct model *c, enum placed how, const struct app *app,
	char note[APP_NOTE_MAX])
{
	const struct model_rule *rule = place_rule(c, app->rule);

	if (how == IGNORED_BY_HAND)
		snprintf(note, APP_NOTE_MAX, "taken off its strip by hand");
	else if (how == IGNORED_BY_RULE && rule && rule->line)
		snprintf(note, APP_NOTE_MAX,
			"ignored by the rule in line %u of tapdeck.yaml",
			rule->line);
	else if (how == IGNORED_BY_RULE)
		snprintf(note, APP_NOTE_MAX, "ignored by a rule");
	else if (how == IGNORED_UNLISTED)
		snprintf(note, APP_NOTE_MAX,
			"no rule names it (unlisted: ignore)");
	else
		snprintf(note, APP_NOTE_MAX,
			"no strip is free: all %u are taken", c->config.strips);
}

void
place_reserve(struct model *c)
{
	memset(c->apps.reserved, 0, sizeof(c->apps.reserved));
	for (uint32_t i = 0; i < c->config.rules; i++)
		if (names_strip(c, &c->config.rule[i]))
			c->apps.reserved[c->config.rule[i].strip] = true;
	for (uint32_t i = 0; i < c->apps.hands->count; i++) {
		int strip = c->apps.hands->hand[i].strip;

		if (strip >= 0 && strip < (int)c->config.strips)
			c->apps.reserved[strip] = true;
	}
}

/* ---- in words ---- */

/* the rule in line 4 of tapdeck.yaml (media.role = music) */
static void
rule_text(const struct model *c, const struct model_rule *r, char *to,
	size_t size_bytes)
{
	snprintf(to, size_bytes, "a rule");
	if (r->line)
		snprintf(to, size_bytes, "the rule in line %u of tapdeck.yaml",
			r->line);
	for (uint32_t i = 0; i < r->conditions; i++)
		text_add(to, size_bytes, "%s%s = %s", i ? ", " : " (",
			r->condition[i].property[0] ? r->condition[i].property
						    : "key or name",
			r->condition[i].pattern);
	text_add(to, size_bytes, ")");
	if (r->strip != RULE_NO_STRIP && !names_strip(c, r))
		text_add(to, size_bytes,
			": strip %u of %u is not there before a new start",
			r->strip + 1, c->config.strips);
}

static void
explain(const struct model *c, const struct app_slot *a, char *why)
{
	const struct model_rule *rule = place_rule(c, a->app.rule);
	const struct hand *hand = hands_find(c->apps.hands, a->app.key);
	char text[MODEL_EXPLAIN_MAX - 80], note[APP_NOTE_MAX];

	if (rule)
		rule_text(c, rule, text, sizeof(text));
	if (a->placed == PLACED_BY_HAND || a->placed == IGNORED_BY_HAND)
		snprintf(why, MODEL_EXPLAIN_MAX, "put there by hand%s",
			hand && hand->saved ? ", for good" : "");
	else if (rule &&
		 (a->placed == PLACED_BY_RULE || a->placed == IGNORED_BY_RULE))
		snprintf(why, MODEL_EXPLAIN_MAX, "%s%s",
			rule->ignore ? "ignored by " : "", text);
	else if (a->strip < 0)
		snprintf(why, MODEL_EXPLAIN_MAX, "%s",
			(place_note(c, a->placed, &a->app, note), note));
	else
		snprintf(why, MODEL_EXPLAIN_MAX, "%s%s%s",
			a->placed == PLACED_FREE ? "it was free"
						 : "it was there before",
			rule ? "; " : "; no rule names the program",
			rule ? text : "");
}

bool
model_explain(const struct model *c, uint32_t app_id, int *strip,
	char why[MODEL_EXPLAIN_MAX])
{
	for (uint32_t i = 0; i < c->apps.count; i++) {
		const struct app_slot *a = &c->apps.app[i];

		if (a->app.id != app_id)
			continue;
		*strip = a->strip;
		if (!a->app.tappable && a->app.note[0])
			snprintf(why, MODEL_EXPLAIN_MAX, "%s", a->app.note);
		else
			explain(c, a, why);
		return true;
	}
	return false;
}

/* ---- by name ---- */

/* Of an app, unlike that of a strip which has none. */
static bool
is_key(const char *key)
{
	return key[0] && strcmp(key, PLACE_OF_NOBODY) != 0;
}

/* The key of the first app that is called so: by its strip's slug, its key or
 * its name; of those that are gone, by the strip that waits for them. */
static const char *
key_named(const struct model *c, const char *app)
{
	int slug = names_find(c, piece_of(app));

	if (!is_key(app))
		return NULL;
	for (uint32_t i = 0; i < c->apps.count; i++)
		if (!strcmp(c->apps.app[i].app.key, app))
			return c->apps.app[i].app.key;
	for (uint32_t i = 0; slug >= 0 && i < c->apps.count; i++)
		if (c->apps.app[i].strip == slug)
			return c->apps.app[i].app.key;
	for (uint32_t i = 0; i < c->apps.count; i++)
		if (!strcasecmp(c->apps.app[i].app.name, app))
			return c->apps.app[i].app.key;
	if (strip_of_key(c, app) >= 0)
		return app;
	return slug >= 0 && is_key(names_key(c, (uint32_t)slug))
		       ? names_key(c, (uint32_t)slug)
		       : NULL;
}

bool
model_app_key(const struct model *c, const char *app, char key[APP_KEY_MAX])
{
	const char *found = key_named(c, app);
	const struct hand *hand =
		is_key(app) ? hands_find(c->apps.hands, app) : NULL;

	if (!found && hand)
		found = hand->key;
	name_copy(key, APP_KEY_MAX, found ? found : "");
	return found != NULL;
}

int
model_app_strip(const struct model *c, const char *key)
{
	const struct hand *hand = hand_of(c, key);

	for (uint32_t i = 0; i < c->apps.count; i++)
		if (!strcmp(c->apps.app[i].app.key, key))
			return c->apps.app[i].strip;
	return hand ? hand->strip : strip_of_key(c, key);
}

int
model_strip_named(const struct model *c, const char *strip)
{
	char why[CHECK_WHY_MAX];
	uint32_t number;
	int named;

	if (!strcmp(strip, "none"))
		return HANDS_NOWHERE;
	if (!strcmp(strip, "auto"))
		return MODEL_STRIP_AUTO;
	if (model_config_strip(&c->config, strip, &number, why) == 0)
		return (int)number;
	named = names_find(c, piece_of(strip));
	return named < 0 ? -ENOENT : named;
}

bool
model_hand_is_saved(const struct model *c, const char *key)
{
	const struct hand *hand = hands_find(c->apps.hands, key);

	return hand && hand->saved;
}
