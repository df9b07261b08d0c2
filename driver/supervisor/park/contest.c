/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/park/contest.h"
#include "driver/clock.h"

#define TIMES_MAX 8
#define WITHIN_NS (2 * 1000000000ll)

bool
contest_lost(struct contest *c)
{
	int64_t now_ns = (int64_t)clock_now_ns();

	if (c->times == 0 || now_ns - c->since_ns > WITHIN_NS) {
		c->times = 0;
		c->since_ns = now_ns;
	}
	return ++c->times > TIMES_MAX;
}
