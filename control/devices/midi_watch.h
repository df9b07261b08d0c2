/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells when MIDI devices come and go: by the announcements of the ALSA
 * sequencer, or, while the machine has none, by what appears in /dev. Tells as
 * well when a device sends something: PortMidi must be asked, and to ask it a
 * thousand times a second costs more than all the rest of an idle program.
 * Control thread only. */
#ifndef MIDI_WATCH_H
#define MIDI_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "control/midi/midi_ports.h"

struct loop;
struct midi_watch;

struct midi_watch_events {
	/* The ports of other processes are not the same as before. */
	void (*news)(void *data);
	/* A port that is listened to sends something: it is there to be read
	 * now or in a moment. */
	void (*input)(void *data);
};

/* 0 and *out is the caller's, or -ENOMEM. A machine where nothing can be
 * watched is fine. */
int midi_watch_open(struct midi_watch **out, struct loop *l,
	const struct midi_watch_events *events, void *data);

/* Listens to all ports of this name. False: not possible, they have to be
 * asked. Once more after each scan. */
bool midi_watch_listen(struct midi_watch *w, const char *name);
/* All ports of this name belong to programs: none is a device of the kernel's.
 */
bool midi_watch_is_program(struct midi_watch *w, const char *name);
/* Where port `which` (0..) of this name is plugged in; "" when that is not
 * known. */
void midi_watch_socket(struct midi_watch *w, const char *name, uint32_t which,
	char socket[MIDI_SOCKET_MAX]);
/* "KORG nanoKONTROL2 at usb-0000:00:14.0-2, full speed", as the kernel calls a
 * card of USB: usb-0000:00:14.0-2. Of any other: "". */
void midi_watch_socket_of(const char *card_name, char socket[MIDI_SOCKET_MAX]);
void midi_watch_close(struct midi_watch *w); /* NULL is fine */

#endif
