/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A clock of our own: as its tempo is set, as beats are sent or tapped. Times
 * are in frames. Pure functions on plain data; any one thread. */
#ifndef OWN_CLOCK_H
#define OWN_CLOCK_H

#include <stdbool.h>

#include "control/tempo/fit.h"
#include "control/tempo/grid.h"

struct own_clock {
	double rate_hz;
	double least, most; /* frames between two beats */
	struct grid grid;
	struct fit beats;
	bool heard;    /* a beat was, not long before now */
	double number; /* of the last one */
	double time;
};

void own_clock_init(
	struct own_clock *c, double rate_hz, double min_bpm, double max_bpm);
/* Starts it with position 0 at this frame, or goes on from where it is. */
void own_clock_set(struct own_clock *c, double bpm, double time);
/* A beat is at this frame, which is beat `of` of its bar; 0: nobody knows
 * which. Two make a tempo. */
void own_clock_beat(struct own_clock *c, int of, double time);
void own_clock_stop(struct own_clock *c);

#endif
