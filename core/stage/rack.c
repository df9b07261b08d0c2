/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stage/rack.h"

#include <string.h>

#include "core/limits.h"
#include "core/samples.h"

/* How a stage of the tick takes the frames up to the next tick. */
enum rack_way {
	RACK_PASS,   /* they stay as they are */
	RACK_RUN,    /* the state is that of the frame before */
	RACK_SILENT, /* it failed */
};

RT bool
rack_crosses(const struct rack *r, const struct rack_plan *plan,
	uint8_t parameter, float to)
{
	const struct stage_value *value = rack_plan_value(plan, parameter);

	return value && !r->both && to != value->rest &&
	       plan->stage[plan->stage_of[plan->value_of[parameter]]]->crosses;
}

RT struct glide *
rack_wake(struct rack *r, const struct rack_plan *plan, uint8_t parameter,
	float to)
{
	uint8_t value = plan->value_of[parameter];

	if (value == RACK_NONE)
		return NULL;
	r->both |= rack_crosses(r, plan, parameter, to);
	r->awake |= 1u << plan->stage_of[value];
	return &r->value[value];
}

RT void
rack_forget(struct rack *r)
{
	memset(r->way, RACK_PASS, sizeof(r->way));
	r->next = UINT64_MAX;
}

RT void
side_own(struct side *side, uint32_t n)
{
	if (side->x == side->own)
		return;
	if (side->x)
		samples_copy(side->own, side->x, n);
	else
		samples_clear(side->own, n);
	side->x = side->own;
}

/* Rounding keeps the order of sizes: the largest sample stays the largest. */
static void
peak_scale(struct side *side, float by)
{
	float peak;

	memcpy(&peak, &side->peak_bits, sizeof(peak));
	peak *= by;
	memcpy(&side->peak_bits, &peak, sizeof(peak));
}

/* ---- levels ---- */

static void
span_run(const struct stage *s, const struct side side[2],
	const struct glide_span *g, const float *values)
{
	struct stage_span span = {.moves = g->moves ? values + g->at : NULL,
		.level = g->level,
		.n = g->n};

	for (int i = 0; i < 2; i++) {
		span.to[i] = side[i].own + g->at;
		span.x[i] = side[i].x ? side[i].x + g->at : NULL;
	}
	if (g->moves || g->level != s->value->rest) {
		s->level(&span);
		return;
	}
	for (int i = 0; i < 2; i++)
		if (span.x[i] && span.x[i] != span.to[i])
			samples_copy(span.to[i], span.x[i], g->n);
}

RT void
rack_level(const struct stage *s, const struct glide *g, struct side side[2],
	struct passage *t)
{
	const struct glide_span whole = {.n = t->n, .level = g->ramp.to};
	const struct glide_span *span = &whole;
	uint32_t spans = 1;

	if (glide_rests_at(g, t->frame, s->value->rest))
		return;
	if (!glide_rests(g, t->frame)) {
		spans = glide_spans(g, t);
		span = t->span;
	}
	for (int i = 0; s->crosses && i < 2; i++)
		side_own(&side[i], t->n);
	for (uint32_t k = 0; k < spans; k++)
		span_run(s, side, &span[k], t->values);
	for (int i = 0; i < 2; i++) {
		if (!side[i].x)
			continue;
		side[i].x = side[i].own;
		if (s->scales && span == &whole)
			peak_scale(&side[i], g->ramp.to);
		else
			side[i].measured = false;
	}
}

/* ---- the tick ---- */

/* A stage at its place in a rack, and the sound there. */
struct place {
	const struct stage *stage;
	const struct glide *value; /* [stage->values] */
	void *state;
	uint8_t *way;
	struct side *side; /* [2] */
	bool gap;
	uint32_t *awake; /* of the rack */
	uint32_t bit;
};

/* Are all its values at rest in this chunk, where they rest? */
static bool
values_rest(const struct place *p, const struct passage *t)
{
	for (uint32_t v = 0; v < p->stage->values; v++)
		if (!p->stage->value[v].follows &&
			!glide_rests_at(&p->value[v], t->frame,
				p->stage->value[v].rest))
			return false;
	return true;
}

static void
tick(const struct place *p, const struct passage *t, uint32_t at)
{
	float value[STAGE_VALUES_MAX];
	const struct stage_tick now = {.value = value,
		.rate_hz = t->rate_hz,
		.begins = *p->way != RACK_RUN,
		.wakes = *p->way == RACK_PASS && !(p->gap && at == 0)};

	for (uint32_t v = 0; v < p->stage->values; v++)
		value[v] = glide_at(&p->value[v], t, at);
	if (now.begins)
		memset(p->state, 0, p->stage->state_bytes);
	*p->way = p->stage->prepare(p->state, &now) ? RACK_RUN : RACK_PASS;
}

/* The first frame at which a side is no number; n: none is. */
static uint32_t
first_bad(float *const x[2], uint32_t n)
{
	for (uint32_t at = 0; at < n; at++)
		for (int i = 0; i < 2; i++)
			if (sample_size_bits(&x[i][at]) >= SAMPLE_INFINITY_BITS)
				return at;
	return n;
}

/* From frame `at` of the chunk on: where it is, silence for a side that is not
 * connected. */
