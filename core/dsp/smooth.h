/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three one-poles in series: what a hand says in steps becomes a way without
 * corners, of which nobody hears the steps. Run once a tick. */
#ifndef SMOOTH_H
#define SMOOTH_H

#include <math.h>
#include <stdint.h>

#include "core/dsp/series.h"
#include "core/rt.h"

#define SMOOTH_TICK 16 /* frames, counted from the mixer's frame 0 */

struct smooth {
	float pole[3]; /* the last one is what is heard */
};

/* any: it is there */
RT static inline void
smooth_jump(struct smooth *s, float to)
{
	s->pole[0] = s->pole[1] = s->pole[2] = to;
}

/* audio: step: what a pole goes in a tick, of what it lacks */
RT static inline float
smooth_tick(struct smooth *s, float to, float step)
{
	float lacks = 0.0f;

	for (int i = 0; i < 3; i++) {
		float next = i == 0 ? to : s->pole[i - 1], lack;

		s->pole[i] += step * (next - s->pole[i]);
		lack = fabsf(to - s->pole[i]);
		lacks = lack > lacks ? lack : lacks;
	}
	if (lacks < 1e-6f)
		smooth_jump(s, to);
	return s->pole[2];
}

/* audio: straight from one tick to the next: n frames, the first of which is
 * the tick's frame `at` */
RT static inline void
smooth_line(float *to, float from, float end, uint32_t at, uint32_t n)
{
	float way = end - from;

	for (uint32_t i = 0; i < n; i++)
		to[i] = from +
			way * ((float)(at + i + 1) * (1.0f / SMOOTH_TICK));
}

/* any: of poles of so many seconds */
RT static inline float
smooth_step(double seconds, double rate_hz)
{
	return (float)(1.0 - series_exp2(-SMOOTH_TICK * SERIES_LOG2_E /
					 (seconds * rate_hz)));
}

#endif
