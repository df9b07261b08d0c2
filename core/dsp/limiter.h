/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A limiter that looks ahead: the sound comes late by limiter_delay(), and no
 * sample of it is above the ceiling, nor what is between the samples by more
 * than 0.2 dB in programme up to 20 kHz. Both sides have the same gain. What
 * is below the ceiling is late and nothing else, to the bit. Audio thread
 * only. */
#ifndef LIMITER_H
#define LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dsp/attenuation.h"
#include "core/dsp/true_peak.h"
#include "core/rt.h"

#define LIMITER_PIECE 16 /* frames at a time, at most */
#define LIMITER_LINE  1024

/* All zero, then limiter_begin(). */
struct limiter {
	struct attenuation attenuation;
	uint32_t delay; /* frames */
	uint32_t at;	/* of the line, where the next frame goes */
	float line[2][LIMITER_LINE + TRUE_PEAK_LANES];
};

/* any: frames by which it is late */
RT uint32_t limiter_delay(uint32_t rate_hz);

RT void limiter_begin(struct limiter *l, uint32_t rate_hz);

/* n frames, LIMITER_PIECE at most, of both sides, in place; release: of
 * attenuation_release() */
RT void limiter_run(struct limiter *l, float *const x[2], float ceiling,
	uint32_t release, uint32_t n);

#endif
