/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What any thread may ask a mixer. */
#include "core/mixer/mixer.h"

#include <assert.h>
#include <math.h>

#include "core/mixer/mixer_state.h"

bool
mixer_clock(const struct mixer *m, uint64_t *frame, uint64_t *time_ns)
{
	uint64_t version;

	do
		version = pair_load(&m->clock, frame, time_ns);
	while (version % 2);
	return version != 0;
}

static float
meter_read(const struct meter *meter, enum mixer_meter kind, uint32_t side)
{
	float value;

	assert(side < 2);
	/* relaxed: a number alone */
	value = atomic_load_explicit(
		&meter->shown[kind][side], memory_order_relaxed);
	return kind == MIXER_RMS ? sqrtf(value) : value;
}

void
mixer_measure(struct mixer *m, bool all)
{
	/* relaxed: nothing hangs on it */
	atomic_store_explicit(&m->asked, all, memory_order_relaxed);
}

float
mixer_strip_meter(const struct mixer *m, enum mixer_meter kind, uint32_t strip,
	uint32_t side)
{
	assert(strip < m->config.strips);
	return meter_read(&m->strip[strip].meter, kind, side);
}

float
mixer_bus_meter(const struct mixer *m, enum mixer_meter kind, uint32_t bus,
	uint32_t side)
{
	assert(bus < m->config.buses);
	return meter_read(&m->bus[bus].meter, kind, side);
}

uint32_t
mixer_bus_delay(const struct mixer *m, uint32_t bus)
{
	assert(bus < m->config.buses);
	/* relaxed: a number alone */
	return atomic_load_explicit(&m->bus[bus].late, memory_order_relaxed);
}

void
mixer_counters(const struct mixer *m, struct mixer_counters *out)
{
	/* relaxed: four numbers, each alone */
	out->frames = atomic_load_explicit(&m->frames, memory_order_relaxed);
	out->bad_samples =
		atomic_load_explicit(&m->bad_samples, memory_order_relaxed);
	out->late_messages =
		atomic_load_explicit(&m->late_messages, memory_order_relaxed);
	out->refused_blocks =
		atomic_load_explicit(&m->refused_blocks, memory_order_relaxed);
}
