/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The straight line through the newest ticks of a clock: when the next ones
 * come.
 *
 * Least squares over the last `most` ticks. A tick that stands out alone, as
 * one that came late, weighs little. Ticks that miss the line several times in
 * a row and on the same side are a change of tempo: what was before them is
 * forgotten. A loop that follows phase and tempo (DLL) was measured: as quiet
 * as this one it needs three times as long after a change. Pure functions on
 * plain data; any one thread. */
#ifndef FIT_H
#define FIT_H

#include <stdbool.h>
#include <stdint.h>

#define FIT_TICKS_MAX 96

struct fit_config {
	uint32_t most;	 /* ticks, 2..FIT_TICKS_MAX */
	uint32_t misses; /* so many in a row are a change */
	double miss;	 /* at least so far from the line, in time */
	uint32_t keep;	 /* so many before it are kept then */
};

struct fit_tick {
	double number, time;
};

struct fit {
	struct fit_config config;
	struct fit_tick tick[FIT_TICKS_MAX]; /* oldest first */
	uint32_t ticks;
	uint32_t missed; /* in a row, on one side */
	bool late;	 /* that side */
	double period;	 /* of the line; holds from two ticks on */
	double time;	 /* of the line at the last tick's number */
	double spread;	 /* how far ticks are from it, as a standard deviation
			  */
};

void fit_init(struct fit *f, const struct fit_config *config);
/* A tick of this number, which is greater than those before, came at this time,
 * in any unit. */
void fit_add(struct fit *f, double number, double time);
void fit_forget(struct fit *f);

/* The line stands. */
static inline bool
fit_holds(const struct fit *f)
{
	return f->ticks >= 2;
}

/* When tick `number` came or comes, and which number `time` has. */
double fit_time(const struct fit *f, double number);
double fit_number(const struct fit *f, double time);

#endif
