/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/devices/midi_learn.h"

#include <stdlib.h>
#include <string.h>

#include "control/devices/midi_learn_button.h"
#include "control/devices/midi_learn_track.h"

#define NS_PER_MS   UINT64_C(1000000)
#define STEP_NS	    (50 * NS_PER_MS) /* how often time is looked at */
#define PAUSE_NS    (400 * NS_PER_MS)
#define MOVES_MIN   4	/* different values of something absolute */
#define STEPS_MIN   8	/* of something absolute that could be steps as well */
#define REPEATS_MIN 3	/* of steps */
#define FINE_MIN    32	/* how far the LSB of something absolute goes, */
#define BEND_MIN    384 /* and a bend: more than the noise of a fader */
#define LEFT_MIN    4
#define CLICKS_MIN  3
#define STRAYS_MIN  4
#define DOUBT_MAX   40 /* two that come together: by then it would have shown */
#define WRAP_MIN    48 /* an LSB that begins anew ... */
#define COARSE_MAX  16 /* ... while its MSB goes on */

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
	       kind == MIDI_BEND || midi_is_entry(kind);
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

/* ---- continuous ---- */

static bool
is_data_entry(const struct learn *l, const struct learn_track *t)
{
	if (!learn_is_entry(t))
		return false;
	for (uint32_t i = 0; i < l->tracks; i++) {
		const struct midi_event *e = &l->track[i].event;

		if (midi_is_entry(e->kind) && e->channel == t->event.channel)
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
		low = learn_find(l, MIDI_CC, t->event.channel,
			(uint16_t)(t->event.number + 32));
	return low && low->count + 1 >= t->count;
}

static bool
is_lsb(struct learn *l, const struct learn_track *t)
{
	struct learn_track *high;

	if (t->event.number < 32 || t->event.number > 63)
		return false;
	high = learn_find(
		l, MIDI_CC, t->event.channel, (uint16_t)(t->event.number - 32));
	return high && has_lsb(l, high);
}

/* Another controller that came whenever this one did; or NULL. */
static struct learn_track *
companion(struct learn *l, const struct learn_track *t)
{
	for (uint32_t i = 0; i < l->tracks; i++) {
		struct learn_track *o = &l->track[i];
		uint32_t more = o->count > t->count ? o->count - t->count
						    : t->count - o->count;

		if (o != t && o->event.kind == MIDI_CC && more <= 1 &&
			o->count + 1 >= MOVES_MIN &&
			o->event.channel == t->event.channel)
			return o;
	}
	return NULL;
}

/* The lower half begins anew again and again, while the upper one goes on by
 * little: both axes of a pad do neither. */
static bool
is_half_of(const struct learn_track *low, const struct learn_track *high)
{
	uint32_t n = low->values < high->values ? low->values : high->values;
	const uint16_t *l = low->value + low->values - n;
	const uint16_t *h = high->value + high->values - n;
	uint32_t wraps = 0;

	for (uint32_t i = 1; i < n; i++) {
		int step = abs(h[i] - h[i - 1]);

		if (step > COARSE_MAX)
			return false;
		wraps += step > 0 && abs(l[i] - l[i - 1]) >= WRAP_MIN;
	}
	return wraps >= 2;
}

/* Two controllers that are always sent together may be 14 bits, also when they
 * are not 32 apart. True: it is done, or to be waited for. */
static bool
judge_together(struct learn *l, const struct learn_track *t)
{
	struct learn_track *o = companion(l, t);

	if (!o || has_lsb(l, t) || is_lsb(l, t))
		return false;
	for (int turn = 0; turn < 2; turn++) {
		const struct learn_track *low = turn ? t : o;
		const struct learn_track *high = turn ? o : t;

		if (!is_half_of(low, high))
			continue;
		learn_found(l, high, MAPPING_VALUE, ENCODING_ABSOLUTE);
		l->message.fine = true;
		l->message.low = (uint8_t)low->event.number;
		return true;
	}
	return t->count < DOUBT_MAX;
}

static void
ask_left(struct learn *l, const struct learn_track *t)
{
	learn_ask(l, t, LEARN_LEFT);
	l->paused = false;
	l->strays = 0;
}

static void
judge_cc(struct learn *l, const struct learn_track *t)
{
	uint32_t different = learn_count_different(t);
	struct learn_track *high;
	bool fine;

	if (is_data_entry(l, t))
		return;
	if (is_lsb(l, t)) { /* one that moves a little moves its LSB only */
		high = learn_find(l, MIDI_CC, t->event.channel,
			(uint16_t)(t->event.number - 32));
		if (different < MOVES_MIN || spread(t) < FINE_MIN ||
			high->count < 2)
			return;
		learn_found(l, high, MAPPING_VALUE, ENCODING_ABSOLUTE);
		l->message.fine = true;
		l->message.low = (uint8_t)t->event.number;
		return;
	}
	if (learn_is_on_off(t)) {
		ask_left(l, t);
		return;
	}
	fine = has_lsb(l, t);
	if (learn_count_different(t) >= 2 && !learn_is_switch(t) &&
		judge_together(l, t))
		return;
	if (fine || !is_steps(t)) {
		if (different < MOVES_MIN || learn_is_switch(t))
			return;
	} else if (different < STEPS_MIN) {
		/* Steps grow and shrink with the speed; a fader goes on, also
		 * one that says everything twice. */
		if (learn_count_repeats(t) >= REPEATS_MIN &&
			(different <= 2 || turns_back(t)))
			ask_left(l, t);
		return;
	}
	learn_found(l, t, MAPPING_VALUE, ENCODING_ABSOLUTE);
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
		if (t->clicks >= CLICKS_MIN && t->clicks == t->count)
			learn_found(l, t, MAPPING_VALUE, ENCODING_CLICKS);
		else if (learn_count_different(t) >= MOVES_MIN)
			learn_found(l, t, MAPPING_VALUE, ENCODING_ABSOLUTE);
		break;
	case MIDI_NOTE:
		if (learn_is_on_off(t))
			ask_left(l, t);
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
		enum encoding coding;
	} lefts[] = {
		{104, 127, ENCODING_TWOS},
		{65, 74, ENCODING_SIGN_DOWN},
		{54, 63, ENCODING_OFFSET},
		{12, 15, ENCODING_OFFSET_16},
		{1, 11, ENCODING_SIGN_UP},
	};
	uint32_t most = 0, best = 0;

	if (t->values < LEFT_MIN)
		return;
	if (learn_is_on_off(t) && t->value[0] == 0) {
		learn_found(l, t, MAPPING_VALUE, ENCODING_ON_OFF);
		return;
	}
	if (t->event.kind != MIDI_CC) {
		learn_fail(l, "this knob sends the same to the left: "
			      "learn cannot tell its clicks apart");
		return;
	}
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
		learn_found(l, t, MAPPING_VALUE, lefts[best].coding);
	else
		t->values = 0;
}

