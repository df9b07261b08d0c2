/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an address to parameters.
 *
 * An address is /strip/WHICH/TAIL, /app/SLUG/TAIL, /bus/WHICH/TAIL, or /TAIL of
 * what is not of a strip or a bus. WHICH and
 * TAIL are looked up by hash, each in a small table of its own, so that a
 * change of a slug costs one entry and not every address of its strip. A
 * pattern is matched with each WHICH and, once for all of them, each TAIL. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/names.h"
#include "control/model/params.h"
#include "control/util/pattern.h"

/* ---- names ---- */

static const char *const action_words[] = {
	[ROW_NO_ACTION] = "", [ROW_STEP] = "step", [ROW_TOGGLE] = "toggle"};

bool
param_names_action(const char *address)
{
	const char *last = strrchr(address, '/');

	return last && (!strcmp(last + 1, action_words[ROW_STEP]) ||
			       !strcmp(last + 1, action_words[ROW_TOGGLE]));
}

static void
tail_put(struct tails *t, const struct params *p, uint32_t row, uint32_t bus,
	const char *action)
{
	const struct row *r = &rows[row];
	struct tail *tail = &t->tail[t->count];
	bool send = r->scope == ROW_OF_SEND;
	uint32_t at;

	snprintf(tail->text, sizeof(tail->text), "%s%s%s%s%s", r->name,
		send ? "/" : "", send ? p->model->config.bus_name[bus] : "",
		action[0] ? "/" : "", action);
	tail->row = (uint8_t)row;
	tail->bus = (uint8_t)bus;
	at = piece_hash(piece_of(tail->text));
	assert(t->count < TAIL_HASH / 2);
	while (t->hash[at % TAIL_HASH])
		at++;
	t->count++;
	t->hash[at % TAIL_HASH] = (uint16_t)t->count;
}

static int
tails_new(struct params *p)
{
	for (int scope = 0; scope < TAIL_SCOPES; scope++) {
		struct tails *all[] = {&p->value[scope], &p->action[scope]};

		for (int i = 0; i < 2; i++) {
			all[i]->tail =
				calloc(TAIL_HASH / 2, sizeof(struct tail));
			if (!all[i]->tail)
				return -ENOMEM;
		}
	}
	return 0;
}

enum tail_scope
params_scope(const struct row *row)
{
	if (row->scope == ROW_OF_ALL)
		return TAILS_OF_ALL;
	return row->scope == ROW_OF_BUS ? TAILS_OF_BUS : TAILS_OF_STRIP;
}

static void
row_put(struct params *p, uint32_t row)
{
	const struct row *r = &rows[row];
	enum tail_scope scope = params_scope(r);
	struct tails *t = &p->value[scope], *actions = &p->action[scope];
	uint32_t n = r->scope == ROW_OF_SEND ? p->model->config.buses : 1;

	p->row_first[row] = (uint16_t)t->count;
	for (uint32_t i = 0; i < n; i++) {
		tail_put(t, p, row, i, "");
		if (r->action)
			tail_put(actions, p, row, i, action_words[r->action]);
	}
}

/* Numbers them from `first` on; the first that is free then. */
static uint32_t
tails_number(
	const struct params *p, struct tails all[TAIL_SCOPES], uint32_t first)
{
	const uint32_t places[TAIL_SCOPES] = {
		[TAILS_OF_STRIP] = p->model->config.strips,
		[TAILS_OF_BUS] = p->model->config.buses,
		[TAILS_OF_ALL] = 1,
	};

	for (int scope = 0; scope < TAIL_SCOPES; scope++) {
		all[scope].first = first;
		first += places[scope] * all[scope].count;
	}
	return first;
}

int
params_init(struct params *p, struct model *c)
{
	int rc;

	p->model = c;
	rc = tails_new(p);
	if (rc < 0)
		return rc;
	for (uint32_t row = 0; row < rows_count; row++)
		if (!rows[row].inner)
			row_put(p, row);
	p->count = tails_number(p, p->value, 0);
	p->set_count = tails_number(p, p->action, p->count);
	return 0;
}

