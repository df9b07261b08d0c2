/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/dsp/attenuation.h"

#include "core/dsp/series.h"

#define ONE	  (1u << 30)
#define WINDOW_HZ 1000 /* 48 frames at 48 kHz */

/* A product of floats is never rounded above the ceiling then. */
#define BELOW (1.0 - 1.0 / (1 << 20))

RT uint32_t
attenuation_frames(uint32_t rate_hz)
{
	return (rate_hz + WINDOW_HZ / 2) / WINDOW_HZ;
}

/* One frame more than the averages: a peak between two samples is of both. */
RT void
attenuation_begin(struct attenuation *a, uint32_t rate_hz)
{
	uint32_t frames = attenuation_frames(rate_hz);

	a->window = frames + 1;
	a->mean[0] = (frames + 1) / 2;
	a->mean[1] = frames + 1 - a->mean[0];
	a->whole = 1.0 / ((double)ONE * a->mean[0] * a->mean[1]);
}

RT uint32_t
attenuation_release(double seconds, uint32_t rate_hz)
{
	double left = series_exp2(-SERIES_LOG2_E / (seconds * rate_hz));

	return (uint32_t)((1.0 - left) * UINT32_MAX);
}

RT static uint32_t
loss_of(float peak, float ceiling)
{
	if (!(peak > ceiling))
		return 0;
	return ONE - (uint32_t)((double)ceiling / (double)peak * BELOW * ONE);
}

RT static uint32_t
larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* The largest of the window: of the block so far, and of the end of the one
 * before. */
RT static uint32_t
window_add(struct attenuation *a, uint32_t loss)
{
	uint32_t most;

	a->quiet = loss > 0 ? 0 : a->quiet + (a->quiet < a->window);
	a->now[a->at++] = loss;
	a->front = larger(a->front, loss);
	if (a->at < a->window)
		return larger(a->front, a->back[a->at]);
	most = a->front;
	a->front = a->at = 0;
	for (uint32_t i = a->window, back = 0; i-- > 0;)
		a->back[i] = back = larger(back, a->now[i]);
	return most;
}

/* Down at once, and back: not for ever, since a step is at least one. */
RT static uint32_t
release_add(struct attenuation *a, uint32_t loss, uint32_t release)
{
	if (a->loss > loss)
		a->loss -=
			(uint32_t)((uint64_t)(a->loss - loss) * release >> 32) +
			1;
	a->loss = larger(a->loss, loss);
	return a->loss;
}

RT static uint64_t
means_add(struct attenuation *a, uint32_t loss)
{
	uint32_t *first = &a->first[a->place[0]];
	uint64_t *second = &a->second[a->place[1]];

	a->sum[0] += loss - (uint64_t)*first;
	*first = loss;
	a->sum[1] += a->sum[0] - *second;
	*second = a->sum[0];
	for (int i = 0; i < 2; i++)
		if (++a->place[i] == a->mean[i])
			a->place[i] = 0;
	return a->sum[1];
}

RT void
attenuation_run(struct attenuation *a, const float *peak, float ceiling,
	uint32_t release, float *gain, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t most = window_add(a, loss_of(peak[i], ceiling));
		uint64_t sum = means_add(a, release_add(a, most, release));

		gain[i] = (float)(1.0 - (double)sum * a->whole);
	}
}
