/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

#include "control/util/check.h"
#include "control/yaml/tree_value.h"

struct osc_keys {
	const struct tree_node *bind, *port, *peers, *push, *network;
};

/* clang-format off */
const struct keys config_osc_table[] = {
	KEYS_TEXT(osc_keys, bind),
	KEYS_TEXT(osc_keys, port),
	KEYS_TEXTS(osc_keys, peers),
	KEYS_TEXTS(osc_keys, push),
	KEYS_TEXT(osc_keys, network),
	KEYS_END};
/* clang-format on */

typedef int (*osc_text)(struct osc_config *osc, const char *text, char *why);

static int
read_osc_text(
	const struct reading *r, const struct tree_node *node, osc_text set)
{
	char why[CHECK_WHY_MAX];

	if (!node)
		return 0;
	return config_told(r, node, set(&r->to->osc, node->text, why), why);
}

static int
read_peers(const struct reading *r, const struct tree_node *list,
	uint32_t *count, osc_text add)
{
	const struct tree_node *i = tree_first(list);
	int rc = 0;

	if (list)
		*count = 0;
	for (; i; i = tree_next(list, i))
		rc = config_worse(rc, read_osc_text(r, i, add));
	return rc;
}

int
config_read_osc(const struct reading *r)
{
	struct osc_config *osc = &r->to->osc;
	struct osc_keys y;
	int rc;

	if (!r->top.osc)
		return 0;
	keys_find(r->top.osc, config_osc_table, &y, sizeof(y));
	rc = read_osc_text(r, y.bind, osc_config_bind);
	rc = config_worse(rc, read_osc_text(r, y.port, osc_config_port));
	rc = config_worse(rc, tree_truth(r->t, y.network, &osc->network));
	rc = config_worse(
		rc, read_peers(r, y.peers, &osc->peers, osc_config_peer));
	return config_worse(
		rc, read_peers(r, y.push, &osc->pushes, osc_config_push));
}
