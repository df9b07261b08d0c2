/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where beats are, in frames of the mixer. A position counts ticks of a MIDI
 * clock, 24 to the beat, from the first beat of the first bar. Plain data. */
#ifndef GRID_H
#define GRID_H

#include <math.h>
#include <stdbool.h>

#define GRID_BEAT 24.0		    /* ticks */
#define GRID_BAR  (4.0 * GRID_BEAT) /* four beats, always */

struct grid {
	bool runs;   /* else the rest does not hold */
	double zero; /* frame of position 0 */
	double tick; /* frames */
};

static inline double
grid_frame(const struct grid *g, double position)
{
	return g->zero + position * g->tick;
}

static inline double
grid_position(const struct grid *g, double frame)
{
	return (frame - g->zero) / g->tick;
}

/* Beats per minute, of frames at this rate */
static inline double
grid_bpm(const struct grid *g, double rate_hz)
{
	return 60.0 * rate_hz / (GRID_BEAT * g->tick);
}

static inline double
grid_tick(double bpm, double rate_hz)
{
	return 60.0 * rate_hz / (GRID_BEAT * bpm);
}

/* Which beat of its bar a position is in: 1 to 4 */
static inline int
grid_beat(double position)
{
	double beat = floor(position / GRID_BEAT);

	return 1 + (int)(beat - 4.0 * floor(beat / 4.0));
}

/* The beat at `frame` is beat `of` of its bar: all is moved by the least
 * number of beats that make it so. */
static inline void
grid_name_beat(struct grid *g, double frame, int of)
{
	double nearest = round(grid_position(g, frame) / GRID_BEAT);
	double by = nearest - (of - 1);

	by -= 4.0 * floor(by / 4.0);
	g->zero += by * GRID_BEAT * g->tick;
}

#endif
