/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

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

static void
read_osc_text(
	const struct reading *r, const struct tree_node *node, osc_text set)
{
	if (node)
		config_good(r, node, set(&r->to->osc, node->text, r->why));
}

static void
read_peers(const struct reading *r, const struct tree_node *list,
	uint32_t *count, osc_text add)
{
	const struct tree_node *i = tree_first(list);

	if (list)
		*count = 0;
	for (; i; i = tree_next(list, i))
		read_osc_text(r, i, add);
}

void
config_read_osc(const struct reading *r)
{
	struct osc_config *osc = &r->to->osc;
	struct osc_keys y;

	if (!r->top.osc)
		return;
	keys_find(r->top.osc, config_osc_table, &y, sizeof(y));
	read_osc_text(r, y.bind, osc_config_bind);
	read_osc_text(r, y.port, osc_config_port);
	tree_truth(r->t, y.network, &osc->network);
	read_peers(r, y.peers, &osc->peers, osc_config_peer);
	read_peers(r, y.push, &osc->pushes, osc_config_push);
}
