/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/dsp/limiter.h"

#include <string.h>

#include "core/limits.h"
#include "core/samples.h"

#define BEFORE (TRUE_PEAK_TAPS - 1)

_Static_assert(RATE_MAX_HZ / 1000 + 1 < ATTENUATION_MAX, "a window has room");
_Static_assert(LIMITER_LINE > 2 * (ATTENUATION_MAX + 2 * TRUE_PEAK_TAPS),
	"the line is moved to its start with frames to spare");

RT uint32_t
limiter_delay(uint32_t rate_hz)
{
	return attenuation_frames(rate_hz) + TRUE_PEAK_AFTER;
}

RT void
limiter_begin(struct limiter *l, uint32_t rate_hz)
{
	attenuation_begin(&l->attenuation, rate_hz);
	l->delay = limiter_delay(rate_hz);
	l->at = l->delay + BEFORE;
}

/* Its end moves to its start when the next piece would not fit behind it. */
RT static void
line_add(struct limiter *l, float *const x[2], uint32_t n)
{
	uint32_t keep = l->delay + BEFORE;

	for (int i = 0; i < 2; i++) {
		float *line = l->line[i];

		if (l->at + LIMITER_PIECE > LIMITER_LINE)
			memcpy(line, line + l->at - keep, keep * sizeof(*line));
	}
	if (l->at + LIMITER_PIECE > LIMITER_LINE)
		l->at = keep;
	for (int i = 0; i < 2; i++)
		samples_copy(l->line[i] + l->at, x[i], n);
}

/* Is a point above the ceiling thinkable? */
RT static bool
may_be_above(const struct limiter *l, float ceiling, uint32_t n)
{
	float largest;
	int32_t bits = 0;

	for (int i = 0; i < 2; i++) {
		int32_t more = samples_peak_bits(
			l->line[i] + l->at - BEFORE, BEFORE + n);

		bits = more > bits ? more : bits;
	}
	memcpy(&largest, &bits, sizeof(largest));
	return !(largest * TRUE_PEAK_MOST <= ceiling);
}

RT void
limiter_run(struct limiter *l, float *const x[2], float ceiling,
	uint32_t release, uint32_t n)
{
	float peak[LIMITER_PIECE] = {0}, gain[LIMITER_PIECE];
	bool loud, rests;
	uint32_t from;

	line_add(l, x, n);
	loud = may_be_above(l, ceiling, n);
	rests = !loud && attenuation_rests(&l->attenuation);
	for (int i = 0; loud && i < 2; i++)
		true_peak_find(l->line[i] + l->at, peak, n);
	if (!rests)
		attenuation_run(
			&l->attenuation, peak, ceiling, release, gain, n);
	from = l->at - l->delay;
	for (int i = 0; i < 2; i++) {
		if (rests)
			samples_copy(x[i], l->line[i] + from, n);
		else
			samples_apply(x[i], l->line[i] + from, gain, n);
	}
	l->at += n;
}
