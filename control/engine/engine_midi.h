/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIDI devices, and the ports of the driver. Control thread only. */
#ifndef ENGINE_MIDI_H
#define ENGINE_MIDI_H

#include "control/engine/engine_own.h"

/* Devices come and go by themselves afterwards. Without MIDI everything else
 * goes on. */
void engine_midi_start(struct engine *e);
/* e->mixer and e->reflex have come or gone. */
void engine_midi_audio(struct engine *e);
/* So many links go into the driver's MIDI port and out of it. */
void engine_midi_links(struct engine *e, uint32_t in, uint32_t out);
/* A link out of it has begun to flow. */
void engine_midi_flows(struct engine *e);
/* Something came at the driver's ports. */
void engine_midi_came(void *engine);

#endif
