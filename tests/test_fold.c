/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/mixer/fold.h"

#define RATE   48000
#define FRAMES 1024
#define RAMP   (RATE / 1000 * RAMP_MS)

static float left[FRAMES], right[FRAMES], was[FRAMES];
static float *const both[2] = {left, right};

static int
set_up(void **state)
{
	(void)state;
	srandom(1);
	for (int i = 0; i < FRAMES; i++)
		was[i] = left[i] = right[i] =
			(float)(random() % 2000 - 1000) / 1000.0f;
	return 0;
}

static void
at_unity_nothing_changes(void **state)
{
	struct fold f;

	(void)state;
	fold_init(&f, RATE);
	fold_run(&f, both, FRAMES);
	assert_memory_equal(left, was, sizeof(was));
	fold_set(&f, 0.5f);
	fold_set(&f, 1.0f);
	fold_run(&f, both, FRAMES);
	assert_memory_equal(right, was, sizeof(was));
}

static void
a_new_level_is_gone_to_and_back_exactly(void **state)
{
	struct fold f;
	float last = 1.0f;

	(void)state;
	for (int i = 0; i < FRAMES; i++)
		left[i] = right[i] = 1.0f;
	fold_init(&f, RATE);
	fold_set(&f, 0.5f);
	fold_run(&f, both, FRAMES);
	for (int i = 0; i < FRAMES; i++) {
		assert_true(left[i] <= last && left[i] == right[i]);
		assert_true(last - left[i] < 1.001f / RAMP);
		last = left[i];
	}
	assert_true(left[RAMP / 2 - 2] > 0.5f);
	assert_true(left[RAMP / 2 + 2] == 0.5f);
	fold_set(&f, 1.0f);
	fold_run(&f, both, FRAMES);
	assert_true(left[FRAMES - 1] == 0.5f);
	set_up(NULL);
	fold_run(&f, both, FRAMES);
	assert_memory_equal(left, was, sizeof(was));
}

static void
blocks_make_no_difference(void **state)
{
	static float whole[FRAMES];
	struct fold f;

	(void)state;
	fold_init(&f, RATE);
	fold_set(&f, 0.25f);
	fold_run(&f, both, FRAMES);
	memcpy(whole, left, sizeof(whole));
	set_up(NULL);
	fold_init(&f, RATE);
	fold_set(&f, 0.25f);
	for (uint32_t at = 0, n = 16; at < FRAMES; at += n) {
		float *const part[2] = {left + at, NULL};

		n = at + 37 < FRAMES ? 37 : FRAMES - at;
		fold_run(&f, part, n);
	}
	assert_memory_equal(left, whole, sizeof(whole));
	assert_memory_equal(right, was, sizeof(was));
	for (int i = RAMP; i < FRAMES; i++)
		assert_true(left[i] == was[i] * 0.25f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup(f, set_up)
		T(at_unity_nothing_changes),
		T(a_new_level_is_gone_to_and_back_exactly),
		T(blocks_make_no_difference),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
