/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An rpn or nrpn is sent by controllers, which are heard for themselves as
 * well: one movement would move two controls. */
#include "mapping_rig.h"

#define ENTRY ": an rpn or nrpn is sent as cc 6, 38 and 96 to 101"

static void
assert_twice(struct rig *r, const char *first, const char *second,
	const char *second_is)
{
	char text[256], want[256];

	snprintf(text, sizeof(text),
		"#  - {on: %s, to: /strip/1/gain}\n"
		"  - {on: %s, to: /strip/5/gain}\n",
		first, second);
	snprintf(want, sizeof(want),
		":5:10: controls[1].on: %s has a control already, on line "
		"4" ENTRY,
		second_is);
	assert_refused(r, text, want);
}

static void
what_an_nrpn_is_sent_by_is_no_other_control(void **state)
{
	static const char *const entries[] = {"cc 6", "cc14 6", "cc 38",
		"cc 96", "cc 97", "cc 98", "cc 99", "cc 100", "cc 101"};
	char text[64];

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		snprintf(text, sizeof(text), "%s of channel 1", entries[i]);
		assert_twice(*state, "nrpn 5", entries[i], text);
		assert_twice(*state, entries[i], "rpn 5", "rpn 5 of channel 1");
	}
}

static void
any_channel_is_that_of_the_nrpn_too(void **state)
{
	assert_twice(*state, "cc 6", "ch any rpn 5", "rpn 5 of any channel");
	assert_twice(
		*state, "ch any cc 6", "ch 5 nrpn 5", "nrpn 5 of channel 5");
}

/* Each of two controls is in force in its own layer, and both are heard. */
static void
layers_do_not_keep_them_apart(void **state)
{
	assert_refused(*state,
		"#  - {on: note 1, as: shift fx}\n"
		"  - {on: nrpn 5, to: /strip/1/gain}\n"
		"  - {on: cc 6, to: /strip/2/gain, layer: fx}\n",
		":6:10: controls[2].on: cc 6 of channel 1 has a control "
		"already, on line 5" ENTRY);
}

static void
other_controllers_and_channels_go_with_an_nrpn(void **state)
{
	parse(*state, "#  - {on: nrpn 5, to: /strip/1/gain}\n"
		      "  - {on: rpn 5, to: /strip/2/gain}\n"
		      "  - {on: ch 2 cc 6, to: /strip/3/gain}\n"
		      "  - {on: note 6, to: /strip/3/mute}\n"
		      "  - {on: cc14 7, to: /strip/4/gain}\n"
		      "  - {on: cc 95, to: /strip/5/gain}\n"
		      "  - {on: cc 102, to: /strip/6/gain}\n");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_an_nrpn_is_sent_by_is_no_other_control),
		T(any_channel_is_that_of_the_nrpn_too),
		T(layers_do_not_keep_them_apart),
		T(other_controllers_and_channels_go_with_an_nrpn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
