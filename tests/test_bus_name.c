/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "driver/bus_name.h"
#include "driver/pipewire/sinks/sound_device.h"

static void
a_loop_bus_has_the_number_of_its_device(void **state)
{
	char bus[BUS_NAME_MAX], device[SOUND_DEVICE_NAME_MAX];

	(void)state;
	for (uint32_t n = 1; n <= LOOPS_MAX; n++) {
		bus_name_of_loop(n, bus);
		assert_int_equal(bus_name_loop(bus), n);
		sound_device_loop_name(n, device, sizeof(device));
		assert_int_equal(sound_device_loop_number(device), n);
	}
	assert_string_equal(device, "tapdeck.loop64");
	bus_name_of_loop(1, bus);
	assert_string_equal(bus, "loop");
}

static void
what_begins_with_loop_and_is_none_is_no_bus(void **state)
{
	static const char *const names[] = {"loop0", "loop1", "loop01",
		"loop02", "loop65", "loop99", "loop-5", "loop2x", "loop 2",
		"loop+2", "loopback", "loop4294967298", "loop2-"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char device[64] = "tapdeck.";

		assert_int_equal(bus_name_loop(names[i]), -EINVAL);
		strcat(device, names[i]);
		assert_int_equal(sound_device_loop_number(device), 0);
	}
}

static void
other_buses_have_no_loop_device(void **state)
{
	(void)state;
	assert_int_equal(bus_name_loop("main"), 0);
	assert_int_equal(bus_name_loop("loo"), 0);
	assert_int_equal(bus_name_loop(""), 0);
	assert_int_equal(bus_name_loop("myloop"), 0);
	assert_int_equal(sound_device_loop_number(NULL), 0);
	assert_int_equal(sound_device_loop_number("tapdeck.main"), 0);
	assert_int_equal(sound_device_loop_number("tapdeckloop"), 0);
	assert_int_equal(sound_device_loop_number("tapdeck."), 0);
}

static void
a_name_is_a_part_of_an_address(void **state)
{
	(void)state;
	assert_true(bus_name_is_slug("a"));
	assert_true(bus_name_is_slug("cue-2"));
	assert_true(bus_name_is_slug("abcdefghijklmnopqrstuvwxyz01234"));
	assert_false(bus_name_is_slug("abcdefghijklmnopqrstuvwxyz012345"));
	assert_false(bus_name_is_slug(""));
	assert_false(bus_name_is_slug("Main"));
	assert_false(bus_name_is_slug("a/b"));
	assert_false(bus_name_is_slug("a_b"));
}

static void
a_name_says_what_a_bus_is_for(void **state)
{
	static const char *const names[] = {
		"loop", "cue", "aux", "main", "loop2", "cue-2"};
	struct bus_uses uses = {0};

	(void)state;
	for (uint32_t b = 0; b < 6; b++)
		bus_name_use(&uses, names[b], b);
	assert_int_equal(uses.loops, 1 << 0 | 1 << 4);
	assert_int_equal(uses.cue, 1 << 1);
	assert_int_equal(uses.room, 1 << 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loop_bus_has_the_number_of_its_device),
		cmocka_unit_test(what_begins_with_loop_and_is_none_is_no_bus),
		cmocka_unit_test(other_buses_have_no_loop_device),
		cmocka_unit_test(a_name_is_a_part_of_an_address),
		cmocka_unit_test(a_name_says_what_a_bus_is_for),
	};

	return cmocka_run_group_tests_name("bus_name", tests, NULL, NULL);
}
