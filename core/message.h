/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full list of what the control thread says to the audio thread: values of
 * parameters, each at a place, from a frame on.
 *
 * A message is plain data of a fixed size, and of one kind: whoever keeps
 * messages, orders them or plays them need not know what they are about.
 * `frame` says when it takes effect, counted like mixer_frame(); 0 or a frame
 * that has passed means the start of the next block. Messages for one frame
 * apply in the order they were posted. Levels are linear: decibels stay on the
 * control side. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/rt.h"

enum mix {
	MIX_NONE,   /* no message has it */
	MIX_GAIN,   /* of a strip: the fader, linear 0..GAIN_MAX */
	MIX_MUTE,   /* of a strip: 0 or 1 */
	MIX_TRIM,   /* of a strip: linear 0..GAIN_MAX */
	MIX_WIDTH,  /* of a strip: 0 mono, 1 as it came */
	MIX_EQ_LOW, /* of a strip: linear 0..2, as are the other bands */
	MIX_EQ_MID,
	MIX_EQ_HIGH,
	MIX_EQ_LOW_HZ,	/* of a strip: where its low band ends, Hz */
	MIX_EQ_HIGH_HZ, /* of a strip: where its high band begins, Hz */
	MIX_FILTER,	/* of a strip: -1..1 */
	MIX_RESONANCE,	/* of a strip: Q */
	MIX_SIDE,	/* of a strip: 0 through, 1 A, 2 B */
	MIX_CUE,	/* of a strip: 0 or 1, into the bus of the headphones */
	MIX_SOLO,	/* of a strip: 0 or 1 */
	MIX_OPEN,      /* of a strip: 0 closes, 1 opens the input with a ramp; a
			  tap that comes or goes. At once while nothing is
			  connected to the strip */
	MIX_KEPT_OUT,  /* of a strip: the buses that it never reaches, as a set,
			  whatever its sends; at once */
	MIX_HALVED,    /* of a strip: the buses that it reaches at half its
			  level, as a set; within HALVE_MS */
	MIX_SEND,      /* of a strip and a bus: 0 or 1 */
	MIX_ROUTE,     /* of a strip: all its sends, as a set */
	MIX_BUS_GAIN,  /* of a bus: linear 0..GAIN_MAX */
	MIX_BUS_MUTE,  /* of a bus: 0 or 1 */
	MIX_BUS_LIMIT, /* of a bus: 0 or 1 */
	MIX_BUS_LIMIT_CEILING, /* of a bus: linear 0..1 */
	MIX_BUS_LIMIT_RELEASE, /* of a bus: ms */
	/* of all: where the crossfader stands, 0..1 */
	MIX_CROSSFADER,
	MIX_CROSSFADER_CURVE,	/* of all: enum crossfade_curve */
	MIX_CROSSFADER_CUT_IN,	/* of all: 0..1 */
	MIX_CROSSFADER_REVERSE, /* of all: 0 or 1 */
	MIX_CUE_MIX,		/* of all: 0 all cue .. 1 all main */
	MIX_CUE_GAIN,		/* of all: linear 0..GAIN_MAX */
	MIX_CUE_SPLIT,		/* of all: 0 or 1 */
	MIX_SOLO_LOOP,		/* of all: 0 or 1 */
	MIX_COUNT
};

/* A set of buses is a number: the sum of 2 to the power of each. */
#define MIX_SET_MAX ((1u << BUSES_MAX) - 1)

struct message {
	uint64_t frame; /* when; 0: now */
	uint64_t token; /* which word it is: one that is older than what its
			   place has heard is left out. 0: of no age */
	uint32_t ramp;	/* frames it takes where it ramps, at least those of
			   RAMP_MS; 0: those, and none where the mix starts */
	float target;
	uint16_t place;	   /* a strip, a bus, mix_send_place(), or 0 */
	uint8_t parameter; /* enum mix */
	uint8_t law;	   /* enum ramp_law; RAMP_LINEAR is 0, and is what
			      RAMP_DB means of a side or below 0 */
};

/* any: where a strip feeds a bus */
RT static inline uint16_t
mix_send_place(uint32_t strip, uint32_t bus)
{
	return (uint16_t)(strip * BUSES_MAX + bus);
}

/* any: the place of a parameter at this strip, or bus, or both, or of all */
RT static inline uint16_t
mix_place(enum mix parameter, uint32_t strip, uint32_t bus)
{
	if (parameter == MIX_SEND)
		return mix_send_place(strip, bus);
	if (parameter >= MIX_CROSSFADER)
		return 0;
	return (uint16_t)(parameter >= MIX_BUS_GAIN ? bus : strip);
}

#endif
