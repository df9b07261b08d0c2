/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_values.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/util/check.h"
#include "control/yaml/keys.h"
#include "control/yaml/tree_value.h"

struct strip_keys {
	const struct tree_node *number, *name, *pair, *match;
};

struct bus_keys {
	const struct tree_node *name, *sink;
};

struct route_keys {
	const struct tree_node *name, *buses;
};

struct osc_keys {
	const struct tree_node *bind, *port, *peers, *push, *network;
};

struct top_keys {
	const struct tree_node *strips, *strip, *buses, *routes, *osc, *tap,
		*block, *cable, *grab, *rate;
};

/* clang-format off */
static const struct keys strip_table[] = {
	KEYS_TEXT(strip_keys, number),
	KEYS_TEXT(strip_keys, name),
	KEYS_TEXT(strip_keys, pair),
	KEYS_TEXTS(strip_keys, match),
	KEYS_END};

static const struct keys bus_table[] = {
	KEYS_TEXT(bus_keys, name),
	KEYS_TEXT(bus_keys, sink),
	KEYS_END};

static const struct keys route_table[] = {
	KEYS_TEXT(route_keys, name),
	KEYS_TEXTS(route_keys, buses),
	KEYS_END};

static const struct keys osc_table[] = {
	KEYS_TEXT(osc_keys, bind),
	KEYS_TEXT(osc_keys, port),
	KEYS_TEXTS(osc_keys, peers),
	KEYS_TEXTS(osc_keys, push),
	KEYS_TEXT(osc_keys, network),
	KEYS_END};

static const struct keys top_table[] = {
	KEYS_TEXT(top_keys, strips),
	KEYS_MAPS(top_keys, strip, strip_table),
	KEYS_MAPS(top_keys, buses, bus_table),
	KEYS_MAPS(top_keys, routes, route_table),
	KEYS_MAP(top_keys, osc, osc_table),
	KEYS_TEXT(top_keys, tap),
	KEYS_TEXT(top_keys, block),
	KEYS_TEXT(top_keys, cable),
	KEYS_TEXT(top_keys, grab),
	KEYS_TEXT(top_keys, rate),
	KEYS_END};
/* clang-format on */

struct reading {
	const struct tree *t;
	struct top_keys top;
	struct engine_config *to;
};

/* What a rule says of a value: rc is what it gave. */
static int
told(const struct reading *r, const struct tree_node *node, int rc,
	const char *why)
{
	return rc < 0 ? tree_refuse_value(r->t, node, node->text, why) : 0;
}

/* The same of one that an entry must have, and may lack. */
static int
told_of(const struct reading *r, const struct tree_node *entry,
	const struct tree_node *node, int rc, const char *why)
{
	if (rc < 0 && !node)
		return tree_refuse(r->t, entry, "%s", why);
	return told(r, node, rc, why);
}

/* ---- strips ---- */

static int
read_match(const struct reading *r, const struct strip_keys *y, uint32_t strip)
{
	const struct tree_node *i = tree_first(y->match);
	char why[CHECK_WHY_MAX];
	uint32_t pair = 0;
	int rc = 0;

	if (y->pair)
		rc = told(r, y->pair,
			model_config_pair(y->pair->text, &pair, why), why);
	if (rc == 0 && y->pair && !i)
		return tree_refuse(
			r->t, y->pair, "needs match: whose outputs it chooses");
	for (; rc == 0 && i; i = tree_next(y->match, i))
		rc = told(r, i,
			model_config_rule(
				&r->to->model, i->text, strip, pair, why),
			why);
	return rc;
}

static int
read_strip(const struct reading *r, const struct tree_node *entry, bool *seen)
{
	struct model_config *c = &r->to->model;
	char why[CHECK_WHY_MAX];
	struct strip_keys y;
	uint32_t strip = 0;
	int rc;

	keys_find(entry, strip_table, &y, sizeof(y));
	if (!y.number)
		return tree_refuse(
			r->t, entry, "needs a number, from 1 to %u", c->strips);
	rc = model_config_strip(c, y.number->text, &strip, why);
	if (rc == 0 && seen[strip])
		rc = check_refuse(why, "is there twice");
	if (rc < 0)
		return told(r, y.number, rc, why);
	seen[strip] = true;
	rc = tree_text(r->t, y.name, c->strip_name[strip], PARAM_TEXT_MAX);
	return rc < 0 ? rc : read_match(r, &y, strip);
}

static int
read_strips(const struct reading *r)
{
	const struct tree_node *list = r->top.strip, *i = tree_first(list);
	bool seen[STRIPS_MAX] = {false};
	const struct tree_node *strips = r->top.strips;
	char why[CHECK_WHY_MAX];
	int rc = 0;

	if (strips)
		rc = told(r, strips,
			model_config_strips(&r->to->model, strips->text, why),
			why);
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = read_strip(r, i, seen);
	return rc;
}

/* ---- buses and routes ---- */

static int
read_bus(const struct reading *r, const struct tree_node *entry)
{
	struct model_config *c = &r->to->model;
	char why[CHECK_WHY_MAX];
	struct bus_keys y;
	int rc;

	keys_find(entry, bus_table, &y, sizeof(y));
	rc = told_of(r, entry, y.name,
		model_config_bus(c, y.name ? y.name->text : "", why), why);
	if (rc == 0 && y.sink)
		rc = told(r, y.sink,
			engine_config_sink(
				r->to, c->buses - 1, y.sink->text, why),
			why);
	return rc;
}

