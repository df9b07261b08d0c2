/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/scene/fades.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "control/model/model_state.h"
#include "control/util/loop.h"
#include "core/level.h"
#include "core/mixer/mixer.h"
#include "core/mixer/ramp.h"

#define FADES_MAX (ROWS_MAX * STRIPS_MAX)

/* What the mixer has not heard of by then has not begun: it may be queued. */
#define RISE_NS 100000000u

_Static_assert(FADES_MAX < UINT16_MAX, "a fade's number fits uint16_t");

int
fades_init(struct fades *f)
{
	f->fade = calloc(FADES_MAX, sizeof(*f->fade));
	f->of = calloc(FADES_MAX, sizeof(*f->of));
	return f->fade && f->of ? 0 : -ENOMEM;
}

void
fades_done(struct fades *f)
{
	free(f->fade);
	free(f->of);
}

enum fade_law
fade_law_of(const struct row *row)
{
	if (row->type != PARAM_FLOAT || row->of || !row->mix)
		return FADE_NOT;
	if (!row->law)
		return FADE_EVEN;
	if (row->law != level_linear)
		return FADE_NOT;
	return row->min > LEVEL_MIN_DB ? FADE_DB : FADE_FADER;
}

/* ---- the clock: frames of the mixer, or ns while there is none ---- */

/* When the graph stands still it goes on as if it ran: faders are not to wait
 * for somebody who plays. */
static double
clock_now(const struct model *c)
{
	uint64_t frame, time_ns, now_ns = loop_now_ns();

	if (!c->feed.mixer)
		return (double)now_ns;
	if (!mixer_clock(c->feed.mixer, &frame, &time_ns))
		return 0.0;
	if (now_ns < time_ns)
		return (double)frame;
	return (double)frame +
	       (double)(now_ns - time_ns) * 1e-9 * c->feed.rate_hz;
}

static double
ticks_of(const struct model *c, uint64_t ns)
{
	return c->feed.mixer ? (double)ns * 1e-9 * c->feed.rate_hz : (double)ns;
}

/* 0..1 */
static double
way_at(const struct model *c, const struct fade *f, double at)
{
	double gone = at - f->start;
	double whole = ticks_of(c, f->length_ns);

	if (gone >= whole)
		return 1.0;
	return gone > 0.0 ? gone / whole : 0.0;
}

static double
way_now(const struct model *c, const struct fade *f)
{
	return way_at(c, f, clock_now(c));
}

uint64_t
fades_left_ns(const struct model *c, const struct fade *f)
{
	return (uint64_t)((double)f->length_ns * (1.0 - way_now(c, f)));
}

static void
start(struct model *c, struct fade *f, uint64_t frame)
{
	double now = clock_now(c);

	f->start = now;
	f->start_frame = frame;
	if (!c->feed.mixer)
		return;
	if (f->start_frame < mixer_frame(c->feed.mixer))
		f->start_frame = mixer_frame(c->feed.mixer);
	if ((double)f->start_frame > now)
		f->start = (double)f->start_frame;
}

bool
fade_ends(const struct model *c, const struct fade *f)
{
	return way_now(c, f) >= 1.0;
}

/* ---- which they are ---- */

static uint32_t
place_of(enum row_name row, struct place at)
{
	return (uint32_t)row * STRIPS_MAX +
	       (at.strip == PLACE_BUS ? at.bus : at.strip);
}

struct fade *
fades_find(const struct model *c, enum row_name row, struct place at)
{
	uint16_t i;

	if (c->fades.count == 0)
		return NULL;
	i = c->fades.of[place_of(row, at)];
	return i ? &c->fades.fade[i - 1] : NULL;
}

void
fades_add(struct model *c, const struct fade *f, uint64_t frame)
{
	struct fades *all = &c->fades;
	enum row_name row = f->row;

	fades_drop(c, row, f->at);
	all->fade[all->count] = *f;
	start(c, &all->fade[all->count], frame);
	all->of[place_of(row, f->at)] = (uint16_t)++all->count;
}

bool
fades_drop(struct model *c, enum row_name row, struct place at)
{
	struct fades *all = &c->fades;
	struct fade *f = fades_find(c, row, at);
	const struct fade *last;

	if (!f)
		return false;
	all->of[place_of(row, at)] = 0;
	last = &all->fade[--all->count];
	if (f == last)
		return true;
	*f = *last;
	all->of[place_of(f->row, f->at)] = (uint16_t)(f - all->fade + 1);
	return true;
}

/* ---- where they are ---- */

double
fade_number(const struct model *c, const struct fade *f)
{
	double way = way_now(c, f);
	double here = f->from + (f->to - f->from) * way;

	if (f->law == FADE_LATE)
		return kept_number(&c->kept, f->row, f->at);
	return fade_is_on_scale(f) ? level_from_fader(here) : here;
}

double
fades_number(const struct model *c, enum row_name row, struct place at)
{
	const struct fade *f = fades_find(c, row, at);

	return f ? fade_number(c, f) : kept_number(&c->kept, row, at);
}

void
fades_message(const struct model *c, enum row_name row, struct place at,
	uint64_t frame, struct message *m)
{
	static const uint8_t laws[] = {
		[FADE_EVEN] = RAMP_LINEAR,
		[FADE_DB] = RAMP_DB,
		[FADE_FADER] = RAMP_FADER,
		[FADE_RISE] = RAMP_RISE,
	};
	const struct fade *f = fades_find(c, row, at);
	double way, left_s;

	if (!f || f->law == FADE_LATE || c->fades.held)
		return;
	way = way_at(c, f, fmax(clock_now(c), (double)frame));
	left_s = (double)f->length_ns * 1e-9 * (1.0 - way);
	m->target = f->target;
	m->ramp = (uint32_t)llround(left_s * c->feed.rate_hz);
	m->law = laws[f->law];
	if (f->law == FADE_RISE && (double)f->length_ns * way > RISE_NS)
		m->law = RAMP_FADER;
}

/* ---- another mixer ---- */

void
fades_pause(struct model *c)
{
	for (uint32_t i = 0; i < c->fades.count; i++) {
		struct fade *f = &c->fades.fade[i];
		double way = way_now(c, f);

		if (f->law != FADE_LATE)
			values_put(kept_at(&c->kept, f->row, f->at),
				fade_number(c, f));
		f->length_ns = fades_left_ns(c, f);
		f->from += (f->to - f->from) * way;
		if (f->law == FADE_RISE)
			f->law = FADE_FADER;
	}
}

void
fades_go_on(struct model *c)
{
	for (uint32_t i = 0; i < c->fades.count; i++)
		start(c, &c->fades.fade[i], 0);
}
