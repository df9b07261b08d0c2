/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The node's MIDI ports. Control thread only. */
#ifndef NODE_MIDI_H
#define NODE_MIDI_H

#include "driver/pipewire/driver_own.h"

/* Says when their links are others than before. */
void midi_watch_links(struct driver *d);
/* The bell by which the audio thread tells that MIDI came. 0 or -errno */
int midi_bell_open(struct driver *d);
void midi_bell_close(struct driver *d); /* none is fine */

#endif
