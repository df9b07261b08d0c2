/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/surface_rig.h"

/* ---- feedback ---- */

static void
what_others_change_is_shown(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_BEND, 0, 0, MAPPING_VALUE);

	aim(c, 1, "fader");
	light_same(c, MAPPING_LIGHT_WAY);
	c = add(d, MIDI_CC, 0, 16, MAPPING_VALUE);
	c->coding = ENCODING_SIGN_DOWN;
	aim(c, 1, "fader");
	c->light.kind = MAPPING_LIGHT_RING;
	c->light.message = c->message;
	c->light.message.number = 48;
	c->light.ring = MAPPING_RING_WRAP;
	start(d);
	somebody_sets(d, "/strip/1/fader", 1.0);
	wait_ms(d, 1);
	assert_int_equal(d->sents, 2);
	assert_int_equal(d->sent[0].byte[0], 0xe0);
	assert_int_equal(d->sent[0].byte[1], 0x7f);
	assert_int_equal(d->sent[0].byte[2], 0x7f);
	assert_last(d, 0xb0, 48, 2 << 4 | 11);
}

static void
a_display_shows_the_value_as_text(void **state)
{
	static const uint8_t sysex[] = {0xf0, 0, 0, 0x66, 0x14, 0x12, 7, 0xf7};
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_SYSEX, 0, 0, MAPPING_SHOW);

	aim(c, 1, "gain");
	c->light.kind = MAPPING_LIGHT_TEXT;
	c->light.message.kind = MIDI_SYSEX;
	memcpy(c->light.message.sysex, sysex, sizeof(sysex));
	c->light.message.sysex_bytes = sizeof(sysex);
	c->light.message.slot[0] = (struct mapping_slot){7, 7};
	c->light.message.slots = 1;
	start(d);
	somebody_sets(d, "/strip/1/gain", -12.25);
	wait_ms(d, 1);
	assert_int_equal(d->sents, 1);
	assert_int_equal(d->sent[0].bytes, sizeof(sysex) + 7);
	assert_memory_equal(d->sent[0].byte + 7, "-12.2  ", 7);
	assert_int_equal(d->sent[0].byte[14], 0xf7);
}

static void
a_color_may_have_a_number_of_its_own(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 24, MAPPING_TOGGLE);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	c->light.lit = 72 << 7 | 127;
	start(d);
	somebody_sets(d, "/strip/1/mute", 1.0);
	wait_ms(d, 1);
	assert_last(d, 0x90, 96, 127);
	somebody_sets(d, "/strip/1/mute", 0.0);
	wait_ms(d, 30);
	assert_last(d, 0x90, 24, 0);
	assert_int_equal(d->sents, 2);
}

static void
repaint_sends_every_lamp_again(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	add(d, MIDI_NOTE, 0, 2, MAPPING_REPAINT);
	start(d);
	hear(d, MIDI_NOTE, 0, 2, 127);
	hear(d, MIDI_NOTE, 0, 2, 0);
	wait_ms(d, 30);
	assert_int_equal(d->sents, 1);
	assert_last(d, 0x90, 1, 0);
}

static void
a_control_is_sent_one_message_in_20_ms(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);

	aim(c, 1, "fader");
	light_same(c, MAPPING_LIGHT_WAY);
	start(d);
	for (int i = 0; i <= 1000; i++) {
		somebody_sets(d, "/strip/1/fader", i / 1000.0);
		wait_ms(d, 1);
	}
	wait_ms(d, 30);
	assert_in_range(d->sents, 45, 52);
	for (uint32_t i = 1; i < d->sents; i++)
		assert_true(
			d->sent[i].time_ns - d->sent[i - 1].time_ns >= 20 * MS);
	assert_last(d, 0xb0, 7, 127); /* it settles where the value is */
}

