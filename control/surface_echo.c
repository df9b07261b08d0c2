/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which messages are our own that come back.
 *
 * A message that was sent is expected once, for a short while: until a cable at
 * MIDI's old speed would have brought it both ways, and SURFACE_ECHO_NS. That
 * is too short for a finger to press the same button again, so nothing of the
 * hand is taken for an echo. A device that does echo is waited for longer.
 *
 * A tap is shorter than that. What would end a press is always heard: as an
 * echo it ends it early, as a release that is not heard it would last. */
#include "control/surface_own.h"

#define BYTE_NS	    UINT64_C(320000) /* 31250 baud */
#define LINE_MAX_NS UINT64_C(500000000)
#define THRU_NS	    UINT64_C(250000000)
#define THRU_KNOWN  3 /* more echoes than messages that did not come back */
#define THRU_MAX    8

static uint32_t
hash_bytes(const uint8_t *bytes, uint32_t n)
{
	uint32_t hash = 2166136261u;

	for (uint32_t i = 0; i < n; i++)
		hash = (hash ^ bytes[i]) * 16777619u; /* FNV */
	return hash;
}

static struct midi_event
echo_event(const struct midi_event *e)
{
	struct midi_event of = *e;

	of.sysex = NULL;
	if (e->kind == MIDI_SYSEX) {
		uint32_t hash = hash_bytes(e->sysex, e->sysex_bytes);

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

		if (e->until_ns && e->thru_until_ns + s->late_ns >= now_ns)
			return;
		if (e->until_ns && s->thru > -THRU_MAX)
			s->thru--;
		e->until_ns = 0;
		s->echo_old++;
	}
}

void
surface_echo_put(struct surface *s, const struct midi_event *e, uint32_t bytes,
	uint64_t now_ns)
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
	place->event = echo_event(e);
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
	const struct inlet *in = surface_inlet(s, e);

	return in && in->pressed >= 0 && surface_press_state(in, e->value) == 0;
}

bool
surface_echo_take(
	struct surface *s, const struct midi_event *e, uint64_t now_ns)
{
	struct midi_event of = echo_event(e);

	echo_judge(s, now_ns);
	if (is_release(s, e))
		return false;
	for (uint32_t i = s->echo_old; i != s->echo_at; i++) {
		struct echo *sent = &s->echo[i % SURFACE_ECHOES];
		uint64_t until_ns = s->thru >= THRU_KNOWN ? sent->thru_until_ns
							  : sent->until_ns;

		if (!sent->until_ns || now_ns > until_ns + s->late_ns ||
			!same_event(&sent->event, &of))
			continue;
		sent->until_ns = 0;
		if (s->thru < THRU_MAX)
			s->thru++;
		return true;
	}
	return false;
}
