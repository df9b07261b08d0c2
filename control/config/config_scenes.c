/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include "control/model/scene/fade.h"
#include "control/util/check.h"
#include "control/yaml/tree_value.h"

struct scenes_keys {
	const struct tree_node *include, *safe, *fade;
};

/* clang-format off */
const struct keys config_scenes_table[] = {
	KEYS_TEXTS(scenes_keys, include),
	KEYS_TEXTS(scenes_keys, safe),
	KEYS_TEXT(scenes_keys, fade),
	KEYS_END};
/* clang-format on */

static int
read_patterns(const struct reading *r, const struct tree_node *list,
	struct scene_patterns *to)
{
	const struct tree_node *i = tree_first(list);
	char why[CHECK_WHY_MAX];
	int rc = 0;

	for (; i; i = tree_next(list, i))
		rc = config_worse(
			rc, config_told(r, i,
				    scene_patterns_add(to, i->text, why), why));
	return rc;
}

int
config_read_scenes(const struct reading *r)
{
	struct scenes_config *to = &r->to->scenes;
	struct scenes_keys y;
	int rc;

	if (!r->top.scenes)
		return 0;
	keys_find(r->top.scenes, config_scenes_table, &y, sizeof(y));
	rc = read_patterns(r, y.include, &to->include);
	rc = config_worse(rc, read_patterns(r, y.safe, &to->safe));
	return config_worse(
		rc, tree_number(r->t, y.fade, 0.0, FADE_MAX_S, &to->fade_s));
}
