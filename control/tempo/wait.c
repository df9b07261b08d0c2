/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What waits for a beat, and how it lands on its sample: until shortly before
 * it is kept here, by the beat's number and not its time, and can be taken
 * back. Then it is posted for the frame that the beat is known to have by now.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "control/tempo/tempo_own.h"
#include "core/mixer/mixer.h"

#define SPARE_S 0.005 /* a timer may be so late */
#define NEAR	0.02  /* of a tick: that beat is this one, and has begun */

static const double units[PARAM_WHENS] = {
	[PARAM_ON_BEAT] = GRID_BEAT,
	[PARAM_ON_BAR] = GRID_BAR,
	[PARAM_ON_2BARS] = 2 * GRID_BAR,
	[PARAM_ON_4BARS] = 4 * GRID_BAR,
};

static double
block(const struct tempo *t)
{
	return t->config.block ? t->config.block(t->config.data) : 0.0;
}

/* ---- what is shown of it ---- */

static void
show(struct tempo *t)
{
	double waiting[STRIPS_MAX] = {0.0};

	for (uint32_t i = 0; i < t->waits; i++)
		if (t->wait[i].strip >= 0)
			waiting[t->wait[i].strip] = 1.0;
	for (uint32_t i = 0; i < t->strips; i++)
		if (waiting[i] != tempo_row(t, t->strip_pending[i]))
			tempo_put(t, t->strip_pending[i], waiting[i]);
	if (t->waits != tempo_row(t, t->pending))
		tempo_put(t, t->pending, t->waits);
}

static int
strip_of(const struct tempo *t, uint32_t id)
{
	struct param_info info;
	unsigned strip;

	param_info(t->params, id, &info);
	if (sscanf(info.address, "/strip/%u/", &strip) != 1)
		return -1;
	return (int)strip - 1;
}

/* ---- the list ---- */

static struct wait *
find(struct tempo *t, uint32_t id)
{
	for (uint32_t i = 0; i < t->waits; i++)
		if (!t->wait[i].fire && t->wait[i].change.id == id)
			return &t->wait[i];
	return NULL;
}

static void
take_out(struct tempo *t, struct wait *w)
{
	uint32_t i = (uint32_t)(w - t->wait);

	t->waits--;
	memmove(w, w + 1, (t->waits - i) * sizeof(*w));
}

/* Its lamp is as it was, and whoever shows it otherwise hears so. */
static void
give_up(struct tempo *t, struct wait *w)
{
	struct wait was = *w;

	take_out(t, w);
	if (was.fire && was.gone)
		was.gone(was.data);
	else if (!was.fire)
		param_tell(t->params, was.change.id);
}

/* The next beat for which there is time. */
static double
next_position(const struct tempo *t, const struct grid *g, double unit)
{
	double first = grid_position(g, tempo_now(t) + block(t));

	return unit * ceil((first + NEAR) / unit);
}

static void
add(struct tempo *t, const struct grid *g, enum param_when when,
	const struct wait *what)
{
	struct wait *w = &t->wait[t->waits++];

	*w = *what;
	w->unit = units[when];
	w->position = next_position(t, g, w->unit);
	show(t);
	timer_sooner(&t->timer, 0);
}

/* ---- the gate ---- */

static bool
is_same(const struct param_value *a, const struct param_value *b)
{
	if (a->type == PARAM_FLOAT)
		return (float)a->f == (float)b->f;
	if (a->type == PARAM_INT)
		return a->i == b->i;
	return !strncmp(a->s, b->s, sizeof(a->s));
}

/* It has something done: there is nothing that it is by now. */
static bool
asks(const struct tempo *t, uint32_t id)
{
	struct param_info info;

	param_info(t->params, id, &info);
	return info.asks;
}

static bool
is_now(const struct tempo *t, const struct param_change *change)
{
	struct param_value now;

	param_get(t->params, change->id, &now);
	return !asks(t, change->id) && is_same(&now, &change->value);
}

static enum param_when
when_of(const struct tempo *t, bool by_quantise, enum param_when when)
{
	if (when != PARAM_AS_SET)
		return when;
	return by_quantise ? t->when : PARAM_AT_ONCE;
}

/* It waits already. */
static bool
press_again(struct tempo *t, struct wait *w, const struct param_change *change)
{
	if (w->posted) /* too late to take it back */
		return is_same(&w->change.value, &change->value);
	if (is_same(&w->change.value, &change->value) || is_now(t, change)) {
		give_up(t, w);
		show(t);
		return true;
	}
	w->change = *change;
	return true;
}

static bool
gate_take(void *data, const struct param_change *change, bool by_quantise,
	uint32_t source, enum param_when when)
{
	struct tempo *t = data;
	struct wait *w = find(t, change->id);
	struct grid g;

	when = when_of(t, by_quantise, when);
	tempo_grid(t, &g);
	if (when == PARAM_AT_ONCE || !g.runs) {
		if (w && !w->posted) {
			take_out(t, w);
			show(t);
		}
		return false;
	}
	if (w)
		return press_again(t, w, change);
	if (is_now(t, change) || t->waits == WAITS_MAX)
		return false;
	add(t, &g, when,
		&(struct wait){.change = *change,
			.source = source,
			.strip = strip_of(t, change->id)});
	return true;
}

