/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/surface_rig.h"

/* ---- moving ---- */

static void
a_fader_jumps_when_it_may(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);

	aim(c, 2, "fader");
	c->takeover = MAPPING_JUMP;
	start(d);
	assert_true(hear(d, MIDI_CC, 0, 7, 127));
	assert_near(value_of(d, "/strip/2/fader"), 1.0);
	assert_true(hear(d, MIDI_CC, 0, 7, 0));
	assert_near(value_of(d, "/strip/2/fader"), 0.0);
	assert_false(hear(d, MIDI_CC, 1, 7, 64));
	assert_false(hear(d, MIDI_CC, 0, 8, 64));
	assert_near(value_of(d, "/strip/2/fader"), 0.0);
}

static void
pickup_waits_for_the_parameter(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);

	aim(c, 1, "fader");
	start(d);
	somebody_sets(d, "/strip/1/fader", 0.5);
	for (int v = 0; v < 60; v++, wait_ms(d, 5)) {
		hear(d, MIDI_CC, 0, 7, (uint16_t)v);
		assert_near(value_of(d, "/strip/1/fader"), 0.5);
	}
	hear(d, MIDI_CC, 0, 7, 63);
	assert_near(value_of(d, "/strip/1/fader"), 63 / 127.0);
	hear(d, MIDI_CC, 0, 7, 100);
	assert_near(value_of(d, "/strip/1/fader"), 100 / 127.0);
}

static void
several_targets_move_in_their_own_ranges(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);

	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	aim(c, 2, "gain");
	aim(c, 0, "/bus/main/fader");
	start(d);
	hear(d, MIDI_CC, 0, 7, 127);
	assert_near(value_of(d, "/strip/1/fader"), 1.0);
	assert_near(value_of(d, "/strip/2/gain"), 12.0);
	assert_near(value_of(d, "/bus/main/fader"), 1.0);
}

static void
a_range_may_be_upside_down(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);

	c->takeover = MAPPING_JUMP;
	c->has_range = true;
	c->range[0] = 0.0;
	c->range[1] = -20.0;
	aim(c, 1, "gain");
	start(d);
	hear(d, MIDI_CC, 0, 7, 127);
	assert_near(value_of(d, "/strip/1/gain"), -20.0);
	hear(d, MIDI_CC, 0, 7, 0);
	assert_near(value_of(d, "/strip/1/gain"), 0.0);
}

static void
fourteen_bits_come_in_two_halves(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);

	c->takeover = MAPPING_JUMP;
	c->message.fine = true;
	c->message.low = (uint8_t)(c->message.number + 32);
	aim(c, 1, "fader");
	start(d);
	assert_true(hear(d, MIDI_CC, 0, 7, 64));
	assert_true(hear(d, MIDI_CC, 0, 39, 32));
	wait_ms(d, 20);
	assert_near(value_of(d, "/strip/1/fader"), (64 * 128 + 32) / 16383.0);
}

static void
a_fader_of_ten_bits_reaches_its_end(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_BEND, 3, 0, MAPPING_VALUE);

	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	start(d);
	hear(d, MIDI_BEND, 3, 0, 16368);
	assert_near(value_of(d, "/strip/1/fader"), 1.0);
}

static void
a_knob_without_end_moves_by_steps(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 16, MAPPING_VALUE);

	c->coding = ENCODING_SIGN_DOWN;
	c->step = 0.01;
	aim(c, 1, "fader");
	start(d);
	somebody_sets(d, "/strip/1/fader", 0.5);
	hear(d, MIDI_CC, 0, 16, 3);
	assert_near(value_of(d, "/strip/1/fader"), 0.53);
	hear(d, MIDI_CC, 0, 16, 65);
	assert_near(value_of(d, "/strip/1/fader"), 0.52);
}

/* Steps finer than the parameter's are not lost. */
static void
small_steps_add_up(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 16, MAPPING_VALUE);

	c->coding = ENCODING_TWOS;
	c->step = 0.1;
	aim(c, 1, "mute");
	start(d);
	for (int i = 0; i < 4; i++)
		hear(d, MIDI_CC, 0, 16, 1);
	assert_int_equal(value_of(d, "/strip/1/mute"), 0);
	hear(d, MIDI_CC, 0, 16, 1);
	hear(d, MIDI_CC, 0, 16, 1);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
}

/* ---- buttons ---- */

static void
a_toggle_goes_there_and_back(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	start(d);
	for (int i = 0; i < 6; i++) {
		hear(d, MIDI_NOTE, 0, 1, 127);
		assert_int_equal(value_of(d, "/strip/1/mute"), i % 2 == 0);
		assert_last(d, 0x90, 1, i % 2 == 0 ? 127 : 0);
		wait_ms(d, 90);
		hear(d, MIDI_NOTE, 0, 1, 0);
		assert_int_equal(value_of(d, "/strip/1/mute"), i % 2 == 0);
		wait_ms(d, 60);
		assert_last(d, 0x90, 1, i % 2 == 0 ? 127 : 0);
	}
}