static int
read_buses(const struct reading *r)
{
	const struct tree_node *list = r->top.buses, *i = tree_first(list);
	int rc = 0;

	if (!list)
		return 0;
	if (!i)
		return tree_refuse(r->t, list, "needs one at least");
	model_config_no_buses(&r->to->model);
	memset(r->to->bus_sink, 0, sizeof(r->to->bus_sink));
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = read_bus(r, i);
	return rc;
}

static int
read_route_buses(const struct reading *r, const struct tree_node *entry,
	const struct tree_node *list, uint32_t *mask)
{
	const struct tree_node *i = tree_first(list);
	char why[CHECK_WHY_MAX];
	int rc = 0;

	if (!list)
		return tree_refuse(
			r->t, entry, "needs buses: a list of names, or []");
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = told(r, i,
			model_config_send(&r->to->model, i->text, mask, why),
			why);
	return rc;
}

static int
read_route(const struct reading *r, const struct tree_node *entry)
{
	struct model_config *c = &r->to->model;
	char why[CHECK_WHY_MAX];
	struct route_keys y;
	int rc;

	keys_find(entry, route_table, &y, sizeof(y));
	rc = told_of(r, entry, y.name,
		model_config_route(c, y.name ? y.name->text : "", 0, why), why);
	return rc < 0 ? rc
		      : read_route_buses(r, entry, y.buses,
				&c->route[c->routes - 1].mask);
}

static int
read_routes(const struct reading *r)
{
	const struct tree_node *list = r->top.routes, *i = tree_first(list);
	struct model_config *c = &r->to->model;
	int rc = 0;

	if (!list) {
		model_config_routes(c);
		return 0;
	}
	if (!i)
		return tree_refuse(r->t, list, "needs one at least");
	memset(c->route, 0, sizeof(c->route));
	c->routes = 0;
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = read_route(r, i);
	return rc;
}

/* ---- osc ---- */

typedef int (*osc_text)(struct osc_config *osc, const char *text, char *why);

static int
read_osc_text(
	const struct reading *r, const struct tree_node *node, osc_text set)
{
	char why[CHECK_WHY_MAX];

	if (!node)
		return 0;
	return told(r, node, set(&r->to->osc, node->text, why), why);
}

static int
read_peers(const struct reading *r, const struct tree_node *list,
	uint32_t *count, osc_text add)
{
	const struct tree_node *i = tree_first(list);
	int rc = 0;

	if (list)
		*count = 0;
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = read_osc_text(r, i, add);
	return rc;
}

static int
read_osc(const struct reading *r)
{
	struct osc_config *osc = &r->to->osc;
	struct osc_keys y;
	int rc;

	if (!r->top.osc)
		return 0;
	keys_find(r->top.osc, osc_table, &y, sizeof(y));
	rc = read_osc_text(r, y.bind, osc_config_bind);
	rc = rc < 0 ? rc : read_osc_text(r, y.port, osc_config_port);
	rc = rc < 0 ? rc : tree_truth(r->t, y.network, &osc->network);
	rc = rc < 0 ? rc : read_peers(r, y.peers, &osc->peers, osc_config_peer);
	return rc < 0 ? rc
		      : read_peers(r, y.push, &osc->pushes, osc_config_push);
}

/* ---- the rest ---- */

typedef int (*engine_text)(
	struct engine_config *config, const char *text, char *why);

static int
read_engine_text(
	const struct reading *r, const struct tree_node *node, engine_text set)
{
	char why[CHECK_WHY_MAX];

	if (!node)
		return 0;
	return told(r, node, set(r->to, node->text, why), why);
}

static int
read_rest(const struct reading *r)
{
	const struct top_keys *y = &r->top;
	char why[CHECK_WHY_MAX];
	int rc = 0;

	if (y->tap)
		rc = told(r, y->tap,
			model_config_tap(&r->to->model, y->tap->text, why),
			why);
	rc = rc < 0 ? rc : read_engine_text(r, y->rate, engine_config_rate);
	rc = rc < 0 ? rc : read_engine_text(r, y->block, engine_config_block);
	rc = rc < 0 ? rc : tree_truth(r->t, y->cable, &r->to->cable);
	rc = rc < 0 ? rc : read_engine_text(r, y->grab, engine_config_grab);
	if (rc == 0 && engine_config_fits(r->to, why) < 0)
		rc = tree_refuse_value(
			r->t, y->grab ? y->grab : y->cable, "new", why);
	return rc;
}

int
config_values(struct engine_config *config, const struct tree *t)
{
	struct reading r = {.t = t, .to = config};
	int rc = keys_check(t, top_table);

	if (rc < 0 || t->nodes == 0)
		return rc;
	keys_find(t->node, top_table, &r.top, sizeof(r.top));
	rc = read_strips(&r);
	rc = rc < 0 ? rc : read_buses(&r);
	rc = rc < 0 ? rc : read_routes(&r);
	rc = rc < 0 ? rc : read_osc(&r);
	return rc < 0 ? rc : read_rest(&r);
}
