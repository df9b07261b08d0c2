/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audio thread can do with a message in its block it does, and what is
 * for control to do it leaves alone. */
#include "tests/surface_reflex_rig.h"

static void
a_fader_that_jumps_is_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};

	c->takeover = MAPPING_JUMP;
	aim(c, 2, "fader");
	aim(c, 0, "/bus/main/gain");
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0xb0, 7, 100);
	assert_int_equal(e.count, 2);
	assert_near(value_of(d, "/strip/2/fader"), 100 / 127.0);
	both_hear_3(&e, 0xb1, 7, 100);
	assert_int_equal(e.count, 0);
	ears_close(&e);
}

/* Along its own scale, and flat in the middle. */
static void
a_knob_of_an_eq_is_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};

	c->takeover = MAPPING_JUMP;
	aim(c, 1, "eq/low/knob");
	start(d);
	ears_open(&e, d);
	for (uint8_t i = 0; i < 128; i++) {
		both_hear_3(&e, 0xb0, 7, i);
		assert_int_equal(e.count, 1);
		if (i == 63 || i == 64)
			assert_true(value_of(d, "/strip/1/eq/low") == 0.0);
	}
	assert_near(value_of(d, "/strip/1/eq/low"), 6.0);
	ears_close(&e);
}

static void
a_fader_that_is_not_caught_is_not_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};

	aim(c, 1, "fader");
	start(d);
	somebody_sets(d, "/strip/1/fader", 0.5);
	ears_open(&e, d);
	both_hear_3(&e, 0xb0, 7, 10);
	assert_int_equal(e.count, 0);
	both_hear_3(&e, 0xb0, 7, 63);
	assert_int_equal(e.count, 0); /* caught by this one */
	both_hear_3(&e, 0xb0, 7, 64);
	assert_int_equal(e.count, 1);
	both_hear_3(&e, 0xb0, 7, 120);
	assert_int_equal(e.count, 1);
	somebody_sets(d, "/strip/1/fader", 0.1);
	assert_true(surface_reflex_stale(d->surface));
	both_hear_3(&e, 0xb0, 7, 121);
	assert_int_equal(e.count, 0);
	assert_near(value_of(d, "/strip/1/fader"), 0.1);
	ears_close(&e);
}

static void
buttons_are_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *toggle =
		add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);
	struct mapping_control *held = add(d, MIDI_CC, 0, 2, MAPPING_MOMENTARY);
	struct mapping_control *set = add(d, MIDI_NOTE, 0, 3, MAPPING_RADIO);
	struct ears e = {0};

	aim(toggle, 1, "mute");
	aim(held, 2, "mute");
	aim(set, 1, "route");
	set->value = (struct param_value){.type = PARAM_TEXT, .s = "loop"};
	start(d);
	ears_open(&e, d);
	for (int on = 1; on >= 0; on--) {
		both_hear_3(&e, 0x90, 1, 127);
		assert_int_equal(e.count, 1);
		assert_near(value_of(d, "/strip/1/mute"), on);
		both_hear_3(&e, 0x80, 1, 0);
		assert_int_equal(e.count, 0);
	}
	both_hear_3(&e, 0xb0, 2, 127);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/2/mute"), 1);
	both_hear_3(&e, 0xb0, 2, 0);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/2/mute"), 0);
	both_hear_3(&e, 0xb0, 2, 0); /* let go of what is not held */
	assert_int_equal(e.count, 0);
	both_hear_3(&e, 0x90, 3, 1);
	assert_int_equal(e.count, 1);
	assert_string_equal(get(d->rig, "/strip/1/route").s, "loop");
	ears_close(&e);
}

/* Both ways, however often. */
static void
a_latch_is_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 65, MAPPING_LATCH);
	struct ears e = {0};

	aim(c, 1, "mute");
	c->invert = true;
	start(d);
	ears_open(&e, d);
	for (int i = 0; i < 6; i++) {
		both_hear_3(&e, 0xb0, 65, i & 2 ? 0 : 127);
		assert_int_equal(e.count, 1);
		assert_int_equal(value_of(d, "/strip/1/mute"), i & 2 ? 1 : 0);
	}
	ears_close(&e);
}

