/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a mapping's controls to the messages they share and room for what they
 * move. */
#include "control/surface/surface_layout.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/surface/lights/surface_lamp.h"
#include "control/surface/lights/surface_meter.h"
#include "control/surface/surface_input.h"

static int32_t
lamp_add(struct surface *s, const struct mapping_message *m)
{
	int32_t there = surface_lamp_find(s, m);

	if (there >= 0)
		return there;
	s->lamp[s->lamps].message = *m;
	s->lamp[s->lamps].sent = s->lamp[s->lamps].last = SURFACE_NOTHING;
	return (int32_t)s->lamps++;
}

/* Lists keep the order of the file. */
static void
control_lay_out(struct surface *s, uint32_t i)
{
	const struct mapping_control *c = &s->mapping->control[i];
	struct control *k = &s->control[i];
	uint32_t *end;

	k->input = c->has_message ? surface_input_add(s, &c->message) : -1;
	k->lamp = c->light.kind != MAPPING_DARK ? lamp_add(s, &c->light.message)
						: -1;
	if (k->input >= 0) {
		end = &s->input[k->input].first;
		while (*end)
			end = &s->control[*end - 1].next_of_input;
		*end = i + 1;
	}
	if (k->lamp >= 0) {
		end = &s->lamp[k->lamp].first;
		while (*end)
			end = &s->control[*end - 1].next_of_lamp;
		*end = i + 1;
	}
	if (c->has_touch && k->input >= 0)
		s->input[surface_input_add(s, &c->touch)].touches = k->input;
}

static bool
is_pattern(const char *address)
{
	return strpbrk(address, "*?[{") != NULL;
}

/* It is found by a name that may move: /app/SLUG, /strip/SLUG. */
static bool
is_by_name(const struct mapping_target *t)
{
	const char *a = t->address;

	if (t->strip > 0)
		return false;
	return is_pattern(a) || !strncmp(a, "/app/", 5) ||
	       (!strncmp(a, "/strip/", 7) && !isdigit((unsigned char)a[7]));
}

static uint32_t
control_room(const struct surface *s, const struct mapping_control *c)
{
	uint32_t count = param_count(s->params), room = 0;

	for (uint32_t t = 0; t < c->targets; t++)
		room += is_pattern(c->target[t].address) ? count : 1;
	return room < count ? room : count;
}

int
surface_lay_out(struct surface *s)
{
	const struct mapping *m = s->mapping;
	uint32_t count = param_count(s->params), room = 0;

	s->control = calloc(m->controls + 1, sizeof(*s->control));
	s->input = calloc(2 * m->controls + 1, sizeof(*s->input));
	s->lamp = calloc(m->controls + 1, sizeof(*s->lamp));
	s->binding_of = calloc(count, sizeof(*s->binding_of));
	s->ids = calloc(count, sizeof(*s->ids));
	if (!s->control || !s->input || !s->lamp || !s->binding_of || !s->ids)
		return -ENOMEM;
	for (uint32_t i = 0; i < m->controls; i++) {
		const struct mapping_control *c = &m->control[i];

		control_lay_out(s, i);
		s->control[i].first = room;
		s->control[i].room = control_room(s, c);
		room += s->control[i].room;
		if (s->changes_max < s->control[i].room)
			s->changes_max = s->control[i].room;
		for (uint32_t t = 0; t < c->targets; t++)
			s->by_name |= is_by_name(&c->target[t]);
	}
	s->binding = calloc(room + 1, sizeof(*s->binding));
	s->change = calloc(s->changes_max + 1, sizeof(*s->change));
	if (!s->binding || !s->change)
		return -ENOMEM;
	return surface_meters_lay_out(s);
}
