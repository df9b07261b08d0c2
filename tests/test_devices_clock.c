/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks that devices send. */
#include "tests/devices_rig.h"

static bool
a_clock_came(struct machine *m)
{
	return m->clocks > 0;
}

static bool
is_open(struct machine *m)
{
	return m->plug[0].open;
}

static void
a_device_without_a_mapping_is_heard_when_it_is_named(void **state)
{
	struct machine *m = *state;

	plug_in(m, "Drum Box MIDI 1");
	m->clock_of = "drum box*";
	machine_start(m);
	assert_true(machine_until(m, is_open, WAIT_NS));
	m->read_ns = loop_now_ns() - 3 * MS;
	plug_say(&m->plug[0], 0xf8, 0xf8, 0xfc);
	assert_true(machine_until(m, a_clock_came, WAIT_NS));
	assert_int_equal(m->clocks, 3);
	assert_int_equal(m->clock_kind, MIDI_STOP);
	/* when it came, not when it was read */
	assert_true(m->clock_ns == m->read_ns);
}

static bool
is_seen(struct machine *m)
{
	struct midi_device d;

	return devices_at(m->devices, 0, &d);
}

static void
a_device_that_is_named_later_is_opened(void **state)
{
	static char name[16] = "mixer*";
	struct machine *m = *state;

	plug_in(m, "Drum Box MIDI 1");
	m->clock_of = name;
	machine_start(m);
	assert_true(machine_until(m, is_seen, WAIT_NS));
	assert_false(is_open(m));
	strcpy(name, "drum box*");
	devices_clock_of(m->devices);
	assert_true(machine_until(m, is_open, WAIT_NS));
}

static void
another_one_is_not(void **state)
{
	struct machine *m = *state;

	write_file(m, "box.yaml",
		"name: Box\ndevice: \"Drum*\"\ncontrols:\n"
		"  - {on: cc 1, to: /strip/1/fader}\n");
	plug_in(m, "Drum Box MIDI 1");
	m->clock_of = "Mixer*";
	machine_start(m);
	assert_true(machine_until(m, is_open, WAIT_NS));
	plug_say(&m->plug[0], 0xf8, 0xf8, 0xf8);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_int_equal(m->clocks, 0);
}

static void
any_that_is_open_is_heard_where_none_is_named(void **state)
{
	struct machine *m = *state;

	write_file(m, "box.yaml",
		"name: Box\ndevice: \"Drum*\"\ncontrols:\n"
		"  - {on: cc 1, to: /strip/1/fader}\n");
	plug_in(m, "Drum Box MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, is_open, WAIT_NS));
	plug_say(&m->plug[0], 0xfa, 0xf8, 0xf8);
	assert_true(machine_until(m, a_clock_came, WAIT_NS));
	assert_int_equal(m->clocks, 3);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(a_device_without_a_mapping_is_heard_when_it_is_named),
		T(a_device_that_is_named_later_is_opened),
		T(another_one_is_not),
		T(any_that_is_open_is_heard_where_none_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
