/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/midi/midi_parse.h"

#include <string.h>

#define UNTOLD 0x80

enum {
	CC_DATA_MSB = 6,
	CC_DATA_LSB = 38,
	CC_INCREMENT = 96,
	CC_DECREMENT = 97,
	CC_NRPN_LSB = 98,
	CC_NRPN_MSB = 99,
	CC_RPN_LSB = 100,
	CC_RPN_MSB = 101,
	CC_RESET_ALL = 121,
};

void
midi_parser_init(struct midi_parser *p, midi_listener listener, void *data)
{
	memset(p, 0, sizeof(*p));
	p->listener = listener;
	p->data = data;
}

static void
tell(struct midi_parser *p, const struct midi_event *event, uint64_t time)
{
	p->listener(p->data, event, time);
}

/* A half alone keeps the other half, whichever comes first; another kind
 * begins anew. */
static void
selection_half(
	struct midi_selection *s, enum midi_kind kind, bool msb, uint8_t value)
{
	s->fresh = true;
	if (s->kind != kind) {
		s->kind = (uint8_t)kind;
		s->msb = s->lsb = UNTOLD;
	}
	if (msb)
		s->msb = value;
	else
		s->lsb = value;
	if (s->msb == 127 && s->lsb == 127)
		s->kind = 0; /* null */
}

/* The value of another number is none of this one's: it begins at 0. */
static bool
selection_ready(struct midi_selection *s, uint16_t *number)
{
	if (!s->kind || s->msb == UNTOLD || s->lsb == UNTOLD)
		return false;
	*number = (uint16_t)(s->msb << 7 | s->lsb);
	if (s->value_kind != s->kind || s->value_number != *number) {
		s->value_kind = s->kind;
		s->value_number = *number;
		s->value_msb = s->value_lsb = 0;
	}
	return true;
}

static enum midi_part
value_enter(struct midi_selection *s, uint8_t cc, uint8_t value)
{
	unsigned whole = (unsigned)s->value_msb << 7 | s->value_lsb;
	enum midi_part part;

	switch (cc) {
	case CC_DATA_MSB:
		part = MIDI_MSB;
		whole = (unsigned)value << 7;
		if (s->fresh)
			s->lsb_first = false;
		if (s->lsb_first)
			whole |= s->value_lsb;
		break;
	case CC_DATA_LSB:
		part = MIDI_LSB;
		whole = (whole & ~127u) | value;
		if (s->fresh)
			s->lsb_first = true;
		break;
	case CC_INCREMENT:
		part = MIDI_UP;
		whole += whole < 16383;
		break;
	default:
		part = MIDI_DOWN;
		whole -= whole > 0;
		break;
	}
	s->value_msb = (uint8_t)(whole >> 7);
	s->value_lsb = whole & 127;
	return part;
}

static void
selection_cc(struct midi_parser *p, uint8_t channel, uint8_t cc, uint8_t value,
	uint64_t time)
{
	struct midi_selection *s = &p->selection[channel];
	struct midi_event event = {.channel = channel};

	switch (cc) {
	case CC_NRPN_MSB:
	case CC_NRPN_LSB:
		selection_half(s, MIDI_NRPN, cc == CC_NRPN_MSB, value);
		return;
	case CC_RPN_MSB:
	case CC_RPN_LSB:
		selection_half(s, MIDI_RPN, cc == CC_RPN_MSB, value);
		return;
	case CC_RESET_ALL:
		s->kind = 0;
		return;
	case CC_DATA_MSB:
	case CC_DATA_LSB:
	case CC_INCREMENT:
	case CC_DECREMENT:
		if (!selection_ready(s, &event.number))
			return;
		event.begins = s->fresh && cc < CC_INCREMENT;
		event.part = value_enter(s, cc, value);
		s->fresh = false;
		event.kind = (enum midi_kind)s->kind;
		event.value = (uint16_t)(s->value_msb << 7 | s->value_lsb);
		tell(p, &event, time);
		return;
	default:
		return;
	}
}

static void
channel_message(
	struct midi_parser *p, uint8_t first, uint8_t second, uint64_t time)
{
	static const enum midi_kind kinds[] = {MIDI_NOTE, MIDI_NOTE,
		MIDI_POLY_PRESSURE, MIDI_CC, MIDI_PROGRAM,
		MIDI_CHANNEL_PRESSURE, MIDI_BEND};
	struct midi_event event = {.kind = kinds[(p->status >> 4) - 8],
		.channel = p->status & 15,
		.number = first,
		.value = second};

