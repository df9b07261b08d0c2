/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/devices/mapping_merge.h"

#include <stdlib.h>
#include <string.h>

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

/* What a learned control knows by the mapping of its device: that a fader has a
 * motor is not heard while it is moved. If both are values, it has the light,
 * touch and takeover of the one whose place it takes. */
static void
inherit(struct mapping_control *learned, const struct mapping *base)
{
	for (uint32_t i = 0; i < base->controls; i++) {
		const struct mapping_control *from = &base->control[i];

		if (!is_same(learned, from))
			continue;
		inherit_light(learned, from);
		learned->has_touch = from->has_touch;
		learned->touch = from->touch;
		if (learned->coding == ENCODING_ABSOLUTE &&
			from->coding == ENCODING_ABSOLUTE)
			learned->takeover = from->takeover;
		return;
	}
}

/* A program that is a press leaves alone those that are the value. */
static bool
takes_place_of(
	const struct mapping_message *learned, const struct mapping_message *m)
{
	if (m->kind == MIDI_PROGRAM && m->number != learned->number)
		return false;
	return mapping_message_meets(learned, m);
}

static bool
is_learned(const struct mapping *learned, const struct mapping_control *c)
{
	for (uint32_t i = 0; c->has_message && i < learned->controls; i++)
		if (takes_place_of(&learned->control[i].message, &c->message))
			return true;
	return false;
}

struct mapping *
mapping_merge(const struct mapping *base, const struct mapping *learned)
{
	struct mapping *m = malloc(sizeof(*m));
	uint32_t n = learned->controls;

	if (!m)
		return NULL;
	*m = *base;
	m->control = calloc((size_t)base->controls + n, sizeof(*m->control));
	if (!m->control) {
		free(m);
		return NULL;
	}
	memcpy(m->control, learned->control, n * sizeof(*m->control));
	for (uint32_t i = 0; i < n; i++) {
		inherit(&m->control[i], base);
		for (uint32_t t = 0; t < m->control[i].targets; t++)
			m->control[i].target[t].fixed = true;
	}
	for (uint32_t i = 0; i < base->controls; i++)
		if (!is_learned(learned, &base->control[i]))
			m->control[n++] = base->control[i];
	m->controls = n;
	return m;
}
