/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/midi_learn.h"

#include <stdlib.h>
#include <string.h>

#define NS_PER_MS   UINT64_C(1000000)
#define STEP_NS	    (50 * NS_PER_MS)  /* how often time is looked at */
#define QUIET_NS    (250 * NS_PER_MS) /* nothing else belongs to it */
#define HELD_NS	    (1500 * NS_PER_MS)
#define PAUSE_NS    (400 * NS_PER_MS)
#define MOVES_MIN   4	/* different values of something absolute */
#define STEPS_MIN   8	/* of something absolute that could be steps as well */
#define REPEATS_MIN 3	/* of steps */
#define FINE_MIN    32	/* how far the LSB of something absolute goes, */
#define BEND_MIN    384 /* and a bend: more than the noise of a fader */
#define LEFT_MIN    4

void
learn_start(struct learn *l, uint64_t now_ns)
{
	memset(l, 0, sizeof(*l));
	l->state = LEARN_WAIT;
	l->start_ns = now_ns;
}

static bool
is_heard(enum midi_kind kind)
{
	return kind == MIDI_NOTE || kind == MIDI_CC || kind == MIDI_PROGRAM ||
	       kind == MIDI_BEND || kind == MIDI_RPN || kind == MIDI_NRPN;
}

static struct learn_track *
track_find(
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

static struct learn_track *
track_put(struct learn *l, const struct midi_event *e, uint64_t now_ns)
{
	uint16_t number = e->kind == MIDI_PROGRAM ? e->value : e->number;
	struct learn_track *t = track_find(l, e->kind, e->channel, number);

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
	t->value[t->values++] = e->value;
	t->count++;
	t->last_ns = now_ns;
	return t;
}

static uint32_t
count_different(const struct learn_track *t)
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

static uint32_t
count_repeats(const struct learn_track *t)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i < t->values; i++)
		n += t->value[i] == t->value[i - 1];
	return n;
}

static uint32_t
spread(const struct learn_track *t)
{
	uint16_t low = t->value[0], high = low;

	for (uint32_t i = 1; i < t->values; i++) {
		low = t->value[i] < low ? t->value[i] : low;
		high = t->value[i] > high ? t->value[i] : high;
	}
	return high - low;
}

static bool
turns_back(const struct learn_track *t)
{
	bool up = false, down = false;

	for (uint32_t i = 1; i < t->values; i++) {
		up |= t->value[i] > t->value[i - 1];
		down |= t->value[i] < t->value[i - 1];
	}
	return up && down;
}

/* All are small steps in some coding. */
static bool
is_steps(const struct learn_track *t)
{
	for (uint32_t i = 0; i < t->values; i++) {
		int v = t->value[i];

		if (!(v >= 1 && v <= 24) && !(v >= 104 && v <= 127) &&
			!(v >= 54 && v <= 74))
			return false;
	}
	return true;
}

/* On, then off: nothing between. */
static bool
is_switch(const struct learn_track *t)
{
	uint16_t on = t->value[0];

	for (uint32_t i = 0; i < t->values; i++)
		if (t->value[i] != 0 && t->value[i] != on)
			return false;
	return on >= 64 && t->values >= 2 && t->value[t->values - 1] == 0;
}

static void
found(struct learn *l, const struct learn_track *t, enum mapping_as as,
	enum mapping_coding coding)
{
	struct mapping_message m = {.kind = t->event.kind,
		.channel = t->event.channel,
		.number = t->event.number};

	l->message = m;
	l->as = as;
	l->coding = coding;
	l->state = LEARN_DONE;
}

/* ---- continuous ---- */

static bool
is_data_entry(const struct learn *l, const struct learn_track *t)
{
	uint16_t n = t->event.number;

	if (n != 6 && n != 38 && (n < 96 || n > 101))
		return false;
	for (uint32_t i = 0; i < l->tracks; i++) {
		const struct midi_event *e = &l->track[i].event;

		if ((e->kind == MIDI_RPN || e->kind == MIDI_NRPN) &&
			e->channel == t->event.channel)
			return true;
	}
	return false;
}

/* The LSB that comes with this MSB each time. */
static bool
has_lsb(struct learn *l, const struct learn_track *t)
{
	const struct learn_track *low = NULL;

	if (t->event.number < 32)
		low = track_find(l, MIDI_CC, t->event.channel,
			(uint16_t)(t->event.number + 32));
	return low && low->count + 1 >= t->count;
}

static bool
is_lsb(struct learn *l, const struct learn_track *t)
{
	struct learn_track *high;

	if (t->event.number < 32 || t->event.number > 63)
		return false;
	high = track_find(
		l, MIDI_CC, t->event.channel, (uint16_t)(t->event.number - 32));
	return high && has_lsb(l, high);
}

static void
ask_left(struct learn *l, const struct learn_track *t)
{
	struct learn_track only = *t;

	only.values = only.count = 0;
	l->track[0] = only;
	l->tracks = 1;
	l->paused = false;
	l->state = LEARN_LEFT;
}

