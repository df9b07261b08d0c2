/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block is mixed in chunks. In each the messages are applied first, and each
 * level then has its spans, in which it moves or rests: what of a sample is
 * computed hangs on the frame alone, not on the block or the chunk, and never
 * on what the sample is. */
#include "core/mixer/mixer.h"

#include <string.h>

#include "core/mixer/downmix.h"
#include "core/mixer/mixer_state.h"
#include "core/samples.h"
#include "core/stage/stages.h"

/* keep: x stays as it is until the strip is done */
static void
side_add(struct side *s, const float *x, float gain, bool keep, uint32_t n)
{
	s->measured = !s->x && gain == 1.0f && keep;
	if (s->measured) {
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

/* The chunk of a channel that ends before the block does. */
static const float *
padded(struct mixer *m, const float *x, uint32_t frames, const struct chunk *p)
{
	uint32_t n = frames > p->at ? frames - p->at : 0;

	if (n >= p->n)
		return x + p->at;
	memcpy(m->clean, x + p->at, n * sizeof(float));
	memset(m->clean + n, 0, (p->n - n) * sizeof(float));
	return m->clean;
}

static void
input_add(struct mixer *m, const struct mixer_input *in, const struct chunk *p,
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

RT int32_t
mixer_peak_and_clean(struct mixer *m, float *x, uint32_t n)
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
		if (!side[i].measured || bits >= SAMPLE_INFINITY_BITS)
			bits = mixer_peak_and_clean(m, side[i].own, n);
		meter_take(&s->meter, i, bits);
		if (m->measures && bits)
			meter_add(&s->meter, i, side[i].x, n);
	}
}

/* Its last frame. */
static struct glide_time
chunk_end(struct mixer *m, uint32_t n)
{
	return (struct glide_time){&m->passage.log, m->frame, n - 1, m->usual};
}

/* False: nothing comes to it. */
static bool
strip_begin(struct mixer *m, struct strip *s, struct side side[2],
	const struct chunk *p)
{
	for (int i = s->first; i >= 0; i = m->next_input[i])
		input_add(m, &p->in[i], p, side);
	return side[0].x || side[1].x;
}

/* The gate comes after the stages: a strip that has closed loses its input, and
 * what still rings in a filter then must not be cut off where it is heard. Taps
 * and headphones hear through it, as the buses do; the meter and the count of
 * what is no number are of what comes to it. */
static void
strip_finish(struct mixer *m, struct strip *s, struct side side[2],
	const struct chunk *p)
{
	const struct glide_time end = chunk_end(m, p->n);
	struct passage *t = &m->passage;
	const struct frames *open, *heard;
	struct frames room[2];

	strip_measure(m, s, side, p->n);
	open = mixer_level_pass(&s->open, side, t, &t->all, &room[0]);
	if (!open)
		return;
	mixer_sinks_tap(m, TAP_PRE, s, side, p);
	if (m->config.cue)
		mixer_strip_cue(m, s, side, open, p);
	if (s->fader.follows)
		fader_settle(&s->fader, &end);
	heard = mixer_level_pass(&s->fader.level, side, t, open, &room[1]);
	if (!heard)
		return;
	cross_run(&m->cross, &s->cross, side, t);
	mixer_sinks_tap(m, TAP_POST, s, side, p);
	mixer_strip_send(m, s, side, heard, p);
}

/* In groups, in which stages run side by side. */
static void
strips_mix(struct mixer *m, const struct chunk *p)
{
	struct strip *strip = m->strip, *end = strip + m->config.strips;

	while (strip < end) {
		struct rack_turn turn[RACK_TURNS];
		struct strip *of[RACK_TURNS];
		uint32_t n = 0;

		for (; strip < end && n < RACK_TURNS; strip++) {
			turn[n] = (struct rack_turn){.rack = &strip->rack,
				.side = {{.own = m->side[n][0]},
					{.own = m->side[n][1]}}};
			of[n] = strip;
			n += strip->first >= 0 &&
			     strip_begin(m, strip, turn[n].side, p);
		}
		rack_run(turn, n, &m->of_strip, &m->passage);
		for (uint32_t k = 0; k < n; k++)
			strip_finish(m, of[k], turn[k].side, p);
	}
}

static void
bus_start(struct mixer *m, uint32_t b, const struct chunk *p)
{
	const struct glide_time end = chunk_end(m, p->n);
	struct passage *t = &m->passage;
	struct bus *bus = &m->bus[b];

	fader_settle(&bus->fader, &end);
	bus->heard = glide_heard(&bus->fader.level, t, &t->all, &bus->room);
	if (bus->heard)
		m->heard |= 1u << b;
	frames_clear(&bus->started[0]);
	frames_clear(&bus->started[1]);
}

/* Silence where nothing came; false: nothing came at all. */
static bool
side_complete(const struct frames *started, float *x, uint32_t n)
{
	bool in;

	for (uint32_t at = started->count < n ? 0 : n, next; at < n;
		at = next) {
		next = frames_alike(started, at, n, &in);
		if (!in)
			samples_clear(x + at, next - at);
	}
	return started->count > 0;
}

/* Main has been finished: it is heard beside the cue as the room has it. */
static void
headphones_mix(struct mixer *m, struct side side[2], const struct chunk *p)
{
	const float *main[2] = {NULL, NULL};
	uint32_t room = m->config.room;

	for (int i = 0; room && i < 2; i++)
		main[i] = m->bus[__builtin_ctz(room)].to[i] + p->at;
	cue_run(&m->cue, side, room ? main : NULL, &m->passage);
}

static void
bus_finish(struct mixer *m, uint32_t b, const struct chunk *p)
{
	struct bus *bus = &m->bus[b];
	struct rack_turn turn = {.rack = &bus->rack};
	struct side *side = turn.side;

	for (int i = 0; i < 2; i++) {
		side[i].own = bus->to[i] + p->at;
		side[i].x = side_complete(&bus->started[i], side[i].own, p->n)
				    ? side[i].own
				    : NULL;
	}
	if (m->config.cue >> b & 1)
		headphones_mix(m, side, p);
	rack_level(&stage_fader, &bus->fader.level, side, &m->passage);
	/* Whether something came hangs on the chunk: a stage with a memory must
	 * not. */
	for (int i = 0; bus->rack.awake && i < 2; i++)
		side[i].x = side[i].own;
	rack_run(&turn, 1, &m->of_bus, &m->passage);
}

RT void
mixer_chunk_mix(struct mixer *m, const struct chunk *p)
{
	m->passage.frame = m->frame;
	m->passage.n = p->n;
	m->passage.failures = 0;
	frames_clear(&m->passage.all);
	frames_add(&m->passage.all, 0, p->n);
	cross_begin(&m->cross, &m->passage);
	m->heard = 0;
	for (uint32_t b = 0; b < m->config.buses; b++)
		bus_start(m, b, p);
	strips_mix(m, p);
	for (uint32_t b = 0; b < m->config.buses; b++)
		if (!(m->config.cue >> b & 1))
			bus_finish(m, b, p);
	if (m->config.cue)
		bus_finish(m, (uint32_t)__builtin_ctz(m->config.cue), p);
	glide_log_end(&m->passage.log);
	if (m->passage.failures > 0)
		mixer_count(&m->bad_samples, m->passage.failures);
}