static bool
gate_waits(void *data, bool by_quantise, enum param_when when)
{
	return when_of(data, by_quantise, when) != PARAM_AT_ONCE;
}

static bool
gate_pending(void *data, uint32_t id, struct param_value *out)
{
	struct wait *w = find(data, id);

	if (w)
		*out = w->change.value;
	return w != NULL;
}

/* It is too late to take it back: what is now is so behind it as well. */
static void
undo_posted(struct tempo *t, const struct wait *w)
{
	struct param_change now = {.id = w->change.id};

	param_get(t->params, now.id, &now.value);
	param_schedule_frame(t->params, &now, 1, w->frame, PARAM_SOURCE_NONE);
}

static void
gate_cancel(void *data, const char *why)
{
	struct tempo *t = data;

	for (uint32_t i = 0; i < t->waits; i++)
		if (t->wait[i].posted && !t->wait[i].fire &&
			!asks(t, t->wait[i].change.id))
			undo_posted(t, &t->wait[i]);
	wait_cancel(t, why);
}

static uint32_t
gate_count(void *data)
{
	return ((const struct tempo *)data)->waits;
}

void
wait_gate(struct tempo *t, struct param_gate *out)
{
	*out = (struct param_gate){.take = gate_take,
		.waits = gate_waits,
		.pending = gate_pending,
		.count = gate_count,
		.cancel = gate_cancel,
		.data = t};
}

bool
tempo_wait(struct tempo *t, enum param_when when,
	void (*fire)(void *data, uint64_t frame), void (*gone)(void *data),
	void *data)
{
	struct grid g;

	for (uint32_t i = 0; i < t->waits; i++) {
		struct wait *w = &t->wait[i];

		if (!w->fire || w->data != data || w->posted)
			continue;
		give_up(t, w);
		show(t);
		return false;
	}
	when = when_of(t, true, when);
	tempo_grid(t, &g);
	if (when == PARAM_AT_ONCE || !g.runs || t->waits == WAITS_MAX)
		fire(data, 0);
	else
		add(t, &g, when,
			&(struct wait){.fire = fire,
				.gone = gone,
				.data = data,
				.strip = -1});
	return true;
}

/* ---- time ---- */

/* How long before its frame it is posted. */
static double
lead(const struct tempo *t, const struct grid *g)
{
	return fmax(g->tick, 2.0 * block(t)) + SPARE_S * t->rate_hz;
}

static void
post(struct tempo *t, struct wait *w, double frame)
{
	struct wait is;

	w->posted = true;
	w->frame = (uint64_t)fmax(round(frame), 1.0);
	is = *w; /* what it does may change the list */
	if (is.fire)
		is.fire(is.data, is.frame);
	else if (asks(t, is.change.id)) /* it looks after its frame itself */
		param_apply(t->params, &is.change, 1, is.frame, is.source);
	else
		param_schedule_frame(
			t->params, &is.change, 1, is.frame, is.source);
}

/* The first that is to be posted by now, or NULL. */
static struct wait *
due(struct tempo *t, const struct grid *g, double now)
{
	for (uint32_t i = 0; g->runs && i < t->waits; i++) {
		struct wait *w = &t->wait[i];

		if (!w->posted &&
			grid_frame(g, w->position) - now <= lead(t, g))
			return w;
	}
	return NULL;
}

double
wait_run(struct tempo *t, struct grid *g, double now)
{
	double next = INFINITY;
	struct wait *w;

	/* A scene may bring another tempo, or none. */
	while ((w = due(t, g, now))) {
		post(t, w, grid_frame(g, w->position));
		tempo_grid(t, g);
	}
	for (uint32_t i = t->waits; g->runs && i-- > 0;) {
		double left;

		w = &t->wait[i];
		left = w->posted
			       ? (double)w->frame + 1.0 - now
			       : grid_frame(g, w->position) - now - lead(t, g);
		if (w->posted && left <= 0.0)
			take_out(t, w);
		else
			next = fmin(next, left);
	}
	show(t);
	return next;
}

void
wait_moved(struct tempo *t, const struct grid *g)
{
	for (uint32_t i = 0; g->runs && i < t->waits; i++)
		if (!t->wait[i].posted)
			t->wait[i].position =
				next_position(t, g, t->wait[i].unit);
	timer_sooner(&t->timer, 0);
}

void
wait_cancel(struct tempo *t, const char *why)
{
	char line[240];
	size_t used;
	uint32_t n = 0;

	used = (size_t)snprintf(line, sizeof(line),
		"%s; what waited for the beat is not done:", why);
	while (t->waits > 0) {
		struct wait *w = &t->wait[t->waits - 1];
		struct param_info info;

		if (w->posted) {
			take_out(t, w);
			continue;
		}
		if (!w->fire && used < sizeof(line)) {
			param_info(t->params, w->change.id, &info);
			used += (size_t)snprintf(line + used,
				sizeof(line) - used, " %s", info.address);
		}
		n++;
		give_up(t, w);
	}
	show(t);
	if (n > 0 && t->config.say)
		t->config.say(t->config.data, line);
}
