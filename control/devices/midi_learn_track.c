/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came, by message; and what is said of it in the end. */
#include "control/devices/midi_learn_track.h"

#include <string.h>

struct learn_track *
learn_find(
	struct learn *l, enum midi_kind kind, uint8_t channel, uint16_t number)
{
	for (uint32_t i = 0; i < l->tracks; i++) {
		const struct midi_event *e = &l->track[i].event;

		if (e->kind == kind && e->channel == channel &&
			e->number == number)
			return &l->track[i];
	}
	return NULL;
}

struct learn_track *
learn_put(struct learn *l, const struct midi_event *e, uint64_t now_ns)
{
	uint16_t number = e->kind == MIDI_PROGRAM ? e->value : e->number;
	struct learn_track *t = learn_find(l, e->kind, e->channel, number);

	if (!t) {
		if (l->tracks == LEARN_TRACKS_MAX)
			return NULL;
		t = &l->track[l->tracks++];
		memset(t, 0, sizeof(*t));
		t->event = *e;
		t->event.number = number;
		t->first_ns = now_ns;
	}
	if (t->values == LEARN_VALUES_MAX)
		memmove(t->value, t->value + 1,
			--t->values * sizeof(t->value[0]));
	if (e->value > 0 && (t->values == 0 || t->value[t->values - 1] == 0))
		t->presses++;
	t->clicks += e->part == MIDI_UP || e->part == MIDI_DOWN;
	t->value[t->values++] = e->value;
	t->count++;
	t->last_ns = now_ns;
	return t;
}

uint32_t
learn_count_different(const struct learn_track *t)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->values; i++) {
		uint32_t k = 0;

		while (k < i && t->value[k] != t->value[i])
			k++;
		n += k == i;
	}
	return n;
}

uint32_t
learn_count_repeats(const struct learn_track *t)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i < t->values; i++)
		n += t->value[i] == t->value[i - 1];
	return n;
}

void
learn_fail(struct learn *l, const char *why)
{
	l->why = why;
	l->state = LEARN_FAILED;
}

void
learn_found(struct learn *l, const struct learn_track *t, enum mapping_as as,
	enum encoding coding)
{
	struct mapping_message m = {.kind = t->event.kind,
		.channel = t->event.channel,
		.number = t->event.number};

	l->message = m;
	l->as = as;
	l->coding = coding;
	l->state = LEARN_DONE;
}

bool
learn_is_entry(const struct learn_track *t)
{
	return t->event.kind == MIDI_CC && midi_is_entry_cc(t->event.number);
}

void
learn_ask(struct learn *l, const struct learn_track *t, enum learn_state state)
{
	struct learn_track only = *t;

	only.values = only.count = only.presses = 0;
	l->track[0] = only;
	l->tracks = 1;
	l->state = state;
}
