/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From parameters to lamps, rings, displays and motor faders. */
#include "control/surface/surface_own.h"
#include "control/surface/surface_echo.h"
#include "control/surface/lights/surface_lamp.h"
#include "control/surface/lights/surface_meter.h"
#include "control/surface/lights/surface_show.h"

#include <math.h>
#include <string.h>

#include "control/midi/midi_write.h"

#define NS_PER_MS 1000000.0
#define NO_TIME	  SURFACE_IDLE
#define BLANKS	  "                                                        "

void
surface_mark(struct surface *s, int32_t lamp)
{
	if (lamp < 0 || s->lamp[lamp].dirty)
		return;
	s->lamp[lamp].dirty = true;
	s->dirty++;
}

void
surface_mark_all(struct surface *s)
{
	for (uint32_t i = 0; i < s->lamps; i++)
		surface_mark(s, (int32_t)i);
}

void
surface_forget(struct surface *s, int32_t lamp)
{
	if (lamp < 0)
		return;
	s->lamp[lamp].sent = SURFACE_NOTHING;
	surface_mark(s, lamp);
}

/* ---- sending ---- */

static void
send_bytes(struct surface *s, const uint8_t *bytes, uint32_t n)
{
	s->credit -= n;
	if (bytes[0] == 0xf0)
		s->sysex_ns = s->credit_ns + SURFACE_SYSEX_NS;
	s->send(s->data, bytes, n);
}

static void
send_event(struct surface *s, const struct midi_event *e, enum echo_as as,
	uint64_t now_ns)
{
	uint8_t bytes[MIDI_WRITE_MAX];
	size_t n = midi_write(e, bytes, sizeof(bytes));

	if (n == 0)
		return;
	if (e->kind == MIDI_RPN || e->kind == MIDI_NRPN) {
		struct midi_event half = *e; /* is told before the whole */

		half.value &= 0x3f80;
		surface_echo_put(s, &half, ECHO_HALF, 0, now_ns);
	}
	surface_echo_put(s, e, as, (uint32_t)n, now_ns);
	if (e->kind != MIDI_RPN && e->kind != MIDI_NRPN) {
		send_bytes(s, bytes, (uint32_t)n);
		return;
	}
	for (size_t at = 0; at < n; at += 3) /* four messages */
		send_bytes(s, bytes + at, 3);
}

static void
send_sysex(struct surface *s, const struct mapping_message *m, int64_t value,
	const uint8_t *fill, uint64_t now_ns)
{
	uint8_t bytes[MAPPING_SYSEX_MAX + MAPPING_FILL_MAX];
	struct midi_event e = {.kind = MIDI_SYSEX, .sysex = bytes};
	uint32_t from = 0, n = 0;

	for (uint32_t i = 0; i < m->slots; i++) {
		uint32_t length = m->slot[i].length, at = m->slot[i].at;

		memcpy(bytes + n, m->sysex + from, at - from);
		n += at - from;
		from = length ? at : at + 1;
		if (!length)
			length = 1;
		if (fill)
			memcpy(bytes + n, fill, length);
		else
			memset(bytes + n,
				m->slot[i].length ? ' ' : (int)(value & 127),
				length);
		fill = fill ? fill + length : NULL;
		n += length;
	}
	memcpy(bytes + n, m->sysex + from, m->sysex_bytes - from);
	e.sysex_bytes = n + m->sysex_bytes - from;
	surface_echo_put(s, &e, ECHO_MESSAGE, e.sysex_bytes, now_ns);
	send_bytes(s, bytes, e.sysex_bytes);
}

/* The one it heard last, when any will do. */
uint8_t
surface_lamp_channel(const struct surface *s, const struct mapping_message *m,
	int32_t control)
{
	int32_t input = control >= 0 ? s->control[control].input : -1;

	if (m->channel != MAPPING_CHANNEL_ANY)
		return m->channel;
	return input >= 0 ? s->input[input].channel : 0;
}

