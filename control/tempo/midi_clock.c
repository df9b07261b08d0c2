/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/tempo/midi_clock.h"

#include <math.h>

#define MISS_S	  0.002 /* from the line, in seconds */
#define MISSES	  4	/* three late ones in a row were seen in an hour */
#define KEEP	  6	/* fewer are noise, more are of the tempo before */
#define NEAR	  0.25	/* of a tick: it is on the line */
#define GAP_TICKS 8.0
#define SIXTEENTH 6.0 /* ticks */

void
midi_clock_init(struct midi_clock *c, double rate_hz)
{
	const struct fit_config fit = {.most = FIT_TICKS_MAX,
		.misses = MISSES,
		.miss = MISS_S * rate_hz,
		.keep = KEEP};

	*c = (struct midi_clock){.rate_hz = rate_hz};
	fit_init(&c->fit, &fit);
}

bool
midi_clock_holds(const struct midi_clock *c)
{
	return c->heard && c->fit.ticks >= MIDI_CLOCK_LEAST;
}

static bool
runs(const struct midi_clock *c)
{
	return midi_clock_holds(c) && !c->stopped && !c->waits;
}

void
midi_clock_grid(const struct midi_clock *c, struct grid *out)
{
	*out = (struct grid){.runs = runs(c)};
	if (!out->runs)
		return;
	out->zero = fit_time(&c->fit, c->zero);
	out->tick = c->fit.period;
}

void
midi_clock_name_beat(struct midi_clock *c, double frame, int of)
{
	struct grid g;

	midi_clock_grid(c, &g);
	if (!g.runs)
		return;
	grid_name_beat(&g, frame, of);
	c->zero = round(fit_number(&c->fit, g.zero));
}

/* How many ticks further this one is. What is missing was lost on the way when
 * it comes where the line has another one. */
static double
further(const struct midi_clock *c, double time)
{
	double n, off;

	if (!midi_clock_holds(c))
		return 1.0;
	n = round(fit_number(&c->fit, time) - c->number);
	off = fabs(time - fit_time(&c->fit, c->number + n));
	if (n < 2.0 || off > NEAR * c->fit.period ||
		time - c->time < (n - 2.0 * NEAR) * c->fit.period)
		return 1.0;
	return n;
}

/* It came behind one that was taken for the one after it. */
static bool
was_late(struct midi_clock *c, double time)
{
	if (c->skipped < 1.0 || time - c->time > 2.0 * NEAR * c->fit.period)
		return false;
	c->skipped -= 1.0;
	return true;
}

static enum midi_clock_news
tick(struct midi_clock *c, double time)
{
	double n;

	if (c->heard && was_late(c, time))
		return MIDI_CLOCK_NOTHING;
	n = further(c, time);
	c->skipped = n - 1.0;
	c->number += n;
	c->time = time;
	if (!c->heard && !c->stopped && !c->waits)
		c->zero = c->number - c->next; /* it just begins */
	c->heard = true;
	fit_add(&c->fit, c->number, time);
	if (!c->waits)
		return MIDI_CLOCK_TICK;
	c->waits = c->stopped = false;
	c->zero = c->number - c->next;
	return MIDI_CLOCK_MOVED;
}

static enum midi_clock_news
stop(struct midi_clock *c)
{
	bool ran = !c->stopped && !c->waits;

	if (ran)
		c->next = c->heard ? c->number + 1.0 - c->zero : c->next;
	c->stopped = true;
	c->waits = false;
	return ran ? MIDI_CLOCK_STOPPED : MIDI_CLOCK_NOTHING;
}

enum midi_clock_news
midi_clock_hear(
	struct midi_clock *c, enum midi_kind kind, uint16_t value, double time)
{
	switch (kind) {
	case MIDI_CLOCK:
		return tick(c, time);
	case MIDI_START:
		c->next = 0.0;
		c->waits = true;
		return MIDI_CLOCK_NOTHING;
	case MIDI_CONTINUE:
		c->waits |= c->stopped;
		return MIDI_CLOCK_NOTHING;
	case MIDI_STOP:
		return stop(c);
	case MIDI_POSITION:
		if (c->stopped && !c->waits)
			c->next = SIXTEENTH * value;
		return MIDI_CLOCK_NOTHING;
	default:
		return MIDI_CLOCK_NOTHING;
	}
}

double
midi_clock_patience(const struct midi_clock *c)
{
	double gap = MIDI_CLOCK_GAP_S * c->rate_hz;

	if (midi_clock_holds(c))
		gap = fmax(gap, GAP_TICKS * c->fit.period);
	return c->time + gap;
}

bool
midi_clock_lost(struct midi_clock *c, double time)
{
	if (!c->heard || time < midi_clock_patience(c))
		return false;
	if (!c->stopped && !c->waits)
		c->next = c->number + 1.0 - c->zero;
	c->heard = false;
	fit_forget(&c->fit);
	return true;
}
