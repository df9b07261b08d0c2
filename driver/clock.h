/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

/* any */
static inline uint64_t
clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* any: of CLOCK_MONOTONIC, which PipeWire's clocks tell, too; audio: a vDSO, no
 * system call */
static inline uint64_t
clock_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

#endif