static void
the_hand_is_left_alone_for_300_ms_and_then_it_settles(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	uint64_t moved_ns;

	aim(c, 1, "fader");
	c->takeover = MAPPING_JUMP;
	light_same(c, MAPPING_LIGHT_WAY);
	start(d);
	hear(d, MIDI_CC, 0, 7, 20);
	moved_ns = d->now_ns;
	wait_ms(d, 100);
	somebody_sets(d, "/strip/1/fader", 1.0);
	wait_ms(d, 199);
	assert_int_equal(d->sents, 0);
	wait_ms(d, 10);
	assert_int_equal(d->sents, 1);
	assert_last(d, 0xb0, 7, 127);
	assert_true(d->sent[0].time_ns >= moved_ns + 300 * MS);
}

static void
a_touched_fader_is_sent_nothing_however_long(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_BEND, 0, 0, MAPPING_VALUE);

	aim(c, 1, "fader");
	light_same(c, MAPPING_LIGHT_WAY);
	c->has_touch = true;
	c->touch.kind = MIDI_NOTE;
	c->touch.number = 104;
	start(d);
	assert_true(hear(d, MIDI_NOTE, 0, 104, 127));
	somebody_sets(d, "/strip/1/fader", 0.25);
	wait_ms(d, 5000);
	assert_int_equal(d->sents, 0);
	hear(d, MIDI_NOTE, 0, 104, 0);
	wait_ms(d, 1);
	assert_int_equal(d->sents, 1);
}

/* The message that ended it was lost, or it never came. */
static void
a_touch_that_is_in_doubt_ends(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_BEND, 0, 0, MAPPING_VALUE);

	aim(c, 1, "fader");
	c->takeover = MAPPING_JUMP;
	light_same(c, MAPPING_LIGHT_WAY);
	c->has_touch = true;
	c->touch.kind = MIDI_NOTE;
	c->touch.number = 104;
	start(d);
	hear(d, MIDI_NOTE, 0, 104, 127);
	surface_lost(d->surface, d->now_ns);
	wait_ms(d, 1500);
	hear(d, MIDI_BEND, 0, 0, 8000); /* a hand is on it */
	somebody_sets(d, "/strip/1/fader", 0.25);
	wait_ms(d, 1999);
	assert_int_equal(d->sents, 0);
	wait_ms(d, 1);
	assert_int_equal(d->sents, 1);
	/* Who touches it again is not doubted. */
	hear(d, MIDI_NOTE, 0, 104, 127);
	somebody_sets(d, "/strip/1/fader", 0.5);
	wait_ms(d, 5000);
	assert_int_equal(d->sents, 1);
}

/* Its texts, its overload; a ring that is under the hand stays. */
static void
a_surface_takes_what_it_showed_with_it(void **state)
{
	static const uint8_t blank[] = {0xf0, 1, ' ', ' ', ' ', 0xf7};
	static const struct mapping nothing;
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_SHOW);
	const struct surface_config config = {.params = d->rig->p,
		.mapping = &nothing,
		.source = SOURCE,
		.send = on_sent,
		.data = d};
	struct surface *before;

	aim(c, 1, "gain");
	c->light.kind = MAPPING_LIGHT_TEXT;
	c->light.message = (struct mapping_message){.kind = MIDI_SYSEX,
		.sysex = {0xf0, 1, 0xf7},
		.sysex_bytes = 3,
		.slots = 1,
		.slot = {{2, 3}}};
	c = add(d, MIDI_CC, 0, 8, MAPPING_SHOW);
	aim(c, 1, "mute");
	c->meter = true;
	c->light.kind = MAPPING_LIGHT_METER;
	c->light.message = (struct mapping_message){
		.kind = MIDI_CHANNEL_PRESSURE, .meter = true, .number = 2};
	for (uint16_t i = 9; i < 11; i++) {
		c = add(d, MIDI_CC, 0, i, MAPPING_VALUE);
		aim(c, 1, "trim");
		light_same(c, MAPPING_LIGHT_WAY);
	}
	start(d);
	hear(d, MIDI_CC, 0, 9, 64);
	before = d->surface;
	assert_int_equal(surface_new(&d->surface, &config), 0);
	assert_int_equal(surface_inherit(d->surface, before, d->now_ns), 0);
	surface_free(before);
	d->sents = 0;
	wait_ms(d, 100);
	assert_int_equal(d->sents, 3);
	assert_int_equal(d->sent[0].bytes, sizeof(blank));
	assert_memory_equal(d->sent[0].byte, blank, sizeof(blank));
	assert_int_equal(d->sent[1].byte[0], 0xd0);
	assert_int_equal(d->sent[1].byte[1], 0x2f);
	assert_last(d, 0xb0, 10, 0);
}

