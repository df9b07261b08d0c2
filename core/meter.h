/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is shown of a strip or bus, side by side: its peak as it falls, and
 * while somebody asks, the highest one held for METER_HOLD_S and its mean
 * power. These two cost a fifth of what a mixer at rest does.
 *
 * Each block adds what it has; the mean is a one-pole of 65 ms on the mean
 * square of blocks, which is 99 % of the way there after 300 ms. */
#ifndef METER_H
#define METER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/rt.h"

#define METER_HOLD_S   1.5
#define METER_FALL_S   1.7 /* 20 dB */
#define METER_MEAN_S   0.3
#define METER_MEAN_MAX 1e30f

enum mixer_meter {
	MIXER_PEAK, /* falling about 20 dB in 1.7 s like a PPM (IEC 60268-10) */
	MIXER_HOLD, /* the highest of the last 1.5 s, falling like it then */
	MIXER_RMS,  /* of 300 ms: 99 % of the way after that; a full sine is
		     * -3.01 dB */
	MIXER_METERS,
};

/* All zero: silence. */
struct meter {
	int32_t bits[2];   /* audio; the largest sample of this block */
	float energy[2];   /* audio; the sum of its squares */
	uint32_t stays[2]; /* audio; frames that the hold does */
	/* linear, of MIXER_RMS the square; audio writes, any reads */
	_Atomic float shown[MIXER_METERS][2];
};

/* Of a block. */
struct meter_fall {
	uint32_t frames;
	uint32_t hold; /* frames */
	float peak;    /* by which it falls meanwhile */
	float mean;    /* likewise */
	bool all;      /* hold and mean are asked for */
	bool anew;     /* and were not in the block before */
};

/* audio: a sample of this size came, a number */
RT static inline void
meter_take(struct meter *m, int side, int32_t bits)
{
	if (bits > m->bits[side])
		m->bits[side] = bits;
}

/* audio: the same, while the mean is asked for */
RT void meter_add(struct meter *m, int side, const float *x, uint32_t n);

/* audio: the block is over */
RT void meter_show(struct meter *m, const struct meter_fall *fall);

#endif
