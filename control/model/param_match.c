/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an address to parameters.
 *
 * An address is /strip/WHICH/TAIL, /app/SLUG/TAIL or /bus/WHICH/TAIL. WHICH and
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
	struct tails *all[] = {
		&p->strips, &p->buses, &p->strip_actions, &p->bus_actions};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		all[i]->tail = calloc(TAIL_HASH / 2, sizeof(struct tail));
		if (!all[i]->tail)
			return -ENOMEM;
	}
	return 0;
}

static void
row_put(struct params *p, uint32_t row)
{
	const struct row *r = &rows[row];
	bool bus = r->scope == ROW_OF_BUS;
	struct tails *t = bus ? &p->buses : &p->strips;
	struct tails *actions = bus ? &p->bus_actions : &p->strip_actions;
	uint32_t n = r->scope == ROW_OF_SEND ? p->model->config.buses : 1;

	p->row_first[row] = (uint16_t)t->count;
	for (uint32_t i = 0; i < n; i++) {
		tail_put(t, p, row, i, "");
		if (r->action)
			tail_put(actions, p, row, i, action_words[r->action]);
	}
}

int
params_name(struct params *p)
{
	const struct model_config *config = &p->model->config;
	int rc = tails_new(p);

	if (rc < 0)
		return rc;
	for (uint32_t row = 0; row < rows_count; row++)
		if (!rows[row].inner)
			row_put(p, row);
	p->buses.first = config->strips * p->strips.count;
	p->count = p->buses.first + config->buses * p->buses.count;
	p->strip_actions.first = p->count;
	p->bus_actions.first =
		p->count + config->strips * p->strip_actions.count;
	p->set_count =
		p->bus_actions.first + config->buses * p->bus_actions.count;
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

/* Tails of a strip, and of a bus. */
struct scopes {
	const struct tails *strips, *buses;
};

static int
find(const struct params *p, struct scopes in, const char *address)
{
	const struct model *c = p->model;
	const struct tails *t = in.strips;
	struct piece scope, which;
	int i = -1, tail;

	if (*address++ != '/')
		return -ENOENT;
	scope = piece_next(&address);
	which = piece_next(&address);
	if (piece_is(scope, "strip")) {
		i = strip_find(c, which);
	} else if (piece_is(scope, "bus")) {
		i = bus_find(c, which);
		t = in.buses;
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

static struct scopes
values_of(const struct params *p)
{
	return (struct scopes){&p->strips, &p->buses};
}

static struct scopes
actions_of(const struct params *p)
{
	return (struct scopes){&p->strip_actions, &p->bus_actions};
}

int
param_find(const struct params *p, const char *address)
{
	return find(p, values_of(p), address);
}

/* ---- patterns ---- */

void
params_found(
	struct found *f, const struct tails *t, const bool *hit, uint32_t i)
{
	for (uint32_t tail = 0; tail < t->count; tail++) {
		if (!hit[tail])
			continue;
		if (f->count < f->max)
			f->ids[f->count] = t->first + i * t->count + tail;
		f->count++;
	}
}

bool
params_tails_match(
	const struct tails *t, const char *pattern, bool hit[TAIL_HASH])
{
	bool any = false;

	for (uint32_t i = 0; i < t->count; i++) {
		hit[i] = pattern_matches_tail(pattern, t->tail[i].text);
		any |= hit[i];
	}
	return any;
}

static void
strips_match(const struct params *p, const struct tails *t, struct piece scope,
	struct piece which, const char *rest, struct found *f)
{
	const struct model *c = p->model;
	bool strip = pattern_matches(scope, "strip");
	bool app = pattern_matches(scope, "app");
	bool hit[TAIL_HASH];

	if (!(strip || app) || !params_tails_match(t, rest, hit))
		return;
	for (uint32_t i = 0; i < c->config.strips; i++) {
		bool named = pattern_matches(which,
			values_text(kept_text(&c->kept, ROW_STRIP_SLUG, i)));
		char number[16];

		snprintf(number, sizeof(number), "%u", i + 1);
		if ((strip && (named || pattern_matches(which, number))) ||
			(app && named && c->held[i]))
			params_found(f, t, hit, i);
	}
}

static void
buses_match(const struct params *p, const struct tails *t, struct piece scope,
	struct piece which, const char *rest, struct found *f)
{
	const struct model *c = p->model;
	bool hit[TAIL_HASH];

	if (!pattern_matches(scope, "bus") || !params_tails_match(t, rest, hit))
		return;
	for (uint32_t i = 0; i < c->config.buses; i++) {
		if (pattern_matches(which, c->config.bus_name[i]))
			params_found(f, t, hit, i);
	}
}

static void
match(const struct params *p, struct scopes in, const char *pattern,
	struct found *f)
{
	struct piece scope, which;

	if (!pattern[strcspn(pattern, "*?[]{}")]) {
		int id = find(p, in, pattern);

		if (id >= 0 && f->count < f->max)
			f->ids[f->count] = (uint32_t)id;
		f->count += id >= 0;
		return;
	}
	if (*pattern++ != '/' || strnlen(pattern, PATTERN_MAX) == PATTERN_MAX)
		return;
	scope = piece_next(&pattern);
	which = piece_next(&pattern);
	strips_match(p, in.strips, scope, which, pattern, f);
	buses_match(p, in.buses, scope, which, pattern, f);
}

uint32_t
param_match(const struct params *p, const char *pattern, uint32_t *ids,
	uint32_t max)
{
	struct found f = {ids, max, 0};

	match(p, values_of(p), pattern, &f);
	return f.count;
}

uint32_t
param_match_set(const struct params *p, const char *pattern, uint32_t *ids,
	uint32_t max)
{
	struct found f = {ids, max, 0};

	match(p, values_of(p), pattern, &f);
	if (param_names_action(pattern)) /* no wildcard does anything */
		match(p, actions_of(p), pattern, &f);
	return f.count;
}
