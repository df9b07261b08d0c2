/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A control that was learned on a device whose mapping knows more of it. */
#include "tests/devices_rig.h"

#include <math.h>

#define WHOLE_WAY 16383

static bool
is_done(struct machine *m)
{
	struct devices_learning l;

	devices_learning(m->devices, &l);
	return !strcmp(l.state, "done");
}

static bool
strip_5_is_down(struct machine *m)
{
	return value_of(m, "/strip/5/fader") < 0.01;
}

/* Where the motor fader of this channel was sent last, 0..1; -1: nowhere. */
static double
sent_to(const struct plug *p, uint8_t channel)
{
	for (uint32_t i = p->outs; i-- > 2;)
		if (p->out[i - 2] == (0xe0 | channel))
			return (p->out[i] << 7 | p->out[i - 1]) /
			       (double)WHOLE_WAY;
	return -1.0;
}

static bool
first_is_at_1(struct machine *m)
{
	return fabs(sent_to(&m->plug[0], 0) - 0.1) < 0.001;
}

static bool
first_is_at_3(struct machine *m)
{
	return fabs(sent_to(&m->plug[0], 0) - 0.3) < 0.001;
}

static bool
second_is_at_3(struct machine *m)
{
	return fabs(sent_to(&m->plug[0], 1) - 0.3) < 0.001;
}

static void
learn_bend(struct machine *m, const char *address)
{
	char why[MAPPING_WHY_MAX];

	assert_int_equal(devices_learn(m->devices, address, why), 0);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	for (uint8_t v = 0; v < 100; v += 10)
		plug_say(&m->plug[0], 0xe0, 0, v);
	assert_true(machine_until(m, is_done, WAIT_NS));
}

static void
a_motor_fader_follows_what_it_was_learned_for(void **state)
{
	struct machine *m = *state;

	setenv("TAPDECK_MAPPINGS", "mappings", 1);
	plug_in(m, "X-Touch X-TOUCH_INT");
	machine_start(m);
	learn_bend(m, "/strip/5/fader");
	somebody_sets(m, "/strip/5/fader", 0.1);
	assert_true(machine_until(m, first_is_at_1, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 104, 127);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	somebody_sets(m, "/strip/5/fader", 0.3);
	machine_run(m, 500 * MS); /* longer than a hand stays */
	somebody_sets(m, "/strip/2/fader", 0.3);
	assert_true(machine_until(m, second_is_at_3, WAIT_NS));
	assert_true(first_is_at_1(m)); /* it is touched */
	plug_say(&m->plug[0], 0x90, 104, 0);
	assert_true(machine_until(m, first_is_at_3, WAIT_NS));
}

/* What the mapping says of the control's way holds for another strip too. */
static void
what_is_learned_is_taken_over_as_before(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml",
		"name: Knobs\ndevice: \"Knobs*\"\ncontrols:\n"
		"  - {on: bend, to: /strip/1/fader, takeover: jump}\n");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	learn_bend(m, "/strip/5/fader");
	plug_say(&m->plug[0], 0xe0, 0, 0);
	assert_true(machine_until(m, strip_5_is_down, WAIT_NS));
}

/* Most pitch wheels have no motor. */
static void
without_a_mapping_a_bend_is_no_motor_fader(void **state)
{
	struct machine *m = *state;
	double before;

	plug_in(m, "Keys");
	machine_start(m);
	before = value_of(m, "/strip/5/fader");
	learn_bend(m, "/strip/5/fader");
	plug_say(&m->plug[0], 0xe0, 0, 0);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_true(value_of(m, "/strip/5/fader") == before);
	somebody_sets(m, "/strip/5/fader", 0.1);
	machine_run(m, 500 * MS);
	assert_true(sent_to(&m->plug[0], 0) < 0.0);
}

static bool
strip_5_is_up(struct machine *m)
{
	return value_of(m, "/strip/5/fader") > 0.99;
}

static void
start_learned(struct machine *m, const char *mapping)
{
	write_file(m, "knobs.yaml", mapping);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	learn_bend(m, "/strip/5/fader");
}

/* Of another channel too, where nothing is heard then. */
static void
a_bend_of_any_channel_gives_way(void **state)
{
	struct machine *m = *state;
	double before;

	start_learned(m, "name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\n"
			 "channel: any\ncontrols:\n"
			 "  - {on: bend, to: /strip/1/fader}\n");
	before = value_of(m, "/strip/1/fader");
	plug_say(&m->plug[0], 0xe1, 0, 0);
	plug_say(&m->plug[0], 0xe0, 127, 127);
	assert_true(machine_until(m, strip_5_is_up, WAIT_NS));
	assert_true(value_of(m, "/strip/1/fader") == before);
}

static void
a_bend_of_a_layer_gives_way(void **state)
{
	struct machine *m = *state;
	double before;

	start_learned(m,
		"name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"
		"  - {on: note 3, as: shift fx}\n"
		"  - {on: bend, to: /strip/1/fader}\n"
		"  - {on: bend, layer: fx, to: /strip/2/fader}\n");
	before = value_of(m, "/strip/2/fader");
	plug_say(&m->plug[0], 0x90, 3, 127);
	plug_say(&m->plug[0], 0xe0, 127, 127);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_true(value_of(m, "/strip/2/fader") == before);
	assert_true(machine_until(m, strip_5_is_up, WAIT_NS));
}

static void
say_program(struct machine *m, uint8_t number)
{
	plug_say(&m->plug[0], 0xc0, number, 0xf8);
}

static bool
strip_5_is_muted(struct machine *m)
{
	return value_of(m, "/strip/5/mute") == 1;
}

static bool
strip_1_is_on_loop(struct machine *m)
{
	return !strcmp(get(m->rig, "/strip/1/route").s, "loop");
}

/* One program is a press; all others are the value, as before. */
static void
a_program_that_is_the_value_stays(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];

	write_file(m, "knobs.yaml",
		"name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"
		"  - {on: program, to: /strip/1/route}\n");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_int_equal(devices_learn(m->devices, "/strip/5/mute", why), 0);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	for (uint32_t i = 0; i < 3; i++)
		say_program(m, 7);
	assert_true(machine_until(m, is_done, WAIT_NS));
	say_program(m, 7);
	assert_true(machine_until(m, strip_5_is_muted, WAIT_NS));
	say_program(m, 2);
	assert_true(machine_until(m, strip_1_is_on_loop, WAIT_NS));
}

/* The values that its colors are for are those of another parameter. */
static void
colors_are_not_learned(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml",
		"name: Knobs\ndevice: \"Knobs*\"\ncontrols:\n"
		"  - {on: bend, to: /strip/1/route, light: note 7, "
		"colors: [main 5, loop 6]}\n");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	learn_bend(m, "/strip/5/fader");
	somebody_sets(m, "/strip/5/fader", 0.0);
	machine_run(m, 500 * MS);
	m->plug[0].outs = 0;
	somebody_sets(m, "/strip/5/fader", 1.0);
	machine_run(m, 500 * MS);
	assert_false(plug_got(&m->plug[0], 0x90, 7, 127));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(a_motor_fader_follows_what_it_was_learned_for),
		T(what_is_learned_is_taken_over_as_before),
		T(without_a_mapping_a_bend_is_no_motor_fader),
		T(a_bend_of_any_channel_gives_way),
		T(a_bend_of_a_layer_gives_way),
		T(a_program_that_is_the_value_stays),
		T(colors_are_not_learned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
