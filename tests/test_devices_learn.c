/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/devices_rig.h"

#include <math.h>

#include "control/devices/devices_learn.h"
#include "control/devices/devices_own.h"
#include "control/devices/midi_learned.h"

static bool
both_strips_are_down(struct machine *m)
{
	return value_of(m, "/strip/1/fader") < 0.01 &&
	       value_of(m, "/strip/2/fader") < 0.01;
}

static const char *
learn_state(struct machine *m)
{
	struct devices_learning l;

	devices_learning(m->devices, &l);
	return l.state;
}

static bool
learned(struct machine *m)
{
	return strcmp(learn_state(m), "move") != 0;
}

static bool
asked_left(struct machine *m)
{
	return !strcmp(learn_state(m), "left");
}

static bool
is_done(struct machine *m)
{
	return !strcmp(learn_state(m), "done");
}

static bool
nothing_is_learned(struct machine *m)
{
	struct midi_device d;

	return devices_at(m->devices, 0, &d) && !d.learned;
}

static void
what_is_learned_stands_before_the_mapping(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];
	double before;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	before = value_of(m, "/strip/1/fader");
	assert_int_equal(
		devices_learn(m->devices, "/strip/99/fader", why), -EINVAL);
	assert_int_equal(devices_learn(m->devices, "/strip/2/fader", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, learned, WAIT_NS));
	assert_string_equal(learn_state(m), "done");
	assert_true(value_of(m, "/strip/1/fader") == before);
	/* pickup: from the bottom to the top, past the fader */
	for (uint8_t v = 20; v < 128; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
	assert_true(value_of(m, "/strip/1/fader") == before);
	somebody_sets(
		m, "/strip/1/mute", 1); /* the rest of the mapping is there */
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_int_equal(devices_forget(m->devices, "/strip/2/fader", why), 1);
	assert_int_equal(devices_forget(m->devices, "/strip/2/fader", why), 0);
	assert_true(machine_until(m, nothing_is_learned, WAIT_NS));
	plug_say(&m->plug[0], 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
}

static bool
gain_2_is_that_of_its_fader(struct machine *m)
{
	return fabs(value_of(m, "/strip/2/fader") - 60 / 127.0) < 1e-4;
}

/* Half-way down is not -39 dB. */
static void
a_gain_is_learned_with_the_law_of_a_fader(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];

	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_int_equal(devices_learn(m->devices, "/strip/2/gain", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, is_done, WAIT_NS));
	for (uint8_t v = 127; v >= 60; v--)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, gain_2_is_that_of_its_fader, WAIT_NS));
}

/* Whatever bank the rest of the device is in. */
static void
what_is_learned_stays_with_its_strip(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];

	write_file(m, "knobs.yaml", BANKED("Knobs"));
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 9, 127); /* strips 9 to 16 */
	plug_say(&m->plug[0], 0x90, 9, 0);
	plug_say(&m->plug[0], 0x90, 1, 127);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_true(value_of(m, "/strip/9/mute") == 1);
	assert_int_equal(devices_learn(m->devices, "/strip/2/fader", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, learned, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 9, 127);
	plug_say(&m->plug[0], 0x90, 9, 0);
	for (uint8_t v = 20; v < 128; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
}

/* A file with a line that is refused would take all others with it. */
static void
what_cannot_be_learned_leaves_the_rest_alone(void **state)
{
	struct machine *m = *state;
	struct devices_learning l;
	struct midi_device d;
	char why[MAPPING_WHY_MAX];

	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_int_equal(devices_learn(m->devices, "/strip/2/fader", why), 0);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, is_done, WAIT_NS));
	assert_int_equal(devices_learn(m->devices, "/strip/1/filter", why), 0);
	plug_say(&m->plug[0], 0x90, 5, 127);
	plug_say(&m->plug[0], 0x90, 5, 0);
	assert_true(machine_until(m, learned, WAIT_NS));
	devices_learning(m->devices, &l);
	assert_string_equal(l.state, "failed");
	assert_non_null(strstr(l.text, "a button cannot"));
	/* some of these are texts */
	assert_int_equal(devices_learn(m->devices, "/strip/1/*", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 2, v);
	assert_true(machine_until(m, learned, WAIT_NS));
	assert_string_equal(learn_state(m), "failed");
	devices_close(m->devices);
	machine_start(m);
	assert_true(devices_at(m->devices, 0, &d));
	assert_true(d.learned);
}

