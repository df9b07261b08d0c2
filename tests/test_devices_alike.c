/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices of one name. */
#include "tests/devices_rig.h"

#define ANY                                                                    \
	"name: Any\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"           \
	"  - {on: cc 1, to: /strip/1/fader}\n"                                 \
	"  - {on: note 1, to: /strip/1/mute, as: momentary}\n"
#define TOLD_APART(how)                                                        \
	"name: Other\ndevice: \"Knobs*\"\n" how                                \
	"\ntakeover: jump\ncontrols:\n"                                        \
	"  - {on: cc 1, to: /strip/2/fader}\n"                                 \
	"  - {on: note 1, to: /strip/2/mute, as: momentary}\n"

static struct plug *
plug_into(struct machine *m, const char *socket)
{
	struct plug *p = plug_in(m, "Knobs MIDI 1");

	snprintf(p->socket, sizeof(p->socket), "%s", socket);
	return p;
}

static bool
both_are_open(struct machine *m)
{
	return m->plug[0].open && m->plug[1].open;
}

/* The mapping of a place in devices_at()'s order. */
static void
assert_mapping(struct machine *m, uint32_t i, const char *want)
{
	struct midi_device d;

	assert_true(devices_at(m->devices, i, &d));
	assert_string_equal(d.mapping, want);
}

static void
each_moves_its_own(struct machine *m, struct plug *first, struct plug *second)
{
	machine_start(m);
	assert_true(machine_until(m, both_are_open, WAIT_NS));
	plug_say(first, 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	assert_true(value_of(m, "/strip/2/fader") < 0.99);
	plug_say(second, 0xb0, 1, 127);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
}

static void
a_socket_tells_them_apart(void **state)
{
	struct machine *m = *state;
	struct midi_device d;
	struct plug *first, *second;

	write_file(m, "a.yaml", ANY);
	write_file(m, "b.yaml", TOLD_APART("socket: \"usb-*-2.1\""));
	/* The second one is the one that was found first. */
	second = plug_into(m, "usb-0000:00:14.0-2.1");
	first = plug_into(m, "usb-0000:00:14.0-2.3");
	each_moves_its_own(m, first, second);
	assert_true(devices_at(m->devices, 0, &d));
	assert_true(d.alike);
	assert_string_equal(d.socket, "usb-0000:00:14.0-2.1");
}

static void
a_place_in_their_order_tells_them_apart(void **state)
{
	struct machine *m = *state;
	struct plug *first, *second;

	write_file(m, "a.yaml", ANY);
	write_file(m, "b.yaml", TOLD_APART("which: 2"));
	first = plug_into(m, "");
	second = plug_into(m, "");
	each_moves_its_own(m, first, second);
}

/* In whatever order they were plugged in. */
static void
their_order_is_that_of_their_sockets(void **state)
{
	struct machine *m = *state;
	struct plug *first, *second;

	write_file(m, "a.yaml", ANY);
	write_file(m, "b.yaml", TOLD_APART("which: 2"));
	second = plug_into(m, "usb-2");
	first = plug_into(m, "usb-1");
	each_moves_its_own(m, first, second);
}

static bool
strip_2_is_muted(struct machine *m)
{
	return value_of(m, "/strip/2/mute") > 0.5;
}

static bool
was_looked(struct machine *m)
{
	return m->scans >= m->want_scans && m->plug[1].open;
}

static void
first_goes(struct machine *m)
{
	m->want_scans = m->scans + 1;
	m->plug[0].plugged = false;
	devices_news(m->devices);
	assert_true(machine_until(m, was_looked, WAIT_NS));
	machine_run(m, 20 * MS);
}

/* Where it is known which one went, the other one is what it was: what is held
 * on it is held. */
static void
one_that_goes_leaves_the_other_alone(void **state)
{
	struct machine *m = *state;

	write_file(m, "a.yaml", ANY);
	write_file(m, "b.yaml", TOLD_APART("socket: usb-2"));
	plug_into(m, "usb-1");
	plug_into(m, "usb-2");
	machine_start(m);
	assert_true(machine_until(m, both_are_open, WAIT_NS));
	plug_say(&m->plug[1], 0x90, 1, 127);
	assert_true(machine_until(m, strip_2_is_muted, WAIT_NS));
	first_goes(m);
	assert_true(strip_2_is_muted(m));
	assert_mapping(m, 1, "Other");
	assert_non_null(strstr(m->log, "Knobs MIDI 1 is gone"));
}

/* One of them is the first by now, and is what the first one is. */
static void
an_order_closes_up(void **state)
{
	struct machine *m = *state;

	write_file(m, "a.yaml", ANY);
	write_file(m, "b.yaml", TOLD_APART("which: 2"));
	plug_into(m, "usb-1");
	plug_into(m, "usb-2");
	machine_start(m);
	assert_mapping(m, 1, "Other");
	assert_true(machine_until(m, both_are_open, WAIT_NS));
	first_goes(m);
	assert_mapping(m, 1, "Any");
}

static bool
is_back(struct machine *m)
{
	return strstr(m->log, "Knobs MIDI 1 is back") != NULL;
}

/* Somebody has plugged it into another socket: it is the same one. */
static void
one_that_comes_back_elsewhere_is_found(void **state)
{
	struct machine *m = *state;
	struct midi_device d;
	struct plug *p;

	write_file(m, "a.yaml", ANY);
	p = plug_into(m, "usb-1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	snprintf(p->socket, sizeof(p->socket), "usb-7");
	devices_news(m->devices);
	assert_true(machine_until(m, is_back, WAIT_NS));
	assert_true(devices_at(m->devices, 0, &d));
	assert_string_equal(d.socket, "usb-7");
	assert_false(d.alike);
	assert_false(devices_at(m->devices, 1, &d));
}

#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_socket_tells_them_apart),
		T(a_place_in_their_order_tells_them_apart),
		T(their_order_is_that_of_their_sockets),
		T(one_that_goes_leaves_the_other_alone),
		T(an_order_closes_up),
		T(one_that_comes_back_elsewhere_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
