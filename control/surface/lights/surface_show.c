/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From parameters to lamps, rings, displays and motor faders. */
#include "control/surface/lights/surface_show.h"

#include "control/surface/lights/surface_lamp.h"
#include "control/surface/lights/surface_meter.h"
#include "control/surface/lights/surface_output.h"
#include "control/surface/surface_input.h"

#define NO_TIME SURFACE_IDLE

/* A motor fader stands where it was sent to. */
static void
hand_follow(struct surface *s, int32_t control, int64_t value)
{
	struct input *in = surface_input_of(s, control);
	const struct mapping_control *c;

	if (!in)
		return;
	c = &s->mapping->control[control];
	if (c->as != MAPPING_VALUE || c->coding != ENCODING_ABSOLUTE ||
		c->light.kind != MAPPING_LIGHT_WAY ||
		c->message.kind != c->light.message.kind ||
		c->message.number != c->light.message.number ||
		c->message.channel != c->light.message.channel)
		return;
	in->way = (double)value / mapping_last(&c->message);
	/* Without a motor it stands elsewhere. To pick up, the hand must pass
	 * the parameter all the same; to scale, by its step from a place where
	 * it never was, would be a jump. */
	in->way_known = c->takeover != MAPPING_SCALE;
	in->spoke_for = -1; /* its takeover is told of the new place */
}

/* The moment from which a lamp may be sent; NO_TIME: while it is touched. */
static uint64_t
lamp_due_ns(const struct surface *s, const struct lamp *lamp, int32_t control)
{
	uint64_t due_ns = lamp->ever ? lamp->sent_ns + SURFACE_GAP_NS : 0;
	uint64_t left_ns = 0, patience_ns;
	const struct input *in = surface_input_of(s, control);
	const struct mapping_control *c;

	if (!in)
		return due_ns;
	c = &s->mapping->control[control];
	/* Lamps of buttons and of knobs without an end pull no finger. */
	if (c->as != MAPPING_VALUE || c->coding != ENCODING_ABSOLUTE)
		return due_ns;
	if (in->touched && in->doubt_ns == 0)
		return NO_TIME;
	patience_ns = in->touched ? SURFACE_DOUBT_NS : SURFACE_HAND_NS;
	if (in->moved)
		left_ns = in->moved_ns + patience_ns;
	if (in->touched && in->doubt_ns + patience_ns > left_ns)
		left_ns = in->doubt_ns + patience_ns;
	return left_ns > due_ns ? left_ns : due_ns;
}

/* 0: done; else when it is wanted again. */
static uint64_t
lamp_run(struct surface *s, struct lamp *lamp, uint64_t now_ns)
{
	int32_t control = surface_lamp_control(s, lamp);
	uint64_t due_ns = lamp_due_ns(s, lamp, control);
	uint8_t fill[MAPPING_FILL_MAX];
	bool filled = control >= 0 && surface_is_filled(&lamp->message);
	int64_t value;

	if (surface_is_metered(s, lamp, control)) {
		surface_sound(s);
		return 0;
	}
	if (due_ns == NO_TIME)
		return NO_TIME;
	value = surface_lamp_value(s, lamp, control, fill);
	if (value == SURFACE_NOTHING || value == lamp->sent) {
		if (due_ns <= now_ns)
			return 0;
		/* While a hand is on it, it may yet be moved away. */
		return due_ns;
	}
	if (due_ns > now_ns)
		return due_ns;
	due_ns = surface_free_ns(s, lamp->message.kind, now_ns);
	if (due_ns > now_ns) {
		if (s->show_at == s->lamps)
			s->show_at = (uint32_t)(lamp - s->lamp);
		return due_ns;
	}
	surface_lamp_send(
		s, lamp, control, value, filled ? fill : NULL, now_ns);
	hand_follow(s, control, value);
	return 0;
}

