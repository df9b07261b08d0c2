/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the benches share: a clock, medians, and rows for bench.sh.
 *
 * A machine is shared and never quiet. Whatever is compared is therefore run in
 * turns of well under a millisecond, so that all of it meets the same weather,
 * and what counts is the median of many turns. */
#ifndef BENCH_H
#define BENCH_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline uint64_t
bench_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline int
bench_compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts x[n]; the value that `part` (0..1) of all are not above. */
static inline double
bench_quantile(double *x, size_t n, double part)
{
	size_t i = (size_t)(part * (double)n);

	qsort(x, n, sizeof(*x), bench_compare);
	return x[i < n ? i : n - 1];
}

static inline double
bench_median(double *x, size_t n)
{
	return bench_quantile(x, n, 0.5);
}

/* One row for bench.sh: name, measured, bound ("" for none), verdict. */
__attribute__((format(printf, 4, 5))) static inline void
bench_row(const char *name, const char *bound, bool met, const char *fmt, ...)
{
	va_list args;

	printf("%s\t", name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\t%s\t%s\n", *bound ? bound : "-",
		!*bound ? "-"
		: met	? "met"
			: "MISSED");
	fflush(stdout);
}

static inline void
bench_title(const char *title)
{
	printf("# %s\n", title);
	fflush(stdout);
}

/* The bench cannot run: 70, and why on standard error. */
__attribute__((noreturn, format(printf, 1, 2))) static inline void
bench_die(const char *fmt, ...)
{
	va_list args;

	fputs("bench: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(70);
}

static inline void *
bench_memory(size_t size_bytes)
{
	void *p = aligned_alloc(64, (size_bytes + 63) & ~(size_t)63);

	if (!p)
		bench_die("no memory for %zu bytes", size_bytes);
	memset(p, 0, size_bytes);
	return p;
}

/* Noise, -1..1. */
static inline void
bench_noise(float *x, size_t n)
{
	uint64_t state = 1;

	for (size_t i = 0; i < n; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		x[i] = (float)(int32_t)(state >> 32) / 2147483648.0f;
	}
}

#endif
