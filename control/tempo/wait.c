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

/* ---- what is there ---- */

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

static struct param_change
now_of(const struct tempo *t, uint32_t id)
{
	struct param_change now = {.id = id};

	param_get(t->params, id, &now.value);
	return now;
}

static bool
is_now(const struct tempo *t, const struct param_change *change)
{
	const struct param_change now = now_of(t, change->id);

	return !asks(t, change->id) && is_same(&now.value, &change->value);
}

/* It was heard, and nobody has looked since. */
static bool
has_landed(const struct tempo *t, const struct wait *w)
{
	return w->posted && (double)w->frame < tempo_now(t);
}

/* With the mixer, but as it is now: it was taken back too late for more. */
static bool
comes_to_nothing(const struct tempo *t, const struct wait *w)
{
	return has_landed(t, w) ||
	       (w->posted && !w->fire && is_now(t, &w->change));
}

/* How many wait. */
static uint32_t
wait_count(const struct tempo *t)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->waits; i++)
		n += !comes_to_nothing(t, &t->wait[i]);
	return n;
}

/* ---- what is shown of it ---- */

static void
show(struct tempo *t)
{
	double waiting[STRIPS_MAX] = {0.0};
	uint32_t waits = wait_count(t);

	for (uint32_t i = 0; i < t->waits; i++)
		if (t->wait[i].strip >= 0 && !comes_to_nothing(t, &t->wait[i]))
			waiting[t->wait[i].strip] = 1.0;
	for (uint32_t i = 0; i < t->strips; i++)
		if (waiting[i] != tempo_row(t, t->strip_pending[i]))
			tempo_put(t, t->strip_pending[i], waiting[i]);
	if (waits != tempo_row(t, t->pending))
		tempo_put(t, t->pending, waits);
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

static enum param_when
when_of(const struct tempo *t, bool by_quantise, enum param_when when)
{
	if (when != PARAM_AS_SET)
		return when;
	return by_quantise ? t->when : PARAM_AT_ONCE;
}

/* It waits already, and is asked for once more. */
static bool
press_again(struct tempo *t, struct wait *w, const struct param_change *change)
{
	bool same = is_same(&w->change.value, &change->value);

	if (w->posted) /* too late to take it back */
		return same;
	if (same || is_now(t, change)) {
		give_up(t, w);
		show(t);
		return true;
	}
	w->change = *change;
	return true;
}

/* On its way to the mixer: a newer word follows it on the same frame. */
static void
follow(struct tempo *t, struct wait *w, const struct param_change *change,
	uint32_t source)
{
	w->change = *change;
	param_schedule_frame(t->params, change, 1, w->frame, source);
}

/* The value of now does where it is taken back, and a hand's at once, which
 * holds on that frame as well. Another value lands on that frame, too, for
 * whatever beat it is asked. */
static void
follow_press(struct tempo *t, struct wait *w, const struct param_change *change,
	uint32_t source, bool at_once)
{
	const struct param_change now = now_of(t, change->id);
	bool again = !at_once && is_same(&w->change.value, &change->value);

	follow(t, w, again ? &now : change, source);
	show(t);
}

/* What waits of a parameter; what has landed does no more. */
static struct wait *
find_waiting(struct tempo *t, uint32_t id)
{
	struct wait *w = find(t, id);

	if (!w || !has_landed(t, w))
		return w;
	take_out(t, w);
	return NULL;
}

static bool
gate_take(void *data, const struct param_change *change, bool by_quantise,
	uint32_t source, enum param_when when)
{
	struct tempo *t = data;
	struct wait *w = find_waiting(t, change->id);
	bool at_once;
	struct grid g;

	when = when_of(t, by_quantise, when);
	tempo_grid(t, &g);
	at_once = when == PARAM_AT_ONCE || !g.runs;
	if (w && w->posted && !asks(t, change->id)) {
		follow_press(t, w, change, source, at_once);
		return !at_once;
	}
	if (at_once) {
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

	if (!w || comes_to_nothing(data, w))
		return false;
	*out = w->change.value;
	return true;
}

static void
gate_cancel(void *data, const char *why)
{
	struct tempo *t = data;

	for (uint32_t i = 0; i < t->waits; i++) {
		struct wait *w = &t->wait[i];
		struct param_change now;

		if (!w->posted || w->fire || asks(t, w->change.id))
			continue;
		now = now_of(t, w->change.id);
		follow(t, w, &now, PARAM_SOURCE_NONE);
	}
	wait_cancel(t, why);
}

static uint32_t
gate_count(void *data)
{
	return wait_count(data);
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
