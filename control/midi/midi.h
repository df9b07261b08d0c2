/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A MIDI message as the program speaks of it. Plain data; any thread. */
#ifndef MIDI_H
#define MIDI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MIDI_SYSEX_MAX 512 /* bytes, F0 and F7 included; longer is dropped */

enum midi_kind {
	MIDI_NOTE,	       /* number, value: velocity, 0 is off */
	MIDI_POLY_PRESSURE,    /* number, value */
	MIDI_CC,	       /* number 0..127, value 0..127 */
	MIDI_PROGRAM,	       /* value 0..127 */
	MIDI_CHANNEL_PRESSURE, /* value 0..127 */
	MIDI_BEND,	       /* value 0..16383, 8192 is the middle */
	MIDI_RPN,	       /* number 0..16383, value 0..16383 */
	MIDI_NRPN,	       /* likewise; its CCs come as MIDI_CC as well */
	MIDI_CLOCK,
	MIDI_START,
	MIDI_CONTINUE,
	MIDI_STOP,
	MIDI_POSITION, /* value: sixteenths, 0..16383 */
	MIDI_SYSEX,
};

/* By which part of data entry an RPN or NRPN came. */
enum midi_part {
	MIDI_WHOLE, /* by all of it; any other kind */
	MIDI_MSB,   /* CC 6; value: with the other half as far as it is known */
	MIDI_LSB,   /* CC 38; likewise */
	MIDI_UP,    /* CC 96, a step; value: where it would be by now, 0 when
		     * that was never told */
	MIDI_DOWN,  /* CC 97, likewise */
};

#define MIDI_KINDS (MIDI_SYSEX + 1)

/* An RPN or NRPN: 14 bits by data entry. */
bool midi_is_entry(enum midi_kind kind);
/* A controller that one is sent by. */
bool midi_is_entry_cc(uint32_t number);

/* What each kind is called: in mapping files, and to people. */
extern const char *const midi_words[MIDI_KINDS];

struct midi_event {
	enum midi_kind kind;
	uint8_t channel; /* 0..15 */
	uint16_t number;
	uint16_t value;
	enum midi_part part;
	bool begins; /* a half: the first one after its number was told */
	const uint8_t *sysex; /* MIDI_SYSEX: F0..F7, valid during the call */
	uint32_t sysex_bytes;
};

/* "ch 1 cc 7 = 64" */
void midi_text(const struct midi_event *e, char *out, size_t size_bytes);

#endif
