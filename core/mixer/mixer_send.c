/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a strip's planes into the buses: from POST by its sends, from PRE into
 * the headphones. */
#include "core/mixer/mixer_state.h"

#include "core/samples.h"
#include "core/stage/stages.h"

RT const struct frames *
mixer_level_pass(const struct glide *g, struct side side[2], struct passage *t,
	const struct frames *of, struct frames *room)
{
	const struct frames *heard;

	if (glide_rests_at(g, t->frame, 1.0f))
		return of;
	heard = glide_heard(g, t, of, room);
	if (heard)
		rack_level(&stage_fader, g, side, t);
	return heard;
}

/* The first into a bus is copied, so that what is alone in it stays as it is
 * to the bit. */
static void
run_send(const struct mixer *m, float *to, const float *x,
	const struct glide_span *s, bool started)
{
	if (s->moves && started)
		samples_add_multiplied(to, x, m->passage.values + s->at, s->n);
	else if (s->moves)
		samples_multiply(to, x, m->passage.values + s->at, s->n);
	else if (started)
		samples_add(to, x, s->n);
	else
		samples_copy(to, x, s->n);
}

static void
run_send_two(const struct mixer *m, float *to, float *other, const float *x,
	const struct glide_span *s)
{
	if (s->moves)
		samples_add_multiplied_to_two(
			to, other, x, m->passage.values + s->at, s->n);
	else
		samples_add_to_two(to, other, x, s->n);
}

/* Of a span, what is heard at both ends; in runs, since of a bus a part may
 * have sound already. x: of the chunk. */
static void
span_send(const struct mixer *m, const struct frames *heard, struct bus *bus,
	int side, const float *x, const struct glide_span *s,
	const struct chunk *p)
{
	float *to = bus->to[side] + p->at;
	uint32_t end = s->at + s->n, next;

	for (uint32_t at = s->at; at < end; at = next) {
		struct glide_span run = *s;
		bool in, has;

		next = frames_alike(heard, at, end, &in);
		if (!in)
			continue;
		next = frames_alike(bus->heard, at, next, &in);
		if (!in)
			continue;
		next = frames_alike(&bus->started[side], at, next, &has);
		run.at = at;
		run.n = next - at;
		run_send(m, to + at, x + at, &run, has);
		if (!has)
			frames_add(&bus->started[side], at, run.n);
	}
}

/* A span, as it is needed by all buses of a set: two at a time where it is all
 * the chunk and both have sound already. */
static void
span_send_all(struct mixer *m, uint32_t set, const struct frames *heard,
	int side, const float *x, const struct glide_span *s,
	const struct chunk *p)
{
	bool whole = s->n == p->n && heard->count == p->n;
	float *waits = NULL;

	for (; set; set &= set - 1) {
		struct bus *b = &m->bus[__builtin_ctz(set)];
		struct frames *started = &b->started[side];
		float *to = b->to[side] + p->at;
		bool all = whole && b->heard->count == p->n;

		if (all && started->count == 0) {
			run_send(m, to, x, s, false);
			frames_add(started, 0, p->n);
		} else if (!all || started->count != p->n) {
			span_send(m, heard, b, side, x, s, p);
		} else if (waits) {
			run_send_two(m, waits, to, x, s);
			waits = NULL;
		} else {
			waits = to;
		}
	}
	if (waits)
		run_send(m, waits, x, s, true);
}

static void
set_send(struct mixer *m, uint32_t set, const struct glide_span *span,
	uint32_t spans, const struct side side[2], const struct frames *heard,
	const struct chunk *p)
{
	for (uint32_t k = 0; k < spans; k++) {
		if (!span[k].moves && span[k].level == 0.0f)
			continue;
		for (int i = 0; i < 2; i++)
			if (side[i].x)
				span_send_all(m, set, heard, i, side[i].x,
					&span[k], p);
	}
}

