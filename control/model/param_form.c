/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses by the form they are asked in: who subscribes by a program's name
 * is told under that name, wherever the program is. */
#include <stdio.h>
#include <string.h>

#include "control/model/params.h"
#include "control/util/pattern.h"

struct parts {
	struct piece scope, which;
	const char *rest;
};

static bool
parts_of(const char *pattern, struct parts *out)
{
	if (*pattern++ != '/' || strnlen(pattern, PATTERN_MAX) == PATTERN_MAX)
		return false;
	out->scope = piece_next(&pattern);
	out->which = piece_next(&pattern);
	out->rest = pattern;
	return true;
}

/* Digits alone are a number, never a slug. */
static bool
is_number(struct piece which)
{
	return which.length > 0 &&
	       strspn(which.text, "0123456789") >= which.length;
}

static bool
strip_matches(const struct model *c, const struct parts *parts,
	enum param_form form, uint32_t strip)
{
	const char *slug =
		values_text(kept_text(&c->kept, ROW_STRIP_SLUG, strip));
	char number[16];
	bool numbered;

	snprintf(number, sizeof(number), "%u", strip + 1);
	numbered = pattern_matches(parts->which, number);
	if (form == PARAM_BY_NUMBER)
		return numbered && pattern_matches(parts->scope, "strip");
	if (!pattern_matches(parts->which, slug))
		return false;
	if (form == PARAM_BY_SLUG)
		return !numbered && pattern_matches(parts->scope, "strip");
	return c->held[strip] && pattern_matches(parts->scope, "app");
}

uint32_t
param_match_form(const struct params *p, const char *pattern,
	enum param_form form, uint32_t *ids, uint32_t max)
{
	const struct tails *strips = &p->value[TAILS_OF_STRIP];
	const struct tails *buses = &p->value[TAILS_OF_BUS];
	const struct tails *all = &p->value[TAILS_OF_ALL];
	const struct model *c = p->model;
	bool hit[TAIL_HASH];
	struct found f = {ids, max, 0};
	struct parts parts;

	if (!parts_of(pattern, &parts))
		return 0;
	if (params_tails_match(strips, parts.rest, hit))
		for (uint32_t i = 0; i < c->config.strips; i++)
			if (strip_matches(c, &parts, form, i))
				params_found(&f, strips, hit, i);
	if (form != PARAM_BY_NUMBER)
		return f.count;
	if (pattern_matches(parts.scope, "bus") &&
		params_tails_match(buses, parts.rest, hit))
		for (uint32_t i = 0; i < c->config.buses; i++)
			if (pattern_matches(parts.which, c->config.bus_name[i]))
				params_found(&f, buses, hit, i);
	if (params_tails_match(all, pattern + 1, hit))
		params_found(&f, all, hit, 0);
	return f.count;
}

bool
param_may_match(const struct params *p, const char *pattern)
{
	bool hit[TAIL_HASH];
	struct parts parts;

	return parts_of(pattern, &parts) && parts.which.length > 0 &&
	       !is_number(parts.which) &&
	       (pattern_matches(parts.scope, "strip") ||
		       pattern_matches(parts.scope, "app")) &&
	       params_tails_match(&p->value[TAILS_OF_STRIP], parts.rest, hit);
}

bool
param_address(const struct params *p, uint32_t id, enum param_form form,
	char out[PARAM_NAMED_MAX])
{
	const struct model *c = p->model;
	struct param_info info;
	const char *tail, *slug;
	struct place at;

	param_info(p, id, &info);
	params_row(p, id, &at);
	if (form == PARAM_BY_NUMBER) {
		memcpy(out, info.address, PARAM_ADDRESS_MAX);
		return true;
	}
	if (at.strip == PLACE_BUS)
		return false;
	slug = values_text(kept_text(&c->kept, ROW_STRIP_SLUG, at.strip));
	tail = strchr(info.address + strlen("/strip/"), '/');
	snprintf(out, PARAM_NAMED_MAX, "/%s/%s%s",
		form == PARAM_BY_APP ? "app" : "strip", slug, tail);
	return slug[0] && (form != PARAM_BY_APP || c->held[at.strip]);
}

uint64_t
param_names(const struct params *p)
{
	return p->model->names;
}
