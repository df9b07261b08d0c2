/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIDI bytes to events, a byte at a time: it does not matter how the stream is
 * cut. Never allocates, and never tells of anything that was not sent: what is
 * broken off, undefined or out of place is dropped in silence.
 *
 * Data entry becomes an event of its own beside its CCs with each half of the
 * value: an MSB with an LSB of 0, as the specification has it, but with the LSB
 * that came before it where the device sends that first. Increment and
 * decrement (CC 96, 97) count from the last value of the selected number, from
 * 0 before there was one. Plain data, any one thread. */
#ifndef MIDI_PARSE_H
#define MIDI_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/midi/midi.h"

#define MIDI_CHANNELS 16

/* time is that of the byte that completed the message. */
typedef void (*midi_listener)(
	void *data, const struct midi_event *event, uint64_t time);

/* What the data entry of a channel speaks of. */
struct midi_selection {
	uint8_t kind;	    /* 0: none, MIDI_RPN or MIDI_NRPN */
	uint8_t msb, lsb;   /* 0x80: not told yet */
	uint8_t value_msb;  /* of the number below */
	uint8_t value_lsb;  /* likewise */
	bool fresh;	    /* no half has come since a number was told */
	bool lsb_first;	    /* of its halves */
	uint8_t value_kind; /* whose value it is */
	uint16_t value_number;
};

struct midi_parser {
	midi_listener listener;
	void *data;
	uint8_t status; /* running or of this message; 0: data is ignored */
	uint8_t got;	/* data bytes of this message */
	uint8_t first;	/* the first of them */
	bool in_sysex;
	uint32_t sysex_bytes; /* MIDI_SYSEX_MAX + 1: it was too long */
	uint8_t sysex[MIDI_SYSEX_MAX];
	struct midi_selection selection[MIDI_CHANNELS];
};

void midi_parser_init(
	struct midi_parser *p, midi_listener listener, void *data);

/* time is the caller's, in any unit; it is handed on. */
void midi_parse(struct midi_parser *p, uint8_t byte, uint64_t time);
void midi_parse_bytes(
	struct midi_parser *p, const uint8_t *bytes, size_t n, uint64_t time);

/* How many bytes follow a status byte that begins no sysex. */
unsigned midi_data_bytes(uint8_t status);

#endif
