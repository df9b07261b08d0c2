/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_values.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/osc/transport/osc_names.h"
#include "control/osc/transport/osc_peer.h"
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

/* ---- strips ---- */

static int
read_match(const struct reading *r, const struct strip_keys *y, uint32_t strip)
{
	const struct tree_node *i;
	char why[MODEL_CONFIG_WHY];
	uint32_t pair = 0;
	int rc = tree_whole(r->t, y->pair, 1, PAIRS_MAX, &pair);

	if (rc == 0 && y->pair && !tree_first(y->match))
		return tree_refuse(
			r->t, y->pair, "needs match: whose outputs it chooses");
	i = rc == 0 ? tree_first(y->match) : NULL;
	for (; i; i = tree_next(y->match, i))
		if (model_config_rule(
			    &r->to->model, i->text, strip, pair, why) < 0)
			return tree_refuse(r->t, i, "%s", why);
	return rc;
}

static int
read_strip(const struct reading *r, const struct tree_node *entry, bool *seen)
{
	struct model_config *c = &r->to->model;
	struct strip_keys y;
	uint32_t number = 1;
	int rc;

	keys_find(entry, strip_table, &y, sizeof(y));
	if (!y.number)
		return tree_refuse(
			r->t, entry, "needs a number, from 1 to %u", c->strips);
	rc = tree_whole(r->t, y.number, 1, c->strips, &number);
	if (rc < 0)
		return rc;
	if (seen[number - 1])
		return tree_refuse(
			r->t, y.number, "strip %u is there twice", number);
	seen[number - 1] = true;
	rc = tree_text(r->t, y.name, c->strip_name[number - 1], PARAM_TEXT_MAX);
	return rc < 0 ? rc : read_match(r, &y, number - 1);
}

static int
read_strips(const struct reading *r)
{
	const struct tree_node *list = r->top.strip, *i = tree_first(list);
	bool seen[STRIPS_MAX] = {false};
	int rc = tree_whole(
		r->t, r->top.strips, 1, STRIPS_MAX, &r->to->model.strips);

	for (; rc == 0 && i; i = tree_next(list, i))
		rc = read_strip(r, i, seen);
	return rc;
}

/* ---- buses and routes ---- */

static int
read_bus(const struct reading *r, const struct tree_node *entry)
{
	struct model_config *c = &r->to->model;
	char why[MODEL_CONFIG_WHY];
	struct bus_keys y;

	keys_find(entry, bus_table, &y, sizeof(y));
	if (model_config_bus(c, y.name ? y.name->text : "", why) < 0)
		return tree_refuse(r->t, y.name ? y.name : entry, "%s", why);
	if (y.sink &&
		engine_config_sink(r->to, c->buses - 1, y.sink->text, why) < 0)
		return tree_refuse(r->t, y.sink, "%s", why);
	return 0;
}

static int
read_buses(const struct reading *r)
{
	const struct tree_node *list = r->top.buses, *i = tree_first(list);
	uint32_t count = tree_count(list);
	int rc = 0;

	if (!list)
		return 0;
	if (count < 1 || count > BUSES_MAX)
		return tree_refuse(r->t, list, "%u of them; from 1 to %d",
			count, BUSES_MAX);
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
	const struct model_config *c = &r->to->model;
	const struct tree_node *i = tree_first(list);
	char allowed[BUSES_MAX * (BUS_NAME_MAX + 2)] = "";

	for (uint32_t b = 0; b < c->buses; b++) {
		size_t used = strlen(allowed);

		snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
			b ? ", " : "", c->bus_name[b]);
	}
	if (!list)
		return tree_refuse(r->t, entry,
			"needs buses: a list of %s, or []", allowed);
	*mask = 0;
	for (; i; i = tree_next(list, i)) {
		int bus = model_config_bus_find(c, i->text);

		if (bus < 0)
			return tree_refuse(r->t, i,
				"no bus \"%.40s\"; one of %s", i->text,
				allowed);
		*mask |= 1u << bus;
	}
	return 0;
}

static int
read_route(const struct reading *r, const struct tree_node *entry)
{
	struct model_config *c = &r->to->model;
	char why[MODEL_CONFIG_WHY];
	struct route_keys y;

	keys_find(entry, route_table, &y, sizeof(y));
	if (model_config_route(c, y.name ? y.name->text : "", 0, why) < 0)
		return tree_refuse(r->t, y.name ? y.name : entry, "%s", why);
	return read_route_buses(
		r, entry, y.buses, &c->route[c->routes - 1].mask);
}