struct piece {
	float *x[2];
	_Alignas(STAGE_ALIGN) float silence[2][STAGE_TICK];
};

static void
piece_begin(struct piece *piece, const struct place *p, uint32_t at,
	const struct passage *t)
{
	for (int i = 0; i < 2; i++) {
		struct side *side = &p->side[i];

		if (side->x)
			side_own(side, t->n);
		else
			samples_clear(piece->silence[i], STAGE_TICK);
		side->measured = false;
		piece->x[i] = side->x ? side->own + at : piece->silence[i];
	}
}

static void
piece_end(const struct piece *piece, const struct place *p, struct passage *t,
	uint32_t n)
{
	float *const *x = piece->x;
	uint32_t good = 0;

	if (*p->way == RACK_RUN) {
		if (samples_are_numbers(x[0], n) &&
			samples_are_numbers(x[1], n))
			return;
		good = first_bad(x, n);
		*p->way = RACK_SILENT;
		t->failures++;
	}
	for (int i = 0; i < 2; i++)
		samples_clear(x[i] + good, n - good);
}

/* Of those that have something to do. */
static void
pieces_run(const struct stage *s, const struct place *const p[],
	uint32_t places, struct passage *t, uint32_t at, uint32_t n)
{
	struct piece piece[RACK_TURNS];
	uint32_t run = 0;

	for (uint32_t k = 0; k < places; k++) {
		piece_begin(&piece[k], p[k], at, t);
		run += *p[k]->way == RACK_RUN;
	}
	if (places == RACK_TURNS && run == places && s->run_two) {
		void *const state[2] = {p[0]->state, p[1]->state};
		float *const x[2][2] = {{piece[0].x[0], piece[0].x[1]},
			{piece[1].x[0], piece[1].x[1]}};

		s->run_two(state, x, n);
	} else {
		for (uint32_t k = 0; k < places; k++)
			if (*p[k]->way == RACK_RUN)
				s->run(p[k]->state, piece[k].x, n);
	}
	for (uint32_t k = 0; k < places; k++)
		piece_end(&piece[k], p[k], t, n);
}

static void
tick_run(const struct stage *s, const struct place p[], uint32_t places,
	struct passage *t)
{
	const struct place *busy[RACK_TURNS];
	uint32_t n, count;

	for (uint32_t at = 0; at < t->n; at += n) {
		uint32_t past = (t->frame + at) % STAGE_TICK;

		n = STAGE_TICK - past < t->n - at ? STAGE_TICK - past
						  : t->n - at;
		count = 0;
		for (uint32_t k = 0; k < places; k++) {
			if (past == 0 || (p[k].gap && at == 0))
				tick(&p[k], t, at);
			if (*p[k].way != RACK_PASS)
				busy[count++] = &p[k];
		}
		pieces_run(s, busy, count, t, at, n);
	}
}

/* ---- all of it ---- */

/* Until a value moves nothing is left to do for one that rests now. */
static void
stage_run(const struct stage *s, const struct place p[], uint32_t places,
	struct passage *t)
{
	for (uint32_t k = 0; s->level && k < places; k++)
		rack_level(s, p[k].value, p[k].side, t);
	if (!s->level)
		tick_run(s, p, places, t);
	for (uint32_t k = 0; k < places; k++)
		if (values_rest(&p[k], t) &&
			(s->level || *p[k].way == RACK_PASS))
			*p[k].awake &= ~p[k].bit;
}

static void
turn_begin(struct rack_turn *turn, const struct passage *t)
{
	struct rack *r = turn->rack;

	turn->gap = r->next != t->frame;
	if (turn->gap && r->awake)
		rack_forget(r);
	r->next = t->frame + t->n;
	for (int i = 0; r->both && i < 2; i++)
		if (!turn->side[i].x)
			side_own(&turn->side[i], t->n);
}

RT void
rack_run(struct rack_turn turn[], uint32_t turns, const struct rack_plan *plan,
	struct passage *t)
{
	uint32_t awake = 0;

	for (uint32_t k = 0; k < turns; k++) {
		turn_begin(&turn[k], t);
		awake |= turn[k].rack->awake;
	}
	for (uint32_t left = awake; left; left &= left - 1) {
		uint32_t s = (uint32_t)__builtin_ctz(left), places = 0;
		struct place p[RACK_TURNS];

		for (uint32_t k = 0; k < turns; k++) {
			struct rack *r = turn[k].rack;

			if (r->awake >> s & 1)
				p[places++] = (struct place){plan->stage[s],
					&r->value[plan->first[s]],
					r->state + plan->state_at[s],
					&r->way[s], turn[k].side, turn[k].gap,
					&r->awake, 1u << s};
		}
		stage_run(plan->stage[s], p, places, t);
	}
}

RT uint32_t
rack_delay(const struct rack *r, const struct rack_plan *plan, uint32_t rate_hz)
{
	uint32_t frames = 0;

	for (uint32_t left = r->awake; left; left &= left - 1) {
		uint32_t k = (uint32_t)__builtin_ctz(left);

		if (plan->stage[k]->delay && r->way[k] != RACK_PASS)
			frames += plan->stage[k]->delay(rate_hz);
	}
	return frames;
}
