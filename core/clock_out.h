/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A MIDI clock that leaves with the sound: the audio thread sends each tick at
 * its frame, along a line that control draws and moves. (MIDI 1.0: F8 is sent
 * 24 times a beat, after FA the next one is the first of the song.) */
#ifndef CLOCK_OUT_H
#define CLOCK_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ring/pair.h"
#include "core/rt.h"

#define CLOCK_OUT_BAR	 96 /* ticks */
#define CLOCK_OUT_EVENTS 64 /* of a block, at most */

struct clock_line {
	bool runs;
	double zero; /* frame of tick 0, the first of a bar */
	double tick; /* frames, 1 at least */
};

struct clock_event {
	uint32_t offset; /* in its block */
	uint8_t byte;	 /* F8, FA, FC */
};

/* All zero: it does not run. */
struct clock_out {
	struct word_pair set; /* control stores the line: zero, tick */
	uint64_t version;     /* control */

	/* audio */
	double zero, tick; /* of the line; tick 0: it does not run */
	bool begun;	   /* the next tick is known: */
	bool starts;	   /* FA is to come before the next bar */
	bool told;	   /* FA was sent, and no FC since */
	int64_t next;
};

/* control: from now on */
void clock_out_set(struct clock_out *c, const struct clock_line *line);
/* audio: what is to be sent in the block of n frames that begins at `frame`, in
 * order: how many are in out[room], room <= CLOCK_OUT_EVENTS; the others are
 * late. */
RT uint32_t clock_out_run(struct clock_out *c, uint64_t frame, uint32_t n,
	struct clock_event *out, uint32_t room);

#endif
