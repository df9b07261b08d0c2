/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Targets against the parameter table.
 *
 * Whether a strip is there depends on the model and on which apps play, so a
 * strip by number, slug or pattern is taken for strip 1, which every model
 * has: what must exist is the parameter. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping_target.h"
#include "control/mapping/mapping_words.h"
#include "control/yaml/tree_value.h"
#include "control/util/name.h"
#include "core/limits.h"

#define IDS_MAX 64

/* /strip/ or /app/; behind it, or NULL */
static const char *
strip_part(const char *address)
{
	static const char strip[] = "/strip/", app[] = "/app/";

	if (!strncmp(address, strip, sizeof(strip) - 1))
		return address + sizeof(strip) - 1;
	if (!strncmp(address, app, sizeof(app) - 1))
		return address + sizeof(app) - 1;
	return NULL;
}

/* The parameters of a target, those of strip 1 for any strip: how many. */
static uint32_t
ids_of(const struct mapping_reading *r, const struct mapping_target *t,
	uint32_t *ids, uint32_t max)
{
	char address[PARAM_ADDRESS_MAX + 16];
	const char *part = t->strip ? NULL : strip_part(t->address);
	const char *tail = part ? strchr(part, '/') : NULL;
	uint32_t n;

	if (t->strip)
		snprintf(address, sizeof(address), "/strip/1/%s", t->address);
	else if (tail)
		snprintf(address, sizeof(address), "/strip/1%s", tail);
	else
		snprintf(address, sizeof(address), "%s", t->address);
	n = param_match(r->params, address, ids, max);
	return n < max ? n : max;
}

static int
no_parameter(const struct mapping_entry *e, const struct tree_node *node,
	const char *address)
{
	char near[PARAM_ADDRESS_MAX];

	if (param_nearest(e->r->params, address, near))
		return tree_refuse(e->t, node,
			"no parameter \"%.60s\"; did you mean %s?", address,
			near);
	return tree_refuse(e->t, node,
		"no parameter \"%.60s\"; tapdeck get --list tells what there "
		"is",
		address);
}

/* 1-8, 1,3: what was meant as a list. No program is called so. */
static bool
is_list(const char *name)
{
	char element[PARAM_ADDRESS_MAX];

	return name[strspn(name, "0123456789-,/")] == '\0' &&
	       mapping_list(
		       name, strlen(name), 10, 0, element, sizeof(element)) > 1;
}

/* address is /strip/PART or /app/PART, where tail is the next '/'. */
static int
read_strip(const struct mapping_entry *e, const struct tree_node *node,
	const char *address, const char *part, const char *tail,
	struct mapping_target *t)
{
	uint32_t bank = e->r->to->bank;
	size_t length = strspn(part, "0123456789");
	bool numbered =
		!strncmp(address, "/strip/", 7) && part + length == tail;
	unsigned long strip;
	char name[PARAM_ADDRESS_MAX], slug[SLUG_MAX];

	if (numbered) {
		strip = length > 0 && length < 4 ? strtoul(part, NULL, 10) : 0;
		if (strip < 1 || strip > STRIPS_MAX)
			return tree_refuse(e->t, node, "no strip %.*s; 1 to %d",
				(int)length, part, STRIPS_MAX);
		if (bank && !t->fixed && strip > bank)
			return tree_refuse(e->t, node,
				"strip %lu is beyond the bank of %u", strip,
				bank);
		t->strip = (uint8_t)strip;
		memmove(t->address, tail + 1, strlen(tail));
		return 0;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(tail - part), part);
	if (strpbrk(name, "*?["))
		return 0;
	if (is_list(name))
		return tree_refuse(e->t, node,
			"\"%.40s\" is no strip; a row goes in braces: {%.40s}",
			name, name);
	name_slug(slug, name);
	if (!name[0] || strcmp(slug, name) != 0)
		return tree_refuse(e->t, node,
			"\"%.40s\" cannot be a strip; a number, a slug of a-z, "
			"0-9 and -, or a pattern",
			name);
	return 0;
}

