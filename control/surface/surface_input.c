/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which input a message is for, and which control that speaks for now. */
#include "control/surface/surface_input.h"

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

static bool
has_number(enum midi_kind kind)
{
	return kind == MIDI_NOTE || kind == MIDI_POLY_PRESSURE ||
	       kind == MIDI_CC || midi_is_entry(kind);
}

static uint32_t *
bucket_of(struct surface *s, enum midi_kind kind, uint32_t number)
{
	uint32_t key = (uint32_t)kind * 131u;

	if (has_number(kind))
		key += number;
	return &s->bucket[key % SURFACE_BUCKETS];
}

struct input *
surface_input_find(const struct surface *s, const struct mapping_message *m)
{
	for (uint32_t i = 0; i < s->inputs; i++)
		if (surface_same_message(&s->input[i].message, m))
			return &s->input[i];
	return NULL;
}

/* Where the message with this number is; see struct input.next. A pair of 14
 * bits is found by its LSB in buckets of their own, for what nothing else
 * hears. */
int32_t
surface_input_add(struct surface *s, const struct mapping_message *m)
{
	uint32_t *bucket = bucket_of(s, m->kind, m->number);
	uint32_t *low = &s->low_bucket[m->low % SURFACE_BUCKETS];
	struct input *in = surface_input_find(s, m);

	if (in)
		return (int32_t)(in - s->input);
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

struct input *
surface_input_of(const struct surface *s, int32_t control)
{
	int32_t input = control >= 0 ? s->control[control].input : -1;

	return input >= 0 ? &s->input[input] : NULL;
}

bool
surface_hand_is_on(const struct input *in, uint64_t now_ns)
{
	return in->touched ||
	       (in->moved && now_ns - in->moved_ns < SURFACE_HAND_NS);
}

int32_t
surface_in_force(const struct surface *s, const struct input *in)
{
	int32_t base = -1;

	for (uint32_t i = in->first; i; i = s->control[i - 1].next_of_input) {
		uint32_t layer = s->mapping->control[i - 1].layer;

		if (layer == s->layer)
			return (int32_t)i - 1;
		if (layer == 0 && base < 0)
			base = (int32_t)i - 1;
	}
	return base;
}
