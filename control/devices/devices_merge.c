/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a learned control knows by the mapping of its device: that a fader has
 * a motor is not heard while it is moved. */
#include "control/devices/devices_own.h"
#include "control/devices/devices_merge.h"

static bool
is_same(const struct mapping_control *a, const struct mapping_control *b)
{
	const struct mapping_message *m = &a->message, *o = &b->message;

	return a->has_message && b->has_message && a->as == MAPPING_VALUE &&
	       b->as == MAPPING_VALUE && m->kind == o->kind &&
	       m->fine == o->fine && m->low == o->low &&
	       m->number == o->number &&
	       (m->channel == o->channel || o->channel == MAPPING_CHANNEL_ANY);
}

static void
inherit_light(struct mapping_control *c, const struct mapping_control *from)
{
	if (from->light.kind == MAPPING_DARK || from->light.colors > 0)
		return;
	c->light = from->light;
	if (c->light.message.channel == MAPPING_CHANNEL_ANY)
		c->light.message.channel = c->message.channel;
}

void
devices_inherit(struct mapping_control *learned, const struct mapping *base)
{
	for (uint32_t i = 0; i < base->controls; i++) {
		const struct mapping_control *from = &base->control[i];

		if (!is_same(learned, from))
			continue;
		inherit_light(learned, from);
		learned->has_touch = from->has_touch;
		learned->touch = from->touch;
		if (learned->coding == MAPPING_ABSOLUTE &&
			from->coding == MAPPING_ABSOLUTE)
			learned->takeover = from->takeover;
		return;
	}
}
