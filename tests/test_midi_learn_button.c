/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What buttons, and knobs that speak as buttons do, are learned as. */
#include "tests/midi_learn_rig.h"

/* One press of a button that the device keeps. */
static void
press_latch(struct hand *h, enum midi_kind kind, uint16_t value)
{
	say(h, kind, 9, 36, value);
	wait_ms(h, 300);
}

static void
press_held(struct hand *h, enum midi_kind kind)
{
	say(h, kind, 9, 36, 127);
	wait_ms(h, 120);
	say(h, kind, 9, 36, 0);
	wait_ms(h, 200);
}

static void
a_button_that_latches_is_asked_to_be_pressed_again(void **state)
{
	static const enum midi_kind kinds[] = {MIDI_NOTE, MIDI_CC};
	struct hand *h = *state;

	for (int k = 0; k < 2; k++) {
		learn_start(&h->learn, h->now_ns);
		press_latch(h, kinds[k], 127);
		assert_int_equal(h->learn.state, LEARN_WAIT);
		wait_ms(h, 1600);
		assert_int_equal(h->learn.state, LEARN_TWICE);
		press_latch(h, kinds[k], 0);
		wait_ms(h, 1000);
		assert_int_equal(h->learn.state, LEARN_TWICE);
		press_latch(h, kinds[k], 127);
		wait_ms(h, 1000);
		assert_found(
			h, kinds[k], 9, 36, MAPPING_LATCH, ENCODING_ABSOLUTE);
	}
}

/* It was on when learning began. */
static void
a_latch_may_begin_with_off(void **state)
{
	struct hand *h = *state;

	press_latch(h, MIDI_CC, 0);
	wait_ms(h, 1600);
	assert_int_equal(h->learn.state, LEARN_TWICE);
	press_latch(h, MIDI_CC, 127);
	press_latch(h, MIDI_CC, 0);
	wait_ms(h, 1000);
	assert_found(h, MIDI_CC, 9, 36, MAPPING_LATCH, ENCODING_ABSOLUTE);
}

static void
a_button_that_was_held_for_long_is_no_latch(void **state)
{
	static const enum midi_kind kinds[] = {MIDI_NOTE, MIDI_CC};
	struct hand *h = *state;

	for (int k = 0; k < 2; k++) {
		learn_start(&h->learn, h->now_ns);
		say(h, kinds[k], 9, 36, 127);
		wait_ms(h, 2000);
		assert_int_equal(h->learn.state, LEARN_TWICE);
		say(h, kinds[k], 9, 36, 0);
		press_held(h, kinds[k]);
		press_held(h, kinds[k]);
		wait_ms(h, 1000);
		assert_found(
			h, kinds[k], 9, 36, MAPPING_TOGGLE, ENCODING_ABSOLUTE);
	}
}

/* What a device says at its start is no button that anybody pressed. */
static void
who_is_asked_hears_the_others(void **state)
{
	struct hand *h = *state;

	press_latch(h, MIDI_CC, 127);
	wait_ms(h, 2000);
	assert_int_equal(h->learn.state, LEARN_TWICE);
	say(h, MIDI_NOTE, 0, 5, 100);
	say(h, MIDI_NOTE, 0, 5, 0);
	wait_ms(h, 300);
	assert_found(h, MIDI_NOTE, 0, 5, MAPPING_TOGGLE, ENCODING_ABSOLUTE);
	learn_start(&h->learn, h->now_ns);
	press_latch(h, MIDI_CC, 127);
	wait_ms(h, 2000);
	for (uint16_t v = 60; v < 70; v++)
		say(h, MIDI_CC, 3, 21, v);
	assert_found(h, MIDI_CC, 3, 21, MAPPING_VALUE, ENCODING_ABSOLUTE);
}

static void
an_nrpn_may_be_a_button(void **state)
{
	static const uint16_t ways[][2] = {{127, 0}, {0, 127}, {127, 127}};
	struct hand *h = *state;

	for (int w = 0; w < 3; w++) {
		learn_start(&h->learn, h->now_ns);
		for (int i = 0; i < 2; i++) {
			for (int on = 1; on >= 0; on--) {
				entry(h, 130, 6, on ? (uint8_t)ways[w][0] : 0);
				if (ways[w][1])
					entry(h, 0, 38,
						on ? (uint8_t)ways[w][1] : 0);
				wait_ms(h, 60);
			}
		}
		wait_ms(h, 300);
		assert_found(h, MIDI_NRPN, 0, 130, MAPPING_TOGGLE,
			ENCODING_ABSOLUTE);
	}
}

/* Its number is told once, and then only what it says: the controller that says
 * it is no button of its own. */
static void
an_nrpn_that_tells_its_number_once_may_be_a_button(void **state)
{
	struct hand *h = *state;

	for (int i = 0; i < 3; i++) {
		entry(h, i ? 0 : 130, 6, 127);
		wait_ms(h, 60);
		entry(h, 0, 6, 0);
		wait_ms(h, 60);
	}
	wait_ms(h, 300);
	assert_found(h, MIDI_NRPN, 0, 130, MAPPING_TOGGLE, ENCODING_ABSOLUTE);
}

static void
an_nrpn_may_latch(void **state)
{
	struct hand *h = *state;

	entry(h, 130, 6, 127);
	wait_ms(h, 1600);
	assert_int_equal(h->learn.state, LEARN_TWICE);
	entry(h, 130, 6, 0);
	wait_ms(h, 300);
	entry(h, 130, 6, 127);
	wait_ms(h, 800);
	assert_found(h, MIDI_NRPN, 0, 130, MAPPING_LATCH, ENCODING_ABSOLUTE);
}

