/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_values.h"

#include "control/config/config_reading.h"
#include "control/util/check.h"
#include "control/yaml/tree_value.h"

/* clang-format off */
const struct keys config_top_table[] = {
	KEYS_TEXT(top_keys, strips),
	KEYS_MAPS(top_keys, strip, config_strip_table),
	KEYS_MAPS(top_keys, rules, config_rule_table),
	KEYS_TEXT(top_keys, unlisted),
	KEYS_MAPS(top_keys, buses, config_bus_table),
	KEYS_MAPS(top_keys, routes, config_route_table),
	KEYS_MAP(top_keys, osc, config_osc_table),
	KEYS_MAP(top_keys, eq, config_eq_table),
	KEYS_MAP(top_keys, scenes, config_scenes_table),
	KEYS_MAP(top_keys, tempo, config_tempo_table),
	KEYS_TEXT(top_keys, quantise),
	KEYS_TEXT(top_keys, tap),
	KEYS_TEXT(top_keys, block),
	KEYS_TEXT(top_keys, cable),
	KEYS_TEXT(top_keys, grab),
	KEYS_TEXT(top_keys, rate),
	KEYS_END};
/* clang-format on */

typedef int (*engine_text)(
	struct engine_config *config, const char *text, char *why);

static int
read_engine_text(
	const struct reading *r, const struct tree_node *node, engine_text set)
{
	char why[CHECK_WHY_MAX];

	if (!node)
		return 0;
	return config_told(r, node, set(r->to, node->text, why), why);
}

static int
read_rest(const struct reading *r)
{
	const struct top_keys *y = &r->top;
	char why[CHECK_WHY_MAX];
	int rc = 0;

	if (y->tap)
		rc = config_told(r, y->tap,
			model_config_tap(&r->to->model, y->tap->text, why),
			why);
	rc = config_worse(rc, read_engine_text(r, y->rate, engine_config_rate));
	rc = config_worse(
		rc, read_engine_text(r, y->block, engine_config_block));
	rc = config_worse(rc, tree_truth(r->t, y->cable, &r->to->cable));
	rc = config_worse(rc, read_engine_text(r, y->grab, engine_config_grab));
	if (rc == 0 && engine_config_fits(r->to, why) < 0)
		rc = tree_refuse_value(
			r->t, y->grab ? y->grab : y->cable, "new", why);
	return rc;
}

/* Before what names one of them. */
static int
read_count(const struct reading *r)
{
	const struct tree_node *strips = r->top.strips;
	char why[CHECK_WHY_MAX];

	if (!strips)
		return 0;
	return config_told(r, strips,
		model_config_strips(&r->to->model, strips->text, why), why);
}

int
config_values(struct engine_config *config, const struct tree *t)
{
	struct reading r = {.t = t, .to = config};
	int rc = keys_check(t, config_top_table);

	if (t->nodes == 0)
		return rc;
	keys_find(t->node, config_top_table, &r.top, sizeof(r.top));
	rc = config_worse(rc, read_count(&r));
	rc = config_worse(rc, config_read_rules(&r));
	rc = config_worse(rc, config_read_strips(&r));
	rc = config_worse(rc, config_read_buses(&r));
	rc = config_worse(rc, config_read_routes(&r));
	rc = config_worse(rc, config_read_osc(&r));
	rc = config_worse(rc, config_read_eq(&r));
	rc = config_worse(rc, config_read_scenes(&r));
	rc = config_worse(rc, config_read_tempo(&r));
	return config_worse(rc, read_rest(&r));
}
