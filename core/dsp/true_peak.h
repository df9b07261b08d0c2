/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a signal goes between its samples: eight points a frame, each from 24
 * samples by a sinc under a Kaiser window (beta 6).
 *
 * Four points of 12 samples, as ITU-R BS.1770 has it, miss up to half a decibel
 * of programme up to 20 kHz at 48 kHz, and eight of 16 at 44.1 kHz as much;
 * these miss 0.1. */
#ifndef TRUE_PEAK_H
#define TRUE_PEAK_H

#include <stdint.h>

#include "core/rt.h"

#define TRUE_PEAK_TAPS	24
#define TRUE_PEAK_AFTER 11 /* samples after a frame that its points need */
#define TRUE_PEAK_LANES 4

/* No point is larger than so many times the largest of its samples. */
#define TRUE_PEAK_MOST 2.4f

/* any: peak[i], if it is larger, becomes the size of sample x[i - 11] or of a
 * point between it and the one before. Needs x from x[-23] on. Of peak and of
 * x, TRUE_PEAK_LANES - 1 beyond n are touched, whatever is there. */
RT void true_peak_find(const float *x, float *peak, uint32_t n);

#endif
