/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/clock_out.h"

#include <string.h>

#define FAR 2 /* ticks: the line is another one, not one known better */

_Static_assert(sizeof(double) == sizeof(uint64_t), "a number is a word");

/* The line of now; the one before while control is at it. */
static void
look(struct clock_out *c)
{
	uint64_t zero, tick;

	if (pair_load(&c->set, &zero, &tick) % 2)
		return;
	memcpy(&c->zero, &zero, sizeof(zero));
	memcpy(&c->tick, &tick, sizeof(tick));
}

static int64_t
up(double x)
{
	int64_t whole = (int64_t)x;

	return (double)whole < x ? whole + 1 : whole;
}

static void
put(struct clock_event *out, uint32_t *count, double at, uint32_t n,
	uint8_t byte)
{
	uint32_t offset = at > 0.0 ? (uint32_t)(at + 0.5) : 0;

	if (offset >= n)
		offset = n - 1;
	if (*count > 0 && out[*count - 1].offset > offset)
		offset = out[*count - 1].offset;
	out[(*count)++] = (struct clock_event){offset, byte};
}

/* Which tick is the next one. */
static void
find_next(struct clock_out *c, double frame)
{
	int64_t next = up((frame - c->zero) / c->tick);

	if (c->begun && next - c->next <= FAR && c->next - next <= FAR)
		return;
	/* Who counts along is elsewhere in the bar now. */
	c->starts |= !c->begun || (next - c->next) % CLOCK_OUT_BAR != 0;
	c->next = next;
	c->begun = true;
}

/* FA comes half a tick before its tick: devices want a moment. */
static bool
start_is_due(const struct clock_out *c, double frame, uint32_t n, double *at)
{
	*at = c->zero + ((double)c->next - 0.5) * c->tick - frame;
	return c->starts && c->next % CLOCK_OUT_BAR == 0 && *at + 0.5 < n;
}

RT uint32_t
clock_out_run(struct clock_out *c, uint64_t frame, uint32_t n,
	struct clock_event *out, uint32_t room)
{
	double from = (double)frame, at;
	uint32_t count = 0;

	if (n == 0 || room == 0)
		return 0;
	look(c);
	if (!(c->tick >= 1.0)) {
		if (c->told)
			put(out, &count, 0.0, n, 0xfc);
		c->begun = c->told = false;
		return count;
	}
	find_next(c, from);
	while (count + 1 < room) { /* for FA and F8 */
		if (start_is_due(c, from, n, &at)) {
			put(out, &count, at, n, 0xfa);
			c->starts = false;
			c->told = true;
		}
		at = c->zero + (double)c->next * c->tick - from;
		if (at + 0.5 >= n)
			break;
		put(out, &count, at, n, 0xf8);
		c->next++;
	}
	return count;
}
