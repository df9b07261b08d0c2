/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include "control/yaml/tree_value.h"

/* What a rule says of a value: rc is what it gave. */
int
config_told(const struct reading *r, const struct tree_node *node, int rc,
	const char *why)
{
	return rc < 0 ? tree_refuse_value(r->t, node, node->text, why) : 0;
}

/* The same of one that an entry must have, and may lack. */
int
config_told_of(const struct reading *r, const struct tree_node *entry,
	const struct tree_node *node, int rc, const char *why)
{
	if (rc < 0 && !node)
		return tree_refuse(r->t, entry, "%s", why);
	return config_told(r, node, rc, why);
}
