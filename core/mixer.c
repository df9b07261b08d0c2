/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block is cut where a message takes effect and where a ramp ends, so that
 * within a piece each level either moves or rests. Which of the inner loops a
 * sample passes therefore depends on the frame alone, not on the block, and
 * never on what the sample is. */
#include "core/mixer.h"

#include <string.h>

#include "core/denormal.h"
#include "core/downmix.h"
#include "core/mixer_state.h"
#include "core/ring/ring.h"
#include "core/samples.h"

/* One side of a strip on its way through its stages. x is the input's own
 * buffer until something has to change it, then `own`. */
struct side {
	const float *x; /* NULL: nothing is connected */
	float *own;
	int32_t peak_bits; /* of x, as long as it is the input's own buffer */
};

/* What of a block is mixed at a time. */
struct piece {
	const struct mixer_input *in;
	uint32_t at; /* frame of the block */
	uint32_t n;
};

/* Multiplies both sides by a level; nothing is done at unity. */
static void
stage_run(
	struct mixer *m, const struct ramp *r, struct side side[2], uint32_t n)
{
	bool rests = ramp_rests(r, m->frame);

	if (rests && r->to == 1.0f)
		return;
	if (!rests)
		ramp_fill(r, &m->ramps, m->frame, m->values, n);
	for (int i = 0; i < 2; i++) {
		if (!side[i].x)
			continue;
		if (rests)
			samples_scale(side[i].own, side[i].x, r->to, n);
		else
			samples_multiply(side[i].own, side[i].x, m->values, n);
		side[i].x = side[i].own;
	}
}

/* keep: x stays as it is until the strip is done */
static void
side_add(struct side *s, const float *x, float gain, bool keep, uint32_t n)
{
	if (!s->x && gain == 1.0f && keep) {
		s->x = x;
		return;
	}
	if (!s->x && gain == 1.0f) {
		samples_copy(s->own, x, n);
	} else if (!s->x) {
		samples_scale(s->own, x, gain, n);
	} else {
		if (s->x != s->own)
			samples_copy(s->own, s->x, n);
		samples_add_scaled(s->own, x, gain, n);
	}
	s->x = s->own;
}

/* The piece of a channel that ends before the block does. */
static const float *
padded(struct mixer *m, const float *x, uint32_t frames, const struct piece *p)
{
	uint32_t n = frames > p->at ? frames - p->at : 0;

	if (n >= p->n)
		return x + p->at;
	memcpy(m->clean, x + p->at, n * sizeof(float));
	memset(m->clean + n, 0, (p->n - n) * sizeof(float));
	return m->clean;
}

static void
input_add(struct mixer *m, const struct mixer_input *in, const struct piece *p,
	struct side side[2])
{
	for (uint32_t c = 0; c < CHANNELS_MAX; c++) {
		uint32_t channel = layout_channel(in->layout, c);
		const float *gains = downmix_gains(channel);
		const float *x = in->ch[c];
		int32_t bits;

		if (channel == CHANNEL_NONE)
			return;
		if (!x || (gains[0] == 0.0f && gains[1] == 0.0f))
			continue;
		x = in->frames[c] ? padded(m, x, in->frames[c], p) : x + p->at;
		bits = samples_peak_bits(x, p->n);
		if (bits >= SAMPLE_INFINITY_BITS) {
			mixer_count(&m->bad_samples,
				samples_clean(m->clean, x, p->n));
			x = m->clean;
		}
		for (int i = 0; i < 2; i++) {
			if (gains[i] == 0.0f)
				continue;
			side[i].peak_bits = bits;
			side_add(&side[i], x, gains[i], x != m->clean, p->n);
		}
	}
}

/* The largest sample of x[n], which holds numbers only when it returns: finite
 * samples can have become infinite by a sum or a gain. */
static int32_t
peak_and_clean(struct mixer *m, float *x, uint32_t n)
{
	int32_t bits = samples_peak_bits(x, n);

	if (bits < SAMPLE_INFINITY_BITS)
		return bits;
	mixer_count(&m->bad_samples, samples_clean(x, x, n));
	return samples_peak_bits(x, n);
}

