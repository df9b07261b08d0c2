/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/tempo/own_clock.h"

#include <math.h>

#define BEATS	 12   /* that tell the tempo, at most */
#define MISS_S	 0.05 /* a hand is that good */
#define MISSES	 2
#define LONGER	 1.5 /* beats: it is another tempo, or a pause */
#define LEFT_OUT 4.0 /* beats at most */
#define NEAR	 0.2

void
own_clock_init(
	struct own_clock *c, double rate_hz, double min_bpm, double max_bpm)
{
	const struct fit_config beats = {.most = BEATS,
		.misses = MISSES,
		.miss = MISS_S * rate_hz,
		.keep = 1};

	*c = (struct own_clock){.rate_hz = rate_hz,
		.least = 60.0 * rate_hz / max_bpm,
		.most = 60.0 * rate_hz / min_bpm};
	fit_init(&c->beats, &beats);
}

void
own_clock_set(struct own_clock *c, double bpm, double time)
{
	double position = c->grid.runs ? grid_position(&c->grid, time) : 0.0;

	c->grid.runs = true;
	c->grid.tick = grid_tick(bpm, c->rate_hz);
	c->grid.zero = time - position * c->grid.tick;
	c->heard = false;
}

void
own_clock_stop(struct own_clock *c)
{
	c->grid.runs = c->heard = false;
}

/* How many beats after the last one this is; 0: not in time with it. */
static double
further(const struct own_clock *c, double time)
{
	double gap = time - c->time, n;

	if (!c->heard || gap > LEFT_OUT * c->most)
		return 0.0;
	if (!fit_holds(&c->beats))
		return gap >= c->least && gap <= c->most ? 1.0 : 0.0;
	n = round(gap / c->beats.period);
	if (gap < LONGER * c->beats.period)
		return gap >= c->least ? 1.0 : 0.0;
	return n <= LEFT_OUT && fabs(gap / c->beats.period - n) < NEAR ? n
								       : 0.0;
}

/* The nearest beat is at this frame. */
static void
move_to(struct grid *g, double time)
{
	double position = grid_position(g, time);

	g->zero +=
		(position - GRID_BEAT * round(position / GRID_BEAT)) * g->tick;
}

/* What the beats so far make. */
static void
follow(struct own_clock *c)
{
	double tick = c->beats.period / GRID_BEAT;
	double at = c->beats.time;

	if (!c->grid.runs) { /* the first one was the bar's */
		c->grid.runs = true;
		c->grid.tick = tick;
		c->grid.zero = fit_time(&c->beats, c->beats.tick[0].number);
		return;
	}
	move_to(&c->grid, at);
	c->grid.zero = at - grid_position(&c->grid, at) * tick;
	c->grid.tick = tick;
}

void
own_clock_beat(struct own_clock *c, int of, double time)
{
	double n = further(c, time);

	if (n == 0.0)
		fit_forget(&c->beats);
	c->number += n > 0.0 ? n : 1.0;
	c->time = time;
	c->heard = true;
	fit_add(&c->beats, c->number, time);
	if (fit_holds(&c->beats))
		follow(c);
	else if (of > 0 && c->grid.runs)
		move_to(&c->grid, time);
	if (of > 0 && c->grid.runs)
		grid_name_beat(&c->grid, time, of);
}
