/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/surface_rig.h"

/* Its lamp is lit by what a release says as well. */
static void
the_release_of_a_quick_tap_is_not_an_echo(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_MOMENTARY);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	c->light.lit = 0;
	c->light.dark = 127;
	start(d);
	for (uint64_t ms = 1; ms < 100; ms += 7) {
		hear(d, MIDI_NOTE, 0, 1, 127);
		assert_int_equal(value_of(d, "/strip/1/mute"), 1);
		wait_ms(d, ms);
		hear(d, MIDI_NOTE, 0, 1, 0);
		assert_int_equal(value_of(d, "/strip/1/mute"), 0);
		wait_ms(d, 200);
	}
}

/* A device that sends it back lets go of its button early; nothing goes round.
 */
static void
a_lamp_that_says_what_a_release_says_ends(void **state)
{
	static const enum mapping_as buttons[] = {
		MAPPING_MOMENTARY, MAPPING_TOGGLE};
	struct desk *d = *state;
	uint32_t sents;

	for (uint16_t i = 0; i < 2; i++) {
		struct mapping_control *c =
			add(d, MIDI_NOTE, 0, 1 + i, buttons[i]);

		aim(c, (uint8_t)(1 + i), "mute");
		light_same(c, MAPPING_LIGHT_LAMP);
		c->light.lit = 0;
		c->light.dark = 127;
	}
	d->thru = true;
	start(d);
	for (uint64_t late_ms = 0; late_ms < 250; late_ms += 41) {
		d->thru_ns = late_ms * MS;
		d->sents = d->thru_at = 0;
		for (uint16_t n = 1; n < 3; n++)
			hear(d, MIDI_NOTE, 0, n, 127);
		wait_ms(d, 100);
		for (uint16_t n = 1; n < 3; n++)
			hear(d, MIDI_NOTE, 0, n, 0);
		wait_ms(d, 10000);
		assert_int_equal(value_of(d, "/strip/1/mute"), 0);
		sents = d->sents;
		wait_ms(d, 10000);
		assert_int_equal(d->sents, sents);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_release_of_a_quick_tap_is_not_an_echo),
		T(a_lamp_that_says_what_a_release_says_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
