/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/tempo/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS	   3	  /* of weighing anew */
#define STANDS_OUT 2.5	  /* spreads from the line: weighs less from there on */
#define MISSES	   3.0	  /* spreads from the line: is missed */
#define FLOOR	   0.1	  /* of `miss`: the least that a spread is taken for */
#define NORMAL	   1.4826 /* of a normal distribution's median distance */

void
fit_init(struct fit *f, const struct fit_config *config)
{
	memset(f, 0, sizeof(*f));
	f->config = *config;
}

void
fit_forget(struct fit *f)
{
	f->ticks = f->missed = 0;
}

double
fit_time(const struct fit *f, double number)
{
	return f->time + (number - f->tick[f->ticks - 1].number) * f->period;
}

double
fit_number(const struct fit *f, double time)
{
	return f->tick[f->ticks - 1].number + (time - f->time) / f->period;
}

static double
distance(const struct fit *f, uint32_t i)
{
	return f->tick[i].time - fit_time(f, f->tick[i].number);
}

/* The line of these weights. Sums are of distances from the last tick: small
 * numbers, however long it has run. */
static void
line(struct fit *f, const double *weight)
{
	const struct fit_tick *last = &f->tick[f->ticks - 1];
	double w = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;

	for (uint32_t i = 0; i < f->ticks; i++) {
		double dx = f->tick[i].number - last->number;
		double dy = f->tick[i].time - last->time;

		w += weight[i];
		x += weight[i] * dx;
		y += weight[i] * dy;
		xx += weight[i] * dx * dx;
		xy += weight[i] * dx * dy;
	}
	f->period = (w * xy - x * y) / (w * xx - x * x);
	f->time = last->time + (y - f->period * x) / w;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* By the median: what stands out does not count. */
static double
spread(const struct fit *f)
{
	double size[FIT_TICKS_MAX], least = FLOOR * f->config.miss;

	if (f->ticks == 0)
		return least;
	for (uint32_t i = 0; i < f->ticks; i++)
		size[i] = fabs(distance(f, i));
	qsort(size, f->ticks, sizeof(size[0]), by_size);
	return fmax(NORMAL * size[f->ticks / 2], least);
}

static void
weigh(const struct fit *f, double *weight)
{
	for (uint32_t i = 0; i < f->ticks; i++) {
		double far = fabs(distance(f, i)) / (STANDS_OUT * f->spread);

		weight[i] = far > 1.0 ? 1.0 / (far * far) : 1.0;
	}
}

static void
solve(struct fit *f)
{
	double weight[FIT_TICKS_MAX];

	for (uint32_t i = 0; i < f->ticks; i++)
		weight[i] = 1.0;
	for (int round = 0; round < ROUNDS; round++) {
		line(f, weight);
		f->spread = spread(f);
		weigh(f, weight);
	}
}

/* True: the tempo is another one. */
static bool
misses(struct fit *f, double by)
{
	bool late = by > 0.0;

	if (f->ticks < 3 ||
		fabs(by) <= fmax(f->config.miss, MISSES * f->spread)) {
		f->missed = 0;
		return false;
	}
	f->missed = late == f->late ? f->missed + 1 : 1;
	f->late = late;
	return f->missed >= f->config.misses;
}

static void
keep_last(struct fit *f, uint32_t n)
{
	if (f->ticks <= n)
		return;
	memmove(f->tick, f->tick + f->ticks - n, n * sizeof(f->tick[0]));
	f->ticks = n;
}

void
fit_add(struct fit *f, double number, double time)
{
	bool changes = fit_holds(f) && misses(f, time - fit_time(f, number));

	if (changes) {
		keep_last(f, f->config.keep);
		f->missed = 0;
	}
	keep_last(f, f->config.most - 1);
	f->tick[f->ticks++] = (struct fit_tick){number, time};
	f->time = time;
	if (fit_holds(f))
		solve(f);
}