static void
a_button_by_cc_is_one_press_however_it_rises(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 1, MAPPING_TOGGLE);

	aim(c, 1, "mute");
	start(d);
	for (uint16_t v = 1; v < 128; v += 9)
		hear(d, MIDI_CC, 0, 1, v);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
	hear(d, MIDI_CC, 0, 1, 0);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
}

static void
a_momentary_button_lasts_while_it_is_held(void **state)
{
	struct desk *d = *state;

	aim(add(d, MIDI_NOTE, 0, 1, MAPPING_MOMENTARY), 1, "mute");
	start(d);
	hear(d, MIDI_NOTE, 0, 1, 100);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
	hear(d, MIDI_NOTE, 0, 1, 0);
	assert_int_equal(value_of(d, "/strip/1/mute"), 0);
}

/* Push to talk. */
static void
an_inverted_momentary_button_lasts_while_it_is_let_go(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_MOMENTARY);

	aim(c, 1, "mute");
	c->invert = true;
	start(d);
	somebody_sets(d, "/strip/1/mute", 1);
	hear(d, MIDI_NOTE, 0, 1, 100);
	assert_int_equal(value_of(d, "/strip/1/mute"), 0);
	hear(d, MIDI_NOTE, 0, 1, 0);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
	hear(d, MIDI_NOTE, 0, 1, 100);
	surface_let_go(d->surface);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
}

static void
radio_buttons_show_which_one_it_is(void **state)
{
	static const char *const routes[] = {"main", "loop", "none"};
	struct desk *d = *state;

	for (uint16_t i = 0; i < 3; i++) {
		struct mapping_control *c =
			add(d, MIDI_NOTE, 0, i, MAPPING_RADIO);

		aim(c, 1, "route");
		light_same(c, MAPPING_LIGHT_LAMP);
		c->value = text(routes[i]);
	}
	start(d);
	hear(d, MIDI_NOTE, 0, 1, 127);
	assert_text(d->rig, "/strip/1/route", "loop");
	assert_last(d, 0x90, 1, 127);
	wait_ms(d, 50);
	d->sents = 0;
	hear(d, MIDI_NOTE, 0, 2, 127);
	assert_text(d->rig, "/strip/1/route", "none");
	wait_ms(d, 50);
	assert_int_equal(d->sents, 2); /* one goes out, one is lit */
	assert_int_equal(d->sent[0].byte[1] + d->sent[1].byte[1], 1 + 2);
}

static void
a_program_sets_a_choice_by_its_number(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c =
		add(d, MIDI_PROGRAM, 0, MAPPING_NUMBER_ANY, MAPPING_VALUE);

	aim(c, 1, "route");
	start(d);
	hear(d, MIDI_PROGRAM, 0, 0, 2);
	assert_text(d->rig, "/strip/1/route", "loop");
}

static void
layers_share_a_fader(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c;

	d->mapping.layers = 2;
	c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	c->takeover = MAPPING_JUMP;
	c->layer = 1;
	aim(c, 2, "fader");
	c = add(d, MIDI_NOTE, 0, 98, MAPPING_SHIFT);
	c->to_layer = 1;
	light_same(c, MAPPING_LIGHT_LAMP);
	c = add(d, MIDI_NOTE, 0, 1, MAPPING_MOMENTARY);
	c->layer = 1;
	aim(c, 3, "mute");
	start(d);
	hear(d, MIDI_NOTE, 0, 98, 127);
	assert_last(d, 0x90, 98, 127);
	hear(d, MIDI_CC, 0, 7, 127);
	hear(d, MIDI_NOTE, 0, 1, 127);
	assert_int_equal(value_of(d, "/strip/3/mute"), 1);
	hear(d, MIDI_NOTE, 0, 98, 0);
	assert_near(value_of(d, "/strip/2/fader"), 1.0);
	/* Pressed in a layer that is no longer: let go all the same. */
	hear(d, MIDI_NOTE, 0, 1, 0);
	assert_int_equal(value_of(d, "/strip/3/mute"), 0);
	hear(d, MIDI_CC, 0, 7, 0);
	assert_near(value_of(d, "/strip/1/fader"), 0.0);
	assert_near(value_of(d, "/strip/2/fader"), 1.0);
}

