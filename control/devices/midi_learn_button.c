/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buttons are clear only when nothing else has come. */
#include "control/devices/midi_learn_button.h"

#include "control/devices/midi_learn_track.h"

#define NS_PER_MS   UINT64_C(1000000)
#define QUIET_NS    (250 * NS_PER_MS) /* nothing else belongs to it */
#define HELD_NS	    (1500 * NS_PER_MS)
#define REST_NS	    (700 * NS_PER_MS) /* after two presses */
#define PRESSES_MAX 5		      /* without a pause: no finger does that */
#define REPEATS_MIN 3

/* Of 14 bits the halves come one by one. */
static bool
is_on(const struct learn_track *t, uint16_t value)
{
	if (midi_is_entry(t->event.kind))
		return value >> 7 == 127 || value == 127;
	return t->event.kind == MIDI_NOTE ? value > 0 : value >= 64;
}

bool
learn_is_switch(const struct learn_track *t)
{
	uint16_t on = t->value[0];

	if (t->values < 2 || t->value[t->values - 1] != 0)
		return false;
	for (uint32_t i = 0; i < t->values; i++) {
		uint16_t v = t->value[i];

		if (v != 0 &&
			(midi_is_entry(t->event.kind) ? !is_on(t, v) : v != on))
			return false;
	}
	return midi_is_entry(t->event.kind) ? learn_count_different(t) > 1
					    : on >= 64;
}

bool
learn_is_on_off(const struct learn_track *t)
{
	uint16_t first = t->value[0];

	/* 127 alone could be one down as well; it is asked for its left anyway,
	 * and so is not a matter of this. */
	if (t->event.kind == MIDI_CC && first != 0)
		return false;
	for (uint32_t i = 1; i < t->values; i++)
		if ((t->value[i] > 0) != (first > 0))
			return false;
	return t->values > REPEATS_MIN;
}

/* It was let go, or has nothing to let go. */
static bool
is_button(const struct learn_track *t)
{
	switch (t->event.kind) {
	case MIDI_PROGRAM:
		return true;
	case MIDI_NOTE:
		return t->value[t->values - 1] == 0 && t->presses > 0;
	case MIDI_CC:
	case MIDI_RPN:
	case MIDI_NRPN:
		return learn_is_switch(t);
	default:
		return false;
	}
}

/* It has said one thing only, long ago: it is held, or stays so by itself. */
static bool
is_held(const struct learn_track *t, uint64_t now_ns)
{
	uint16_t last = t->value[t->values - 1];

	if (now_ns - t->last_ns < HELD_NS || t->clicks > 0)
		return false;
	switch (t->event.kind) {
	case MIDI_NOTE:
		return t->values == 1;
	case MIDI_CC:
		return t->values == 1 && (last == 127 || last == 0);
	case MIDI_RPN:
	case MIDI_NRPN:
		return t->values <= 2 && is_on(t, last);
	default:
		return false;
	}
}

static bool
is_continuous(const struct learn_track *t)
{
	switch (t->event.kind) {
	case MIDI_BEND:
		return true;
	case MIDI_RPN:
	case MIDI_NRPN:
		return !learn_is_switch(t);
	case MIDI_CC:
		return t->count >= 2 && !learn_is_switch(t);
	default:
		return false;
	}
}

/* The controllers that an RPN or NRPN is sent by say it once more. */
static bool
is_said_by(const struct learn_track *t, const struct learn_track *button)
{
	return midi_is_entry(button->event.kind) && learn_is_entry(t) &&
	       t->event.channel == button->event.channel;
}

/* A note with a fader is its touch. What moved before the button was pressed
 * has nothing to do with it, and may flutter for ever. */
static bool
is_alone(const struct learn *l, const struct learn_track *button,
	uint64_t now_ns)
{
	for (uint32_t i = 0; i < l->tracks; i++) {
		const struct learn_track *t = &l->track[i];

		if (t != button && is_said_by(t, button))
			continue;
		if (t->first_ns >= button->first_ns &&
			((is_continuous(t) && t != button) ||
				now_ns - t->last_ns < QUIET_NS))
			return false;
	}
	return true;
}

/* A CC that an RPN or NRPN is sent by is no button of its own. */
static bool
is_part(const struct learn *l, const struct learn_track *t)
{
	for (uint32_t i = 0; i < l->tracks; i++)
		if (&l->track[i] != t && is_said_by(t, &l->track[i]))
			return true;
	return false;
}

static void
ask_twice(struct learn *l, const struct learn_track *t)
{
	l->was_on = t->value[t->values - 1] > 0;
	learn_ask(l, t, LEARN_TWICE);
}

/* ---- pressed twice more ---- */

bool
learn_twice(struct learn *l, const struct midi_event *e, uint64_t now_ns)
{
	struct learn_track *t = &l->track[0];

	if (e->kind != t->event.kind || e->channel != t->event.channel ||
		e->number != t->event.number)
		return false;
	if (e->value > 0 && !is_on(t, e->value)) { /* no button after all */
		l->tracks = 0;
		l->state = LEARN_WAIT;
		return false;
	}
	/* The halves of an RPN or NRPN say one thing. */
	if (t->values == 0 || (t->value[0] > 0) != (e->value > 0))
		t->count++;
	t->value[0] = e->value;
	t->values = 1;
	t->last_ns = now_ns;
	return true;
}

/* What was held ends off, let go; what latches is where it was. What is off at
 * first was not pressed then, as a finger does. */
static void
twice_run(struct learn *l, uint64_t now_ns)
{
	const struct learn_track *t = &l->track[0];

	if (t->count < 2 || now_ns - t->last_ns < REST_NS)
		return;
	learn_found(l, t,
		l->was_on && t->value[0] == 0 ? MAPPING_TOGGLE : MAPPING_LATCH,
		ENCODING_ABSOLUTE);
}

/* ---- all of them ---- */

void
learn_buttons(struct learn *l, uint64_t now_ns)
{
	bool asked = l->state == LEARN_TWICE;

	if (asked)
		twice_run(l, now_ns);
	for (uint32_t i = asked; i < l->tracks && l->state != LEARN_DONE; i++) {
		const struct learn_track *t = &l->track[i];

		if (t->presses >= PRESSES_MAX && is_button(t) &&
			!is_part(l, t) && now_ns - t->last_ns < QUIET_NS) {
			learn_fail(l, LEARN_TWO_WAYS);
			return;
		}
		if (is_part(l, t) || !is_alone(l, t, now_ns))
			continue;
		if (is_button(t)) {
			learn_found(l, t, MAPPING_TOGGLE, ENCODING_ABSOLUTE);
			return;
		}
		if (!asked && is_held(t, now_ns)) {
			ask_twice(l, t);
			return;
		}
	}
}
