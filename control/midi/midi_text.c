/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/midi/midi.h"

#include <stdio.h>

const char *const midi_words[MIDI_KINDS] = {
	[MIDI_NOTE] = "note",
	[MIDI_POLY_PRESSURE] = "poly",
	[MIDI_CC] = "cc",
	[MIDI_PROGRAM] = "program",
	[MIDI_CHANNEL_PRESSURE] = "pressure",
	[MIDI_BEND] = "bend",
	[MIDI_RPN] = "rpn",
	[MIDI_NRPN] = "nrpn",
	[MIDI_CLOCK] = "clock",
	[MIDI_START] = "start",
	[MIDI_CONTINUE] = "continue",
	[MIDI_STOP] = "stop",
	[MIDI_POSITION] = "position",
	[MIDI_SYSEX] = "sysex",
};

bool
midi_is_entry(enum midi_kind kind)
{
	return kind == MIDI_RPN || kind == MIDI_NRPN;
}

bool
midi_is_entry_cc(uint32_t number)
{
	return number == 6 || number == 38 || (number >= 96 && number <= 101);
}

void
midi_text(const struct midi_event *e, char *out, size_t size_bytes)
{
	switch (e->kind) {
	case MIDI_NOTE:
	case MIDI_POLY_PRESSURE:
	case MIDI_CC:
	case MIDI_RPN:
	case MIDI_NRPN:
		snprintf(out, size_bytes, "ch %u %s %u = %u", e->channel + 1u,
			midi_words[e->kind], e->number, e->value);
		break;
	case MIDI_PROGRAM:
	case MIDI_CHANNEL_PRESSURE:
	case MIDI_BEND:
		snprintf(out, size_bytes, "ch %u %s = %u", e->channel + 1u,
			midi_words[e->kind], e->value);
		break;
	case MIDI_SYSEX:
		snprintf(out, size_bytes, "sysex of %u bytes", e->sysex_bytes);
		break;
	case MIDI_POSITION:
		snprintf(out, size_bytes, "position = %u", e->value);
		break;
	default:
		snprintf(out, size_bytes, "%s", midi_words[e->kind]);
		break;
	}
}