static void
event_left(struct learn *l, const struct midi_event *e, uint64_t now_ns)
{
	struct learn_track *t = &l->track[0];

	if (e->kind != t->event.kind || e->channel != t->event.channel)
		return;
	/* What still comes of the first turn does not count. */
	l->paused |= now_ns - t->last_ns >= PAUSE_NS;
	if (e->number != t->event.number) {
		if (l->paused && ++l->strays >= STRAYS_MIN &&
			t->event.kind == MIDI_NOTE)
			learn_fail(l, LEARN_TWO_WAYS);
		return;
	}
	t->last_ns = now_ns;
	if (!l->paused)
		return;
	learn_put(l, e, now_ns);
	judge_left(l, t);
}

static void
note_take(struct learn *l, const struct midi_event *e)
{
	if (is_heard(e->kind))
		l->note = NULL;
	else if (e->kind != MIDI_CLOCK && e->kind != MIDI_POSITION)
		l->note = midi_words[e->kind];
}

void
learn_event(struct learn *l, const struct midi_event *e, uint64_t now_ns)
{
	const struct learn_track *t;

	if (l->state == LEARN_LEFT) {
		event_left(l, e, now_ns);
		return;
	}
	if (l->state == LEARN_TWICE && learn_twice(l, e, now_ns))
		return;
	if (l->state == LEARN_WAIT)
		note_take(l, e);
	if ((l->state != LEARN_WAIT && l->state != LEARN_TWICE) ||
		!is_heard(e->kind))
		return;
	t = learn_put(l, e, now_ns);
	if (t)
		judge(l, t);
}

uint64_t
learn_run(struct learn *l, uint64_t now_ns)
{
	if (l->state != LEARN_WAIT && l->state != LEARN_LEFT &&
		l->state != LEARN_TWICE)
		return UINT64_MAX;
	if (now_ns - l->start_ns >= LEARN_NS)
		l->state = LEARN_FAILED;
	else if (l->state != LEARN_LEFT)
		learn_buttons(l, now_ns);
	return l->state == LEARN_DONE || l->state == LEARN_FAILED ? UINT64_MAX
								  : STEP_NS;
}