	if (p->status < 0x90) /* a note's end */
		event.value = 0;
	if (event.kind >= MIDI_PROGRAM) {
		event.number = 0;
		event.value = first;
	}
	if (event.kind == MIDI_BEND)
		event.value |= (uint16_t)(second << 7);
	tell(p, &event, time);
	if (event.kind == MIDI_CC)
		selection_cc(p, event.channel, first, second, time);
}

static void
message_done(
	struct midi_parser *p, uint8_t first, uint8_t second, uint64_t time)
{
	struct midi_event event = {.kind = MIDI_POSITION};

	if (p->status < 0xF0) {
		channel_message(p, first, second, time);
		return;
	}
	if (p->status == 0xF2) {
		event.value = (uint16_t)(second << 7 | first);
		tell(p, &event, time);
	}
	p->status = 0; /* a system common message has no running status */
}

unsigned
midi_data_bytes(uint8_t status)
{
	switch (status >> 4) {
	case 0xC:
	case 0xD:
		return 1;
	case 0xF:
		return status == 0xF2			  ? 2
		       : status == 0xF1 || status == 0xF3 ? 1
							  : 0;
	default:
		return 2;
	}
}

static void
data_byte(struct midi_parser *p, uint8_t byte, uint64_t time)
{
	uint8_t first;

	if (p->in_sysex) {
		/* Room is kept for the F7. */
		if (p->sysex_bytes < MIDI_SYSEX_MAX - 1)
			p->sysex[p->sysex_bytes++] = byte;
		else
			p->sysex_bytes = MIDI_SYSEX_MAX + 1;
		return;
	}
	if (!p->status)
		return;
	if (p->got++ == 0)
		p->first = byte;
	if (p->got < midi_data_bytes(p->status))
		return;
	first = p->first;
	p->got = 0;
	message_done(p, first, byte, time);
}

static void
real_time(struct midi_parser *p, uint8_t byte, uint64_t time)
{
	/* 0: active sensing, reset, undefined */
	static const enum midi_kind kinds[] = {[0xF8 & 7] = MIDI_CLOCK,
		[0xFA & 7] = MIDI_START,
		[0xFB & 7] = MIDI_CONTINUE,
		[0xFC & 7] = MIDI_STOP,
		[0xFF & 7] = 0};
	const struct midi_event event = {.kind = kinds[byte & 7]};

	if (event.kind)
		tell(p, &event, time);
}

static void
sysex_end(struct midi_parser *p, uint64_t time)
{
	struct midi_event event = {.kind = MIDI_SYSEX, .sysex = p->sysex};

	p->in_sysex = false;
	if (p->sysex_bytes > MIDI_SYSEX_MAX)
		return;
	p->sysex[p->sysex_bytes++] = 0xF7;
	event.sysex_bytes = p->sysex_bytes;
	tell(p, &event, time);
}

static void
system_common(struct midi_parser *p, uint8_t byte, uint64_t time)
{
	bool in_sysex = p->in_sysex;

	p->status = 0;
	p->in_sysex = false;
	switch (byte) {
	case 0xF0:
		p->in_sysex = true;
		p->sysex[0] = 0xF0;
		p->sysex_bytes = 1;
		break;
	case 0xF1:
	case 0xF2:
	case 0xF3:
		p->status = byte;
		break;
	case 0xF7:
		if (in_sysex)
			sysex_end(p, time);
		break;
	default: /* F6 has no data, F4 and F5 are undefined */
		break;
	}
}

void
midi_parse(struct midi_parser *p, uint8_t byte, uint64_t time)
{
	if (byte >= 0xF8) {
		real_time(p, byte, time);
	} else if (byte < 0x80) {
		data_byte(p, byte, time);
	} else {
		p->got = 0;
		if (byte < 0xF0) {
			p->in_sysex = false;
			p->status = byte;
		} else {
			system_common(p, byte, time);
		}
	}
}

void
midi_parse_bytes(
	struct midi_parser *p, const uint8_t *bytes, size_t n, uint64_t time)
{
	for (size_t i = 0; i < n; i++)
		midi_parse(p, bytes[i], time);
}
