/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/midi/encoding.h"

#include <string.h>

#define ORDER_SURE 4 /* one stray half does not turn the order round */

const char *const encoding_words[] = {[ENCODING_ABSOLUTE] = "off",
	[ENCODING_TWOS] = "twos",
	[ENCODING_OFFSET] = "offset",
	[ENCODING_SIGN_DOWN] = "sign",
	[ENCODING_SIGN_UP] = "sign-up",
	[ENCODING_OFFSET_16] = "offset16",
	[ENCODING_ON_OFF] = "on-off",
	[ENCODING_CLICKS] = "clicks",
	NULL};

int
encoding_steps(enum encoding e, uint8_t byte)
{
	int v = byte & 127, magnitude = v & 63;

	switch (e) {
	case ENCODING_TWOS:
		return v < 64 ? v : v - 128;
	case ENCODING_OFFSET:
		return v - 64;
	case ENCODING_OFFSET_16:
		return v - 16;
	case ENCODING_SIGN_DOWN:
		return v & 64 ? -magnitude : magnitude;
	case ENCODING_SIGN_UP:
		return v & 64 ? magnitude : -magnitude;
	case ENCODING_ON_OFF:
		return v & 64 ? 1 : -1;
	case ENCODING_ABSOLUTE:
	case ENCODING_CLICKS:
		break;
	}
	return 0;
}

/* 1 when slow, to max when fast; the square keeps medium turns fine. */
static double
factor(uint64_t interval_ns, double max)
{
	const double span = ACCELERATION_SLOW_NS - ACCELERATION_FAST_NS;
	double speed;

	if (interval_ns >= ACCELERATION_SLOW_NS)
		return 1.0;
	if (interval_ns <= ACCELERATION_FAST_NS)
		return max;
	speed = (double)(ACCELERATION_SLOW_NS - interval_ns) / span;
	return 1.0 + (max - 1.0) * speed * speed;
}

/* The mean of the intervals, since a driver that is polled hands over two slow
 * events at one moment now and then. */
double
acceleration_steps(
	struct acceleration *a, int steps, double factor_max, uint64_t now_ns)
{
	int direction = (steps > 0) - (steps < 0);
	uint64_t interval_ns = now_ns - a->last_ns;

	if (!direction)
		return 0.0;
	if (a->interval_ns == 0 || direction != a->direction ||
		interval_ns >= ACCELERATION_SLOW_NS)
		a->interval_ns = ACCELERATION_SLOW_NS;
	else
		a->interval_ns = (a->interval_ns + interval_ns + 1) / 2;
	a->direction = direction;
	a->last_ns = now_ns;
	return factor_max > 1.0 ? steps * factor(a->interval_ns, factor_max)
				: steps;
}

void
pair_reset(struct pair *p)
{
	memset(p, 0, sizeof(*p));
}

static bool
pair_tell(struct pair *p, uint16_t *value)
{
	p->waits = 0;
	if (!p->msb_known)
		return false;
	*value = (uint16_t)(p->msb << 7 | p->lsb);
	return true;
}

/* Which half is nearer to the one before it: that one is the second. */
static void
order_learn(struct pair *p, uint8_t half, uint64_t now_ns)
{
	uint64_t gap_ns = now_ns - p->last_ns + 1; /* 0 is "not known" */

	if (p->last == 'm' && half == 'l')
		p->ml_ns = gap_ns;
	else if (p->last == 'l' && half == 'm')
		p->lm_ns = gap_ns;
	p->last = half;
	p->last_ns = now_ns;
	if (!p->ml_ns || !p->lm_ns)
		return;
	if (p->ml_ns < p->lm_ns && p->order < ORDER_SURE)
		p->order++;
	else if (p->ml_ns > p->lm_ns && p->order > -ORDER_SURE)
		p->order--;
}

/* One that tells its number before each half is undecided by this. */
void
pair_begins(struct pair *p, bool with_msb)
{
	if (with_msb && p->order < ORDER_SURE)
		p->order++;
	else if (!with_msb && p->order > -ORDER_SURE)
		p->order--;
}

/* From the first half that came without the other one. */
static void
pair_wait(struct pair *p, uint8_t half, uint64_t now_ns)
{
	if (!p->waits)
		p->wait_ns = now_ns;
	p->waits = half;
}

bool
pair_msb(struct pair *p, uint8_t msb, uint64_t now_ns, uint16_t *value)
{
	bool whole = p->waits == 'l' && now_ns - p->last_ns <= PAIR_WAIT_NS;

	order_learn(p, 'm', now_ns);
	p->msb = msb;
	p->msb_known = true;
	if (whole && p->order <= 0)
		return pair_tell(p, value);
	p->lsb = p->fine ? 0 : msb;
	if (!p->fine && !p->expects)
		return pair_tell(p, value);
	p->expects = false;
	pair_wait(p, 'm', now_ns);
	return false;
}

bool
pair_lsb(struct pair *p, uint8_t lsb, uint64_t now_ns, uint16_t *value)
{
	bool whole = p->waits == 'm' || !p->fine;

	order_learn(p, 'l', now_ns);
	p->lsb = lsb;
	p->fine = true;
	if ((whole && p->order >= 0 && p->msb_known) || p->order > 0)
		return pair_tell(p, value);
	pair_wait(p, 'l', now_ns);
	return false;
}

void
pair_whole(struct pair *p, uint16_t value)
{
	p->msb = (uint8_t)(value >> 7);
	p->lsb = value & 127;
	p->msb_known = true;
	p->waits = 0;
}

bool
pair_is_msb_first(const struct pair *p)
{
	return p->fine && p->msb_known && p->order > 0;
}

bool
pair_run(struct pair *p, uint64_t now_ns, uint16_t *value)
{
	if (!p->waits || now_ns - p->wait_ns < PAIR_WAIT_NS)
		return false;
	return pair_tell(p, value);
}

uint64_t
pair_wait_ns(const struct pair *p, uint64_t now_ns)
{
	uint64_t waited_ns = now_ns - p->wait_ns;

	if (!p->waits)
		return UINT64_MAX;
	return waited_ns < PAIR_WAIT_NS ? PAIR_WAIT_NS - waited_ns : 0;
}