static void
an_inverted_momentary_button_is_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 2, MAPPING_MOMENTARY);
	struct ears e = {0};

	aim(c, 2, "mute");
	c->invert = true;
	start(d);
	ears_open(&e, d);
	for (int muted = 0; muted <= 1; muted++) {
		both_hear_3(&e, 0xb0, 2, muted ? 0 : 127);
		assert_int_equal(e.count, 1);
		assert_near(value_of(d, "/strip/2/mute"), muted);
	}
	ears_close(&e);
}

static void
a_bend_is_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_BEND, 0, 0, MAPPING_VALUE);
	struct ears e = {0};

	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0xe0, 0x11, 0x22);
	assert_int_equal(e.count, 1);
	assert_near(
		value_of(d, "/strip/1/fader"), (0x22 << 7 | 0x11) / 16383.0);
	both_hear_3(&e, 0xe0, 0x70, 0x7f);
	assert_near(value_of(d, "/strip/1/fader"), 1.0);
	ears_close(&e);
}

static void
fourteen_bits_are_done_once_their_order_is_known(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};
	uint32_t done = 0;

	c->message.fine = true;
	c->message.low = (uint8_t)(c->message.number + 32);
	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	start(d);
	ears_open(&e, d);
	for (uint8_t v = 0; v < 100; v++) {
		d->now_ns += 5 * MS;
		both_hear_3(&e, 0xb0, 7, v);
		assert_int_equal(e.count, 0);
		d->now_ns += MS;
		both_hear_3(&e, 0xb0, 39, v ^ 85);
		assert_near(value_of(d, "/strip/1/fader"),
			(v << 7 | (v ^ 85)) / 16383.0);
		done += e.count;
	}
	assert_in_range(done, 90, 99);
	/* the LSB alone, and one of another channel */
	d->now_ns += 50 * MS;
	both_hear_3(&e, 0xb0, 39, 3);
	assert_int_equal(e.count, 0);
	both_hear_3(&e, 0xb0, 7, 20);
	both_hear_3(&e, 0xb1, 39, 3);
	assert_int_equal(e.count, 0);
	ears_close(&e);
}

/* What else it does is not for the audio thread to do. */
static void
a_tap_is_left_to_control(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_SET);
	struct ears e = {0};

	aim(c, 1, "tap");
	c->value = (struct param_value){.type = PARAM_TEXT, .s = "copy"};
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0x90, 1, 127);
	assert_int_equal(e.count, 0);
	assert_string_equal(get(d->rig, "/strip/1/tap").s, "copy");
	ears_close(&e);
}

static void
after_a_bank_nothing_is_done_by_the_old_table(void **state)
{
	struct desk *d = *state;
	struct mapping_control *right,
		*c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};

	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	right = add(d, MIDI_NOTE, 0, 2, MAPPING_BANK_RIGHT);
	right->strips = 2;
	d->mapping.bank = 2;
	start(d);
	ears_open(&e, d);
	table_make(&e);
	both_hear(&e, (const uint8_t[]){0x90, 2, 127}, 3);
	assert_true(surface_reflex_stale(d->surface));
	both_hear(&e, (const uint8_t[]){0xb0, 7, 0}, 3);
	assert_int_equal(e.count, 0);
	assert_near(value_of(d, "/strip/1/fader"), 0.75);
	assert_near(value_of(d, "/strip/3/fader"), 0.0);
	both_hear_3(&e, 0xb0, 7, 127);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/3/fader"), 1.0);
	ears_close(&e);
}

/* The audio thread waits for what a layer button does, and it comes to nothing:
 * it was our own lamp that came back. */
static void
a_lamp_that_comes_back_does_not_keep_it_waiting(void **state)
{
	struct desk *d = *state;
	struct mapping_control *layer = add(d, MIDI_NOTE, 0, 1, MAPPING_LAYER);
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};

	layer->to_layer = 1;
	light_same(layer, MAPPING_LIGHT_LAMP);
	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	d->mapping.layers = 2;
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0x90, 1, 127);
	both_hear_3(&e, 0x90, 1, 0);
	wait_ms(d, 500);
	assert_last(d, 0x90, 1, 127);
	surface_repaint(d->surface);
	d->sents = 0;
	surface_run(d->surface, d->now_ns);
	assert_last(d, 0x90, 1, 127);
	both_hear_3(&e, 0x90, 1, 127);
	both_hear_3(&e, 0xb0, 7, 100);
	assert_int_equal(e.count, 1);
	ears_close(&e);
}

