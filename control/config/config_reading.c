/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include "control/yaml/tree_value.h"

bool
config_good(const struct reading *r, const struct tree_node *node, int rc)
{
	if (rc < 0)
		tree_refuse_value(r->t, node, node->text, r->why);
	return rc >= 0;
}

bool
config_good_of(const struct reading *r, const struct tree_node *entry,
	const struct tree_node *node, int rc)
{
	if (rc < 0 && !node)
		tree_refuse(r->t, entry, "%s", r->why);
	return node ? config_good(r, node, rc) : rc >= 0;
}
