/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which device a mapping is for. */
#include "tests/mapping_rig.h"

/* Linux cuts a name behind 31 characters. */
static void
a_pattern_fits_its_name_when_that_is_cut(void **state)
{
	struct rig *r = *state;

	parse(r, "name: T\ndevice: [Twenty Characters XL Twenty Characters, "
		 "'A Box With A Name A Box With A Name*', 'Box*']\ncontrols:\n"
		 "  - {on: cc 1, to: /strip/1/fader}\n");
	assert_int_equal(
		mapping_fits(r->m, "twenty characters xl twenty cha"), 2);
	assert_int_equal(
		mapping_fits(r->m, "A Box With A Name A Box With A "), 2);
	/* As long, and another one. */
	assert_int_equal(
		mapping_fits(r->m, "Twenty Characters XL Twenty chi"), 0);
	/* Not cut: shorter, or too long to be Linux's. */
	assert_int_equal(
		mapping_fits(r->m, "Twenty Characters XL Twenty ch"), 0);
	assert_int_equal(
		mapping_fits(r->m, "Twenty Characters XL Twenty char"), 0);
	assert_int_equal(mapping_fits(r->m, "A Bx*"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pattern_fits_its_name_when_that_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
