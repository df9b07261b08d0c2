/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_reading.h"

struct eq_keys {
	const struct tree_node *low, *high;
};

/* clang-format off */
const struct keys config_eq_table[] = {
	KEYS_TEXT(eq_keys, low),
	KEYS_TEXT(eq_keys, high),
	KEYS_END};
/* clang-format on */

static const char *
text_of(const struct tree_node *node)
{
	return node ? node->text : NULL;
}

/* The lower one first, by what the upper one is to be: what is refused has its
 * own place. */
void
config_read_eq(const struct reading *r)
{
	struct model_config *c = &r->to->model, alone = *c;
	struct eq_keys y;

	if (!r->top.eq)
		return;
	keys_find(r->top.eq, config_eq_table, &y, sizeof(y));
	alone.eq_hz[0] = 0.0;
	if (config_good(r, y.high,
		    model_config_eq(&alone, NULL, text_of(y.high), r->why)))
		config_good(r, y.low ? y.low : y.high,
			model_config_eq(
				c, text_of(y.low), text_of(y.high), r->why));
}