void
surface_lamp_send(struct surface *s, struct lamp *lamp, int32_t control,
	int64_t value, const uint8_t *fill, uint64_t now_ns)
{
	const struct mapping_message *m = &lamp->message;
	struct midi_event e = {.kind = m->kind,
		.channel = surface_lamp_channel(s, m, control),
		.number = m->number == MAPPING_NUMBER_ANY ? 0 : m->number,
		.value = (uint16_t)value};

	if (m->kind == MIDI_SYSEX) {
		send_sysex(s, m, value, fill, now_ns);
	} else if (m->fine) {
		struct midi_event low = e, whole = e;

		e.value = (uint16_t)(value >> 7);
		low.number = m->low;
		low.value = value & 0x7f;
		send_event(s, &e, ECHO_HALF, now_ns);
		send_event(s, &low, ECHO_HALF, now_ns);
		surface_echo_put(s, &whole, ECHO_PAIR, 0, now_ns);
	} else {
		if (!mapping_is_wide(m)) { /* a color of its own number */
			e.number = (uint16_t)(e.number + (value >> 7));
			e.value = value & 0x7f;
		}
		send_event(s, &e, ECHO_MESSAGE, now_ns);
	}
	lamp->sent = lamp->last = value;
	lamp->sent_ns = now_ns;
	lamp->ever = true;
}

/* A motor fader stands where it was sent to. */
static void
hand_follow(struct surface *s, int32_t control, int64_t value)
{
	const struct mapping_control *c;
	struct input *in;

	if (control < 0 || s->control[control].input < 0)
		return;
	c = &s->mapping->control[control];
	in = &s->input[s->control[control].input];
	if (c->as != MAPPING_VALUE || c->coding != MAPPING_ABSOLUTE ||
		c->light.kind != MAPPING_LIGHT_WAY ||
		c->message.kind != c->light.message.kind ||
		c->message.number != c->light.message.number ||
		c->message.channel != c->light.message.channel)
		return;
	in->way = (double)value /
		  (mapping_is_wide(&c->message) ? 16383.0 : 127.0);
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
	const struct mapping_control *c;
	const struct input *in;

	if (control < 0 || s->control[control].input < 0)
		return due_ns;
	c = &s->mapping->control[control];
	in = &s->input[s->control[control].input];
	/* Lamps of buttons and of knobs without an end pull no finger. */
	if (c->as != MAPPING_VALUE || c->coding != MAPPING_ABSOLUTE)
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

/* Slow devices lose what comes with a sysex, but have no way to say so. */
uint64_t
surface_free_ns(const struct surface *s, enum midi_kind kind, uint64_t now_ns)
{
	uint64_t free_ns =
		s->credit < 0.0 ? now_ns + (uint64_t)NS_PER_MS : now_ns;

	return kind == MIDI_SYSEX && s->sysex_ns > free_ns ? s->sysex_ns
							   : free_ns;
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
		surface_meters_wake(s);
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

void
surface_earn(struct surface *s, uint64_t now_ns)
{
	if (now_ns > s->credit_ns)
		s->credit += (double)(now_ns - s->credit_ns) / NS_PER_MS *
			     SURFACE_BYTES_PER_MS;
	s->credit_ns = now_ns;
	if (s->credit > SURFACE_BURST_BYTES)
		s->credit = SURFACE_BURST_BYTES;
}

/* What comes before all lamps. Returns when it goes on; now_ns: it is done. */
static uint64_t
prologue_run(struct surface *s, uint64_t now_ns)
{
	const struct mapping *m = s->mapping;
	uint64_t free_ns;

	for (; s->greeting < m->starts; s->greeting++) {
		const struct mapping_start *start = &m->start[s->greeting];

		free_ns = surface_free_ns(s,
			start->byte[0] == 0xf0 ? MIDI_SYSEX : MIDI_NOTE,
			now_ns);
		if (free_ns > now_ns)
			return free_ns;
		send_bytes(s, start->byte, start->bytes);
	}
	for (; s->left_at < s->lefts; s->left_at++) {
		struct lamp *lamp = &s->left[s->left_at];

		free_ns = surface_free_ns(s, lamp->message.kind, now_ns);
		if (free_ns > now_ns)
			return free_ns;
		surface_lamp_send(s, lamp, -1, lamp->last, NULL, now_ns);
	}
	return now_ns;
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

	if (!s->send || m->repeats == 0 || surface_greets(s))
		return SURFACE_IDLE;
	if (s->repeat_ns == 0)
		s->repeat_ns = now_ns + m->every_ns;
	surface_earn(s, now_ns);
	for (; s->repeat_ns <= now_ns && s->repeat_at < m->repeats;
		s->repeat_at++) {
		const struct mapping_start *r = &m->repeat[s->repeat_at];
		uint64_t free_ns = surface_free_ns(
			s, r->byte[0] == 0xf0 ? MIDI_SYSEX : MIDI_NOTE, now_ns);

		if (free_ns > now_ns)
			return free_ns - now_ns;
		send_bytes(s, r->byte, r->bytes);
	}
	if (s->repeat_ns > now_ns)
		return s->repeat_ns - now_ns;
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
