/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audio thread reads and writes is in memory before it comes there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/mixer/mixer.h"
#include "core/mixer/mixer_state.h"
#include "core/reflex.h"
#include "core/resident.h"

#define BYTES	  (size_t)1000000 /* by the page, and not by malloc's pool */
#define PAGES_MAX 4096

/* Pages that a touch would have to bring in. */
static size_t
absent(const void *p, size_t bytes)
{
	static unsigned char in[PAGES_MAX];
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = (uintptr_t)p / page * page;
	size_t pages = ((uintptr_t)p + bytes - from + page - 1) / page, n = 0;

	assert_true(pages <= PAGES_MAX);
	assert_int_equal(mincore((void *)from, pages * page, in), 0);
	for (size_t i = 0; i < pages; i++)
		n += !(in[i] & 1);
	return n;
}

static size_t
locked_kib(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[128];
	size_t kib = SIZE_MAX;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "VmLck: %zu", &kib) == 1)
			break;
	fclose(f);
	assert_true(kib != SIZE_MAX);
	return kib;
}

static void
it_is_zero_and_touched(void **state)
{
	char *p = resident_new(BYTES);

	(void)state;
	assert_non_null(p);
	assert_int_equal(absent(p, BYTES), 0);
	for (size_t i = 0; i < BYTES; i++)
		assert_int_equal(p[i], 0);
	resident_free(p, BYTES);
	resident_free(NULL, BYTES);
}

/* Not where the user has no such limit, nor under a sanitizer, which makes
 * mlock() do nothing. */
static bool
can_lock(size_t bytes)
{
	size_t before = locked_kib(), locked;
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(p != MAP_FAILED);
	(void)mlock(p, bytes);
	locked = locked_kib() - before;
	assert_int_equal(munmap(p, bytes), 0);
	return locked >= bytes / 1024;
}

static void
it_is_locked_where_that_is_allowed(void **state)
{
	size_t before = locked_kib();
	void *p;

	(void)state;
	if (!can_lock(2 * BYTES))
		skip();
	p = resident_new(BYTES);
	assert_non_null(p);
	assert_true(locked_kib() - before >= BYTES / 1024);
	resident_free(p, BYTES);
	assert_int_equal(locked_kib(), before);
}

static void
a_limit_is_no_error(void **state)
{
	struct rlimit limit;
	void *p;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
	assert_int_equal(
		setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){0, limit.rlim_max}),
		0);
	p = resident_new(BYTES);
	assert_non_null(p);
	assert_int_equal(absent(p, BYTES), 0);
	resident_free(p, BYTES);
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
}

static void
the_mixer_is_there(void **state)
{
	const struct mixer_config config = {
		.strips = 16, .buses = 4, .rate_hz = 48000, .block_max = 8192};
	struct mixer *m;

	(void)state;
	assert_int_equal(mixer_new(&m, &config), 0);
	assert_int_equal(absent(m, m->size_bytes), 0);
	mixer_free(m);
}

static void
reflexes_are_there_though_none_was_said(void **state)
{
	struct reflex *x;

	(void)state;
	assert_int_equal(reflex_new(&x), 0);
	assert_int_equal(absent(x, sizeof(*x)), 0);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(absent(x->table[i], sizeof(*x->table[i])), 0);
	reflex_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_zero_and_touched),
		cmocka_unit_test(it_is_locked_where_that_is_allowed),
		cmocka_unit_test(a_limit_is_no_error),
		cmocka_unit_test(the_mixer_is_there),
		cmocka_unit_test(reflexes_are_there_though_none_was_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