static void
strip_measure(struct mixer *m, struct strip *s, struct side side[2], uint32_t n)
{
	for (int i = 0; i < 2; i++) {
		int32_t bits = side[i].peak_bits;

		if (!side[i].x)
			continue;
		if (side[i].x == side[i].own)
			bits = peak_and_clean(m, side[i].own, n);
		if (bits > s->meter.bits[i])
			s->meter.bits[i] = bits;
	}
}

/* The first into a bus is copied, so that what is alone in it stays as it is
 * to the bit. */
static void
strip_send(struct mixer *m, const struct ramp *send, struct bus *bus,
	const struct side side[2], const struct piece *p)
{
	bool rests = ramp_rests(send, m->frame);

	if (ramp_rests_at(send, m->frame, 0.0f) ||
		ramp_rests_at(&bus->level, m->frame, 0.0f))
		return;
	if (!rests)
		ramp_fill(send, &m->ramps, m->frame, m->values, p->n);
	for (int i = 0; i < 2; i++) {
		const float *x = side[i].x;
		float *to = bus->to[i] + p->at;

		if (!x)
			continue;
		if (rests && bus->started[i])
			samples_add(to, x, p->n);
		else if (rests)
			samples_copy(to, x, p->n);
		else if (bus->started[i])
			samples_add_multiplied(to, x, m->values, p->n);
		else
			samples_multiply(to, x, m->values, p->n);
		bus->started[i] = true;
	}
}

static void
strip_mix(struct mixer *m, struct strip *s, const struct piece *p)
{
	struct side side[2] = {{.own = m->side[0]}, {.own = m->side[1]}};

	for (int i = s->first; i >= 0; i = m->next_input[i])
		input_add(m, &p->in[i], p, side);
	if (!side[0].x && !side[1].x)
		return;
	stage_run(m, &s->trim, side, p->n);
	strip_measure(m, s, side, p->n);
	if (ramp_rests_at(&s->level, m->frame, 0.0f))
		return;
	stage_run(m, &s->level, side, p->n);
	for (uint32_t b = 0; b < m->config.buses; b++)
		if (!(s->kept_out >> b & 1))
			strip_send(m, &s->send[b], &m->bus[b], side, p);
}

static void
bus_finish(struct mixer *m, struct bus *bus, const struct piece *p)
{
	struct side side[2];

	for (int i = 0; i < 2; i++) {
		side[i].own = bus->to[i] + p->at;
		side[i].x = bus->started[i] ? side[i].own : NULL;
		if (!bus->started[i])
			samples_clear(side[i].own, p->n);
	}
	stage_run(m, &bus->level, side, p->n);
}

static void
piece_mix(struct mixer *m, const struct piece *p)
{
	for (uint32_t b = 0; b < m->config.buses; b++) {
		m->bus[b].started[0] = false;
		m->bus[b].started[1] = false;
	}
	for (uint32_t s = 0; s < m->config.strips; s++)
		if (m->strip[s].first >= 0)
			strip_mix(m, &m->strip[s], p);
	for (uint32_t b = 0; b < m->config.buses; b++)
		bus_finish(m, &m->bus[b], p);
}

/* How many of n frames go by before a message takes effect or a ramp ends. */
static uint32_t
piece_frames(struct mixer *m, uint32_t n)
{
	uint64_t message = mixer_message_next(m);
	uint64_t ramp = ramp_clock_next(&m->ramps, m->frame);
	uint64_t cut = message < ramp ? message : ramp;

	return cut - m->frame < n ? (uint32_t)(cut - m->frame) : n;
}

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

static void
outputs_choose(struct mixer *m, float *const (*out)[2])
{
	for (uint32_t b = 0; b < m->config.buses; b++)
		for (int i = 0; i < 2; i++)
			m->bus[b].to[i] =
				out && out[b][i] ? out[b][i] : m->bus[b].own[i];
}

