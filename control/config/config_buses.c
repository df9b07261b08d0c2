/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include <string.h>

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

/* False: it was refused. */
static bool
read_bus(const struct reading *r, const struct tree_node *entry)
{
	struct model_config *c = &r->to->model;
	struct bus_keys y;

	keys_find(entry, config_bus_table, &y, sizeof(y));
	if (!config_good_of(r, entry, y.name,
		    model_config_bus(c, y.name ? y.name->text : "", r->why)))
		return false;
	return !y.sink || config_good(r, y.sink,
				  engine_config_sink(r->to, c->buses - 1,
					  y.sink->text, r->why));
}

void
config_read_buses(struct reading *r)
{
	const struct tree_node *list = r->top.buses, *i = tree_first(list);

	if (!list)
		return;
	if (!i) {
		tree_refuse(r->t, list, "needs one at least");
		return;
	}
	model_config_no_buses(&r->to->model);
	memset(r->to->bus_sink, 0, sizeof(r->to->bus_sink));
	for (; i; i = tree_next(list, i))
		r->buses_bad |= !read_bus(r, i);
	if (r->buses_bad || engine_config_outputs(r->to, r->why) == 0)
		return;
	tree_refuse(r->t, list, "%s", r->why);
	r->buses_bad = true;
}

static void
read_route_buses(const struct reading *r, const struct tree_node *entry,
	const struct tree_node *list, uint32_t *mask)
{
	const struct tree_node *i = tree_first(list);

	if (!list)
		tree_refuse(r->t, entry, "needs buses: a list of names, or []");
	/* no word on a bus that was refused where it is named */
	for (; i && !r->buses_bad; i = tree_next(list, i))
		config_good(r, i,
			model_config_send(
				&r->to->model, i->text, mask, r->why));
}

static void
read_route(const struct reading *r, const struct tree_node *entry)
{
	struct model_config *c = &r->to->model;
	struct route_keys y;
	uint32_t refused = 0;
	bool good;

	keys_find(entry, config_route_table, &y, sizeof(y));
	good = config_good_of(r, entry, y.name,
		model_config_route(c, y.name ? y.name->text : "", 0, r->why));
	read_route_buses(r, entry, y.buses,
		good ? &c->route[c->routes - 1].mask : &refused);
}

void
config_read_routes(const struct reading *r)
{
	const struct tree_node *list = r->top.routes, *i = tree_first(list);
	struct model_config *c = &r->to->model;

	if (!list) {
		model_config_routes(c);
		return;
	}
	if (!i) {
		tree_refuse(r->t, list, "needs one at least");
		return;
	}
	memset(c->route, 0, sizeof(c->route));
	c->routes = 0;
	for (; i; i = tree_next(list, i))
		read_route(r, i);
}