int
mapping_target(const struct mapping_entry *e, const struct tree_node *node,
	const char *address, struct mapping_control *c)
{
	struct mapping_target *t = &c->target[c->targets];
	const char *part, *tail;
	uint32_t ids[1];
	int rc = 0;

	if (c->targets == MAPPING_TARGETS_MAX)
		return tree_refuse(e->t, node, "more than %d targets",
			MAPPING_TARGETS_MAX);
	if (address[0] != '/')
		return tree_refuse(e->t, node,
			"\"%.40s\" is no address such as /strip/1/fader",
			address);
	memcpy(t->address, address, strlen(address) + 1);
	part = strip_part(address);
	tail = part ? strchr(part, '/') : NULL;
	if (tail)
		rc = read_strip(e, node, address, part, tail, t);
	if (rc == 0 && ids_of(e->r, t, ids, 1) == 0)
		rc = no_parameter(e, node, address);
	c->targets++;
	return rc;
}

/* Behind /scene/NAME/ the word, or NULL. */
static const char *
scene_word(const char *address)
{
	static const char scene[] = "/scene/";
	const char *word = NULL;

	if (!strncmp(address, scene, sizeof(scene) - 1))
		word = strchr(address + sizeof(scene) - 1, '/');
	return word ? word + 1 : NULL;
}

bool
mapping_is_scene(const struct mapping_entry *e, enum mapping_as *as)
{
	const struct tree_node *to = e->y.to;
	const char *word =
		to && to->kind == TREE_TEXT ? scene_word(to->text) : NULL;

	if (!word)
		return false;
	*as = !strcmp(word, "recall") ? MAPPING_RADIO : MAPPING_SET;
	return true;
}

/* /scene/NAME/recall is /scene with the value NAME, and lit while that is the
 * one recalled last; /scene/NAME/save likewise is /scene/save. */
static int
read_scene(const struct mapping_entry *e, const struct tree_node *node,
	char *address, const char *word, struct mapping_control *c)
{
	char name[PARAM_ADDRESS_MAX];
	bool recall = !strcmp(word, "recall");

	snprintf(name, sizeof(name), "%.*s",
		(int)(word - 1 - strlen("/scene/") - address),
		address + strlen("/scene/"));
	if (!recall && strcmp(word, "save") != 0)
		return tree_refuse(e->t, node,
			"no parameter \"%.60s\"; /scene/NAME/recall, "
			"/scene/NAME/save, /scene/undo, /scene/finish, "
			"/scene/stop",
			address);
	if (!mapping_takes(c->as, TAKES_VALUE) || e->y.value)
		return tree_refuse(e->t, node,
			"a scene is for a button, without value: and as:");
	c->value = (struct param_value){.type = PARAM_TEXT};
	memcpy(c->value.s, name, strnlen(name, sizeof(c->value.s) - 1));
	snprintf(address, PARAM_ADDRESS_MAX, "%s",
		recall ? "/scene" : "/scene/save");
	return 0;
}

static int
read_target(const struct mapping_entry *e, const struct tree_node *node,
	struct mapping_control *c)
{
	char address[PARAM_ADDRESS_MAX];
	const char *word;
	int rc = mapping_expand(e, node, address, sizeof(address));

	word = rc < 0 ? NULL : scene_word(address);
	if (word)
		rc = read_scene(e, node, address, word, c);
	return rc < 0 ? rc : mapping_target(e, node, address, c);
}

int
mapping_targets(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *to = e->y.to;
	bool one = to && to->kind == TREE_TEXT;
	const struct tree_node *i = one ? to : tree_first(to);
	bool fixed = false;
	int rc = tree_truth(e->t, e->y.fixed, &fixed);

	for (uint32_t t = 0; t < MAPPING_TARGETS_MAX; t++)
		c->target[t].fixed = fixed;
	for (; rc == 0 && i; i = tree_next(to, i))
		rc = read_target(e, i, c);
	return rc;
}

int
mapping_value(const struct mapping_entry *e, const struct tree_node *node,
	const char *text, const struct mapping_control *c,
	struct param_value *out)
{
	const struct params *params = e->r->params;
	struct param_value checked;
	struct param_info info;
	char why[PARAM_WHY_MAX];
	uint32_t id;

