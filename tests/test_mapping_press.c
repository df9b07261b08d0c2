/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buttons that nudge, go through choices, and tell how hard they are hit. */
#include "tests/mapping_rig.h"

static void
presses_are_read(void **state)
{
	struct rig *r = *state;
	const struct mapping_control *c;

	parse(r, "#  - {on: note 1, to: /strip/1/gain, as: step 1.5}\n"
		 "  - {on: note 2, to: /strip/1/gain, as: step -1.5,\n"
		 "     range: [-30, 0], light: same}\n"
		 "  - {on: program 3, to: /strip/1/side, as: step -1}\n"
		 "  - {on: note 4, to: /strip/1/route, as: cycle,\n"
		 "     light: same, colors: [main 45, loop 13]}\n"
		 "  - {on: note 5, to: /strip/1/side, as: cycle -1,\n"
		 "     range: [1, 2]}\n"
		 "  - {on: cc 6, to: /strip/1/mute, as: cycle}\n"
		 "  - {on: note 7, to: /strip/1/gain, as: velocity,\n"
		 "     range: [-30, 0], curve: audio, invert: yes}\n"
		 "  - {on: note 8, to: /strip/1/route, as: velocity}\n");
	c = r->m->control;
	assert_int_equal(c[0].as, MAPPING_STEP);
	assert_true(c[0].by == 1.5);
	assert_true(c[1].by == -1.5 && c[1].has_range);
	assert_int_equal(c[1].light.kind, MAPPING_LIGHT_LAMP);
	assert_true(c[2].by == -1.0);
	assert_int_equal(c[3].as, MAPPING_CYCLE);
	assert_true(c[3].by == 1.0);
	assert_int_equal(c[3].light.colors, 2);
	assert_true(c[4].by == -1.0);
	assert_int_equal(c[6].as, MAPPING_VELOCITY);
	assert_int_equal(c[6].curve, CURVE_AUDIO);
	assert_true(c[6].invert);
	assert_int_equal(c[6].takeover, MAPPING_JUMP);
}

static const struct {
	const char *text, *why;
} mistakes[] = {
	{"#  - {on: note 1, to: /strip/1/gain, as: step}\n",
		":4:41: controls[0].as: needs how much: \"as: step 1.5\", "
		"\"as: step -1.5\""},
	{"#  - {on: note 1, to: /strip/1/gain, as: step loud}\n",
		":4:41: controls[0].as: \"loud\" must be -1000..1000"},
	{"#  - {on: note 1, to: /strip/1/gain, as: step 0}\n",
		":4:41: controls[0].as: 0 goes nowhere"},
	{"#  - {on: note 1, to: /strip/1/gain, as: step nan}\n",
		":4:41: controls[0].as: \"nan\" must be -1000..1000"},
	{"#  - {on: note 1, to: /strip/1/fader, as: step 1.5}\n",
		":4:42: controls[0].as: 1.5 is more than all of "
		"/strip/1/fader, 1"},
	{"#  - {on: note 1, to: /strip/1/gain, as: step -103}\n",
		":4:41: controls[0].as: 103 dB is more than all of "
		"/strip/1/gain, 102"},
	{"#  - {on: note 1, to: /strip/1/side, as: step 0.5}\n",
		":4:41: controls[0].as: /strip/1/side goes by whole numbers: "
		"\"as: step 1\""},
	{"#  - {on: note 1, to: /strip/1/name, as: step 1}\n",
		":4:5: controls[0]: /strip/1/name is a text; as: set or radio, "
		"with a value:"},
	{"#  - {on: bend, to: /strip/1/gain, as: step 1}\n",
		":4:39: controls[0].as: a button is note, cc, nrpn, rpn, "
		"program N, start, continue, stop or sysex"},
	{"#  - {on: note 1, to: /strip/1/gain, as: step 1, step: 1}\n",
		":4:55: controls[0].step: only for a relative control, an "
		"nrpn or rpn, up and down"},
	{"#  - {on: note 1, to: /strip/1/gain, as: cycle}\n",
		":4:41: controls[0].as: /strip/1/gain has no choices to go "
		"round; as: step 1.5"},
	{"#  - {on: note 1, to: /strip/1/side, as: cycle 0.5}\n",
		":4:41: controls[0].as: goes by whole choices: "
		"\"as: cycle -1\""},
	{"#  - {on: note 1, to: /strip/1/side, as: cycle 99}\n",
		":4:41: controls[0].as: \"99\" must be -64..64"},
	{"#  - {on: note 1, to: /strip/1/name, as: cycle}\n",
		":4:5: controls[0]: /strip/1/name is a text; as: set or radio, "
		"with a value:"},
	{"#  - {on: cc 1, to: /strip/1/gain, as: velocity}\n",
		":4:39: controls[0].as: only a note tells how hard it is hit"},
	{"#  - {on: note 1, to: /strip/1/gain, as: velocity 5}\n",
		":4:41: controls[0].as: nothing goes behind \"velocity\""},
	{"#  - {on: note 1, to: /strip/1/gain, as: velocity,\n"
	 "     takeover: pickup}\n",
		":5:16: controls[0].takeover: only for an absolute control "
		"that is a value"},
	{"#  - {on: note 1, to: /strip/1/gain, as: step 1, curve: audio}\n",
		":4:56: controls[0].curve: only for a value and a velocity"},
};

static void
mistakes_have_their_place(void **state)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
		assert_refused(*state, mistakes[i].text, mistakes[i].why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			presses_are_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			mistakes_have_their_place, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
