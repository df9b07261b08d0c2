/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which messages are our own that come back.
 *
 * A message that was sent is expected once, for a short while: until a cable at
 * MIDI's old speed would have brought it both ways, and SURFACE_ECHO_NS. That
 * is too short for a finger to press the same button again, so nothing of the
 * hand is taken for an echo. A device that does echo is waited for longer.
 *
 * Faders and knobs are told apart for longer, for networks and other programs
 * answer late: what was sent comes back in the same order and after the same
 * time each time, which a hand does not. All of a fade would else take the
 * place of what it has reached meanwhile. While nothing is known to come back,
 * one message is a hand; what it did is taken back when the next one that was
 * sent comes after the same time. That one cannot be told apart: a hand that
 * puts a fader where it was a moment ago says the same bytes, may say nothing
 * more, and would not be heard at all; an echo is wrong only until the next
 * one. What is none of these is a hand: what else may come back is then heard
 * with it, so that the last one heard is where the parameter is.
 *
 * Of 14 bits in halves all of this is asked of the value that they make: the
 * upper half alone is the same too often.
 *
 * Programs that round differently answer with the value beside it. That would
 * be a hand that moves: its value would be sent, answered, and so on for ever.
 * One such message is a hand; the next ones that come after the same time are
 * not.
 *
 * A tap is shorter than that. What would end a press is always heard: as an
 * echo it ends it early, as a release that is not heard it would last. */
#include "control/surface/surface_echo.h"

#include "control/surface/effect.h"
#include "control/surface/surface_input.h"
#include "core/hash.h"

#define BYTE_NS	     UINT64_C(320000) /* 31250 baud */
#define LINE_MAX_NS  UINT64_C(500000000)
#define THRU_NS	     UINT64_C(250000000)
#define THRU_KNOWN   3 /* more echoes than messages that did not come back */
#define THRU_MAX     8
#define ANSWER_NS    UINT64_C(2000000000) /* the latest answer */
#define SAME_NS	     UINT64_C(100000000)  /* answers differ by this in time */
#define SAME_HAND_NS UINT64_C(25000000)	  /* and while a hand may move it */
#define BACKS_MAX    6
#define BESIDE_7     1 /* in 7 bits, and in 14 */
#define BESIDE_14    128

static struct midi_event
echo_event(const struct midi_event *e)
{
	struct midi_event of = *e;

	of.sysex = NULL;
	if (e->kind == MIDI_SYSEX) {
		uint32_t hash =
			hash_bytes(HASH_START, e->sysex, e->sysex_bytes);

		of.number = (uint16_t)(hash >> 16);
		of.value = (uint16_t)hash;
	}
	return of;
}

static bool
same_event(const struct midi_event *a, const struct midi_event *b)
{
	return b->part != MIDI_UP && b->part != MIDI_DOWN &&
	       a->kind == b->kind && a->channel == b->channel &&
	       a->number == b->number && a->value == b->value &&
	       a->sysex_bytes == b->sysex_bytes;
}

/* Messages whose time is over did not come back. */
static void
echo_judge(struct surface *s, uint64_t now_ns)
{
	while (s->echo_old != s->echo_at) {
		struct echo *e = &s->echo[s->echo_old % SURFACE_ECHOES];

		if (e->until_ns &&
			e->sent_ns + ANSWER_NS + s->late_ns >= now_ns)
			return;
		if (e->until_ns && s->thru > -THRU_MAX)
			s->thru--;
		e->until_ns = 0;
		s->echo_old++;
	}
}

void
surface_echo_put(struct surface *s, const struct midi_event *e, enum echo_as as,
	uint32_t bytes, uint64_t now_ns)
{
	struct echo *place;

	if (s->line_ns < now_ns)
		s->line_ns = now_ns;
	s->line_ns += bytes * BYTE_NS;
	if (s->line_ns > now_ns + LINE_MAX_NS)
		s->line_ns = now_ns + LINE_MAX_NS;
	if (s->echo_at - s->echo_old == SURFACE_ECHOES)
		s->echo_old++;
	place = &s->echo[s->echo_at++ % SURFACE_ECHOES];
	place->as = as;
	place->event = echo_event(e);
	place->sent_ns = now_ns;
	place->until_ns = s->line_ns + SURFACE_ECHO_NS;
	place->thru_until_ns = s->line_ns + THRU_NS;
}

void
surface_late(struct surface *s, uint64_t late_ns)
{
	s->late_ns = late_ns;
}