/* It was sent its parameter's place, and stands where it stood. */
static void
a_fader_without_a_motor_does_not_jump(void **state)
{
	static const enum mapping_takeover takeovers[] = {
		MAPPING_PICKUP, MAPPING_SCALE};
	struct desk *d = *state;

	for (uint16_t i = 0; i < 2; i++) {
		struct mapping_control *c =
			add(d, MIDI_CC, 0, 7 + i, MAPPING_VALUE);

		c->takeover = takeovers[i];
		aim(c, (uint8_t)(i + 1), "fader");
		light_same(c, MAPPING_LIGHT_WAY);
	}
	start(d);
	for (uint16_t i = 0; i < 2; i++) {
		const char *fader = i ? "/strip/2/fader" : "/strip/1/fader";

		hear(d, MIDI_CC, 0, 7 + i, 20);
		wait_ms(d, 1000);
		somebody_sets(d, fader, 0.8);
		wait_ms(d, 1000);
		assert_last(d, 0xb0, (uint8_t)(7 + i), 102);
		hear(d, MIDI_CC, 0, 7 + i, 22);
		assert_true(fabs(value_of(d, fader) - 0.8) <= 8.1 / 127.0);
		hear(d, MIDI_CC, 0, 7 + i, 23);
		assert_true(fabs(value_of(d, fader) - 0.8) <= 12.1 / 127.0);
	}
}

/* Any hand, any change from elsewhere, at any time. */
static void
the_hand_is_never_fought(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_BEND, 0, 0, MAPPING_VALUE);
	uint64_t hand_ns = 0, seed = 12345, last_ns = 0;
	bool touched = false;
	uint32_t seen = 0, total = 0;

	aim(c, 1, "fader");
	c->takeover = MAPPING_JUMP;
	light_same(c, MAPPING_LIGHT_WAY);
	c->has_touch = true;
	c->touch.kind = MIDI_NOTE;
	c->touch.number = 104;
	start(d);
	for (int i = 0; i < 20000; i++) {
		uint32_t dice;

		seed = seed * UINT64_C(6364136223846793005) + 1442695;
		dice = (uint32_t)(seed >> 33);
		if (dice % 50 == 0) {
			touched = !touched;
			hear(d, MIDI_NOTE, 0, 104, touched ? 127 : 0);
		} else if (dice % 50 < 4) {
			hear(d, MIDI_BEND, 0, 0, (uint16_t)(dice % 16384));
			hand_ns = d->now_ns;
		} else if (dice % 50 < 20) {
			somebody_sets(
				d, "/strip/1/fader", (dice % 1000) / 1000.0);
		}
		wait_ms(d, dice % 97 == 0 ? 700 : dice % 7);
		for (; seen < d->sents; seen++, total++) {
			uint64_t at_ns = d->sent[seen].time_ns;

			assert_false(touched);
			assert_true(at_ns >= hand_ns + 300 * MS);
			assert_true(at_ns >= last_ns + 20 * MS);
			last_ns = at_ns;
		}
		seen = d->sents = 0;
	}
	assert_true(total > 20);
}

static void
resync_says_everything_and_a_greeting_first(void **state)
{
	struct desk *d = *state;

	for (uint16_t i = 0; i < 20; i++) {
		struct mapping_control *c =
			add(d, MIDI_NOTE, 0, i, MAPPING_TOGGLE);

		aim(c, (uint8_t)(i % 8 + 1), "mute");
		light_same(c, MAPPING_LIGHT_LAMP);
	}
	d->mapping.starts = 1;
	d->mapping.start[0].bytes = 3;
	memcpy(d->mapping.start[0].byte, "\xf0\x01\xf7", 3);
	start(d);
	wait_ms(d, 100);
	assert_int_equal(d->sents, 0);
	surface_resync(d->surface);
	wait_ms(d, 100);
	assert_int_equal(d->sents, 21);
	assert_int_equal(d->sent[0].byte[0], 0xf0);
	surface_repaint(d->surface);
	wait_ms(d, 100);
	assert_int_equal(d->sents, 41);
}