/* One press would be +12 dB. */
static void
a_button_cannot_be_learned_for_a_level(void **state)
{
	static const char *const levels[] = {
		"/strip/2/gain", "/strip/2/{mute,trim}", "/bus/main/fader"};
	struct machine *m = *state;
	struct devices_learning l;
	char why[MAPPING_WHY_MAX];

	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		assert_int_equal(devices_learn(m->devices, levels[i], why), 0);
		devices_learning(m->devices, &l);
		assert_null(strstr(l.text, "button"));
		assert_true(machine_until(m, first_is_open, WAIT_NS));
		plug_say(&m->plug[0], 0x90, 5, 127);
		plug_say(&m->plug[0], 0x90, 5, 0);
		assert_true(machine_until(m, learned, WAIT_NS));
		devices_learning(m->devices, &l);
		assert_string_equal(l.state, "failed");
		assert_non_null(strstr(l.text, "a button cannot"));
	}
	assert_int_equal(devices_learn(m->devices, "/strip/*/mute", why), 0);
	plug_say(&m->plug[0], 0x90, 5, 127);
	plug_say(&m->plug[0], 0x90, 5, 0);
	assert_true(machine_until(m, learned, WAIT_NS));
	assert_string_equal(learn_state(m), "done");
}

static void
say_fine(struct plug *p, unsigned from, unsigned to)
{
	for (unsigned v = from; v < to; v += 50) {
		plug_say(p, 0xb0, 7, (uint8_t)(v >> 7));
		plug_say(p, 0xb0, 39, (uint8_t)(v & 127));
	}
	plug_say(p, 0xb0, 7, 127);
	plug_say(p, 0xb0, 39, 127);
}

/* Learned as 7 bits, then as 14: its second half is no control any more. */
static void
fourteen_bits_take_the_place_of_seven(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];
	double before;

	write_file(m, "knobs.yaml",
		"name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"
		"  - {on: cc 39, to: /strip/1/fader}\n");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	before = value_of(m, "/strip/1/fader");
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	assert_int_equal(devices_learn(m->devices, "/strip/3/fader", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 7, v);
	assert_true(machine_until(m, is_done, WAIT_NS));
	assert_int_equal(devices_learn(m->devices, "/strip/2/fader", why), 0);
	say_fine(&m->plug[0], 1000, 3000);
	assert_true(machine_until(m, is_done, WAIT_NS));
	say_fine(&m->plug[0], 1000, 16000);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
	assert_true(value_of(m, "/strip/1/fader") == before);
	assert_int_equal(devices_forget(m->devices, "/strip/3/fader", why), 0);
}

static void
say_numbered(struct plug *p, uint8_t from, uint8_t to)
{
	plug_say(p, 0xb0, 99, 0);
	plug_say(p, 0xb0, 98, 5);
	for (unsigned v = from; v <= to; v++)
		plug_say(p, 0xb0, 6, (uint8_t)v);
	plug_say(p, 0xb0, 38, 127);
}

/* Its controllers are no controls any more, neither the mapping's nor one that
 * was learned. */
static void
an_nrpn_takes_the_place_of_its_controllers(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];
	double before;

	write_file(m, "knobs.yaml",
		"name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"
		"  - {on: cc 38, to: /strip/1/fader}\n");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	before = value_of(m, "/strip/1/fader");
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	assert_int_equal(devices_learn(m->devices, "/strip/3/fader", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 6, v);
	assert_true(machine_until(m, is_done, WAIT_NS));
	assert_int_equal(devices_learn(m->devices, "/strip/2/fader", why), 0);
	say_numbered(&m->plug[0], 10, 20);
	assert_true(machine_until(m, learned, WAIT_NS));
	assert_string_equal(learn_state(m), "done");
	say_numbered(&m->plug[0], 10, 127);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
	assert_true(value_of(m, "/strip/1/fader") == before);
	assert_int_equal(devices_forget(m->devices, "/strip/3/fader", why), 0);
}