static void
the_narrower_of_two_is_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *narrow = add(d, MIDI_CC, 3, 7, MAPPING_VALUE);
	struct mapping_control *wide =
		add(d, MIDI_CC, MAPPING_CHANNEL_ANY, 7, MAPPING_VALUE);
	struct ears e = {0};

	narrow->takeover = wide->takeover = MAPPING_JUMP;
	aim(narrow, 2, "fader");
	aim(wide, 1, "fader");
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0xb3, 7, 100);
	assert_int_equal(e.count, 1);
	assert_int_equal(e.done[0].message.place, 1);
	both_hear_3(&e, 0xb4, 7, 20);
	assert_int_equal(e.count, 1);
	assert_int_equal(e.done[0].message.place, 0);
	ears_close(&e);
}

static void
each_range_and_direction_has_its_own_row(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c;
	struct ears e = {0};

	for (uint8_t i = 0; i < 6; i++) {
		c = add(d, MIDI_CC, 0, i, MAPPING_VALUE);
		c->takeover = MAPPING_JUMP;
		c->invert = i == 1;
		c->has_range = i == 2 || i == 3;
		c->range[0] = i == 2 ? -12.0 : -90.0;
		c->range[1] = i == 3 ? 3.0 : 12.0;
		c->curve = i == 4 ? CURVE_AUDIO : CURVE_LINEAR;
		aim(c, i + 1, "gain");
	}
	start(d);
	ears_open(&e, d);
	for (uint8_t i = 0; i < 6; i++) {
		both_hear_3(&e, 0xb0, i, 90);
		assert_int_equal(e.count, 1);
	}
	ears_close(&e);
}

/* A fader that spoke for another one meanwhile has to be caught again. */
static void
a_layer_is_caught_anew(void **state)
{
	struct desk *d = *state;
	struct mapping_control *base = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct mapping_control *upper = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct mapping_control *layer = add(d, MIDI_NOTE, 0, 1, MAPPING_LAYER);
	struct ears e = {0};

	upper->layer = layer->to_layer = 1;
	upper->takeover = MAPPING_JUMP;
	aim(base, 1, "fader");
	aim(upper, 2, "fader");
	d->mapping.layers = 2;
	start(d);
	ears_open(&e, d);
	for (uint8_t v = 60; v < 100; v += 2)
		both_hear_3(&e, 0xb0, 7, v);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/1/fader"), 98 / 127.0);
	both_hear_3(&e, 0x90, 1, 127);
	both_hear_3(&e, 0x90, 1, 0);
	both_hear_3(&e, 0xb0, 7, 10);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/2/fader"), 10 / 127.0);
	both_hear_3(&e, 0x90, 1, 127);
	both_hear_3(&e, 0x90, 1, 0);
	d->now_ns += 1000 * MS;
	both_hear_3(&e, 0xb0, 7, 12);
	assert_int_equal(e.count, 0);
	assert_near(value_of(d, "/strip/1/fader"), 98 / 127.0);
	ears_close(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_fader_that_jumps_is_done),
		T(a_fader_that_is_not_caught_is_not_done),
		T(a_knob_of_an_eq_is_done),
		T(buttons_are_done),
		T(a_latch_is_done),
		T(an_inverted_momentary_button_is_done),
		T(a_bend_is_done),
		T(fourteen_bits_are_done_once_their_order_is_known),
		T(a_tap_is_left_to_control),
		T(a_lamp_that_comes_back_does_not_keep_it_waiting),
		T(the_narrower_of_two_is_done),
		T(each_range_and_direction_has_its_own_row),
		T(a_layer_is_caught_anew),
		T(after_a_bank_nothing_is_done_by_the_old_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