/* Which of those that moved have arrived: a half is never there. */
static void
sends_settle(struct strip *s, uint64_t frame)
{
	for (uint32_t left = s->moving; left; left &= left - 1) {
		uint32_t b = (uint32_t)__builtin_ctz(left);

		if (glide_rests(&s->send[b], frame) &&
			s->send[b].ramp.to != 0.5f)
			s->moving &= (uint8_t) ~(1u << b);
	}
}

/* Those of a set that go the same way as its first. */
static uint32_t
alike(const struct strip *s, uint32_t set)
{
	uint32_t first = (uint32_t)__builtin_ctz(set), same = 1u << first;
	const struct glide *way = &s->send[first];

	for (uint32_t left = set & ~same; left && way->first < 0;
		left &= left - 1) {
		uint32_t b = (uint32_t)__builtin_ctz(left);

		if (s->send[b].first < 0 &&
			ramp_is(&s->send[b].ramp, &way->ramp))
			same |= 1u << b;
	}
	return same;
}

/* Where it rests at a half it is as if it moved. */
static void
rests_fill(struct passage *t, uint32_t spans)
{
	for (struct glide_span *s = t->span; s < t->span + spans; s++) {
		if (s->moves || s->level != 0.5f)
			continue;
		s->moves = true;
		for (uint32_t i = 0; i < s->n; i++)
			t->values[s->at + i] = s->level;
	}
}

static void
buses_send(struct mixer *m, struct strip *s, uint32_t buses,
	const struct side side[2], const struct frames *heard,
	const struct chunk *p)
{
	const struct glide_span whole = {.n = p->n, .level = 1.0f};
	struct passage *t = &m->passage;
	uint32_t set;

	buses &= m->heard & ~(uint32_t)s->kept_out;
	set = buses & s->routed & ~(uint32_t)s->moving;
	set_send(m, set, &whole, 1, side, heard, p);
	for (buses &= s->moving; buses; buses &= ~set) {
		uint32_t spans;

		set = alike(s, buses);
		spans = glide_spans(&s->send[__builtin_ctz(set)], t);
		rests_fill(t, spans);
		set_send(m, set, t->span, spans, side, heard, p);
	}
}

/* ---- solo ---- */

/* Through a gate that does not stand open. */
static void
gate_send(struct mixer *m, struct strip *s, const struct glide *gate,
	uint32_t buses, const struct side side[2], const struct frames *heard,
	const struct chunk *p)
{
	struct side gated[2] = {side[0], side[1]};
	struct frames room;

	for (int i = 0; i < 2; i++)
		gated[i].own = m->gated[i];
	heard = mixer_level_pass(gate, gated, &m->passage, heard, &room);
	if (heard)
		buses_send(m, s, buses, gated, heard, p);
}

RT void
mixer_strip_send(struct mixer *m, struct strip *s, const struct side side[2],
	const struct frames *heard, const struct chunk *p)
{
	const uint32_t all = MIX_SET_MAX, loops = m->config.loops;
	const uint32_t rooms = all & ~(loops | m->config.cue);

	sends_settle(s, m->frame);
	if (s->gated && solo_rests(&s->solo, m->frame))
		s->gated = false;
	if (!s->gated) {
		buses_send(m, s, all, side, heard, p);
		return;
	}
	buses_send(m, s, m->config.cue, side, heard, p);
	gate_send(m, s, &s->solo.gate[SOLO_ROOM], rooms, side, heard, p);
	gate_send(m, s, &s->solo.gate[SOLO_LOOP], loops, side, heard, p);
}

/* ---- cue ---- */

RT void
mixer_strip_cue(struct mixer *m, struct strip *s, const struct side side[2],
	const struct frames *open, const struct chunk *p)
{
	uint32_t bus = m->config.cue & m->heard & ~(uint32_t)s->kept_out;
	uint32_t spans;

	if (!bus || glide_rests_at(&s->cue, m->frame, 0.0f))
		return;
	spans = glide_spans(&s->cue, &m->passage);
	set_send(m, bus, m->passage.span, spans, side, open, p);
}
