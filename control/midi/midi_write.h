/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event to MIDI bytes, always with its status byte. Pure. */
#ifndef MIDI_WRITE_H
#define MIDI_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/midi/midi.h"

/* Of any event but a sysex. */
#define MIDI_WRITE_MAX 12

/* How many bytes were put into out[room]; 0 and nothing put when the event is
 * not one that MIDI can say (a number or value out of range, a sysex that is
 * not F0, data, F7) or there is no room. An RPN or NRPN is its selection and
 * both halves of its value; it stays selected. A note of value 0 is a note-on
 * of velocity 0: some devices put out a lamp only for that. */
size_t midi_write(const struct midi_event *event, uint8_t *out, size_t room);

/* F0, data, F7 */
bool midi_is_sysex(const uint8_t *bytes, size_t n);

#endif
