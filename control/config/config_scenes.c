/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include "control/model/scene/fade.h"
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

static void
read_patterns(const struct reading *r, const struct tree_node *list,
	struct scene_patterns *to, struct tree_place *at)
{
	const struct tree_node *i = tree_first(list);

	for (; i; i = tree_next(list, i))
		if (config_good(r, i, scene_patterns_add(to, i->text, r->why)))
			at[to->count - 1] = i->at;
}

void
config_read_scenes(const struct reading *r)
{
	struct scenes_config *to = &r->to->scenes;
	struct scenes_keys y;

	if (!r->top.scenes)
		return;
	keys_find(r->top.scenes, config_scenes_table, &y, sizeof(y));
	read_patterns(r, y.include, &to->include, to->include_at);
	read_patterns(r, y.safe, &to->safe, to->safe_at);
	tree_number(r->t, y.fade, 0.0, FADE_MAX_S, &to->fade_s);
}