static void
learning_ends_also_when_nothing_is_there(void **state)
{
	struct machine *m = *state;
	struct devices_learning l;
	char why[MAPPING_WHY_MAX];
	uint64_t start_ns = loop_now_ns();

	machine_start(m);
	assert_int_equal(devices_learn(m->devices, "/strip/2/fader", why), 0);
	assert_true(devices_learn_run(m->devices, loop_now_ns()) <= LEARN_NS);
	devices_learning(m->devices, &l);
	assert_string_equal(l.state, "move");
	devices_learn_run(m->devices, start_ns + LEARN_NS + WAIT_NS);
	devices_learning(m->devices, &l);
	assert_string_equal(l.state, "failed");
	assert_non_null(strstr(l.text, "no MIDI device"));
	/* With one that says nothing it ends as well, for another reason. */
	plug_in(m, "Knobs MIDI 1");
	devices_news(m->devices);
	assert_int_equal(devices_learn(m->devices, "/strip/2/fader", why), 0);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	devices_learn_run(m->devices, loop_now_ns() + LEARN_NS);
	devices_learning(m->devices, &l);
	assert_string_equal(l.state, "failed");
	assert_non_null(strstr(l.text, "no control was clearly"));
}

static void
a_device_without_mapping_learns_a_knob_without_end(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];

	plug_in(m, "Something [1] \"new\"");
	machine_start(m);
	assert_int_equal(devices_learn(m->devices, "/strip/2/fader", why), 0);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	for (int i = 0; i < 10; i++)
		plug_say(&m->plug[0], 0xb3, 16, 1);
	assert_true(machine_until(m, asked_left, WAIT_NS));
	machine_run(m, 450 * MS); /* the rest that it asks for */
	for (int i = 0; i < 5; i++)
		plug_say(&m->plug[0], 0xb3, 16, 65);
	assert_true(machine_until(m, is_done, WAIT_NS));
	for (int i = 0; i < 127; i++)
		plug_say(&m->plug[0], 0xb3, 16, 1);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
	for (int i = 0; i < 3; i++)
		plug_say(&m->plug[0], 0xb3, 16, 127);
	somebody_sets(m, "/strip/1/fader", 0.0);
	assert_true(machine_until(m, both_strips_are_down, WAIT_NS));
}

/* By name, not by the letters in it. */
static void
devices_of_like_names_learn_for_themselves(void **state)
{
	static const char *const names[] = {
		"Knob/1", "Knob 1", "knob-1", "..", "%2F", "Knob%2F1"};
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		plug_in(m, names[i]);
	machine_start(m);
	for (uint32_t i = 0; i < m->plugs; i++) {
		assert_int_equal(
			devices_learn(m->devices, "/strip/2/fader", why), 0);
		assert_true(machine_until(m, first_is_open, WAIT_NS));
		for (uint8_t v = 10; v < 20; v++)
			plug_say(&m->plug[i], 0xb0, 1, v);
		assert_true(machine_until(m, learned, WAIT_NS));
		assert_string_equal(learn_state(m), "done");
	}
	for (uint32_t i = 0; i < m->plugs; i++) {
		struct midi_device d;

		assert_true(devices_at(m->devices, i, &d));
		assert_true(d.learned);
	}
	assert_int_equal(
		devices_forget(m->devices, "/strip/2/fader", why), m->plugs);
}

struct listed {
	uint32_t count;
	char message[8][64];
};

static void
on_listed(void *data, const struct midi_learned *l)
{
	struct listed *all = data;

	assert_true(all->count < 8);
	snprintf(all->message[all->count++], 64, "%s", l->message);
}

/* What is written down is a mapping that is read again, and each takes the
 * place of what it shares bytes with. */
