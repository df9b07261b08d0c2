/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block: its inputs, its chunks, and what is shown of it. */
#include "core/mixer/mixer.h"

#include <string.h>

#include "core/denormal.h"
#include "core/mixer/mixer_state.h"
#include "core/samples.h"

static bool
input_connected(const struct mixer_input *in)
{
	for (int c = 0; c < CHANNELS_MAX; c++)
		if (in->ch[c])
			return true;
	return false;
}

/* Chains the connected inputs of each strip, in their order. One for a strip
 * that does not exist is left out. */
static void
inputs_chain(struct mixer *m, const struct mixer_input *in, uint32_t inputs)
{
	if (inputs > INPUTS_MAX)
		inputs = INPUTS_MAX;
	for (uint32_t s = 0; s < m->config.strips; s++)
		m->strip[s].first = -1;
	for (uint32_t i = inputs; i-- > 0;) {
		struct strip *s;

		if (in[i].strip >= m->config.strips || !input_connected(&in[i]))
			continue;
		s = &m->strip[in[i].strip];
		m->next_input[i] = s->first;
		s->first = (int16_t)i;
	}
}

/* base to the power of n, in at most 14 steps */
static float
power(double base, uint32_t n)
{
	double result = 1.0;

	for (; n; n >>= 1) {
		if (n & 1)
			result *= base;
		base *= base;
	}
	return (float)result;
}

static void
block_finish(struct mixer *m, float *const (*out)[2], uint32_t n)
{
	const struct meter_fall fall = {n, m->hold_frames,
		power(m->fall_per_frame, n),
		m->measures ? power(m->mean_per_frame, n) : 0.0f, m->measures,
		m->measures && !m->measured};

	for (uint32_t b = 0; b < m->config.buses; b++) {
		struct bus *bus = &m->bus[b];

		for (int i = 0; i < 2; i++)
			meter_take(&bus->meter, i,
				mixer_peak_and_clean(m, bus->to[i], n));
		for (int i = 0; m->measures && i < 2; i++)
			meter_add(&bus->meter, i, bus->to[i], n);
		meter_show(&bus->meter, &fall);
		/* relaxed: a number alone */
		atomic_store_explicit(&bus->late,
			rack_delay(&bus->rack, &m->of_bus, m->config.rate_hz),
			memory_order_relaxed);
	}
	mixer_sinks_finish(m, out, n);
	for (uint32_t s = 0; s < m->config.strips; s++)
		meter_show(&m->strip[s].meter, &fall);
	m->measured = m->measures;
	/* relaxed: a number alone */
	atomic_store_explicit(&m->frames, m->frame, memory_order_relaxed);
}

static void
block_refuse(struct mixer *m, float *const (*out)[2], uint32_t n)
{
	for (uint32_t b = 0; out && b < m->config.outputs; b++)
		for (int i = 0; i < 2; i++)
			if (out[b][i])
				samples_clear(out[b][i], n);
	mixer_plays_drop(m);
	mixer_count(&m->refused_blocks, 1);
}

static uint32_t
messages_most(const struct mixer *m, uint32_t n)
{
	return m->config.frame_messages ? m->config.frame_messages * n
					: UINT32_MAX;
}

RT uint64_t
mixer_frame(const struct mixer *m)
{
	/* relaxed: a number alone */
	return atomic_load_explicit(&m->frames, memory_order_relaxed);
}

RT void
mixer_run(struct mixer *m, const struct mixer_input *in, uint32_t inputs,
	float *const (*out)[2], uint32_t n)
{
	struct chunk p = {.in = in, .out = out};
	uint64_t mode;

	if (n == 0 || n > m->config.block_max) {
		block_refuse(m, out, n);
		return;
	}
	mode = denormal_flush();
	/* relaxed: nothing hangs on it */
	m->measures = atomic_load_explicit(&m->asked, memory_order_relaxed);
	inputs_chain(m, in, inputs);
	mixer_sinks_begin(m, out, n);
	mixer_messages_take(m, messages_most(m, n));
	while (p.at < n) {
		uint32_t most = n - p.at;

		p.n = mixer_messages_apply(
			m, most < CHUNK_FRAMES ? most : CHUNK_FRAMES);
		mixer_chunk_mix(m, &p);
		p.at += p.n;
		m->frame += p.n;
	}
	mixer_plays_drop(m);
	block_finish(m, out, n);
	denormal_restore(mode);
}

RT void
mixer_set_clock(struct mixer *m, uint64_t time_ns)
{
	m->clock_version += 2;
	pair_store(&m->clock, m->clock_version, m->frame, time_ns);
	mixer_sinks_clock(m, time_ns);
}
