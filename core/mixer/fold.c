/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/fold.h"

#include "core/samples.h"

void
fold_init(struct fold *f, uint32_t rate_hz)
{
	atomic_init(&f->level, 1.0f);
	f->now = 1.0f;
	fold_set_rate(f, rate_hz);
}

void
fold_set_rate(struct fold *f, uint32_t rate_hz)
{
	f->step = 1000.0f / (RAMP_MS * (float)rate_hz);
}

void
fold_set(struct fold *f, float level)
{
	/* relaxed: one value, nothing goes with it */
	atomic_store_explicit(&f->level, level, memory_order_relaxed);
}

static float
towards(float now, float to, float step)
{
	if (now < to)
		return now + step < to ? now + step : to;
	return now - step > to ? now - step : to;
}

RT void
fold_run(struct fold *f, float *const x[2], uint32_t n)
{
	/* relaxed: see fold_set() */
	float to = atomic_load_explicit(&f->level, memory_order_relaxed);
	uint32_t at = 0;

	for (; at < n && f->now != to; at++) {
		f->now = towards(f->now, to, f->step);
		for (int i = 0; i < 2; i++)
			if (x[i])
				x[i][at] *= f->now;
	}
	if (to == 1.0f)
		return;
	for (int i = 0; i < 2; i++)
		if (x[i])
			samples_scale(x[i] + at, x[i] + at, to, n - at);
}