/* Messages of the mapping's own from *at on. As prologue_run(). */
static uint64_t
starts_run(struct surface *s, const struct mapping_start *start, uint32_t *at,
	uint32_t count, uint64_t now_ns)
{
	for (; *at < count; (*at)++) {
		const struct mapping_start *next = &start[*at];
		uint64_t free_ns = surface_free_ns(s,
			next->byte[0] == 0xf0 ? MIDI_SYSEX : MIDI_NOTE, now_ns);

		if (free_ns > now_ns)
			return free_ns;
		surface_output(s, next->byte, next->bytes);
	}
	return now_ns;
}

/* What comes before all lamps. Returns when it goes on; now_ns: it is done. */
static uint64_t
prologue_run(struct surface *s, uint64_t now_ns)
{
	const struct mapping *m = s->mapping;
	uint64_t next_ns =
		starts_run(s, m->start, &s->greeting, m->starts, now_ns);

	for (; next_ns <= now_ns && s->left_at < s->lefts; s->left_at++) {
		struct lamp *lamp = &s->left[s->left_at];

		next_ns = surface_free_ns(s, lamp->message.kind, now_ns);
		if (next_ns > now_ns)
			break;
		surface_lamp_send(s, lamp, -1, lamp->last, NULL, now_ns);
	}
	return next_ns;
}

/* Those that always change leave room for others: who had to wait for room is
 * the first the next time. */
static uint64_t
lamps_run(struct surface *s, uint64_t now_ns)
{
	uint64_t next_ns = NO_TIME;
	uint32_t first = s->show_at;

	s->show_at = s->lamps;
	for (uint32_t n = 0; n < s->lamps; n++) {
		struct lamp *lamp = &s->lamp[(first + n) % s->lamps];
		uint64_t due_ns;

		if (!lamp->dirty)
			continue;
		due_ns = lamp_run(s, lamp, now_ns);
		if (due_ns == 0) {
			lamp->dirty = false;
			s->dirty--;
		} else if (due_ns < next_ns) {
			next_ns = due_ns;
		}
	}
	if (s->show_at == s->lamps)
		s->show_at = 0;
	return next_ns;
}

bool
surface_greets(const struct surface *s)
{
	return s->greeting < s->mapping->starts || s->left_at < s->lefts;
}

uint64_t
surface_repeat(struct surface *s, uint64_t now_ns)
{
	const struct mapping *m = s->mapping;
	uint64_t next_ns;

	if (!s->send || m->repeats == 0 || surface_greets(s))
		return SURFACE_IDLE;
	if (s->repeat_ns == 0)
		s->repeat_ns = now_ns + m->every_ns;
	surface_earn(s, now_ns);
	if (s->repeat_ns > now_ns)
		return s->repeat_ns - now_ns;
	next_ns = starts_run(s, m->repeat, &s->repeat_at, m->repeats, now_ns);
	if (next_ns > now_ns)
		return next_ns - now_ns;
	/* A round that came late does not make all that follow late. */
	s->repeat_at = 0;
	s->repeat_ns += m->every_ns;
	if (s->repeat_ns <= now_ns)
		s->repeat_ns = now_ns + m->every_ns;
	return s->repeat_ns - now_ns;
}

uint64_t
surface_show(struct surface *s, uint64_t now_ns)
{
	uint64_t next_ns;

	if (!s->send || (s->dirty == 0 && !surface_greets(s)))
		return SURFACE_IDLE;
	surface_earn(s, now_ns);
	next_ns = prologue_run(s, now_ns);
	if (next_ns <= now_ns)
		next_ns = lamps_run(s, now_ns);
	return next_ns == NO_TIME ? SURFACE_IDLE
	       : next_ns > now_ns ? next_ns - now_ns
				  : 0;
}

void
surface_repaint(struct surface *s)
{
	for (uint32_t i = 0; i < s->lamps; i++)
		surface_forget(s, (int32_t)i);
	surface_meters_forget(s);
}

void
surface_refresh(struct surface *s)
{
	s->greeting = 0;
	surface_repaint(s);
}
