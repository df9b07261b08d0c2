/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A button that learns what has several choices. */
#include "tests/devices_rig.h"

#include "control/devices/devices_learn.h"

/* Between what a lamp was sent and a finger that sends the same: it is not
 * taken for an echo. */
#define FINGER_NS (50 * MS)

static uint32_t last_outs;
static uint64_t sent_ns;

static const char *
learn_state(struct machine *m)
{
	struct devices_learning l;

	devices_learning(m->devices, &l);
	return l.state;
}

static bool
is_told(struct machine *m)
{
	return !strcmp(learn_state(m), "done") ||
	       !strcmp(learn_state(m), "failed");
}

static bool
is_asked_twice(struct machine *m)
{
	return !strcmp(learn_state(m), "twice");
}

static bool
is_open(struct machine *m)
{
	return m->plug[0].open;
}

static bool
is_heard(struct machine *m)
{
	return m->plug[0].in_at == m->plug[0].in_end;
}

static void
ready(struct machine *m, const char *address)
{
	char why[MAPPING_WHY_MAX];

	plug_in(m, "Pads MIDI 1");
	machine_start(m);
	assert_int_equal(devices_learn(m->devices, address, why), 0);
	assert_true(machine_until(m, is_open, WAIT_NS));
}

static bool
finger_rests(struct machine *m)
{
	uint64_t now_ns = loop_now_ns();

	if (m->plug[0].outs != last_outs)
		sent_ns = now_ns;
	last_outs = m->plug[0].outs;
	return now_ns - sent_ns > FINGER_NS;
}

static void
press(struct machine *m, uint8_t velocity)
{
	plug_say(&m->plug[0], 0x90, 5, velocity);
	assert_true(machine_until(m, is_heard, WAIT_NS));
}

static bool
is_in_force(struct machine *m)
{
	struct midi_device d;

	return devices_at(m->devices, 0, &d) && d.learned;
}

static void
a_press_goes_from_side_to_side(void **state)
{
	static const double sides[] = {1, 2, 0};
	struct machine *m = *state;

	ready(m, "/strip/1/side");
	press(m, 127);
	press(m, 0);
	assert_true(machine_until(m, is_told, WAIT_NS));
	assert_string_equal(learn_state(m), "done");
	assert_true(machine_until(m, is_in_force, WAIT_NS));
	for (size_t i = 0; i < 3; i++) {
		assert_true(machine_until(m, finger_rests, WAIT_NS));
		press(m, 127);
		press(m, 0);
		assert_true(value_of(m, "/strip/1/side") == sides[i]);
	}
}

/* Every second press would do nothing. */
static void
a_button_that_stays_on_does_not(void **state)
{
	struct machine *m = *state;
	struct devices_learning l;

	ready(m, "/strip/1/route");
	press(m, 127);
	assert_true(machine_until(m, is_asked_twice, WAIT_NS));
	press(m, 0);
	press(m, 127);
	assert_true(machine_until(m, is_told, WAIT_NS));
	devices_learning(m->devices, &l);
	assert_string_equal(l.state, "failed");
	assert_non_null(strstr(l.text, "keeps pressed"));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(a_press_goes_from_side_to_side),
		T(a_button_that_stays_on_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
