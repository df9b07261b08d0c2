/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parameters controls move now: with the bank of now, and where names
 * have moved to. */
#include "control/surface/surface_target.h"

#include <string.h>

#include "control/surface/lights/surface_lamp.h"
#include "control/surface/lights/surface_meter.h"
#include "control/surface/surface_hold.h"
#include "control/surface/surface_value.h"

static void
binding_init(
	struct surface *s, struct binding *b, uint32_t id, uint32_t control)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct control *k = &s->control[control];
	struct param_info info;

	param_info(s->params, id, &info);
	memset(b, 0, sizeof(*b));
	b->id = id;
	b->control = control;
	b->type = info.type;
	b->choice = info.type == PARAM_TEXT && info.choices > 0;
	b->low = c->has_range ? c->range[0] : info.min;
	b->high = c->has_range ? c->range[1] : info.max;
	takeover_reset(&b->takeover);
	/* The hand is where it is, whatever it moves now. */
	if (k->input >= 0 && s->input[k->input].way_known) {
		b->takeover.known = true;
		b->takeover.control = s->input[k->input].way;
		b->takeover.moved_ns = s->input[k->input].moved_ns;
	}
}

/* How many parameters it names now, in ids[]. */
static uint32_t
target_match(struct surface *s, const struct mapping_target *t)
{
	char address[PARAM_ADDRESS_MAX];

	return mapping_address(t, s->bank, address) < 0
		       ? 0
		       : surface_match(s, address);
}

static bool
is_bound(const struct surface *s, const struct control *k, uint32_t id)
{
	for (uint32_t i = k->first; i < k->first + k->count; i++)
		if (s->binding[i].id == id)
			return true;
	return false;
}

static void
target_bind(struct surface *s, uint32_t control, uint32_t target)
{
	const struct mapping_target *t =
		&s->mapping->control[control].target[target];
	struct control *k = &s->control[control];
	uint32_t n = target_match(s, t);

	for (uint32_t i = 0; i < n && k->count < k->room; i++) {
		uint32_t at = k->first + k->count;

		if (is_bound(s, k, s->ids[i]))
			continue;
		binding_init(s, &s->binding[at], s->ids[i], control);
		s->binding[at].target = (uint8_t)target;
		s->binding[at].next = s->binding_of[s->ids[i]];
		s->binding_of[s->ids[i]] = at + 1;
		k->count++;
	}
}

static bool
is_target(struct surface *s, const struct mapping_control *c, uint32_t id)
{
	for (uint32_t t = 0; t < c->targets; t++) {
		uint32_t n = target_match(s, &c->target[t]);

		for (uint32_t i = 0; i < n; i++)
			if (s->ids[i] == id)
				return true;
	}
	return false;
}

/* Bound anew, it would not move all that it moves now. */
static bool
is_leaving(struct surface *s, uint32_t control)
{
	const struct control *k = &s->control[control];

	for (uint32_t i = k->first; i < k->first + k->count; i++)
		if (!is_target(
			    s, &s->mapping->control[control], s->binding[i].id))
			return true;
	return false;
}

/* Its release would go to another strip, and this one stay as it is. Those that
 * stay are left to the finger: programs that come and go rename strips. */
static void
let_go_of(struct surface *s,
	bool (*leaves)(struct surface *s, uint32_t control), uint64_t frame)
{
	for (uint32_t i = 0; i < s->inputs; i++) {
		struct input *in = &s->input[i];

		if (in->pressed >= 0 &&
			s->mapping->control[in->pressed].as ==
				MAPPING_MOMENTARY &&
			leaves(s, (uint32_t)in->pressed))
			surface_input_let_go(s, in, frame);
	}
}

void
surface_bind(struct surface *s)
{
	const struct mapping *m = s->mapping;

	let_go_of(s, is_leaving, 0);
	memset(s->binding_of, 0,
		param_count(s->params) * sizeof(*s->binding_of));
	for (uint32_t i = 0; i < m->controls; i++) {
		s->control[i].count = 0;
		for (uint32_t t = 0; t < m->control[i].targets; t++)
			target_bind(s, i, t);
	}
	surface_meters_bind(s);
	s->rebind = false;
	s->reflex_stale = true;
	surface_mark_all(s);
}

/* ---- banks ---- */

uint32_t
surface_bank_within(const struct surface *s, int64_t bank)
{
	int64_t last = (int64_t)s->strips - s->mapping->bank;

	if (s->mapping->bank == 0 || last < 0 || bank < 0)
		return 0;
	return (uint32_t)(bank < last ? bank : last);
}

static bool
is_in_bank(struct surface *s, uint32_t control)
{
	const struct mapping_control *c = &s->mapping->control[control];

	for (uint32_t i = 0; i < c->targets; i++)
		if (c->target[i].strip > 0 && !c->target[i].fixed)
			return true;
	return false;
}

void
surface_bank_move(struct surface *s, int by, uint64_t frame)
{
	uint32_t bank = surface_bank_within(s, (int64_t)s->bank + by);

	if (bank == s->bank)
		return;
	let_go_of(s, is_in_bank, frame);
	s->bank = bank;
	surface_bind(s);
}

void
surface_bank(const struct surface *s, uint32_t *first, uint32_t *count)
{
	uint32_t of_bank = s->mapping->bank;

	*first = s->bank;
	*count = of_bank && of_bank < s->strips - s->bank ? of_bank
							  : s->strips - s->bank;
}
