/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From controls to the messages they share and the parameters they move. */
#include "control/surface/surface_own.h"
#include "control/surface/surface_target.h"
#include "control/surface/surface_hold.h"
#include "control/surface/lights/surface_meter.h"
#include "control/surface/surface_move.h"
#include "control/surface/lights/surface_show.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool
surface_same_message(
	const struct mapping_message *a, const struct mapping_message *b)
{
	return a->kind == b->kind && a->fine == b->fine && a->low == b->low &&
	       a->meter == b->meter && a->channel == b->channel &&
	       a->number == b->number && a->slots == b->slots &&
	       !memcmp(a->slot, b->slot, a->slots * sizeof(a->slot[0])) &&
	       a->sysex_bytes == b->sysex_bytes &&
	       !memcmp(a->sysex, b->sysex, a->sysex_bytes);
}

/* ---- inputs ---- */

static bool
has_number(enum midi_kind kind)
{
	return kind == MIDI_NOTE || kind == MIDI_POLY_PRESSURE ||
	       kind == MIDI_CC || kind == MIDI_RPN || kind == MIDI_NRPN;
}

static uint32_t *
bucket_of(struct surface *s, enum midi_kind kind, uint32_t number)
{
	uint32_t key = (uint32_t)kind * 131u;

	if (has_number(kind))
		key += number;
	return &s->bucket[key % SURFACE_BUCKETS];
}

/* Where the message with this number is; see struct input.next. A pair of 14
 * bits is found by its LSB in buckets of their own, for what nothing else
 * hears. */
static int32_t
input_add(struct surface *s, const struct mapping_message *m)
{
	uint32_t *bucket = bucket_of(s, m->kind, m->number);
	uint32_t *low = &s->low_bucket[m->low % SURFACE_BUCKETS];
	struct input *in;

	for (uint32_t i = *bucket; i; i = s->input[i - 1].next)
		if (surface_same_message(&s->input[i - 1].message, m))
			return (int32_t)i - 1;
	in = &s->input[s->inputs++];
	in->message = *m;
	in->touches = in->pressed = in->spoke_for = -1;
	in->next = *bucket;
	*bucket = s->inputs;
	if (m->fine) {
		in->next_low = *low;
		*low = s->inputs;
	}
	return (int32_t)s->inputs - 1;
}

static bool
input_hears(const struct input *in, const struct midi_event *e)
{
	const struct mapping_message *m = &in->message;

	if (m->kind != e->kind)
		return false;
	if (e->kind == MIDI_SYSEX)
		return m->sysex_bytes == e->sysex_bytes &&
		       !memcmp(m->sysex, e->sysex, e->sysex_bytes);
	if (e->kind >= MIDI_CLOCK) /* of no channel */
		return true;
	if (m->channel != MAPPING_CHANNEL_ANY && m->channel != e->channel)
		return false;
	if (e->kind == MIDI_PROGRAM)
		return m->number == MAPPING_NUMBER_ANY || m->number == e->value;
	if (!has_number(e->kind) || m->number == e->number)
		return true;
	return m->fine && e->number == m->low;
}

/* The narrower description wins. */
int
surface_input_rank(const struct input *in)
{
	return (in->message.channel != MAPPING_CHANNEL_ANY) +
	       2 * (in->message.number != MAPPING_NUMBER_ANY) +
	       4 * (in->first != 0);
}

static struct input *
input_in(struct surface *s, uint32_t bucket, bool low,
	const struct midi_event *e)
{
	struct input *best = NULL, *in;

	for (uint32_t i = bucket; i; i = low ? in->next_low : in->next) {
		in = &s->input[i - 1];

		if (input_hears(in, e) &&
			(!best || surface_input_rank(in) >
					  surface_input_rank(best)))
			best = in;
	}
	return best;
}

struct input *
surface_input(struct surface *s, const struct midi_event *e)
{
	struct input *in =
		input_in(s, *bucket_of(s, e->kind, e->number), false, e);

	if (!in && e->kind == MIDI_CC)
		in = input_in(
			s, s->low_bucket[e->number % SURFACE_BUCKETS], true, e);
	return in;
}

/* ---- layout ---- */

static int32_t
lamp_add(struct surface *s, const struct mapping_message *m)
{
	for (uint32_t i = 0; i < s->lamps; i++)
		if (surface_same_message(&s->lamp[i].message, m))
			return (int32_t)i;
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

	k->input = c->has_message ? input_add(s, &c->message) : -1;
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
		s->input[input_add(s, &c->touch)].touches = k->input;
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

/* ---- targets ---- */

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
	char address[PARAM_ADDRESS_MAX];
	uint32_t n, max = param_count(s->params);

	if (mapping_address(t, s->bank, address) < 0)
		return;
	n = param_match(s->params, address, s->ids, max);
	if (n > max)
		n = max;
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
	char address[PARAM_ADDRESS_MAX];
	uint32_t max = param_count(s->params);

	for (uint32_t t = 0; t < c->targets; t++) {
		uint32_t n;

		if (mapping_address(&c->target[t], s->bank, address) < 0)
			continue;
		n = param_match(s->params, address, s->ids, max);
		for (uint32_t i = 0; i < n && i < max; i++)
			if (s->ids[i] == id)
				return true;
	}
	return false;
}

bool
surface_is_leaving(struct surface *s, uint32_t control)
{
	const struct control *k = &s->control[control];

	for (uint32_t i = k->first; i < k->first + k->count; i++)
		if (!is_target(
			    s, &s->mapping->control[control], s->binding[i].id))
			return true;
	return false;
}

void
surface_bind(struct surface *s)
{
	const struct mapping *m = s->mapping;

	surface_let_go_of_names(s);
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
