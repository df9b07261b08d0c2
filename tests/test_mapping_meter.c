/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meters in mapping files. */
#include "mapping_rig.h"

static void
meters_of_every_kind_are_read(void **state)
{
	struct rig *r = *state;
	const struct mapping_control *c;

	parse(r,
		"@bank: 8\ncontrols:\n"
		"  - {meter: '/strip/{1-2}', light: meter 6-7}\n"
		"  - {meter: /bus/main, light: ch 2 meter 0}\n"
		"  - {meter: /strip/3, fixed: yes, light: cc 9}\n"
		"  - {meter: /strip/deck-a, light: bend, range: [-40, 6],\n"
		"     curve: [[0, 0], [0.5, 0.2], [1, 1]]}\n"
		"  - {meter: /app/mpv, light: note 1-2,\n"
		"     above: '{-40,-3.5}'}\n"
		"  - {meter: /strip/1, light: note 3, colors: [-50 1, 0 2]}\n");
	c = r->m->control;
	assert_int_equal(r->m->controls, 8);
	for (uint32_t i = 0; i < 2; i++) {
		assert_true(c[i].meter && !c[i].has_message);
		assert_int_equal(c[i].as, MAPPING_SHOW);
		assert_int_equal(c[i].light.kind, MAPPING_LIGHT_METER);
		assert_true(c[i].light.message.meter);
		assert_int_equal(
			c[i].light.message.kind, MIDI_CHANNEL_PRESSURE);
		assert_int_equal(c[i].light.message.number, 6 + i);
		assert_int_equal(c[i].target[0].strip, 1 + i);
	}
	assert_int_equal(c[2].light.message.channel, 1);
	assert_int_equal(c[3].light.kind, MAPPING_LIGHT_WAY);
	assert_true(c[3].range[0] == -60.0 && c[3].range[1] == 0.0);
	assert_true(c[3].target[0].fixed);
	assert_true(c[4].range[0] == -40.0 && c[4].range[1] == 6.0);
	assert_int_equal(c[4].points, 3);
	assert_int_equal(c[5].light.kind, MAPPING_LIGHT_LAMP);
	assert_true(c[5].light.above_db == -40.0);
	assert_true(c[6].light.above_db == -3.5);
	assert_int_equal(c[6].light.lit, 127);
	assert_int_equal(c[7].light.colors, 2);
	assert_true(c[7].light.color[1].number == 0.0);
	assert_int_equal(c[7].light.color[1].send, 2);
}

/* What is wrong, and what is said of it. */
static const struct {
	const char *text, *want;
} mistakes[] = {
	{"#  - {meter: /strip/1}\n", ":4:5: controls[0]: needs light: where "
				     "it is shown, such as meter 0-7"},
	{"#  - {meter: /strip/1, light: same}\n",
		":4:5: controls[0]: needs light: where it is shown, such as "
		"meter 0-7"},
	{"#  - {on: cc 1, meter: /strip/1, light: cc 1}\n",
		":4:23: controls[0].meter: is only shown; on and to do not go "
		"with it"},
	{"#  - {to: [/strip/1/gain], meter: /strip/1, light: cc 1}\n",
		":4:34: controls[0].meter: is only shown; on and to do not go "
		"with it"},
	{"#  - {meter: /strip/1, as: toggle, light: cc 1}\n",
		":4:27: controls[0].as: needs on: without it, it is only "
		"shown"},
	{"#  - {meter: /strip/1/gain, light: cc 1}\n",
		":4:13: controls[0].meter: \"/strip/1/gain\" is no strip or "
		"bus such as /strip/1 or /bus/main"},
	{"#  - {meter: '/strip/*', light: cc 1}\n",
		":4:13: controls[0].meter: \"/strip/*\" is no strip or bus "
		"such as /strip/1 or /bus/main"},
	{"#  - {meter: /strip/65, light: cc 1}\n",
		":4:13: controls[0].meter: no strip 65; 1 to 64"},
	{"@bank: 8\ncontrols:\n  - {meter: /strip/9, light: cc 1}\n",
		":5:13: controls[0].meter: strip 9 is beyond the bank of 8"},
	{"#  - {meter: /bus/cue, light: cc 1}\n",
		":4:13: controls[0].meter: no bus \"cue\"; there are main, "
		"loop"},
	{"#  - {meter: '/strip/{1-4}', light: cc 1-3}\n",
		":4:13: controls[0].meter: {1-4} has 4 elements, the control "
		"is a row of 3"},
	{"#  - {meter: /strip/1, light: meter 8}\n",
		":4:30: controls[0].light: \"8\" is not a number or a range "
		"such as 1-8, from 0 to 7"},
	{"#  - {meter: /strip/1, light: meter}\n",
		":4:30: controls[0].light: meter needs a number from 0 to 7"},
	{"#  - {meter: /strip/1, light: sysex F0 01 t7 F7}\n",
		":4:30: controls[0].light: a meter cannot be a text"},
	{"#  - {meter: /strip/1, light: program 1}\n",
		":4:30: controls[0].light: must be note, cc, cc14, bend, "
		"nrpn, rpn, pressure, poly or sysex"},
	{"#  - {on: meter 1, to: /strip/1/gain}\n",
		":4:10: controls[0].on: meter is for a light"},
	{"#  - {to: /strip/1/gain, light: meter 1}\n",
		":4:32: controls[0].light: meter is for a meter: such as "
		"/strip/1"},
	{"#  - {meter: /strip/1, light: cc 1, range: [-130, 0]}\n",
		":4:43: controls[0].range: -130 to 0 is beyond that of a "
		"meter, -120 to 24 dB"},
	{"#  - {meter: /strip/1, light: note 1, lit: 1, range: [-10, 0]}\n",
		":4:53: controls[0].range: only for a meter that is sent as a "
		"position"},
	{"#  - {meter: /strip/1, light: meter 1, curve: audio}\n",
		":4:46: controls[0].curve: only for a meter that is sent as a "
		"position"},
	{"#  - {meter: /strip/1, light: meter 1, ring: wrap}\n",
		":4:45: controls[0].ring: does not go with light: meter"},
	{"#  - {meter: /strip/1, light: meter 1, above: -3}\n",
		":4:46: controls[0].above: does not go with light: meter"},
	{"#  - {meter: /strip/1, light: note 1, above: loud}\n",
		":4:45: controls[0].above: \"loud\" must be -120..24"},
	{"#  - {on: note 1, to: /strip/1/mute, light: same, above: 1}\n",
		":4:57: controls[0].above: only for a meter"},
	{"#  - {on: note 1, to: /strip/1/mute, above: 1}\n",
		":4:44: controls[0].above: needs light: a message, or same"},
	{"#  - {meter: /strip/1, light: note 1, colors: [-3 5, -9 2]}\n",
		":4:53: controls[0].colors[1]: levels must rise"},
	{"#  - {meter: /strip/1, light: note 1, colors: [red]}\n",
		":4:47: controls[0].colors[0]: \"red\" must be a level in dB, "
		"a blank and a number from 0 to 127"},
	{"#  - {meter: /strip/1, light: note 1, lit: 1, colors: [-3 5]}\n",
		":4:54: controls[0].colors: either colors, or above and lit"},
};

static void
every_mistake_has_its_line_and_column(void **state)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
		assert_refused(*state, mistakes[i].text, mistakes[i].want);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(meters_of_every_kind_are_read),
		TEST(every_mistake_has_its_line_and_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
