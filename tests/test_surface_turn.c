/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knobs without an end, and buttons that step. */
#include "tests/surface_rig.h"

static void
on_heard(void *data, const struct midi_event *e, uint64_t time)
{
	struct desk *d = data;

	(void)time;
	surface_event(d->surface, e, 0, d->now_ns);
}

/* As slowly as nobody accelerates. */
static void
say(struct desk *d, struct midi_parser *p, uint8_t a, uint8_t b, uint8_t c)
{
	wait_ms(d, 150);
	midi_parse_bytes(p, (const uint8_t[]){a, b, c}, 3, d->now_ns);
}

static struct mapping_control *
knob(struct desk *d, enum midi_kind kind, uint16_t number, enum mapping_as as,
	enum encoding coding)
{
	struct mapping_control *c = add(d, kind, 0, number, as);

	c->coding = coding;
	aim(c, 1, "fader");
	return c;
}

static void
ready(struct desk *d, struct midi_parser *p)
{
	start(d);
	midi_parser_init(p, on_heard, d);
	somebody_sets(d, "/strip/1/fader", 64 / 127.0);
}

static void
assert_ticks(struct desk *d, int ticks)
{
	assert_near(value_of(d, "/strip/1/fader"), (64 + ticks) / 127.0);
}

/* A click is "on" one way and "off" the other, as a controller or as a note. */
static void
on_and_off_are_clicks(void **state)
{
	struct desk *d = *state;
	struct midi_parser p;

	knob(d, MIDI_CC, 10, MAPPING_VALUE, ENCODING_ON_OFF);
	knob(d, MIDI_NOTE, 20, MAPPING_VALUE, ENCODING_ON_OFF);
	ready(d, &p);
	for (int i = 1; i <= 10; i++) {
		say(d, &p, 0xb0, 10, 0);
		assert_ticks(d, -i);
	}
	for (int i = 1; i <= 20; i++) {
		say(d, &p, 0xb0, 10, 127);
		assert_ticks(d, -10 + i);
	}
	for (int i = 1; i <= 10; i++) {
		say(d, &p, i & 1 ? 0x80 : 0x90, 20, i & 1 ? 64 : 0);
		assert_ticks(d, 10 - i);
	}
	say(d, &p, 0x90, 20, 1);
	assert_ticks(d, 1);
}

static void
number_tell(struct desk *d, struct midi_parser *p)
{
	midi_parse_bytes(
		p, (const uint8_t[]){0xb0, 99, 1, 0xb0, 98, 2}, 6, d->now_ns);
}

/* With the number told before each, or once; before there was a value, and
 * after one. What is a fader as well goes on from where it is. */
static void
increments_are_clicks(void **state)
{
	static const enum encoding codings[] = {
		ENCODING_ABSOLUTE, ENCODING_CLICKS};
	struct desk *d = *state;
	struct midi_parser p;

	for (size_t k = 0; k < 2; k++) {
		struct mapping_control *c =
			knob(d, MIDI_NRPN, 130, MAPPING_VALUE, codings[k]);

		c->takeover = MAPPING_JUMP;
		ready(d, &p);
		number_tell(d, &p);
		for (int i = 1; i <= 20; i++) {
			say(d, &p, 0xb0, 97, 1);
			assert_ticks(d, -i);
		}
		for (int i = 1; i <= 20; i++) {
			number_tell(d, &p);
			say(d, &p, 0xb0, 96, 0);
			assert_ticks(d, -20 + i);
		}
		say(d, &p, 0xb0, 6, 127);
		if (codings[k] == ENCODING_CLICKS) { /* no value moves it */
			assert_ticks(d, 0);
		} else {
			assert_ticks(d, 63);
			say(d, &p, 0xb0, 97, 1);
			assert_ticks(d, 62);
		}
		surface_free(d->surface);
		d->surface = NULL;
		d->mapping.controls = 0;
		memset(d->control, 0, sizeof(d->control));
	}
}

/* The bytes of data entry are ticks; the lower half does not count again. */
static void
data_entry_may_be_ticks(void **state)
{
	struct desk *d = *state;
	struct midi_parser p;

	knob(d, MIDI_NRPN, 130, MAPPING_VALUE, ENCODING_TWOS);
	ready(d, &p);
	number_tell(d, &p);
	for (int i = 1; i <= 5; i++) {
		say(d, &p, 0xb0, 6, 127);
		say(d, &p, 0xb0, 38, 127);
		assert_ticks(d, -i);
	}
	say(d, &p, 0xb0, 6, 2);
	assert_ticks(d, -3);
}

/* Two messages, one for each direction: what an encoder sends as presses, and
 * two buttons. */
static void
presses_step_up_and_down(void **state)
{
	struct desk *d = *state;
	struct midi_parser p;

	knob(d, MIDI_NOTE, 1, MAPPING_UP, ENCODING_ABSOLUTE)->step = 4 / 127.0;
	knob(d, MIDI_CC, 2, MAPPING_DOWN, ENCODING_ABSOLUTE);
	ready(d, &p);
	for (int i = 1; i <= 5; i++) {
		say(d, &p, 0x90, 1, 100);
		assert_ticks(d, 4 * i);
		say(d, &p, 0x80, 1, 0);
		assert_ticks(d, 4 * i);
	}
	/* It says nothing when it is let go. */
	for (int i = 1; i <= 5; i++) {
		say(d, &p, 0xb0, 2, 127);
		assert_ticks(d, 20 - i);
	}
	for (int i = 0; i < 200; i++)
		say(d, &p, 0xb0, 2, 127);
	assert_near(value_of(d, "/strip/1/fader"), 0.0);
}

static void
a_press_goes_to_the_next_choice(void **state)
{
	struct desk *d = *state;
	struct midi_parser p;
	uint32_t id = find(d->rig, "/strip/1/route");
	struct param_info info;

	aim(add(d, MIDI_NOTE, 0, 1, MAPPING_UP), 1, "route");
	aim(add(d, MIDI_NOTE, 0, 2, MAPPING_DOWN), 1, "route");
	ready(d, &p);
	param_info(d->rig->p, id, &info);
	assert_true(info.choices > 2);
	assert_string_equal(get(d->rig, "/strip/1/route").s, info.choice[0]);
	for (uint32_t i = 1; i < info.choices + 2; i++) {
		uint32_t want = i < info.choices ? i : info.choices - 1;

		say(d, &p, 0x90, 1, 127);
		say(d, &p, 0x90, 1, 0);
		assert_string_equal(
			get(d->rig, "/strip/1/route").s, info.choice[want]);
	}
	for (uint32_t i = info.choices - 1; i > 0; i--) {
		say(d, &p, 0x90, 2, 127);
		say(d, &p, 0x90, 2, 0);
		assert_string_equal(
			get(d->rig, "/strip/1/route").s, info.choice[i - 1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(on_and_off_are_clicks),
		T(increments_are_clicks),
		T(data_entry_may_be_ticks),
		T(presses_step_up_and_down),
		T(a_press_goes_to_the_next_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
