/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/midi_learn_rig.h"

static void
a_knob_is_absolute(void **state)
{
	struct hand *h = *state;

	for (uint16_t v = 60; v < 70; v++)
		say(h, MIDI_CC, 3, 21, v);
	assert_found(h, MIDI_CC, 3, 21, MAPPING_VALUE, ENCODING_ABSOLUTE);
	assert_false(h->learn.message.fine);
}

static void
a_knob_that_flutters_is_not_learned(void **state)
{
	struct hand *h = *state;

	for (int i = 0; i < 40; i++)
		say(h, MIDI_CC, 0, 21, i % 2 ? 33 : 34);
	assert_int_equal(h->learn.state, LEARN_WAIT);
}

/* Faders of 10 bits in 14, whose last steps are noise. */
static void
a_fine_fader_that_flutters_is_not_learned(void **state)
{
	static const int16_t noise[] = {0, 16, -16, 32, 0, -32, 16};
	struct hand *h = *state;

	for (int i = 0; i < 70; i++) {
		uint16_t v = (uint16_t)(8240 + noise[i % 7]);

		say(h, MIDI_BEND, 2, 0, v);
		v = (uint16_t)(8240 + noise[i % 7] / 4);
		say(h, MIDI_CC, 0, 7, v >> 7);
		say(h, MIDI_CC, 0, 39, v & 127);
	}
	assert_int_equal(h->learn.state, LEARN_WAIT);
	for (uint16_t v = 8192; v < 8192 + 800; v += 64)
		say(h, MIDI_BEND, 2, 0, v);
	assert_found(h, MIDI_BEND, 2, 0, MAPPING_VALUE, ENCODING_ABSOLUTE);
}

/* It flutters all the time, and began before the button was pressed. */
static void
a_button_is_found_beside_a_knob_that_flutters(void **state)
{
	static const enum midi_kind kinds[] = {MIDI_NOTE, MIDI_CC};
	struct hand *h = *state;

	for (int k = 0; k < 2; k++) {
		learn_start(&h->learn, h->now_ns);
		for (int i = 0; i < 60; i++) {
			say(h, MIDI_CC, 0, 21, i % 2 ? 33 : 34);
			if (i == 5 || i == 15)
				say(h, kinds[k], 9, 36, i == 5 ? 127 : 0);
		}
		assert_found(
			h, kinds[k], 9, 36, MAPPING_TOGGLE, ENCODING_ABSOLUTE);
	}
}

/* Firmware that sends what it reads, changed or not. */
static void
a_knob_that_repeats_itself_is_absolute(void **state)
{
	static const uint16_t firsts[] = {80, 58, 2, 108};
	struct hand *h = *state;

	for (size_t k = 0; k < sizeof(firsts) / sizeof(firsts[0]); k++) {
		learn_start(&h->learn, h->now_ns);
		for (uint16_t i = 0; i < 24; i++)
			say(h, MIDI_CC, 0, 21, (uint16_t)(firsts[k] + i / 2));
		assert_found(
			h, MIDI_CC, 0, 21, MAPPING_VALUE, ENCODING_ABSOLUTE);
	}
}

/* Its steps grow with its speed, as those of a fader that leaves its end do. */
static void
an_encoder_that_is_turned_fast_is_relative(void **state)
{
	static const uint8_t steps[] = {1, 2, 3, 4, 5, 3, 2, 1, 1, 2, 1, 1, 1};
	struct hand *h = *state;

	for (int coding = 0; coding < 3; coding++) {
		learn_start(&h->learn, h->now_ns);
		for (size_t i = 0; i < sizeof(steps); i++)
			say(h, MIDI_CC, 0, 16,
				coding == 0   ? steps[i]
				: coding == 1 ? 64u + steps[i]
					      : 128u - steps[i]);
		assert_int_equal(h->learn.state, LEARN_LEFT);
	}
}

static void
two_halves_are_14_bits(void **state)
{
	for (int lsb_first = 0; lsb_first < 2; lsb_first++) {
		struct hand *h = *state;

		learn_start(&h->learn, h->now_ns);
		for (uint16_t v = 5000; v < 7000; v += 97) {
			uint16_t half[] = {v >> 7, v & 127};

			for (int i = 0; i < 2; i++) {
				int low = i ^ lsb_first;

				say(h, MIDI_CC, 0, low ? 39 : 7, half[low]);
			}
		}
		assert_found(
			h, MIDI_CC, 0, 7, MAPPING_VALUE, ENCODING_ABSOLUTE);
		assert_true(h->learn.message.fine);
	}
}

static void
a_small_move_of_14_bits_is_enough(void **state)
{
	struct hand *h = *state;

	for (uint16_t v = 5000; v < 5100; v += 7) {
		say(h, MIDI_CC, 0, 7, v >> 7);
		say(h, MIDI_CC, 0, 39, v & 127);
	}
	assert_found(h, MIDI_CC, 0, 7, MAPPING_VALUE, ENCODING_ABSOLUTE);
	assert_true(h->learn.message.fine);
}