/* ---- plain addresses ---- */

/* A strip by its number from 1, written as we write it; or by slug. */
static int
strip_find(const struct model *c, struct piece which)
{
	uint32_t number = 0;

	if (which.length == 0 || which.text[0] == '0')
		return -1;
	for (size_t i = 0; i < which.length; i++) {
		char digit = which.text[i];

		if (digit < '0' || digit > '9')
			return names_find(c, which);
		number = number * 10 + (uint32_t)(digit - '0');
		if (number > c->config.strips)
			return -1;
	}
	return (int)number - 1;
}

static int
bus_find(const struct model *c, struct piece which)
{
	for (uint32_t i = 0; i < c->config.buses; i++) {
		if (piece_is(which, c->config.bus_name[i]))
			return (int)i;
	}
	return -1;
}

static int
tail_find(const struct tails *t, const char *text)
{
	uint32_t at = piece_hash(piece_of(text));
	uint16_t found;

	while ((found = t->hash[at % TAIL_HASH])) {
		if (!strcmp(t->tail[found - 1].text, text))
			return found - 1;
		at++;
	}
	return -1;
}

static int
find(const struct params *p, const struct tails in[TAIL_SCOPES],
	const char *address)
{
	const struct model *c = p->model;
	const struct tails *t = &in[TAILS_OF_STRIP];
	struct piece scope, which;
	int i = -1, tail;

	if (*address++ != '/')
		return -ENOENT;
	tail = tail_find(&in[TAILS_OF_ALL], address);
	if (tail >= 0)
		return (int)in[TAILS_OF_ALL].first + tail;
	scope = piece_next(&address);
	which = piece_next(&address);
	if (piece_is(scope, "strip")) {
		i = strip_find(c, which);
	} else if (piece_is(scope, "bus")) {
		i = bus_find(c, which);
		t = &in[TAILS_OF_BUS];
	} else if (piece_is(scope, "app")) {
		i = names_find(c, which);
		if (i >= 0 && !c->held[i])
			i = -1;
	}
	tail = i >= 0 ? tail_find(t, address) : -1;
	if (tail < 0)
		return -ENOENT;
	return (int)(t->first + (uint32_t)i * t->count + (uint32_t)tail);
}

int
param_find(const struct params *p, const char *address)
{
	return find(p, p->value, address);
}

/* ---- patterns ---- */

struct found {
	uint32_t *ids;
	uint32_t max, count; /* at most max are put into ids */
};

/* Those of strip or bus i, or 0. */
static void
found_add(struct found *f, const struct tails *t, const bool *hit, uint32_t i)
{
	for (uint32_t tail = 0; tail < t->count; tail++) {
		if (!hit[tail])
			continue;
		if (f->count < f->max)
			f->ids[f->count] = t->first + i * t->count + tail;
		f->count++;
	}
}

/* Which of the tails a pattern names, in hit[]; false: none. */
static bool
tails_match(const struct tails *t, const char *pattern, bool hit[TAIL_HASH])
{
	bool any = false;

	for (uint32_t i = 0; i < t->count; i++) {
		hit[i] = pattern_matches_tail(pattern, t->tail[i].text);
		any |= hit[i];
	}
	return any;
}

/* A pattern: what its first part names, the second, and all behind that. */
struct parts {
	bool strip, app, bus;
	struct piece which;
	const char *rest;
};

static bool
parts_of(const char *pattern, struct parts *out)
{
	struct piece scope;

	if (*pattern++ != '/' || strnlen(pattern, PATTERN_MAX) == PATTERN_MAX)
		return false;
	scope = piece_next(&pattern);
	out->strip = pattern_matches(scope, "strip");
	out->app = pattern_matches(scope, "app");
	out->bus = pattern_matches(scope, "bus");
	out->which = piece_next(&pattern);
	out->rest = pattern;
	return true;
}