static int
read_routes(const struct reading *r)
{
	const struct tree_node *list = r->top.routes, *i = tree_first(list);
	struct model_config *c = &r->to->model;
	uint32_t count = tree_count(list);
	int rc = 0;

	if (!list) {
		model_config_routes(c);
		return 0;
	}
	if (count < 1 || count > ROUTES_MAX)
		return tree_refuse(r->t, list, "%u of them; from 1 to %d",
			count, ROUTES_MAX);
	memset(c->route, 0, sizeof(c->route));
	c->routes = 0;
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = read_route(r, i);
	return rc;
}

/* ---- osc ---- */

static int
read_peers(const struct reading *r, const struct tree_node *list, bool push,
	uint32_t *peers, char to[][64])
{
	const struct tree_node *i = tree_first(list);
	uint32_t count = tree_count(list);
	int rc = 0;

	if (!list)
		return 0;
	if (count > OSC_PEERS_MAX)
		return tree_refuse(r->t, list, "%u of them; at most %d", count,
			OSC_PEERS_MAX);
	for (*peers = 0; rc == 0 && i; i = tree_next(list, i)) {
		if (push ? !osc_name_is_push(i->text)
			 : !osc_name_is_peer(i->text))
			return tree_refuse(r->t, i, "\"%.40s\" must be %s",
				i->text,
				push ? OSC_PUSH_WANTED : OSC_PEER_WANTED);
		rc = tree_text(r->t, i, to[(*peers)++], sizeof(to[0]));
	}
	return rc;
}

static int
read_osc(const struct reading *r)
{
	struct osc_config *osc = &r->to->osc;
	uint32_t port = osc->port;
	struct osc_peer peer;
	struct osc_keys y;
	int rc;

	if (!r->top.osc)
		return 0;
	keys_find(r->top.osc, osc_table, &y, sizeof(y));
	if (y.bind && osc_peer_parse(y.bind->text, 0, &peer) < 0)
		return tree_refuse(r->t, y.bind,
			"\"%.40s\" must be " OSC_BIND_WANTED, y.bind->text);
	rc = tree_text(r->t, y.bind, osc->bind, sizeof(osc->bind));
	if (rc == 0)
		rc = tree_whole(r->t, y.port, 0, 65535, &port);
	osc->port = (uint16_t)port;
	if (rc == 0)
		rc = tree_truth(r->t, y.network, &osc->network);
	if (rc == 0)
		rc = read_peers(r, y.peers, false, &osc->peers, osc->peer);
	if (rc == 0)
		rc = read_peers(r, y.push, true, &osc->pushes, osc->push);
	return rc;
}

/* ---- the rest ---- */

static int
read_rest(const struct reading *r)
{
	static const char *const taps[] = {"off", "copy", "take", NULL};
	static const char *const rates[] = {
		"keep", "follow", "match-daw", NULL};
	static const char *const grabs[] = {"none", "new", NULL};
	const struct top_keys *y = &r->top;
	uint32_t tap = r->to->model.tap, grab = r->to->grab_new;
	uint32_t rate = r->to->rate;
	bool no_block = y->block && !strcmp(y->block->text, "0");
	int rc = tree_word(r->t, y->tap, taps, &tap);

	_Static_assert(RATE_FOLLOW == 1 && RATE_MATCH_DAW == 2, "rates");
	_Static_assert(TAP_OFF == 0 && TAP_COPY == 1 && TAP_TAKE == 2, "taps");
	if (rc == 0)
		rc = tree_word(r->t, y->rate, rates, &rate);
	if (rc == 0)
		rc = tree_word(r->t, y->grab, grabs, &grab);
	if (rc == 0)
		rc = tree_truth(r->t, y->cable, &r->to->cable);
	if (no_block)
		r->to->block_frames = 0;
	else if (rc == 0)
		rc = tree_whole(r->t, y->block, BLOCK_MIN, BLOCK_MAX,
			&r->to->block_frames);
	if (rc < 0)
		return rc;
	r->to->model.tap = (enum tap_mode)tap;
	r->to->grab_new = grab;
	r->to->rate = (enum rate_mode)rate;
	if (r->to->grab_new && !r->to->cable)
		return tree_refuse(r->t, y->grab ? y->grab : y->cable,
			"new needs the cable; cable: true");
	return 0;
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