/* ---- what comes back ---- */

static void
a_device_that_sends_all_back_moves_nothing(void **state)
{
	static const uint64_t late_ns[] = {0, 3 * MS, 25 * MS};
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	c->light.dark = 1; /* which is a press as well */
	c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	light_same(c, MAPPING_LIGHT_WAY);
	d->thru = true;
	start(d);
	for (size_t k = 0; k < sizeof(late_ns) / sizeof(late_ns[0]); k++) {
		d->thru_ns = late_ns[k];
		for (int i = 0; i < 6; i++) {
			double to = (i + 1) / 10.0 + 0.001;

			d->sents = d->thru_at = 0;
			somebody_sets(d, "/strip/1/mute", i % 2 == 0);
			somebody_sets(d, "/strip/1/fader", to);
			wait_ms(d, 1000);
			assert_int_equal(
				value_of(d, "/strip/1/mute"), i % 2 == 0);
			assert_near(value_of(d, "/strip/1/fader"), to);
			assert_int_equal(d->sents, 2);
		}
	}
}

/* Through a graph of long blocks, from the first message on. */
static void
what_is_known_to_come_back_late_moves_nothing(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	start(d);
	d->thru = true;
	d->thru_ns = 300 * MS;
	surface_late(d->surface, 300 * MS);
	somebody_sets(d, "/strip/1/mute", 1);
	wait_ms(d, 1000);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
	assert_int_equal(d->sents, 1);
}

/* Whatever the way round takes, it ends. */
static void
a_storm_dies(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	light_same(c, MAPPING_LIGHT_WAY);
	d->thru = true;
	start(d);
	for (uint64_t late_ms = 0; late_ms < 900; late_ms += 41) {
		uint32_t sents;

		d->thru_ns = late_ms * MS;
		d->sents = d->thru_at = 0;
		for (int i = 0; i < 50; i++) {
			somebody_sets(d, "/strip/1/fader", i / 50.0);
			wait_ms(d, 10);
		}
		somebody_sets(
			d, "/strip/1/mute", 1 - value_of(d, "/strip/1/mute"));
		wait_ms(d, 10000);
		sents = d->sents;
		wait_ms(d, 10000);
		assert_int_equal(d->sents, sents);
		assert_true(sents < 120);
	}
}

static void
a_quick_finger_is_not_an_echo(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	start(d);
	for (int i = 0; i < 40; i++) { /* ten a second */
		hear(d, MIDI_NOTE, 0, 1, 127);
		assert_int_equal(value_of(d, "/strip/1/mute"), i % 2 == 0);
		wait_ms(d, 50);
		hear(d, MIDI_NOTE, 0, 1, 0);
		wait_ms(d, 50);
	}
}

/* An echo is expected once: what comes after it is the finger. */
static void
a_finger_after_the_echo_is_heard(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	d->thru = true;
	start(d);
	somebody_sets(d, "/strip/1/mute", 1);
	wait_ms(d, 5);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
	hear(d, MIDI_NOTE, 0, 1, 127);
	assert_int_equal(value_of(d, "/strip/1/mute"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_others_change_is_shown),
		T(a_display_shows_the_value_as_text),
		T(a_color_may_have_a_number_of_its_own),
		T(repaint_sends_every_lamp_again),
		T(a_control_is_sent_one_message_in_20_ms),
		T(the_hand_is_left_alone_for_300_ms_and_then_it_settles),
		T(a_touched_fader_is_sent_nothing_however_long),
		T(a_touch_that_is_in_doubt_ends),
		T(the_hand_is_never_fought),
		T(resync_says_everything_and_a_greeting_first),
		T(a_device_that_sends_all_back_moves_nothing),
		T(what_is_known_to_come_back_late_moves_nothing),
		T(a_storm_dies),
		T(a_quick_finger_is_not_an_echo),
		T(a_finger_after_the_echo_is_heard),
		T(a_surface_takes_what_it_showed_with_it),
		T(a_fader_without_a_motor_does_not_jump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
