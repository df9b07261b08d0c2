/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "control/util/share.h"

#define ALL 400

static struct share_who
machine(uint8_t n)
{
	return (struct share_who){{[14] = 1, [15] = n}};
}

static void
one_machine_has_a_quarter(void **state)
{
	struct share_who a = machine(1), b = machine(2);
	struct share s;

	(void)state;
	share_init(&s, ALL);
	assert_int_equal(share_room(&s, &a), ALL / 4);
	assert_false(share_take(&s, &a, ALL / 4 + 1));
	assert_true(share_take(&s, &a, ALL / 4 - 1));
	assert_false(share_take(&s, &a, 2));
	assert_true(share_take(&s, &a, 1));
	assert_int_equal(share_room(&s, &a), 0);
	assert_int_equal(share_room(&s, &b), ALL / 4);
	assert_true(share_take(&s, &share_here, ALL / 4));
	assert_false(share_take(&s, &share_here, 1));
}

static void
the_others_leave_this_machine_its_part(void **state)
{
	struct share s;

	(void)state;
	share_init(&s, ALL);
	for (uint8_t i = 1; i <= 6; i++) {
		struct share_who who = machine(i);

		share_take(&s, &who, ALL / 8);
	}
	for (uint8_t i = 1; i <= 8; i++) {
		struct share_who who = machine(i);

		assert_int_equal(share_room(&s, &who), 0);
	}
	assert_int_equal(share_room(&s, &share_here), ALL / 4);
}

static void
what_is_given_back_may_be_taken(void **state)
{
	struct share_who a = machine(1), b = machine(2);
	struct share s;

	(void)state;
	share_init(&s, ALL);
	for (int i = 0; i < 1000; i++) {
		assert_true(share_take(&s, &a, 30));
		assert_true(share_take(&s, &b, 70));
		assert_true(share_take(&s, &a, 70));
		assert_true(share_take(&s, &share_here, 100));
		share_give(&s, &a, 70);
		share_give(&s, &b, 70);
		assert_int_equal(share_room(&s, &a), 70);
		share_give(&s, &a, 30);
		share_give(&s, &share_here, 100);
	}
	assert_int_equal(s.hosts, 0);
	assert_int_equal(s.others, 0);
}

static void
as_many_machines_as_there_is_room_for_are_counted(void **state)
{
	struct share_who who = machine(SHARE_HOSTS), first = machine(0);
	struct share s;

	(void)state;
	share_init(&s, ALL);
	for (uint8_t i = 0; i < SHARE_HOSTS; i++) {
		struct share_who one = machine(i);

		assert_true(share_take(&s, &one, 1));
	}
	assert_false(share_take(&s, &who, 1));
	assert_true(share_take(&s, &first, 1));
	share_give(&s, &first, 2);
	assert_true(share_take(&s, &who, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_machine_has_a_quarter),
		cmocka_unit_test(the_others_leave_this_machine_its_part),
		cmocka_unit_test(what_is_given_back_may_be_taken),
		cmocka_unit_test(
			as_many_machines_as_there_is_room_for_are_counted),
	};

	return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}
