/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message that arrives: our own that comes back, half of a value, or what a
 * hand does. */
#include "control/surface/surface_event.h"

#include "control/surface/effect.h"
#include "control/surface/surface_echo.h"
#include "control/surface/surface_hold.h"
#include "control/surface/surface_input.h"
#include "control/surface/surface_move.h"
#include "control/surface/surface_target.h"
#include "control/surface/surface_turn.h"
#include "control/util/timer.h"

/* False: the other half is waited for. */
static bool
fine_value(struct surface *s, struct input *in, const struct midi_event *e,
	uint64_t now_ns, uint16_t *value)
{
	struct pair *p = &in->pair;
	bool known = pair_is_msb_first(p), whole;

	if (e->begins)
		pair_begins(p, e->part == MIDI_MSB);
	if (!p->fine && surface_echo_may_begin(s, e))
		p->expects = true;
	if (e->part == MIDI_MSB)
		whole = pair_msb(p, (uint8_t)(e->value >> 7), now_ns, value);
	else if (e->part == MIDI_LSB)
		whole = pair_lsb(p, e->value & 127, now_ns, value);
	else if (e->number == in->message.number)
		whole = pair_msb(p, (uint8_t)e->value, now_ns, value);
	else
		whole = pair_lsb(p, (uint8_t)e->value, now_ns, value);
	s->reflex_stale |= pair_is_msb_first(p) != known;
	return whole;
}

/* It was no hand. */
static void
came_back(struct surface *s, struct input *in, uint64_t frame)
{
	s->reflex_stale = true; /* reflexes may be halted */
	if (in->guess)
		surface_take_back(s, in, frame);
}

/* What two halves make. */
static void
speak_whole(struct surface *s, struct input *in, uint16_t value, uint64_t frame,
	uint64_t now_ns)
{
	/* A half counts as a move until its value is known. */
	in->moved = in->was_moved;
	in->moved_ns = in->was_moved_ns;
	if (surface_echo_take_whole(s, in, value, now_ns))
		came_back(s, in, frame);
	else if (in->first)
		surface_speak(s, in, value, frame, now_ns);
}

bool
surface_event(struct surface *s, const struct midi_event *e, uint64_t frame,
	uint64_t now_ns)
{
	struct input *in = surface_input(s, e);
	bool fine;
	uint16_t value = e->value;
	bool rest = e->part == MIDI_LSB && in && in->pair.waits == 0;

	if (surface_echo_take(s, e, now_ns)) {
		if (in)
			came_back(s, in, frame);
		return in != NULL;
	}
	if (!in)
		return false;
	if (s->rebind)
		surface_bind(s);
	in->channel = e->channel;
	if (in->touches >= 0)
		surface_touch(s, in, value);
	if (surface_turn_entry(s, in, e, frame, now_ns))
		return true;
	fine = in->message.fine || e->part == MIDI_MSB || e->part == MIDI_LSB;
	if (!fine && mapping_is_wide(&in->message))
		pair_whole(&in->pair, value);
	if (fine && in->pair.waits == 0) {
		in->was_moved = in->moved;
		in->was_moved_ns = in->moved_ns;
	}
	if (fine && !fine_value(s, in, e, now_ns, &value)) {
		in->frame = frame;
		s->pairs = true;
		in->moved = true;
		in->moved_ns = now_ns;
		return true;
	}
	/* The lower half of a press that was heard by the upper one alone. */
	if (rest && in->pressed >= 0 && surface_is_press(&in->message, value))
		return true;
	if (fine)
		speak_whole(s, in, value, frame, now_ns);
	else if (in->first)
		surface_speak(s, in, value, frame, now_ns);
	return true;
}

uint64_t
surface_run_pairs(struct surface *s, uint64_t now_ns)
{
	uint64_t next_ns = SURFACE_IDLE;

	if (!s->pairs)
		return SURFACE_IDLE;
	for (uint32_t i = 0; i < s->inputs; i++) {
		struct input *in = &s->input[i];
		uint16_t value;

		if (in->pair.waits == 0)
			continue;
		if (pair_run(&in->pair, now_ns, &value))
			speak_whole(s, in, value, in->frame, now_ns);
		next_ns = timer_first(next_ns, pair_wait_ns(&in->pair, now_ns));
	}
	s->pairs = next_ns != SURFACE_IDLE;
	return next_ns;
}

void
surface_feel(struct surface *s, const struct midi_event *e, uint64_t now_ns)
{
	struct input *in = surface_input(s, e);

	if (surface_echo_take(s, e, now_ns) || !in)
		return;
	if (in->touches >= 0)
		surface_touch(s, in, e->value);
	in->moved = true;
	in->moved_ns = now_ns;
	/* Its takeover did not see it pass anything. */
	in->way_known = false;
	in->spoke_for = -1;
}
