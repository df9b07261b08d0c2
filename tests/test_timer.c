/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers that are set anew, or only sooner. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "control/util/timer.h"

#define MS UINT64_C(1000000)

static struct loop *loop;
static struct timer timer, end;
static int fired;

static void
on_fired(void *data)
{
	fired++;
	if (data)
		loop_stop(loop, 0);
}

static void
on_end(void *data)
{
	(void)data;
	loop_stop(loop, 1);
}

static int
setup(void **state)
{
	(void)state;
	fired = 0;
	assert_int_equal(loop_new(&loop), 0);
	timer_init(&timer, loop, on_fired, &fired);
	timer_init(&end, loop, on_end, NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	timer_done(&timer);
	timer_done(&end);
	loop_free(loop);
	return 0;
}

static void
sooner_never_makes_it_later(void **state)
{
	(void)state;
	timer_sooner(&timer, 3600 * 1000 * MS);
	timer_sooner(&timer, 10 * MS);
	timer_sooner(&timer, 3600 * 1000 * MS);
	timer_sooner(&timer, UINT64_MAX);
	timer_set(&end, 20000 * MS);
	assert_int_equal(loop_run(loop), 0);
	assert_int_equal(fired, 1);
	/* It has fired: any time is sooner than never. */
	timer_sooner(&timer, 10 * MS);
	assert_int_equal(loop_run(loop), 0);
	assert_int_equal(fired, 2);
}

static void
set_makes_it_later_and_lets_it_rest(void **state)
{
	(void)state;
	timer_set(&timer, 0);
	timer_set(&timer, 3600 * 1000 * MS);
	timer_set(&end, 5 * MS);
	assert_int_equal(loop_run(loop), 1);
	timer_set(&timer, 0);
	timer_set(&timer, UINT64_MAX);
	timer_set(&end, 5 * MS);
	assert_int_equal(loop_run(loop), 1);
	assert_int_equal(fired, 0);
	timer_sooner(&timer, 0);
	assert_int_equal(loop_run(loop), 0);
}

static void
without_a_loop_it_is_harmless(void **state)
{
	struct timer none = {0};

	(void)state;
	timer_done(&none);
	timer_init(&none, NULL, on_fired, NULL);
	timer_set(&none, 0);
	timer_sooner(&none, 0);
	timer_done(&none);
	assert_int_equal(fired, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(sooner_never_makes_it_later),
		T(set_makes_it_later_and_lets_it_rest),
		T(without_a_loop_it_is_harmless),
	};

	return cmocka_run_group_tests_name("timer", tests, NULL, NULL);
}
