/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Denormals cost a hundred times what other numbers do. The mixer flushes them
 * while it computes, and leaves the thread's mode as it was: the thread is the
 * driver's. Copies are not computed and keep them. */
#ifndef DENORMAL_H
#define DENORMAL_H

#include <stdint.h>

#include "core/rt.h"

#if defined(__SSE2__)
#include <xmmintrin.h>

#define DENORMAL_FTZ_DAZ 0x8040u

RT static inline uint64_t
denormal_flush(void)
{
	uint32_t mode = _mm_getcsr();

	_mm_setcsr(mode | DENORMAL_FTZ_DAZ);
	return mode;
}

RT static inline void
denormal_restore(uint64_t mode)
{
	_mm_setcsr((uint32_t)mode);
}

#elif defined(__aarch64__)

#define DENORMAL_FZ (1ull << 24)

RT static inline uint64_t
denormal_flush(void)
{
	uint64_t mode;

	__asm__ __volatile__("mrs %0, fpcr" : "=r"(mode));
	__asm__ __volatile__("msr fpcr, %0" : : "r"(mode | DENORMAL_FZ));
	return mode;
}

RT static inline void
denormal_restore(uint64_t mode)
{
	__asm__ __volatile__("msr fpcr, %0" : : "r"(mode));
}

#else
#error "denormal.h knows x86 with SSE2 and aarch64"
#endif

#endif