static void
meter_show(struct peak_meter *meter, float fall)
{
	for (int i = 0; i < 2; i++) {
		/* relaxed, twice: only this thread stores it, and nothing
		 * goes with it */
		float peak = fall * atomic_load_explicit(&meter->shown[i],
					    memory_order_relaxed);
		float now;

		memcpy(&now, &meter->bits[i], sizeof(now));
		atomic_store_explicit(&meter->shown[i], now > peak ? now : peak,
			memory_order_relaxed);
		meter->bits[i] = 0;
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
block_finish(struct mixer *m, uint32_t n)
{
	float fall = power(m->fall_per_frame, n);

	for (uint32_t b = 0; b < m->config.buses; b++) {
		struct bus *bus = &m->bus[b];
		const float *const ch[2] = {bus->to[0], bus->to[1]};

		for (int i = 0; i < 2; i++)
			bus->meter.bits[i] = peak_and_clean(m, bus->to[i], n);
		meter_show(&bus->meter, fall);
		if (bus->ring && !m->freewheel)
			ring_write_planar(bus->ring, ch, n);
	}
	for (uint32_t s = 0; s < m->config.strips; s++)
		meter_show(&m->strip[s].meter, fall);
	/* relaxed: a number alone */
	atomic_store_explicit(&m->frames, m->frame, memory_order_relaxed);
}

static void
block_refuse(struct mixer *m, float *const (*out)[2], uint32_t n)
{
	for (uint32_t b = 0; out && b < m->config.buses; b++)
		for (int i = 0; i < 2; i++)
			if (out[b][i])
				samples_clear(out[b][i], n);
	mixer_plays_drop(m);
	mixer_count(&m->refused_blocks, 1);
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
	struct piece p = {.in = in};
	uint64_t mode;

	if (n == 0 || n > m->config.block_max) {
		block_refuse(m, out, n);
		return;
	}
	mode = denormal_flush();
	inputs_chain(m, in, inputs);
	outputs_choose(m, out);
	mixer_messages_take(m);
	while (p.at < n) {
		mixer_messages_apply(m);
		p.n = piece_frames(m, n - p.at);
		piece_mix(m, &p);
		p.at += p.n;
		m->frame += p.n;
	}
	mixer_plays_drop(m);
	block_finish(m, n);
	denormal_restore(mode);
}

RT void
mixer_set_freewheel(struct mixer *m, bool freewheel)
{
	if (m->freewheel == freewheel)
		return;
	m->freewheel = freewheel;
	for (uint32_t b = 0; b < m->config.buses; b++)
		if (m->bus[b].ring)
			ring_set_freewheel(m->bus[b].ring, freewheel);
}

RT void
mixer_count_xrun(struct mixer *m)
{
	for (uint32_t b = 0; b < m->config.buses; b++)
		if (m->bus[b].ring)
			ring_count_xrun(m->bus[b].ring);
}

static void
clock_pair_write(struct clock_pair *c, uint64_t frame, uint64_t time_ns)
{
	/* relaxed: only this thread stores version */
	uint64_t version =
		atomic_load_explicit(&c->version, memory_order_relaxed);

	/* relaxed: the two stores that follow carry it with them */
	atomic_store_explicit(&c->version, version + 1, memory_order_relaxed);
	/* release: who sees one of these words sees the odd version as well.
	 * A fence would do the same, but ThreadSanitizer knows none. */
	atomic_store_explicit(&c->frame, frame, memory_order_release);
	atomic_store_explicit(&c->time_ns, time_ns, memory_order_release);
	/* release: who sees the even version sees both words */
	atomic_store_explicit(&c->version, version + 2, memory_order_release);
}

RT void
mixer_set_clock(struct mixer *m, uint64_t time_ns)
{
	clock_pair_write(&m->clock, m->frame, time_ns);
	for (uint32_t b = 0; b < m->config.buses; b++) {
		struct ring_writer *ring = m->bus[b].ring;

		if (ring)
			ring_set_clock(ring, ring_writer_frame(ring), time_ns);
	}
}
