/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Targets against the parameter table.
 *
 * Whether a strip is there depends on the model and on which apps play, so a
 * strip by number, slug or pattern is taken for strip 1, which every model
 * has: what must exist is the parameter. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping_own.h"
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

uint32_t
mapping_target_ids(const struct mapping_reading *r,
	const struct mapping_target *t, uint32_t *ids, uint32_t max)
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

/* no parameter "gian"; /strip/N/ has gain, fader, ... */
static int
no_parameter(
	const struct mapping_reading *r, const char *path, const char *address)
{
	static const char one[] = "/strip/1/";
	char allowed[320] = "";
	bool strip = strip_part(address);
	bool bus = !strncmp(address, "/bus/", 5);
	uint32_t count = param_count(r->params);

	for (uint32_t id = 0; (strip || bus) && id < count; id++) {
		size_t used = strlen(allowed), skip = 0;
		struct param_info info;

		param_info(r->params, id, &info);
		if (strip && !strncmp(info.address, one, sizeof(one) - 1))
			skip = sizeof(one) - 1;
		else if (!bus || strncmp(info.address, "/bus/", 5) != 0)
			continue;
		snprintf(allowed + used, sizeof(allowed) - used, "%s%.60s",
			used ? ", " : "", info.address + skip);
	}
	if (!allowed[0])
		return yaml_refuse(&r->in, path,
			"no parameter \"%.60s\"; there are /strip/, /app/ and "
			"/bus/",
			address);
	return yaml_refuse(&r->in, path, "no parameter \"%.60s\"; %s %s",
		address, strip ? "a strip has" : "there are", allowed);
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
read_strip(const struct mapping_reading *r, const char *path,
	const char *address, const char *part, const char *tail,
	struct mapping_target *t)
{
	size_t length = strspn(part, "0123456789");
	bool numbered =
		!strncmp(address, "/strip/", 7) && part + length == tail;
	unsigned long strip;
	char name[PARAM_ADDRESS_MAX], slug[SLUG_MAX];

	if (numbered) {
		strip = length > 0 && length < 4 ? strtoul(part, NULL, 10) : 0;
		if (strip < 1 || strip > STRIPS_MAX)
			return yaml_refuse(&r->in, path,
				"no strip %.*s; 1 to %d", (int)length, part,
				STRIPS_MAX);
		if (r->to->bank && !t->fixed && strip > r->to->bank)
			return yaml_refuse(&r->in, path,
				"strip %lu is beyond the bank of %u", strip,
				r->to->bank);
		t->strip = (uint8_t)strip;
		memmove(t->address, tail + 1, strlen(tail));
		return 0;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(tail - part), part);
	if (strpbrk(name, "*?["))
		return 0;
	if (is_list(name))
		return yaml_refuse(&r->in, path,
			"\"%.40s\" is no strip; a row goes in braces: {%.40s}",
			name, name);
	name_slug(slug, name);
	if (!name[0] || strcmp(slug, name) != 0)
		return yaml_refuse(&r->in, path,
			"\"%.40s\" cannot be a strip; a number, a slug of a-z, "
			"0-9 and -, or a pattern",
			name);
	return 0;
}

int
mapping_target(const struct mapping_reading *r, const char *path,
	const char *text, uint32_t index, struct mapping_control *c)
{
	struct mapping_target *t = &c->target[c->targets];
	uint32_t ids[1];
	char address[PARAM_ADDRESS_MAX];
	const char *part, *tail;
	int rc = mapping_expand(r, path, text, index,
		c->has_message ? r->on.count : r->light.count, address,
		sizeof(address));

	if (rc < 0)
		return rc;
	if (c->targets == MAPPING_TARGETS_MAX)
		return yaml_refuse(&r->in, path, "more than %d targets",
			MAPPING_TARGETS_MAX);
	if (address[0] != '/')
		return yaml_refuse(&r->in, path,
			"\"%.40s\" is no address such as /strip/1/fader",
			address);
	memcpy(t->address, address, strlen(address) + 1);
	part = strip_part(address);
	tail = part ? strchr(part, '/') : NULL;
	if (tail)
		rc = read_strip(r, path, address, part, tail, t);
	if (rc == 0 && mapping_target_ids(r, t, ids, 1) == 0)
		rc = no_parameter(r, path, address);
	c->targets++;
	return rc;
}

int
mapping_targets(const struct mapping_reading *r, const struct yaml_control *y,
	const char *entry, uint32_t index, struct mapping_control *c)
{
	char path[MARK_PATH_MAX];
	bool fixed = false;
	int rc = 0;

	if (y->fixed) {
		snprintf(path, sizeof(path), "%.40s.fixed", entry);
		rc = mapping_truth(r, path, y->fixed, &fixed);
	}
	for (uint32_t i = 0; i < MAPPING_TARGETS_MAX; i++)
		c->target[i].fixed = fixed;
	if (rc == 0 && y->meter)
		rc = mapping_meter_target(r, y, entry, index, c);
	if (rc == 0 && y->to.one) {
		snprintf(path, sizeof(path), "%.40s.to", entry);
		rc = mapping_target(r, path, y->to.one, index, c);
	}
	for (uint32_t i = 0; rc == 0 && i < y->to.list_count; i++) {
		snprintf(path, sizeof(path), "%.40s.to[%u]", entry, i);
		rc = mapping_target(r, path, y->to.list[i], index, c);
	}
	return rc;
}

int
mapping_value(const struct mapping_reading *r, const char *path,
	const char *text, const struct mapping_control *c,
	struct param_value *out)
{
	struct param_value checked;
	struct param_info info;
	char why[PARAM_WHY_MAX];
	uint32_t id;

	mapping_target_ids(r, &c->target[0], &id, 1);
	param_info(r->params, id, &info);
	memset(out, 0, sizeof(*out));
	out->type = info.type == PARAM_TEXT ? PARAM_TEXT : PARAM_FLOAT;
	if (out->type == PARAM_TEXT)
		memcpy(out->s, text, strnlen(text, sizeof(out->s)));
	else if (mapping_number(r, path, text, info.min, info.max, &out->f) < 0)
		return -EINVAL;
	if (param_check(r->params, id, out, &checked, why) < 0)
		return yaml_refuse(&r->in, path, "%s", why);
	return 0;
}

/* ---- do the targets fit what is done with them ---- */

static bool
steps(const struct mapping_control *c)
{
	return c->as == MAPPING_UP || c->as == MAPPING_DOWN;
}

static bool
moves(const struct mapping_control *c)
{
	return c->as == MAPPING_VALUE || c->as == MAPPING_TOGGLE ||
	       c->as == MAPPING_MOMENTARY || c->as == MAPPING_LATCH || steps(c);
}

static int
fit_range(const struct mapping_reading *r, const char *entry,
	const struct mapping_control *c, const struct param_info *info)
{
	char path[MARK_PATH_MAX];

	snprintf(path, sizeof(path), "%.40s.range", entry);
	if (info->type == PARAM_TEXT)
		return yaml_refuse(
			&r->in, path, "%.60s has no range", info->address);
	if (c->range[0] < info->min || c->range[1] > info->max)
		return yaml_refuse(&r->in, path,
			"%g to %g is beyond that of %.60s, %g to %g%s%s",
			c->range[0], c->range[1], info->address, info->min,
			info->max, info->unit[0] ? " " : "", info->unit);
	return 0;
}

static int
fit_one(const struct mapping_reading *r, const char *entry,
	const struct mapping_control *c, const struct param_info *info)
{
	char path[MARK_PATH_MAX];

	snprintf(path, sizeof(path), "%.40s", entry);
	if (c->as != MAPPING_SHOW && info->read_only)
		return yaml_refuse(&r->in, path,
			"%.60s cannot be set; without "
			"on: it can be shown",
			info->address);
	if (moves(c) && info->type == PARAM_TEXT &&
		(info->choices == 0 || (c->as != MAPPING_VALUE && !steps(c))))
		return yaml_refuse(&r->in, path,
			"%.60s is a text; as: set or radio, with a value:",
			info->address);
	return c->has_range ? fit_range(r, entry, c, info) : 0;
}

static int
fit_value(const struct mapping_reading *r, const char *entry,
	const struct mapping_control *c, uint32_t id)
{
	struct param_value checked;
	char path[MARK_PATH_MAX], why[PARAM_WHY_MAX];

	if (c->as != MAPPING_SET && c->as != MAPPING_RADIO)
		return 0;
	if (param_check(r->params, id, &c->value, &checked, why) == 0)
		return 0;
	snprintf(path, sizeof(path), "%.40s.value", entry);
	return yaml_refuse(&r->in, path, "%s", why);
}

int
mapping_targets_fit(const struct mapping_reading *r, const char *entry,
	const struct mapping_control *c)
{
	int rc = 0;

	for (uint32_t t = 0; rc == 0 && !c->meter && t < c->targets; t++) {
		uint32_t ids[IDS_MAX];
		uint32_t n = mapping_target_ids(r, &c->target[t], ids, IDS_MAX);

		for (uint32_t i = 0; rc == 0 && i < n; i++) {
			struct param_info info;

			param_info(r->params, ids[i], &info);
			rc = fit_one(r, entry, c, &info);
			if (rc == 0)
				rc = fit_value(r, entry, c, ids[i]);
		}
	}
	return rc;
}
