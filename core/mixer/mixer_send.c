/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a strip's POST plane into the buses. */
#include "core/mixer/mixer_state.h"

#include "core/samples.h"

/* The first into a bus is copied, so that what is alone in it stays as it is
 * to the bit. */
static void
run_send(const struct mixer *m, float *to, const float *x,
	const struct glide_span *s, bool started)
{
	if (s->moves && started)
		samples_add_multiplied(to, x, m->values + s->at, s->n);
	else if (s->moves)
		samples_multiply(to, x, m->values + s->at, s->n);
	else if (started)
		samples_add(to, x, s->n);
	else
		samples_copy(to, x, s->n);
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
		next = frames_alike(&bus->heard, at, next, &in);
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

/* A span of all the chunk, into a bus that is heard all of it. */
static void
all_send(const struct mixer *m, const struct frames *heard, struct bus *bus,
	int side, const float *x, const struct glide_span *s,
	const struct chunk *p)
{
	struct frames *started = &bus->started[side];
	bool has = started->count == p->n;

	if (started->count != 0 && !has) {
		span_send(m, heard, bus, side, x, s, p);
		return;
	}
	run_send(m, bus->to[side] + p->at, x, s, has);
	if (!has)
		frames_add(started, 0, p->n);
}

/* The spans of a send, which are those of the one before when both are on the
 * same way. */
static uint32_t
spans_find(struct mixer *m, const struct glide *send, const struct glide *last,
	uint32_t spans, uint32_t n)
{
	if (last && send->first < 0 && last->first < 0 &&
		ramp_is(&send->ramp, &last->ramp))
		return spans;
	return glide_spans(send, &m->log, m->frame, n, m->span, m->values);
}

static void
spans_send(struct mixer *m, uint32_t spans, struct bus *bus,
	const struct side side[2], const struct frames *heard,
	const struct chunk *p)
{
	bool all = heard->count == p->n && bus->heard.count == p->n;

	for (uint32_t k = 0; k < spans; k++) {
		const struct glide_span *s = &m->span[k];

		if (!s->moves && s->level == 0.0f)
			continue;
		for (int i = 0; i < 2; i++) {
			if (!side[i].x)
				continue;
			if (all && s->n == p->n)
				all_send(m, heard, bus, i, side[i].x, s, p);
			else
				span_send(m, heard, bus, i, side[i].x, s, p);
		}
	}
}

/* Buses into which all the chunk goes as it is; two at a time. */
static void
buses_add(struct mixer *m, uint32_t buses, const struct frames *heard, int side,
	const float *x, const struct chunk *p)
{
	const struct glide_span whole = {.n = p->n, .level = 1.0f};
	float *waits = NULL;

	for (uint32_t left = buses; left; left &= left - 1) {
		struct bus *bus = &m->bus[__builtin_ctz(left)];
		float *to = bus->to[side] + p->at;

		if (bus->started[side].count != p->n) {
			all_send(m, heard, bus, side, x, &whole, p);
		} else if (waits) {
			samples_add_to_two(waits, to, x, p->n);
			waits = NULL;
		} else {
			waits = to;
		}
	}
	if (waits)
		samples_add(waits, x, p->n);
}

/* Of those that moved: which have arrived, and where. */
static void
sends_settle(struct strip *s, uint64_t frame)
{
	for (uint32_t left = s->moving; left; left &= left - 1) {
		uint32_t b = (uint32_t)__builtin_ctz(left);
		uint8_t bit = (uint8_t)(1u << b);

		if (!glide_rests(&s->send[b], frame))
			continue;
		s->moving &= (uint8_t)~bit;
		s->fed &= (uint8_t)~bit;
		s->fed |= s->send[b].ramp.to == 0.0f ? 0 : bit;
	}
}

RT void
mixer_strip_send(struct mixer *m, struct strip *s, const struct side side[2],
	const struct frames *heard, const struct chunk *p)
{
	uint32_t buses = m->heard & ~(uint32_t)s->kept_out;
	uint32_t all, spans = 0;
	const struct glide *last = NULL;

	sends_settle(s, m->frame);
	all = heard->count == p->n
		      ? buses & s->fed & ~(uint32_t)s->moving & m->heard_all
		      : 0;
	for (int i = 0; i < 2; i++)
		if (side[i].x)
			buses_add(m, all, heard, i, side[i].x, p);
	buses &= (s->fed | s->moving) & ~all;
	for (uint32_t left = buses; left; left &= left - 1) {
		uint32_t b = (uint32_t)__builtin_ctz(left);

		spans = spans_find(m, &s->send[b], last, spans, p->n);
		last = &s->send[b];
		spans_send(m, spans, &m->bus[b], side, heard, p);
	}
}
