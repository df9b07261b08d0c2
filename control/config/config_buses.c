/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include <string.h>

#include "control/util/check.h"

struct bus_keys {
	const struct tree_node *name, *sink;
};

struct route_keys {
	const struct tree_node *name, *buses;
};

/* clang-format off */
const struct keys config_bus_table[] = {
	KEYS_TEXT(bus_keys, name),
	KEYS_TEXT(bus_keys, sink),
	KEYS_END};

const struct keys config_route_table[] = {
	KEYS_TEXT(route_keys, name),
	KEYS_TEXTS(route_keys, buses),
	KEYS_END};
/* clang-format on */

static int
read_bus(const struct reading *r, const struct tree_node *entry)
{
	struct model_config *c = &r->to->model;
	char why[CHECK_WHY_MAX];
	struct bus_keys y;
	int rc;

	keys_find(entry, config_bus_table, &y, sizeof(y));
	rc = config_told_of(r, entry, y.name,
		model_config_bus(c, y.name ? y.name->text : "", why), why);
	if (rc == 0 && y.sink)
		rc = config_told(r, y.sink,
			engine_config_sink(
				r->to, c->buses - 1, y.sink->text, why),
			why);
	return rc;
}

int
config_read_buses(struct reading *r)
{
	const struct tree_node *list = r->top.buses, *i = tree_first(list);
	char why[CHECK_WHY_MAX];
	int rc = 0;

	if (!list)
		return 0;
	if (!i)
		return tree_refuse(r->t, list, "needs one at least");
	model_config_no_buses(&r->to->model);
	memset(r->to->bus_sink, 0, sizeof(r->to->bus_sink));
	for (; i; i = tree_next(list, i))
		rc = config_worse(rc, read_bus(r, i));
	if (rc == 0 && engine_config_outputs(r->to, why) < 0)
		rc = tree_refuse(r->t, list, "%s", why);
	r->buses_bad = rc < 0;
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
	/* no word on a bus that was refused where it is named */
	for (; i && !r->buses_bad; i = tree_next(list, i))
		rc = config_worse(rc, config_told(r, i,
					      model_config_send(&r->to->model,
						      i->text, mask, why),
					      why));
	return rc;
}

static int
read_route(const struct reading *r, const struct tree_node *entry)
{
	struct model_config *c = &r->to->model;
	char why[CHECK_WHY_MAX];
	struct route_keys y;
	uint32_t refused = 0;
	int rc;

	keys_find(entry, config_route_table, &y, sizeof(y));
	rc = config_told_of(r, entry, y.name,
		model_config_route(c, y.name ? y.name->text : "", 0, why), why);
	return config_worse(
		rc, read_route_buses(r, entry, y.buses,
			    rc < 0 ? &refused : &c->route[c->routes - 1].mask));
}

int
config_read_routes(const struct reading *r)
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
	for (; i; i = tree_next(list, i))
		rc = config_worse(rc, read_route(r, i));
	return rc;
}
