/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/midi/midi_write.h"

#include <string.h>

#include "control/midi/midi_parse.h"

/* first is the CC of the selection's MSB; that of its LSB is one less. */
static size_t
data_entry(const struct midi_event *event, uint8_t status, uint8_t first,
	uint8_t *bytes)
{
	const uint8_t all[] = {status, first, (uint8_t)(event->number >> 7),
		status, (uint8_t)(first - 1), event->number & 127, status, 6,
		(uint8_t)(event->value >> 7), status, 38, event->value & 127};

	memcpy(bytes, all, sizeof(all));
	return sizeof(all);
}

static size_t
wide_write(const struct midi_event *event, uint8_t status, uint8_t *bytes)
{
	bytes[0] = status;
	bytes[1] = event->value & 127;
	bytes[2] = (uint8_t)(event->value >> 7);
	return 3;
}

static size_t
short_write(const struct midi_event *event, uint8_t status, uint8_t *bytes)
{
	unsigned data = midi_data_bytes(status);

	if (event->value > 127 || event->number > 127)
		return 0;
	bytes[0] = status;
	if (data == 2)
		bytes[1] = (uint8_t)event->number;
	if (data > 0)
		bytes[data] = (uint8_t)event->value;
	return data + 1;
}

static size_t
message_write(const struct midi_event *event, uint8_t *bytes)
{
	static const uint8_t statuses[MIDI_KINDS] = {
		[MIDI_NOTE] = 0x90,
		[MIDI_POLY_PRESSURE] = 0xA0,
		[MIDI_CC] = 0xB0,
		[MIDI_RPN] = 0xB0,
		[MIDI_NRPN] = 0xB0,
		[MIDI_PROGRAM] = 0xC0,
		[MIDI_CHANNEL_PRESSURE] = 0xD0,
		[MIDI_BEND] = 0xE0,
		[MIDI_POSITION] = 0xF2,
		[MIDI_CLOCK] = 0xF8,
		[MIDI_START] = 0xFA,
		[MIDI_CONTINUE] = 0xFB,
		[MIDI_STOP] = 0xFC,
	};
	uint8_t status = statuses[event->kind];

	if (event->channel > 15 || event->value > 16383 ||
		event->number > 16383)
		return 0;
	if (status < 0xF0)
		status |= event->channel;
	switch (event->kind) {
	case MIDI_RPN:
		return data_entry(event, status, 101, bytes);
	case MIDI_NRPN:
		return data_entry(event, status, 99, bytes);
	case MIDI_BEND:
	case MIDI_POSITION:
		return wide_write(event, status, bytes);
	default:
		return short_write(event, status, bytes);
	}
}

bool
midi_is_sysex(const uint8_t *bytes, size_t n)
{
	if (n < 2 || bytes[0] != 0xF0 || bytes[n - 1] != 0xF7)
		return false;
	for (size_t i = 1; i + 1 < n; i++)
		if (bytes[i] > 127)
			return false;
	return true;
}

size_t
midi_write(const struct midi_event *event, uint8_t *out, size_t room)
{
	uint8_t bytes[MIDI_WRITE_MAX];
	const uint8_t *from = bytes;
	size_t n;

	if (event->kind == MIDI_SYSEX) {
		from = event->sysex;
		n = midi_is_sysex(from, event->sysex_bytes) ? event->sysex_bytes
							    : 0;
	} else {
		n = message_write(event, bytes);
	}
	if (n == 0 || n > room)
		return 0;
	memcpy(out, from, n);
	return n;
}