static bool
is_release(struct surface *s, const struct midi_event *e)
{
	const struct input *in = surface_input(s, e);

	return in && in->pressed >= 0 && effect_press(in, e->value) == 0;
}

/* ---- answers ---- */

/* The input of a fader or a knob with ends, where a hand has one place; NULL:
 * this is for something else. */
static struct input *
input_of_place(struct surface *s, const struct midi_event *e)
{
	struct input *in = surface_input(s, e);
	int32_t control = in ? surface_in_force(s, in) : -1;
	const struct mapping_control *c =
		control >= 0 ? &s->mapping->control[control] : NULL;

	return c && c->as == MAPPING_VALUE && c->coding == ENCODING_ABSOLUTE &&
			       c->message.kind != MIDI_PROGRAM
		       ? in
		       : NULL;
}

/* It may come back as this one; in: what for, or NULL: a message as it is. */
static bool
comes_as(const struct echo *sent, const struct input *in)
{
	return in && in->message.fine ? sent->as == ECHO_PAIR
	       : in		      ? sent->as == ECHO_MESSAGE
				      : sent->as != ECHO_PAIR;
}

/* 0: it is the same; 1: it is beside it; -1: it is another. */
static int
distance(const struct input *in, const struct echo *echo,
	const struct midi_event *e)
{
	const struct midi_event *sent = &echo->event;
	int beside = mapping_is_wide(&in->message) ? BESIDE_14 : BESIDE_7;
	int by = (int)sent->value - (int)e->value;

	if (!comes_as(echo, in) || sent->kind != e->kind ||
		sent->channel != e->channel || sent->number != e->number)
		return -1;
	if (by == 0)
		return 0;
	return by >= -beside && by <= beside ? 1 : -1;
}

/* It came back, and its halves have with it. */
static void
came_back(struct surface *s, struct echo *sent)
{
	uint32_t i = (uint32_t)(sent - s->echo);

	sent->until_ns = 0;
	for (int halves = 0; halves < 2; halves++) {
		i = (i + SURFACE_ECHOES - 1) % SURFACE_ECHOES;
		if (s->echo[i].as != ECHO_HALF ||
			s->echo[i].sent_ns != sent->sent_ns)
			return;
		s->echo[i].until_ns = 0;
	}
}

static uint64_t
off_time_ns(const struct input *in, const struct echo *sent, uint64_t now_ns)
{
	uint64_t after_ns = now_ns - sent->sent_ns;

	return after_ns > in->back_ns ? after_ns - in->back_ns
				      : in->back_ns - after_ns;
}

static void
comes_back(struct input *in, const struct echo *sent, uint64_t now_ns)
{
	if (in->backs == 0)
		in->back_ns = now_ns - sent->sent_ns;
	if (in->backs < BACKS_MAX)
		in->backs++;
}

static uint64_t
same_time_ns(const struct surface *s, const struct input *in, uint64_t now_ns)
{
	return (surface_hand_is_on(in, now_ns) ? SAME_HAND_NS : SAME_NS) +
	       s->late_ns;
}

/* The next one in order, that comes back as it was sent; known: after the time
 * that is known. */
static bool
in_order(struct surface *s, struct input *in, const struct midi_event *e,
	bool known, uint64_t now_ns)
{
	uint64_t same_ns = same_time_ns(s, in, now_ns);
	uint32_t i = in->back_at;

	if (in->touched)
		return false;
	if (s->echo_at - i > s->echo_at - s->echo_old)
		i = s->echo_old;
	for (; i != s->echo_at; i++) {
		struct echo *sent = &s->echo[i % SURFACE_ECHOES];

		if (!sent->until_ns || distance(in, sent, e) != 0 ||
			(known && off_time_ns(in, sent, now_ns) > same_ns))
			continue;
		if (!known)
			in->backs = 0;
		comes_back(in, sent, now_ns);
		came_back(s, sent);
		in->back_at = i + 1;
		return true;
	}
	return false;
}

/* The message that this answers: by time where that is known, else the last
 * one; the same value before one beside it. */
static struct echo *
answered(struct surface *s, const struct input *in, const struct midi_event *e,
	uint64_t now_ns, bool *other_time)
{
	uint64_t same_ns = same_time_ns(s, in, now_ns);
	struct echo *best = NULL;
	int best_far = 2;

	*other_time = false;
	for (uint32_t i = s->echo_old; i != s->echo_at; i++) {
		struct echo *sent = &s->echo[i % SURFACE_ECHOES];
		int far = distance(in, sent, e);

		if (!sent->until_ns || far < 0 || far > best_far)
			continue;
		if (in->backs > 0 && off_time_ns(in, sent, now_ns) > same_ns) {
			*other_time = true;
			continue;
		}
		best = sent;
		best_far = far;
	}
	return best;
}