static void
every_kind_is_written_down(void **state)
{
	static const struct {
		struct mapping_message message;
		enum mapping_as as;
		enum encoding coding;
		const char *name;
		uint32_t left;
	} rows[] = {
		{{.kind = MIDI_CC, .number = 69}, MAPPING_LATCH,
			ENCODING_ABSOLUTE, "ch 1 cc 69", 1},
		{{.kind = MIDI_CC, .fine = true, .number = 68, .low = 69},
			MAPPING_VALUE, ENCODING_ABSOLUTE, "ch 1 cc14 68/69", 1},
		{{.kind = MIDI_CC, .fine = true, .number = 1, .low = 33},
			MAPPING_VALUE, ENCODING_ABSOLUTE, "ch 1 cc14 1", 2},
		{{.kind = MIDI_CC, .number = 33}, MAPPING_VALUE,
			ENCODING_ON_OFF, "ch 1 cc 33", 2},
		{{.kind = MIDI_NOTE, .number = 1}, MAPPING_VALUE,
			ENCODING_ON_OFF, "ch 1 note 1", 3},
		{{.kind = MIDI_NRPN, .number = 130}, MAPPING_VALUE,
			ENCODING_CLICKS, "ch 1 nrpn 130", 4},
		{{.kind = MIDI_NRPN, .number = 130}, MAPPING_TOGGLE,
			ENCODING_ABSOLUTE, "ch 1 nrpn 130", 4},
		{{.kind = MIDI_CC, .number = 6}, MAPPING_VALUE,
			ENCODING_ABSOLUTE, "ch 1 cc 6", 4},
	};
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX] = "";
	struct file_saver saver;

	file_saver_init(&saver);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct listed all = {0};

		if (midi_learned_add(&saver, "Knobs MIDI 1",
			    rows[i].as == MAPPING_VALUE ? "/strip/1/trim"
							: "/strip/1/mute",
			    &rows[i].message, rows[i].as, rows[i].coding,
			    m->rig->p, why) < 0)
			fail_msg("%s: %s", rows[i].name, why);
		file_saver_finish(&saver);
		assert_int_equal(saver.rc, 0);
		midi_learned_list(on_listed, &all);
		assert_int_equal(all.count, rows[i].left);
		assert_string_equal(all.message[all.count - 1], rows[i].name);
	}
}

static void
one_of_two_alike_learns_for_both(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];
	struct devices_learning l;

	plug_in(m, "Knobs MIDI 1");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_int_equal(devices_learn(m->devices, "/strip/2/trim", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[1], 0xb0, 1, v);
	assert_true(machine_until(m, is_done, WAIT_NS));
	devices_learning(m->devices, &l);
	assert_string_equal(
		l.text, "every Knobs MIDI 1: ch 1 cc 1 moves /strip/2/trim");
}

static bool
says_that_it_cannot(struct machine *m)
{
	struct devices_learning l;

	devices_learning(m->devices, &l);
	return !strcmp(l.state, "failed") && strstr(l.text, "as: up");
}

static void
what_cannot_be_learned_is_said_at_once(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];

	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_int_equal(devices_learn(m->devices, "/strip/2/trim", why), 0);
	for (int i = 0; i < 8; i++) {
		plug_say(&m->plug[0], 0x90, 1, 127);
		plug_say(&m->plug[0], 0x90, 1, 0);
	}
	assert_true(machine_until(m, says_that_it_cannot, WAIT_NS));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(every_kind_is_written_down),
		T(one_of_two_alike_learns_for_both),
		T(what_cannot_be_learned_is_said_at_once),
		T(what_is_learned_stands_before_the_mapping),
		T(a_gain_is_learned_with_the_law_of_a_fader),
		T(what_is_learned_stays_with_its_strip),
		T(what_cannot_be_learned_leaves_the_rest_alone),
		T(a_button_cannot_be_learned_for_a_level),
		T(fourteen_bits_take_the_place_of_seven),
		T(an_nrpn_takes_the_place_of_its_controllers),
		T(learning_ends_also_when_nothing_is_there),
		T(devices_of_like_names_learn_for_themselves),
		T(a_device_without_mapping_learns_a_knob_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
