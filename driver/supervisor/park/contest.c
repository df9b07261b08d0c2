/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/park/contest.h"

#include <time.h>

#define TIMES_MAX 8
#define WITHIN_NS (2 * 1000000000ll)

bool
contest_lost(struct contest *c)
{
	struct timespec t;
	int64_t now_ns;

	clock_gettime(CLOCK_MONOTONIC, &t);
	now_ns = t.tv_sec * 1000000000ll + t.tv_nsec;
	if (c->times == 0 || now_ns - c->since_ns > WITHIN_NS) {
		c->times = 0;
		c->since_ns = now_ns;
	}
	return ++c->times > TIMES_MAX;
}
