/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/mapping/mapping_keys.h"

/* clang-format off */
const struct keys mapping_control_table[] = {
	KEYS_TEXT(mapping_control_keys, on),
	KEYS_TEXT_OR_TEXTS(mapping_control_keys, to),
	KEYS_TEXT(mapping_control_keys, meter),
	KEYS_TEXT(mapping_control_keys, as),
	KEYS_TEXT(mapping_control_keys, value),
	KEYS_TEXT(mapping_control_keys, layer),
	KEYS_TEXT(mapping_control_keys, fixed),
	KEYS_TEXT(mapping_control_keys, relative),
	KEYS_TEXT(mapping_control_keys, step),
	KEYS_TEXT(mapping_control_keys, acceleration),
	KEYS_TEXT(mapping_control_keys, takeover),
	KEYS_TEXTS(mapping_control_keys, range),
	KEYS_TEXT(mapping_control_keys, invert),
	KEYS_TEXT_OR_LISTS(mapping_control_keys, curve),
	KEYS_TEXT(mapping_control_keys, light),
	KEYS_TEXT(mapping_control_keys, ring),
	KEYS_TEXT(mapping_control_keys, above),
	KEYS_TEXT(mapping_control_keys, lit),
	KEYS_TEXT(mapping_control_keys, dark),
	KEYS_TEXTS(mapping_control_keys, colors),
	KEYS_TEXT(mapping_control_keys, touch),
	KEYS_TEXT(mapping_control_keys, quantise),
	KEYS_END};

const struct keys mapping_top_table[] = {
	KEYS_TEXT(mapping_top_keys, name),
	KEYS_TEXT_OR_TEXTS(mapping_top_keys, device),
	KEYS_TEXT(mapping_top_keys, which),
	KEYS_TEXT(mapping_top_keys, socket),
	KEYS_TEXT(mapping_top_keys, port),
	KEYS_TEXT(mapping_top_keys, bank),
	KEYS_TEXT(mapping_top_keys, channel),
	KEYS_TEXT(mapping_top_keys, takeover),
	KEYS_TEXTS(mapping_top_keys, start),
	KEYS_TEXTS(mapping_top_keys, repeat),
	KEYS_TEXT(mapping_top_keys, every),
	KEYS_MAPS(mapping_top_keys, controls, mapping_control_table),
	KEYS_END};
/* clang-format on */

const struct tree_node *
mapping_light_key(const struct mapping_control_keys *y)
{
	return y->ring		       ? y->ring
	       : y->above	       ? y->above
	       : y->lit		       ? y->lit
	       : y->dark	       ? y->dark
	       : tree_first(y->colors) ? y->colors
				       : NULL;
}

bool
mapping_takes(enum mapping_as as, unsigned what)
{
	static const uint8_t takes[] = {
		[MAPPING_VALUE] = TAKES_RANGE | TAKES_CHOICES,
		[MAPPING_TOGGLE] = TAKES_RANGE | TAKES_WHEN,
		[MAPPING_MOMENTARY] = TAKES_RANGE,
		[MAPPING_LATCH] = TAKES_RANGE | TAKES_WHEN,
		[MAPPING_UP] = TAKES_RANGE | TAKES_WHEN | TAKES_CHOICES,
		[MAPPING_DOWN] = TAKES_RANGE | TAKES_WHEN | TAKES_CHOICES,
		[MAPPING_STEP] =
			TAKES_BY | TAKES_RANGE | TAKES_WHEN | TAKES_CHOICES,
		[MAPPING_CYCLE] =
			TAKES_BY | TAKES_RANGE | TAKES_WHEN | TAKES_CHOICES,
		[MAPPING_VELOCITY] = TAKES_RANGE | TAKES_WHEN | TAKES_CHOICES,
		[MAPPING_SET] = TAKES_VALUE | TAKES_WHEN,
		[MAPPING_RADIO] = TAKES_VALUE | TAKES_WHEN,
		[MAPPING_SHIFT] = TAKES_LAYER,
		[MAPPING_LAYER] = TAKES_LAYER,
		[MAPPING_BANK_LEFT] = TAKES_BANK,
		[MAPPING_BANK_RIGHT] = TAKES_BANK,
		[MAPPING_REPAINT] = 0,
		[MAPPING_SHOW] = TAKES_RANGE,
	};

	return takes[as] & what;
}