#define IN_FORM(form) (1u << (form))
#define IN_ANY_FORM   (IN_FORM(PARAM_FORMS) - 1)

/* In which forms a pattern names it; by slug only where not by number too. Who
 * subscribes by a program's name is told under that, wherever it is. */
static unsigned
strip_forms(const struct model *c, const struct parts *parts, uint32_t strip)
{
	bool named = pattern_matches(parts->which, names_slug(c, strip));
	unsigned forms = 0;
	char number[16];

	snprintf(number, sizeof(number), "%u", strip + 1);
	if (parts->strip && pattern_matches(parts->which, number))
		forms = IN_FORM(PARAM_BY_NUMBER);
	else if (parts->strip && named)
		forms = IN_FORM(PARAM_BY_SLUG);
	if (parts->app && named && c->held[strip])
		forms |= IN_FORM(PARAM_BY_APP);
	return forms;
}

static void
match(const struct params *p, const struct tails in[TAIL_SCOPES],
	const char *pattern, unsigned forms, struct found *f)
{
	const struct tails *strips = &in[TAILS_OF_STRIP];
	const struct tails *buses = &in[TAILS_OF_BUS];
	const struct tails *all = &in[TAILS_OF_ALL];
	const struct model_config *config = &p->model->config;
	bool hit[TAIL_HASH];
	struct parts parts;

	if (!parts_of(pattern, &parts))
		return;
	if ((parts.strip || parts.app) && tails_match(strips, parts.rest, hit))
		for (uint32_t i = 0; i < config->strips; i++)
			if (strip_forms(p->model, &parts, i) & forms)
				found_add(f, strips, hit, i);
	/* a bus, and what is of none, has its name only */
	if (!(forms & IN_FORM(PARAM_BY_NUMBER)))
		return;
	if (parts.bus && tails_match(buses, parts.rest, hit))
		for (uint32_t i = 0; i < config->buses; i++)
			if (pattern_matches(parts.which, config->bus_name[i]))
				found_add(f, buses, hit, i);
	if (tails_match(all, pattern + 1, hit))
		found_add(f, all, hit, 0);
}

static void
match_any(const struct params *p, const struct tails in[TAIL_SCOPES],
	const char *pattern, struct found *f)
{
	int id;

	if (pattern[strcspn(pattern, "*?[]{}")]) {
		match(p, in, pattern, IN_ANY_FORM, f);
		return;
	}
	id = find(p, in, pattern);
	if (id >= 0 && f->count < f->max)
		f->ids[f->count] = (uint32_t)id;
	f->count += id >= 0;
}

uint32_t
param_match(const struct params *p, const char *pattern, uint32_t *ids,
	uint32_t max)
{
	struct found f = {ids, max, 0};

	match_any(p, p->value, pattern, &f);
	return f.count;
}

uint32_t
param_match_set(const struct params *p, const char *pattern, uint32_t *ids,
	uint32_t max)
{
	struct found f = {ids, max, 0};

	match_any(p, p->value, pattern, &f);
	if (param_names_action(pattern)) /* no wildcard does anything */
		match_any(p, p->action, pattern, &f);
	return f.count;
}

uint32_t
param_match_form(const struct params *p, const char *pattern,
	enum param_form form, uint32_t *ids, uint32_t max)
{
	struct found f = {ids, max, 0};

	match(p, p->value, pattern, IN_FORM(form), &f);
	return f.count;
}

/* Digits alone are a number, never a slug. */
static bool
is_number(struct piece which)
{
	return which.length > 0 &&
	       strspn(which.text, "0123456789") >= which.length;
}

bool
param_may_match(const struct params *p, const char *pattern)
{
	bool hit[TAIL_HASH];
	struct parts parts;

	return parts_of(pattern, &parts) && parts.which.length > 0 &&
	       !is_number(parts.which) && (parts.strip || parts.app) &&
	       tails_match(&p->value[TAILS_OF_STRIP], parts.rest, hit);
}