/* Nothing was sent to this control since. */
static bool
is_newest(const struct surface *s, const struct echo *sent)
{
	for (uint32_t i = s->echo_old; i != s->echo_at; i++) {
		const struct echo *e = &s->echo[i % SURFACE_ECHOES];

		if (e->sent_ns > sent->sent_ns &&
			e->event.kind == sent->event.kind &&
			e->event.channel == sent->event.channel &&
			e->event.number == sent->event.number)
			return false;
	}
	return true;
}

static bool
is_answer(struct surface *s, struct input *in, const struct midi_event *e,
	uint64_t now_ns)
{
	bool other_time;
	struct echo *sent = answered(s, in, e, now_ns, &other_time);

	if (!sent) {
		in->backs -= other_time && in->backs > 0;
		return false;
	}
	comes_back(in, sent, now_ns);
	/* The first one is heard. So are all while one is taken for a hand, and
	 * what answers an older message: to drop the last one of a row that was
	 * heard would leave the parameter where the one before it was. */
	if (in->backs == 1 || surface_hand_is_on(in, now_ns) ||
		!is_newest(s, sent))
		return false;
	came_back(s, sent);
	return true;
}

static bool
is_just_sent(struct surface *s, const struct input *in,
	const struct midi_event *e, uint64_t now_ns)
{
	struct midi_event of = echo_event(e);

	for (uint32_t i = s->echo_old; i != s->echo_at; i++) {
		struct echo *sent = &s->echo[i % SURFACE_ECHOES];
		uint64_t until_ns = s->thru >= THRU_KNOWN ? sent->thru_until_ns
							  : sent->until_ns;

		if (!sent->until_ns || !comes_as(sent, in) ||
			now_ns > until_ns + s->late_ns ||
			!same_event(&sent->event, &of))
			continue;
		came_back(s, sent);
		return true;
	}
	return false;
}

static bool
is_back(struct surface *s, struct input *in, const struct midi_event *e,
	uint64_t now_ns)
{
	bool known = in && (in->guess || in->backs > 1);

	/* Order comes first: a fade may say the same value twice. */
	if ((known && in_order(s, in, e, known, now_ns)) ||
		is_just_sent(s, in, e, now_ns))
		return true;
	if (!in)
		return false;
	in->guess = !known && in_order(s, in, e, known, now_ns);
	if (in->guess)
		return false;
	if (is_answer(s, in, e, now_ns))
		return true;
	in->back_at = s->echo_at; /* a hand */
	return false;
}

static bool
is_half(const struct input *in, const struct midi_event *e)
{
	return in->message.fine || e->part == MIDI_MSB || e->part == MIDI_LSB;
}

static bool
take(struct surface *s, struct input *in, const struct midi_event *e,
	uint64_t now_ns)
{
	if (!is_back(s, in, e, now_ns))
		return false;
	if (s->thru < THRU_MAX)
		s->thru++;
	return true;
}

bool
surface_echo_take(
	struct surface *s, const struct midi_event *e, uint64_t now_ns)
{
	struct input *in = input_of_place(s, e);

	echo_judge(s, now_ns);
	if ((in && is_half(in, e)) || is_release(s, e))
		return false;
	return take(s, in, e, now_ns);
}

bool
surface_echo_take_whole(
	struct surface *s, struct input *in, uint16_t value, uint64_t now_ns)
{
	struct midi_event e = {.kind = in->message.kind,
		.channel = in->channel,
		.number = in->message.number,
		.value = value};

	return input_of_place(s, &e) == in && take(s, in, &e, now_ns);
}

bool
surface_echo_may_begin(const struct surface *s, const struct midi_event *e)
{
	for (uint32_t i = s->echo_old; i != s->echo_at; i++) {
		const struct echo *sent = &s->echo[i % SURFACE_ECHOES];
		uint16_t value =
			e->part == MIDI_MSB ? e->value & 0x3f80 : e->value;

		if (sent->until_ns && sent->as == ECHO_HALF &&
			sent->event.kind == e->kind &&
			sent->event.channel == e->channel &&
			sent->event.number == e->number &&
			sent->event.value == value)
			return true;
	}
	return false;
}