static void
judge_cc(struct learn *l, const struct learn_track *t)
{
	uint32_t different = count_different(t);
	struct learn_track *high;
	bool fine;

	if (is_data_entry(l, t))
		return;
	if (is_lsb(l, t)) { /* one that moves a little moves its LSB only */
		high = track_find(l, MIDI_CC, t->event.channel,
			(uint16_t)(t->event.number - 32));
		if (different < MOVES_MIN || spread(t) < FINE_MIN ||
			high->count < 2)
			return;
		found(l, high, MAPPING_VALUE, MAPPING_ABSOLUTE);
		l->message.fine = true;
		l->message.low = (uint8_t)t->event.number;
		return;
	}
	fine = has_lsb(l, t);
	if (fine || !is_steps(t)) {
		if (different < MOVES_MIN || is_switch(t))
			return;
	} else if (different < STEPS_MIN) {
		/* Steps grow and shrink with the speed; a fader goes on, also
		 * one that says everything twice. */
		if (count_repeats(t) >= REPEATS_MIN &&
			(different <= 2 || turns_back(t)))
			ask_left(l, t);
		return;
	}
	found(l, t, MAPPING_VALUE, MAPPING_ABSOLUTE);
	l->message.fine = fine;
	l->message.low = fine ? (uint8_t)(t->event.number + 32) : 0;
}

static void
judge(struct learn *l, const struct learn_track *t)
{
	switch (t->event.kind) {
	case MIDI_CC:
		judge_cc(l, t);
		break;
	case MIDI_BEND:
		if (spread(t) < BEND_MIN)
			break;
		/* fallthrough */
	case MIDI_RPN:
	case MIDI_NRPN:
		if (count_different(t) >= MOVES_MIN)
			found(l, t, MAPPING_VALUE, MAPPING_ABSOLUTE);
		break;
	default: /* buttons: when nothing else has come, learn_run() */
		break;
	}
}

/* ---- to the left ---- */

static void
judge_left(struct learn *l, struct learn_track *t)
{
	static const struct {
		int low, high;
		enum mapping_coding coding;
	} lefts[] = {
		{104, 127, MAPPING_TWOS},
		{65, 74, MAPPING_SIGN},
		{54, 63, MAPPING_OFFSET},
		{12, 15, MAPPING_OFFSET_16},
		{1, 11, MAPPING_SIGN_UP},
	};
	uint32_t most = 0, best = 0;

	if (t->values < LEFT_MIN)
		return;
	for (uint32_t k = 0; k < sizeof(lefts) / sizeof(lefts[0]); k++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < t->values; i++)
			n += t->value[i] >= lefts[k].low &&
			     t->value[i] <= lefts[k].high;
		if (n > most) {
			most = n;
			best = k;
		}
	}
	/* Turned both ways, or something else altogether. */
	if (most * 4 >= t->values * 3)
		found(l, t, MAPPING_VALUE, lefts[best].coding);
	else
		t->values = 0;
}

static void
event_left(struct learn *l, const struct midi_event *e, uint64_t now_ns)
{
	struct learn_track *t = &l->track[0];

	if (e->kind != MIDI_CC || e->channel != t->event.channel ||
		e->number != t->event.number)
		return;
	/* What still comes of the first turn does not count. */
	l->paused |= now_ns - t->last_ns >= PAUSE_NS;
	t->last_ns = now_ns;
	if (!l->paused)
		return;
	track_put(l, e, now_ns);
	judge_left(l, t);
}

void
learn_event(struct learn *l, const struct midi_event *e, uint64_t now_ns)
{
	const struct learn_track *t;

	if (l->state == LEARN_LEFT) {
		event_left(l, e, now_ns);
		return;
	}
	if (l->state != LEARN_WAIT || !is_heard(e->kind))
		return;
	t = track_put(l, e, now_ns);
	if (t)
		judge(l, t);
}

/* ---- buttons ---- */

/* It was let go, or held for long, or has nothing to let go. */
static bool
is_button(const struct learn_track *t, uint64_t now_ns)
{
	switch (t->event.kind) {
	case MIDI_PROGRAM:
		return true;
	case MIDI_NOTE:
		return t->value[t->values - 1] == 0 ||
		       now_ns - t->last_ns >= HELD_NS;
	case MIDI_CC:
		return is_switch(t) || (t->values == 1 && t->value[0] == 127 &&
					       now_ns - t->last_ns >= HELD_NS);
	default:
		return false;
	}
}

static bool
is_continuous(const struct learn_track *t)
{
	return t->event.kind == MIDI_BEND || t->event.kind == MIDI_RPN ||
	       t->event.kind == MIDI_NRPN ||
	       (t->event.kind == MIDI_CC && t->count >= 2 && !is_switch(t));
}

/* A note with a fader is its touch. What moved before the button was pressed
 * has nothing to do with it, and may flutter for ever. */
static bool
is_alone(const struct learn *l, const struct learn_track *button,
	uint64_t now_ns)
{
	for (uint32_t i = 0; i < l->tracks; i++) {
		const struct learn_track *t = &l->track[i];

		if (t->first_ns >= button->first_ns &&
			(is_continuous(t) || now_ns - t->last_ns < QUIET_NS))
			return false;
	}
	return true;
}

static void
judge_buttons(struct learn *l, uint64_t now_ns)
{
	for (uint32_t i = 0; i < l->tracks; i++) {
		const struct learn_track *t = &l->track[i];

		if (!is_button(t, now_ns) || !is_alone(l, t, now_ns))
			continue;
		found(l, t, MAPPING_TOGGLE, MAPPING_ABSOLUTE);
		return;
	}
}

uint64_t
learn_run(struct learn *l, uint64_t now_ns)
{
	if (l->state != LEARN_WAIT && l->state != LEARN_LEFT)
		return UINT64_MAX;
	if (now_ns - l->start_ns >= LEARN_NS)
		l->state = LEARN_FAILED;
	else if (l->state == LEARN_WAIT)
		judge_buttons(l, now_ns);
	return l->state == LEARN_WAIT || l->state == LEARN_LEFT ? STEP_NS
								: UINT64_MAX;
}
