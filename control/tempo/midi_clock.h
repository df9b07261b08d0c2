/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A MIDI clock that is heard: its tempo, and where it is. Pure functions on
 * plain data; any one thread.
 *
 * F8 comes 24 times a beat, also while nothing runs: so the tempo is learnt
 * then, too. After FA the next F8 is position 0, after FB that behind the last
 * one, or the one that F2 has told, which counts only while nothing runs. FC
 * stops; the position stays. (MIDI 1.0 Detailed Specification, System Real Time
 * Messages.) A clock that has told none of them runs. */
#ifndef MIDI_CLOCK_H
#define MIDI_CLOCK_H

#include "control/midi/midi.h"
#include "control/tempo/fit.h"
#include "control/tempo/grid.h"

#define MIDI_CLOCK_LEAST 6   /* ticks, before it is believed */
#define MIDI_CLOCK_GAP_S 0.3 /* of silence, and more than a few ticks: lost */

struct midi_clock {
	struct fit fit;
	double rate_hz;	     /* of the frames that are its time */
	bool heard;	     /* since it was lost */
	double number;	     /* of the last tick */
	double time;	     /* when that came */
	double skipped;	     /* ticks taken for lost just before it */
	double zero;	     /* number of position 0, while it runs */
	double next;	     /* position of the next tick, while it does not */
	bool stopped, waits; /* waits: runs with the next tick */
};

enum midi_clock_news {
	MIDI_CLOCK_NOTHING,
	MIDI_CLOCK_TICK,
	MIDI_CLOCK_MOVED,   /* a tick, and positions are others now */
	MIDI_CLOCK_STOPPED, /* it ran before */
};

void midi_clock_init(struct midi_clock *c, double rate_hz);
/* A message at this frame. */
enum midi_clock_news midi_clock_hear(
	struct midi_clock *c, enum midi_kind kind, uint16_t value, double time);
/* No tick has come for so long by this frame that there is no clock any more;
 * told once. */
bool midi_clock_lost(struct midi_clock *c, double time);
/* The frame by which it will be, if nothing comes. */
double midi_clock_patience(const struct midi_clock *c);
/* Its tempo is known, whether it runs or not. */
bool midi_clock_holds(const struct midi_clock *c);
void midi_clock_grid(const struct midi_clock *c, struct grid *out);
/* It runs, and the beat at this frame is this one of its bar. */
void midi_clock_name_beat(struct midi_clock *c, double frame, int of);

#endif