static void
increments_are_learned_as_clicks(void **state)
{
	struct hand *h = *state;

	for (int i = 0; i < 3; i++)
		entry(h, 130, 97, 1);
	assert_found(h, MIDI_NRPN, 0, 130, MAPPING_VALUE, ENCODING_CLICKS);
}

/* To the right, and to the left when that is asked for. */
static void
a_knob_that_sends_on_and_off_is_learned(void **state)
{
	static const enum midi_kind kinds[] = {MIDI_NOTE, MIDI_CC};
	struct hand *h = *state;

	for (int k = 0; k < 4; k++) {
		learn_start(&h->learn, h->now_ns);
		for (int i = 0; i < 6; i++)
			say(h, kinds[k & 1], 0, 16, k & 2 ? 0 : 127);
		assert_int_equal(h->learn.state, LEARN_LEFT);
		wait_ms(h, 700);
		for (int i = 0; i < 5; i++)
			say(h, kinds[k & 1], 0, 16, 0);
		assert_found(
			h, kinds[k & 1], 0, 16, MAPPING_VALUE, ENCODING_ON_OFF);
	}
}

/* No finger presses so fast; what it cannot learn it says at once. */
static void
a_knob_that_presses_buttons_is_said_not_to_be_learned(void **state)
{
	static const enum midi_kind kinds[] = {MIDI_NOTE, MIDI_CC};
	struct hand *h = *state;

	for (int k = 0; k < 2; k++) {
		learn_start(&h->learn, h->now_ns);
		for (int i = 0; i < 6; i++) {
			say(h, kinds[k], 0, 16, 127);
			say(h, kinds[k], 0, 16, 0);
			wait_ms(h, 60);
		}
		assert_int_equal(h->learn.state, LEARN_FAILED);
		assert_non_null(strstr(h->learn.why, "as: up"));
	}
	/* The same to the left as to the right. */
	learn_start(&h->learn, h->now_ns);
	for (int i = 0; i < 6; i++)
		say(h, MIDI_NOTE, 0, 16, 127);
	wait_ms(h, 700);
	for (int i = 0; i < 6; i++)
		say(h, MIDI_NOTE, 0, 16, 127);
	assert_int_equal(h->learn.state, LEARN_FAILED);
	assert_non_null(strstr(h->learn.why, "the same to the left"));
	/* One number for each direction, and never off. */
	learn_start(&h->learn, h->now_ns);
	for (int i = 0; i < 6; i++)
		say(h, MIDI_NOTE, 0, 16, 127);
	assert_int_equal(h->learn.state, LEARN_LEFT);
	wait_ms(h, 700);
	for (int i = 0; i < 6; i++)
		say(h, MIDI_NOTE, 0, 17, 127);
	assert_int_equal(h->learn.state, LEARN_FAILED);
	assert_non_null(strstr(h->learn.why, "as: up"));
}

/* Upper half first or lower half first, far from 32 apart. */
static void
any_two_halves_are_14_bits(void **state)
{
	struct hand *h = *state;

	for (int lsb_first = 0; lsb_first < 2; lsb_first++) {
		learn_start(&h->learn, h->now_ns);
		for (unsigned v = 4000;
			v < 9000 && h->learn.state == LEARN_WAIT; v += 77) {
			uint16_t msb = (uint16_t)(v >> 7), lsb = v & 127;

			if (lsb_first)
				say(h, MIDI_CC, 0, 69, lsb);
			say(h, MIDI_CC, 0, 68, msb);
			if (!lsb_first)
				say(h, MIDI_CC, 0, 69, lsb);
		}
		assert_found(
			h, MIDI_CC, 0, 68, MAPPING_VALUE, ENCODING_ABSOLUTE);
		assert_true(h->learn.message.fine);
		assert_int_equal(h->learn.message.low, 69);
	}
}

/* Two axes of a pad that is touched here and there. */
static void
the_axes_of_a_pad_are_no_halves(void **state)
{
	struct hand *h = *state;

	for (int i = 0; i < 60 && h->learn.state == LEARN_WAIT; i++) {
		say(h, MIDI_CC, 0, 16, (uint16_t)(20 + i));
		say(h, MIDI_CC, 0, 17, (uint16_t)(90 - i));
	}
	assert_int_equal(h->learn.state, LEARN_DONE);
	assert_false(h->learn.message.fine);
	learn_start(&h->learn, h->now_ns);
	for (unsigned i = 0; i < 60 && h->learn.state == LEARN_WAIT; i++) {
		say(h, MIDI_CC, 0, 16, (uint16_t)(i * 37 % 128));
		say(h, MIDI_CC, 0, 17, (uint16_t)(i * 53 % 128));
	}
	assert_int_equal(h->learn.state, LEARN_DONE);
	assert_false(h->learn.message.fine);
}

static void
what_cannot_be_learned_is_noted(void **state)
{
	struct hand *h = *state;

	say(h, MIDI_SYSEX, 0, 0, 0);
	assert_string_equal(h->learn.note, "sysex");
	say(h, MIDI_NOTE, 0, 1, 1);
	assert_null(h->learn.note);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup(name, hand_up)
	const struct CMUnitTest tests[] = {
		T(a_button_that_latches_is_asked_to_be_pressed_again),
		T(a_latch_may_begin_with_off),
		T(a_button_that_was_held_for_long_is_no_latch),
		T(who_is_asked_hears_the_others),
		T(an_nrpn_may_be_a_button),
		T(an_nrpn_that_tells_its_number_once_may_be_a_button),
		T(an_nrpn_may_latch),
		T(increments_are_learned_as_clicks),
		T(a_knob_that_sends_on_and_off_is_learned),
		T(a_knob_that_presses_buttons_is_said_not_to_be_learned),
		T(any_two_halves_are_14_bits),
		T(the_axes_of_a_pad_are_no_halves),
		T(what_cannot_be_learned_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