	ids_of(e->r, &c->target[0], &id, 1);
	param_info(params, id, &info);
	memset(out, 0, sizeof(*out));
	out->type = info.type == PARAM_TEXT ? PARAM_TEXT : PARAM_FLOAT;
	if (out->type == PARAM_TEXT)
		memcpy(out->s, text, strnlen(text, sizeof(out->s)));
	else if (mapping_number(e->t, node, text, info.min, info.max, &out->f) <
		 0)
		return -EINVAL;
	if (param_check(params, id, out, &checked, why) < 0)
		return tree_refuse(e->t, node, "%s", why);
	return 0;
}

/* ---- do the targets fit what is done with them ---- */

/* How far a press goes. */
static int
fit_by(const struct mapping_entry *e, const struct mapping_control *c,
	const struct param_info *info)
{
	double all =
		info->choices ? info->choices - 1.0 : info->max - info->min;

	if (c->as == MAPPING_CYCLE && info->type == PARAM_FLOAT)
		return tree_refuse(e->t, e->y.as,
			"%.60s has no choices to go round; as: step 1.5",
			info->address);
	if (c->as == MAPPING_STEP && info->type != PARAM_FLOAT &&
		c->by != floor(c->by))
		return tree_refuse(e->t, e->y.as,
			"%.60s goes by whole numbers: \"as: step 1\"",
			info->address);
	if (c->as == MAPPING_STEP && fabs(c->by) > all)
		return tree_refuse(e->t, e->y.as,
			"%g%s%s is more than all of %.60s, %g", fabs(c->by),
			info->unit[0] ? " " : "", info->unit, info->address,
			all);
	return 0;
}

static int
fit_range(const struct mapping_entry *e, const struct mapping_control *c,
	const struct param_info *info)
{
	const struct tree_node *range = e->y.range;

	if (info->type == PARAM_TEXT)
		return tree_refuse(
			e->t, range, "%.60s has no range", info->address);
	if (c->range[0] < info->min || c->range[1] > info->max)
		return tree_refuse(e->t, range,
			"%g to %g is beyond that of %.60s, %g to %g%s%s",
			c->range[0], c->range[1], info->address, info->min,
			info->max, info->unit[0] ? " " : "", info->unit);
	return 0;
}

static int
fit_one(const struct mapping_entry *e, const struct mapping_control *c,
	const struct param_info *info)
{
	if (c->as != MAPPING_SHOW && info->read_only)
		return tree_refuse(e->t, e->node,
			"%.60s cannot be set; without on: it can be shown",
			info->address);
	if (c->as != MAPPING_SHOW && mapping_takes(c->as, TAKES_RANGE) &&
		info->type == PARAM_TEXT &&
		(info->choices == 0 || !mapping_takes(c->as, TAKES_CHOICES)))
		return tree_refuse(e->t, e->node,
			"%.60s is a text; as: set or radio, with a value:",
			info->address);
	if (c->has_range && fit_range(e, c, info) < 0)
		return -EINVAL;
	return fit_by(e, c, info);
}

static int
fit_value(const struct mapping_entry *e, const struct mapping_control *c,
	uint32_t id)
{
	struct param_value checked;
	char why[PARAM_WHY_MAX];

	if (!mapping_takes(c->as, TAKES_VALUE) ||
		param_check(e->r->params, id, &c->value, &checked, why) == 0)
		return 0;
	return tree_refuse(e->t, e->y.value, "%s", why);
}

int
mapping_targets_fit(const struct mapping_entry *e, struct mapping_control *c)
{
	int rc = 0;

	for (uint32_t t = 0; rc == 0 && !c->meter && t < c->targets; t++) {
		uint32_t ids[IDS_MAX];
		uint32_t n = ids_of(e->r, &c->target[t], ids, IDS_MAX);

		for (uint32_t i = 0; rc == 0 && i < n; i++) {
			struct param_info info;

			param_info(e->r->params, ids[i], &info);
			rc = fit_one(e, c, &info);
			if (rc == 0)
				rc = fit_value(e, c, ids[i]);
		}
	}
	return rc;
}
