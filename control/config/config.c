/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config_reading.h"
#include "control/util/check.h"
#include "control/util/file_read.h"
#include "control/util/user_path.h"
#include "control/yaml/tree_value.h"

/* ---- what the file means ---- */

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

static bool
read_engine_text(
	const struct reading *r, const struct tree_node *node, engine_text set)
{
	return !node || config_good(r, node, set(r->to, node->text, r->why));
}

static void
read_rest(const struct reading *r)
{
	const struct top_keys *y = &r->top;
	bool good = !y->tap || config_good(r, y->tap,
				       model_config_tap(&r->to->model,
					       y->tap->text, r->why));

	good &= read_engine_text(r, y->rate, engine_config_rate);
	good &= read_engine_text(r, y->block, engine_config_block);
	good &= tree_truth(r->t, y->cable, &r->to->cable) == 0;
	good &= read_engine_text(r, y->grab, engine_config_grab);
	if (good && engine_config_fits(r->to, r->why) < 0)
		tree_refuse_value(
			r->t, y->grab ? y->grab : y->cable, "new", r->why);
}

/* 0; or -EINVAL and it is refused, and *config is changed in part. */
static int
values_read(struct engine_config *config, const struct tree *t)
{
	char why[CHECK_WHY_MAX];
	struct reading r = {.t = t, .to = config, .why = why};
	const struct tree_node *strips;

	keys_check(t, config_top_table);
	if (t->nodes == 0)
		return 0;
	keys_find(t->node, config_top_table, &r.top, sizeof(r.top));
	/* before what names one of them */
	strips = r.top.strips;
	if (strips)
		config_good(&r, strips,
			model_config_strips(&config->model, strips->text, why));
	config_read_rules(&r);
	config_read_strips(&r);
	config_read_buses(&r);
	config_read_routes(&r);
	config_read_osc(&r);
	config_read_eq(&r);
	config_read_scenes(&r);
	config_read_tempo(&r);
	read_rest(&r);
	return t->why[0] ? -EINVAL : 0;
}

/* ---- the file ---- */

int
config_path(char *path, size_t size_bytes)
{
	return user_path(USER_CONFIG, "tapdeck/tapdeck.yaml", path, size_bytes);
}

/* Over *config, or *config is as before. */
static int
parse(struct engine_config *config, const struct tree *t)
{
	struct engine_config *next = malloc(sizeof(*next));
	int rc = -ENOMEM;

	if (next)
		*next = *config;
	if (!next)
		snprintf(t->why, CONFIG_WHY_MAX, "%.250s: %s", t->file,
			strerror(ENOMEM));
	else
		rc = values_read(next, t);
	if (rc == 0)
		*config = *next;
	free(next);
	return rc;
}

int
config_load_all(struct engine_config *config, const char *path,
	config_told_line told, void *data, char *why)
{
	char *text;
	size_t size_bytes;
	struct tree t;
	int rc = file_read(&text, &size_bytes, path, CONFIG_BYTES_MAX, why,
		CONFIG_WHY_MAX);

	if (rc < 0)
		return rc;
	rc = tree_read(&t, path, text, size_bytes, why);
	free(text);
	if (rc < 0) {
		if (told)
			told(data, why);
		return rc;
	}
	t.told = told;
	t.told_data = data;
	rc = parse(config, &t);
	tree_done(&t);
	return rc;
}

int
config_load(struct engine_config *config, const char *path, char *why)
{
	return config_load_all(config, path, NULL, NULL, why);
}
