/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/param_rig.h"

#include <errno.h>

#include "control/util/nearest.h"

static const char *
near_of(const char *asked)
{
	static const char *const words[] = {
		"run", "apps", "get", "set", "watch", "status", "render"};
	struct nearest near;

	nearest_init(&near, asked);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		nearest_try(&near, words[i]);
	return near.best;
}

static void
a_slip_of_the_finger_is_near(void **state)
{
	char longer[NEAREST_MAX + 2];

	(void)state;
	assert_string_equal(near_of("stauts"), "status");
	assert_string_equal(near_of("statsu"), "status");
	assert_string_equal(near_of("statuss"), "status");
	assert_string_equal(near_of("wacth"), "watch");
	assert_string_equal(near_of("redner"), "render");
	assert_string_equal(near_of("run"), "run");
	assert_null(near_of("record"));
	assert_null(near_of("x"));
	assert_null(near_of(""));
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_null(near_of(longer));
}

static const char *
meant(struct rig *r, const char *address)
{
	static char out[PARAM_ADDRESS_MAX];

	return param_nearest(r->p, address, out) ? out : NULL;
}

static void
an_address_is_near_part_by_part(void **state)
{
	struct rig *r = *state;

	set(r, "/strip/4/name", text("Spotify"));
	assert_string_equal(meant(r, "/strip/1/gian"), "/strip/1/gain");
	assert_string_equal(meant(r, "/stirp/1/mute"), "/strip/1/mute");
	assert_string_equal(
		meant(r, "/strip/spotfy/gain"), "/strip/spotify/gain");
	assert_string_equal(
		meant(r, "/strip/2/mute/togle"), "/strip/2/mute/toggle");
	assert_string_equal(
		meant(r, "/strip/1/send/lop"), "/strip/1/send/loop");
	assert_string_equal(meant(r, "/bus/mian/fadr"), "/bus/main/fader");
	assert_string_equal(meant(r, "/crossfader/reverse/togle"),
		"/crossfader/reverse/toggle");
	assert_string_equal(meant(r, "/crosfader"), "/crossfader");
	assert_string_equal(meant(r, "/crossfader/curv"), "/crossfader/curve");
	assert_string_equal(meant(r, "/Strip/1/Gain"), "/strip/1/gain");
	assert_null(meant(r, "/strip/17/gain")); /* another strip is no help */
	assert_null(meant(r, "/strip/1/volume"));
	assert_null(meant(r, "/strip/*/gian"));
	assert_null(meant(r, "/strip/1"));
	assert_null(meant(r, "gain"));
	assert_null(meant(r, ""));
	assert_null(meant(r, "/app/spotify/gian")); /* nothing plays there */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		TEST(a_slip_of_the_finger_is_near),
		TEST(an_address_is_near_part_by_part),
	};

	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