static void
a_pitch_bend_wins_over_its_touch(void **state)
{
	struct hand *h = *state;

	say(h, MIDI_NOTE, 0, 104, 127);
	wait_ms(h, 200);
	for (uint16_t v = 100; v < 1000; v += 100)
		say(h, MIDI_BEND, 2, 0, v);
	say(h, MIDI_NOTE, 0, 104, 0);
	assert_found(h, MIDI_BEND, 2, 0, MAPPING_VALUE, ENCODING_ABSOLUTE);
}

static void
an_nrpn_wins_over_its_ccs(void **state)
{
	struct hand *h = *state;

	for (uint16_t v = 1000; v < 3000; v += 200) {
		say(h, MIDI_CC, 0, 99, 1);
		say(h, MIDI_CC, 0, 98, 5);
		say(h, MIDI_CC, 0, 6, v >> 7);
		say(h, MIDI_NRPN, 0, 133, v & 0x3f80);
		say(h, MIDI_CC, 0, 38, v & 127);
		say(h, MIDI_NRPN, 0, 133, v);
	}
	assert_found(h, MIDI_NRPN, 0, 133, MAPPING_VALUE, ENCODING_ABSOLUTE);
}

static void
a_note_is_a_button(void **state)
{
	struct hand *h = *state;

	say(h, MIDI_NOTE, 9, 36, 99);
	wait_ms(h, 120);
	say(h, MIDI_NOTE, 9, 36, 0);
	wait_ms(h, 300);
	assert_found(h, MIDI_NOTE, 9, 36, MAPPING_TOGGLE, ENCODING_ABSOLUTE);
}

static void
a_cc_that_is_on_and_off_is_a_button(void **state)
{
	struct hand *h = *state;

	for (int i = 0; i < 3; i++) {
		say(h, MIDI_CC, 0, 64, 127);
		wait_ms(h, 60);
		say(h, MIDI_CC, 0, 64, 0);
	}
	wait_ms(h, 300);
	assert_found(h, MIDI_CC, 0, 64, MAPPING_TOGGLE, ENCODING_ABSOLUTE);
}

static void
a_program_is_a_button(void **state)
{
	struct hand *h = *state;

	say(h, MIDI_PROGRAM, 0, 0, 12);
	wait_ms(h, 300);
	assert_found(h, MIDI_PROGRAM, 0, 12, MAPPING_TOGGLE, ENCODING_ABSOLUTE);
}

static void
relative_knobs_are_told_apart_by_their_left(void **state)
{
	static const struct {
		uint16_t right, left;
		enum encoding coding;
	} rows[] = {
		{1, 127, ENCODING_TWOS},
		{65, 63, ENCODING_OFFSET},
		{1, 65, ENCODING_SIGN_DOWN},
		{65, 1, ENCODING_SIGN_UP},
		{17, 15, ENCODING_OFFSET_16},
	};
	struct hand *h = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (int left_first = 0; left_first < 2; left_first++) {
			learn_start(&h->learn, h->now_ns);
			say_times(h, 16,
				left_first ? rows[i].left : rows[i].right, 9);
			assert_int_equal(h->learn.state, LEARN_LEFT);
			wait_ms(h, 700);
			say_times(h, 16, rows[i].left, 5);
			assert_found(h, MIDI_CC, 0, 16, MAPPING_VALUE,
				rows[i].coding);
		}
	}
}

/* What is still turned to the right while the question is read. */
static void
the_left_turn_begins_after_a_rest(void **state)
{
	struct hand *h = *state;

	say_times(h, 16, 1, 30);
	assert_int_equal(h->learn.state, LEARN_LEFT);
	wait_ms(h, 600);
	say_times(h, 17, 3, 10); /* another knob */
	say_times(h, 16, 127, 4);
	assert_found(h, MIDI_CC, 0, 16, MAPPING_VALUE, ENCODING_TWOS);
}

static void
it_is_given_up_in_the_end(void **state)
{
	struct hand *h = *state;

	h->now_ns += LEARN_NS;
	assert_true(learn_run(&h->learn, h->now_ns) == UINT64_MAX);
	assert_int_equal(h->learn.state, LEARN_FAILED);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup(name, hand_up)
	const struct CMUnitTest tests[] = {
		T(a_knob_is_absolute),
		T(a_knob_that_flutters_is_not_learned),
		T(a_fine_fader_that_flutters_is_not_learned),
		T(a_button_is_found_beside_a_knob_that_flutters),
		T(a_knob_that_repeats_itself_is_absolute),
		T(an_encoder_that_is_turned_fast_is_relative),
		T(two_halves_are_14_bits),
		T(a_small_move_of_14_bits_is_enough),
		T(a_pitch_bend_wins_over_its_touch),
		T(an_nrpn_wins_over_its_ccs),
		T(a_note_is_a_button),
		T(a_cc_that_is_on_and_off_is_a_button),
		T(a_program_is_a_button),
		T(relative_knobs_are_told_apart_by_their_left),
		T(the_left_turn_begins_after_a_rest),
		T(it_is_given_up_in_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
