/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/midi/midi_write.h"

#include <stdbool.h>
#include <string.h>

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
short_write(const struct midi_event *event, uint8_t status, unsigned data,
	uint8_t *bytes)
{
	if (event->value > 127 || event->number > 127)
		return 0;
	bytes[0] = status;
	if (data == 2)
		bytes[1] = (uint8_t)event->number;
	bytes[data] = (uint8_t)event->value;
	return data + 1;
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
message_write(const struct midi_event *event, uint8_t *bytes)
{
	uint8_t c = event->channel;

	if (c > 15 || event->value > 16383 || event->number > 16383)
		return 0;
	switch (event->kind) {
	case MIDI_NOTE:
		return short_write(event, 0x90 | c, 2, bytes);
	case MIDI_POLY_PRESSURE:
		return short_write(event, 0xA0 | c, 2, bytes);
	case MIDI_CC:
		return short_write(event, 0xB0 | c, 2, bytes);
	case MIDI_PROGRAM:
		return short_write(event, 0xC0 | c, 1, bytes);
	case MIDI_CHANNEL_PRESSURE:
		return short_write(event, 0xD0 | c, 1, bytes);
	case MIDI_BEND:
		return wide_write(event, 0xE0 | c, bytes);
	case MIDI_RPN:
		return data_entry(event, 0xB0 | c, 101, bytes);
	case MIDI_NRPN:
		return data_entry(event, 0xB0 | c, 99, bytes);
	case MIDI_POSITION:
		return wide_write(event, 0xF2, bytes);
	case MIDI_CLOCK:
		bytes[0] = 0xF8;
		return 1;
	case MIDI_START:
		bytes[0] = 0xFA;
		return 1;
	case MIDI_CONTINUE:
		bytes[0] = 0xFB;
		return 1;
	case MIDI_STOP:
		bytes[0] = 0xFC;
		return 1;
	case MIDI_SYSEX:
		break;
	}
	return 0;
}

static bool
sysex_is_whole(const struct midi_event *event)
{
	uint32_t n = event->sysex_bytes;

	if (n < 2 || event->sysex[0] != 0xF0 || event->sysex[n - 1] != 0xF7)
		return false;
	for (uint32_t i = 1; i + 1 < n; i++)
		if (event->sysex[i] > 127)
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
		n = sysex_is_whole(event) ? event->sysex_bytes : 0;
	} else {
		n = message_write(event, bytes);
	}
	if (n == 0 || n > room)
		return 0;
	memcpy(out, from, n);
	return n;
}
