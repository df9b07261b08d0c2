/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The crossovers of the EQ, as a file has them. */
#include "tests/config_rig.h"

static void
assert_crossovers(struct rig *r, const char *text, double low, double high)
{
	assert_loads(r, text);
	assert_true(r->config.model.eq_hz[0] == low);
	assert_true(r->config.model.eq_hz[1] == high);
}

static void
what_is_not_said_stays(void **state)
{
	struct rig *r = *state;

	assert_crossovers(r, "strips: 8\n", 250.0, 2500.0);
	assert_crossovers(r, "eq: {low: 180.5, high: 3000}\n", 180.5, 3000.0);
	assert_crossovers(r, "eq:\n  low: 40\n", 40.0, 2500.0);
	assert_crossovers(r, "eq:\n  high: 12000\n", 250.0, 12000.0);
	assert_crossovers(r, "eq: {low: 1999, high: 2000}\n", 1999.0, 2000.0);
	assert_crossovers(r, "eq: {low: 100, high: 200}\n", 100.0, 200.0);
}

static void
every_mistake_has_its_place(void **state)
{
	static const struct refusal cases[] = {
		{"eq: {low: 39.9, high: 2500}\n",
			"1:11: eq.low: \"39.9\" must be 40..2000 Hz"},
		{"eq: {low: 3000, high: 5000}\n",
			"1:11: eq.low: \"3000\" must be 40..2000 Hz"},
		{"eq:\n  high: 12001\n",
			"2:9: eq.high: \"12001\" must be 200..12000 Hz"},
		{"eq:\n  high: loud\n",
			"2:9: eq.high: \"loud\" must be 200..12000 Hz"},
		{"eq: {low: 300, high: 300}\n",
			"1:11: eq.low: \"300\" must be below the upper one, "
			"300 Hz"},
		{"eq:\n  high: 240\n",
			"2:9: eq.high: \"240\" must be above the lower one, "
			"250 Hz"},
		{"eq: {hihg: 3000}\n",
			"1:6: no key \"hihg\" here; one of low, high"},
	};

	assert_all_refused(*state, cases, sizeof(cases) / sizeof(*cases));
	assert_int_equal(load(*state, "eq: 250\n"), -EINVAL);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(what_is_not_said_stays),
		TEST(every_mistake_has_its_place),
	};

	return cmocka_run_group_tests_name("config_eq", tests, NULL, NULL);
}
