/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/glide.h"

#include <stddef.h>

RT void
glide_init(struct glide *g, float value)
{
	ramp_jump(&g->ramp, value);
	g->first = g->last = -1;
}

static int16_t
log_add(struct glide_log *log, uint32_t at, const struct ramp *ramp)
{
	log->change[log->changes] = (struct glide_change){
		.ramp = *ramp, .at = (uint16_t)at, .next = -1};
	return (int16_t)log->changes++;
}

RT void
glide_turn(struct glide *g, struct glide_log *log, uint32_t at,
	const struct ramp *ramp)
{
	if (at > 0 && g->first < 0) {
		g->first = g->last = log_add(log, 0, &g->ramp);
		log->glide[log->glides++] = g;
	}
	g->ramp = *ramp;
	if (at == 0)
		return;
	if (log->change[g->last].at == at) {
		log->change[g->last].ramp = *ramp;
		return;
	}
	log->change[g->last].next = log_add(log, at, ramp);
	g->last = log->change[g->last].next;
}

RT void
glide_go(struct glide *g, const struct glide_time *t, float to, uint32_t frames,
	enum ramp_law law)
{
	struct ramp way = g->ramp;

	ramp_start(&way, t->start + t->at, to, frames, law);
	glide_turn(g, t->log, t->at, &way);
}

RT void
glide_log_end(struct glide_log *log)
{
	for (uint32_t i = 0; i < log->glides; i++)
		log->glide[i]->first = log->glide[i]->last = -1;
	log->changes = log->glides = 0;
}

/* What goes on as it was is no span of its own. */
static uint32_t
span_add(struct glide_span *span, uint32_t count, const struct glide_span *more)
{
	struct glide_span *last = &span[count - 1];

	if (count > 0 && last->moves == more->moves &&
		(more->moves || last->level == more->level)) {
		last->n += more->n;
		return count;
	}
	span[count] = *more;
	return count + 1;
}

/* Of one ramp, from frame `at` of the chunk to `end`: what of it moves, and
 * what rests. */
static uint32_t
ramp_spans(const struct ramp *r, uint64_t frame, uint32_t at, uint32_t end,
	struct glide_span *span, uint32_t count, float *value)
{
	uint32_t rest = at;

	if (!ramp_rests(r, frame + at)) {
		rest = r->end - frame < end ? (uint32_t)(r->end - frame) : end;
		if (value)
			ramp_fill(r, frame + at, value + at, rest - at);
		count = span_add(span, count,
			&(struct glide_span){
				.at = at, .n = rest - at, .moves = true});
	}
	if (rest == end)
		return count;
	return span_add(span, count,
		&(struct glide_span){
			.at = rest, .n = end - rest, .level = r->to});
}

static uint32_t
spans_find(const struct glide *g, struct passage *t, float *value)
{
	const struct glide_log *log = &t->log;
	uint32_t count = 0;

	if (g->first < 0)
		return ramp_spans(
			&g->ramp, t->frame, 0, t->n, t->span, 0, value);
	for (int i = g->first; i >= 0; i = log->change[i].next) {
		const struct glide_change *c = &log->change[i];
		uint32_t end = c->next >= 0 ? log->change[c->next].at : t->n;

		count = ramp_spans(
			&c->ramp, t->frame, c->at, end, t->span, count, value);
	}
	return count;
}

RT uint32_t
glide_spans(const struct glide *g, struct passage *t)
{
	return spans_find(g, t, t->values);
}

RT float
glide_at(const struct glide *g, const struct passage *t, uint32_t at)
{
	const struct ramp *ramp = &g->ramp;

	for (int i = g->first; i >= 0 && t->log.change[i].at <= at;
		i = t->log.change[i].next)
		ramp = &t->log.change[i].ramp;
	return ramp_at(ramp, t->frame + at);
}

RT const struct frames *
glide_heard(const struct glide *g, struct passage *t, const struct frames *of,
	struct frames *room)
{
	uint32_t spans;

	if (glide_rests(g, t->frame))
		return g->ramp.to != 0.0f ? of : NULL;
	frames_clear(room);
	spans = spans_find(g, t, NULL);
	for (const struct glide_span *s = t->span; s < t->span + spans; s++)
		if (s->moves || s->level != 0.0f)
			frames_add_of(room, of, s->at, s->at + s->n);
	return room->count > 0 ? room : NULL;
}