static void
banks_move_the_row_and_its_lamps(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);
	uint32_t first, count;

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	c = add(d, MIDI_NOTE, 0, 26, MAPPING_BANK_RIGHT);
	c->strips = 8;
	c = add(d, MIDI_NOTE, 0, 25, MAPPING_BANK_LEFT);
	c->strips = 8;
	start(d);
	somebody_sets(d, "/strip/9/mute", 1);
	wait_ms(d, 50);
	assert_int_equal(d->sents, 0);
	for (int i = 0; i < 3; i++) { /* there are 16 strips: no further */
		hear(d, MIDI_NOTE, 0, 26, 127);
		hear(d, MIDI_NOTE, 0, 26, 0);
		wait_ms(d, 50);
	}
	surface_bank(d->surface, &first, &count);
	assert_int_equal(first, 8);
	assert_int_equal(count, 8);
	assert_last(d, 0x90, 1, 127);
	hear(d, MIDI_NOTE, 0, 1, 127);
	assert_int_equal(value_of(d, "/strip/9/mute"), 0);
	assert_int_equal(value_of(d, "/strip/1/mute"), 0);
	hear(d, MIDI_NOTE, 0, 25, 127);
	surface_bank(d->surface, &first, &count);
	assert_int_equal(first, 0);
}

/* Or the strip that was pressed would stay that way. */
static void
a_bank_that_moves_lets_go_of_what_is_held(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c;

	aim(add(d, MIDI_NOTE, 0, 1, MAPPING_MOMENTARY), 1, "mute");
	c = add(d, MIDI_NOTE, 0, 2, MAPPING_MOMENTARY);
	aim(c, 2, "mute");
	c->target[0].fixed = true;
	c = add(d, MIDI_NOTE, 0, 26, MAPPING_BANK_RIGHT);
	c->strips = 8;
	start(d);
	somebody_sets(d, "/strip/9/mute", 1);
	hear(d, MIDI_NOTE, 0, 1, 127);
	hear(d, MIDI_NOTE, 0, 2, 127);
	hear(d, MIDI_NOTE, 0, 26, 127);
	assert_int_equal(value_of(d, "/strip/1/mute"), 0);
	assert_int_equal(value_of(d, "/strip/2/mute"), 1);
	hear(d, MIDI_NOTE, 0, 1, 0);
	hear(d, MIDI_NOTE, 0, 2, 0);
	assert_int_equal(value_of(d, "/strip/2/mute"), 0);
	assert_int_equal(value_of(d, "/strip/9/mute"), 1);
}

/* Lit is silence, dark is heard: neither is said of a strip that is not there,
 * nor by a control that is no more. */
static void
a_lamp_with_nothing_to_show_is_off(void **state)
{
	static const struct mapping nothing;
	struct desk *d = *state;
	const struct surface_config config = {.params = d->rig->p,
		.mapping = &nothing,
		.source = SOURCE,
		.send = on_sent,
		.data = d};
	struct surface *before;

	for (uint16_t i = 0; i < 2; i++) {
		struct mapping_control *c =
			add(d, MIDI_NOTE, 0, i, MAPPING_TOGGLE);

		aim(c, i == 0 ? 1 : STRIPS_MAX, "mute");
		light_same(c, MAPPING_LIGHT_LAMP);
		c->light.lit = 5;
		c->light.dark = 127;
	}
	start(d);
	surface_repaint(d->surface);
	wait_ms(d, 100);
	assert_int_equal(d->sents, 2);
	assert_int_equal(d->sent[0].byte[2], 127);
	assert_int_equal(d->sent[1].byte[2], 0);
	before = d->surface;
	assert_int_equal(surface_new(&d->surface, &config), 0);
	assert_int_equal(surface_inherit(d->surface, before, d->now_ns), 0);
	surface_free(before);
	wait_ms(d, 100);
	assert_int_equal(d->sents, 3);
	assert_int_equal(d->sent[2].byte[1], 0);
	assert_int_equal(d->sent[2].byte[2], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_fader_jumps_when_it_may),
		T(pickup_waits_for_the_parameter),
		T(several_targets_move_in_their_own_ranges),
		T(a_range_may_be_upside_down),
		T(fourteen_bits_come_in_two_halves),
		T(a_fader_of_ten_bits_reaches_its_end),
		T(a_knob_without_end_moves_by_steps),
		T(small_steps_add_up),
		T(a_toggle_goes_there_and_back),
		T(a_button_by_cc_is_one_press_however_it_rises),
		T(a_momentary_button_lasts_while_it_is_held),
		T(an_inverted_momentary_button_lasts_while_it_is_let_go),
		T(radio_buttons_show_which_one_it_is),
		T(a_program_sets_a_choice_by_its_number),
		T(layers_share_a_fader),
		T(banks_move_the_row_and_its_lamps),
		T(a_bank_that_moves_lets_go_of_what_is_held),
		T(a_lamp_with_nothing_to_show_is_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
