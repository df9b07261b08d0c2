/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/meter.h"

#include <string.h>

#include "core/samples.h"

RT void
meter_add(struct meter *m, int side, const float *x, uint32_t n)
{
	m->energy[side] += samples_energy(x, n);
}

static float
shown(const struct meter *m, enum mixer_meter kind, int side)
{
	/* relaxed: only this thread stores it */
	return atomic_load_explicit(
		&m->shown[kind][side], memory_order_relaxed);
}

static void
show(struct meter *m, enum mixer_meter kind, int side, float value)
{
	/* relaxed: nothing goes with it */
	atomic_store_explicit(
		&m->shown[kind][side], value, memory_order_relaxed);
}

static float
hold(struct meter *m, int side, float now, const struct meter_fall *fall)
{
	float held = shown(m, MIXER_HOLD, side);

	if (now >= held) {
		m->stays[side] = fall->hold;
		return now;
	}
	if (m->stays[side] > fall->frames) {
		m->stays[side] -= fall->frames;
		return held;
	}
	m->stays[side] = 0;
	held *= fall->peak;
	return now > held ? now : held;
}

/* What is too large to be squared must not stay for ever. */
static float
mean(const struct meter *m, int side, const struct meter_fall *fall)
{
	float now = m->energy[side] / (float)fall->frames;
	float before = shown(m, MIXER_RMS, side);

	if (!(now < METER_MEAN_MAX))
		now = METER_MEAN_MAX;
	return now + (before - now) * fall->mean;
}

static void
show_rest(struct meter *m, int side, float now, const struct meter_fall *fall)
{
	if (fall->anew) {
		show(m, MIXER_HOLD, side, 0.0f);
		show(m, MIXER_RMS, side, 0.0f);
	}
	show(m, MIXER_HOLD, side, hold(m, side, now, fall));
	show(m, MIXER_RMS, side, mean(m, side, fall));
	m->energy[side] = 0.0f;
}

RT void
meter_show(struct meter *m, const struct meter_fall *fall)
{
	for (int i = 0; i < 2; i++) {
		float peak = fall->peak * shown(m, MIXER_PEAK, i);
		float now;

		memcpy(&now, &m->bits[i], sizeof(now));
		show(m, MIXER_PEAK, i, now > peak ? now : peak);
		m->bits[i] = 0;
		if (fall->all)
			show_rest(m, i, now, fall);
	}
}
