/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/surface_rig.h"

/* A button that mutes strip 1 while it is held, a shift, and a fader that is
 * another one meanwhile. */
static void
layers_start(struct desk *d)
{
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_MOMENTARY);

	d->mapping.layers = 2;
	aim(c, 1, "mute");
	c = add(d, MIDI_NOTE, 0, 2, MAPPING_SHIFT);
	c->to_layer = 1;
	for (uint8_t layer = 0; layer < 2; layer++) {
		c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
		c->takeover = MAPPING_JUMP;
		c->layer = layer;
		aim(c, (uint8_t)(2 + layer), "fader");
	}
	start(d);
	hear(d, MIDI_NOTE, 0, 1, 127);
	hear(d, MIDI_NOTE, 0, 2, 127);
	hear(d, MIDI_CC, 0, 7, 127);
	assert_near(value_of(d, "/strip/3/fader"), 1.0);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
}

static void
assert_nothing_is_held(struct desk *d)
{
	assert_int_equal(value_of(d, "/strip/1/mute"), 0);
	hear(d, MIDI_CC, 0, 7, 10);
	assert_near(value_of(d, "/strip/2/fader"), 10 / 127.0);
	assert_near(value_of(d, "/strip/3/fader"), 1.0);
	/* What was held after all ends without a trace. */
	hear(d, MIDI_NOTE, 0, 1, 0);
	hear(d, MIDI_NOTE, 0, 2, 0);
	assert_int_equal(value_of(d, "/strip/1/mute"), 0);
	hear(d, MIDI_NOTE, 0, 1, 127);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
}

static void
a_surface_that_starts_over_lets_go(void **state)
{
	struct desk *d = *state;

	layers_start(d);
	surface_resync(d->surface);
	assert_nothing_is_held(d);
}

static void
what_may_be_lost_is_let_go(void **state)
{
	struct desk *d = *state;

	layers_start(d);
	surface_lost(d->surface, d->now_ns);
	assert_nothing_is_held(d);
}

/* The device keeps it: a strip that is muted by it is not heard because a bank
 * moves, somebody learns, a name goes, or the device. */
static void
a_latch_is_never_let_go_of(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 65, MAPPING_LATCH);

	aim(c, 1, "mute");
	light_same(c, MAPPING_LIGHT_LAMP);
	c = add(d, MIDI_NOTE, 0, 9, MAPPING_BANK_RIGHT);
	c->strips = 8;
	start(d);
	hear(d, MIDI_CC, 0, 65, 127);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
	surface_let_go(d->surface);
	surface_lost(d->surface, d->now_ns);
	hear(d, MIDI_NOTE, 0, 9, 127);
	surface_replaced(d->surface, d->now_ns);
	surface_resync(d->surface);
	wait_ms(d, 1000);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
	/* What it says is what it is, of the strip that it is for now. */
	hear(d, MIDI_CC, 0, 65, 0);
	assert_int_equal(value_of(d, "/strip/9/mute"), 0);
	hear(d, MIDI_CC, 0, 65, 127);
	hear(d, MIDI_CC, 0, 65, 127);
	assert_int_equal(value_of(d, "/strip/9/mute"), 1);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
}

/* Somebody else's value is not let go of. */
static void
a_surface_that_is_new_moves_nothing(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_MOMENTARY);

	aim(c, 1, "mute");
	somebody_sets(d, "/strip/1/mute", 1);
	start(d);
	surface_resync(d->surface);
	assert_int_equal(value_of(d, "/strip/1/mute"), 1);
}

static void
strip_is_named(struct desk *d, const char *address, const char *name)
{
	struct param_change change = {.id = find(d->rig, address)};
	struct param_value v = text(name);

	assert_int_equal(param_check(d->rig->p, change.id, &v, &change.value,
				 d->rig->why),
		0);
	param_apply(d->rig->p, &change, 1, 0, SOMEBODY);
}

/* Its release would go to what has the name then. */
static void
a_name_that_moves_lets_go_of_what_is_held(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_MOMENTARY);

	aim(c, 0, "/strip/deck/mute");
	strip_is_named(d, "/strip/3/name", "deck");
	start(d);
	hear(d, MIDI_NOTE, 0, 1, 127);
	assert_int_equal(value_of(d, "/strip/3/mute"), 1);
	/* of no concern to it */
	strip_is_named(d, "/strip/5/name", "other");
	wait_ms(d, 1);
	assert_int_equal(value_of(d, "/strip/3/mute"), 1);
	strip_is_named(d, "/strip/3/name", "gone");
	strip_is_named(d, "/strip/4/name", "deck");
	hear(d, MIDI_NOTE, 0, 1, 0);
	assert_int_equal(value_of(d, "/strip/3/mute"), 0);
	hear(d, MIDI_NOTE, 0, 1, 127);
	assert_int_equal(value_of(d, "/strip/4/mute"), 1);
	strip_is_named(d, "/strip/4/name", "gone too");
	wait_ms(d, 1); /* also while nothing is heard */
	assert_int_equal(value_of(d, "/strip/4/mute"), 0);
	assert_int_equal(value_of(d, "/strip/3/mute"), 0);
}

/* ---- touches ---- */

static struct mapping_control *
motor_add(struct desk *d, uint16_t touch)
{
	struct mapping_control *c = add(d, MIDI_BEND, 0, 0, MAPPING_VALUE);

	aim(c, 1, "fader");
	c->takeover = MAPPING_JUMP;
	light_same(c, MAPPING_LIGHT_WAY);
	c->has_touch = true;
	c->touch.kind = MIDI_NOTE;
	c->touch.number = touch;
	return c;
}

/* As when the file of its mapping is saved. */
static void
another_follows(struct desk *d)
{
	const struct surface_config config = {.params = d->rig->p,
		.mapping = &d->mapping,
		.source = SOURCE,
		.send = on_sent,
		.data = d};
	struct surface *before = d->surface;

	assert_int_equal(surface_new(&d->surface, &config), 0);
	surface_resync(d->surface);
	assert_int_equal(surface_inherit(d->surface, before, d->now_ns), 0);
	surface_free(before);
	d->sents = 0;
}

static void
a_finger_is_inherited(void **state)
{
	struct desk *d = *state;

	motor_add(d, 104);
	start(d);
	hear(d, MIDI_NOTE, 0, 104, 127);
	somebody_sets(d, "/strip/1/fader", 0.25);
	another_follows(d);
	wait_ms(d, 5000);
	assert_int_equal(d->sents, 0);
	hear(d, MIDI_NOTE, 0, 104, 0);
	wait_ms(d, 1);
	assert_int_equal(d->sents, 1);
	hear(d, MIDI_BEND, 0, 0, 8000); /* one that does not touch */
	another_follows(d);
	somebody_sets(d, "/strip/1/fader", 0.5);
	wait_ms(d, 299);
	assert_int_equal(d->sents, 0);
	wait_ms(d, 2);
	assert_int_equal(d->sents, 1);
}

/* Without, it would be waited for for ever. */
static void
a_finger_that_is_not_heard_any_more_is_in_doubt(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = motor_add(d, 104);

	start(d);
	for (int i = 0; i < 2; i++) {
		hear(d, MIDI_NOTE, 0, 104, 127);
		c->touch.number = 105;
		c->has_touch = i == 0;
		another_follows(d);
		wait_ms(d, 1999);
		assert_int_equal(d->sents, 0);
		wait_ms(d, 1);
		assert_int_equal(d->sents, 1);
		c->touch.number = 104;
		c->has_touch = true;
		another_follows(d);
		wait_ms(d, 3000);
	}
}

static void
where_a_fader_stands_is_inherited(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);

	aim(c, 1, "fader");
	c->takeover = MAPPING_SCALE;
	start(d);
	hear(d, MIDI_CC, 0, 7, 20);
	somebody_sets(d, "/strip/1/fader", 0.5);
	wait_ms(d, 1000);
	another_follows(d);
	hear(d, MIDI_CC, 0, 7, 40);
	assert_true(value_of(d, "/strip/1/fader") > 0.55);
}

static void
a_finger_stays_on_a_device_that_may_be_another(void **state)
{
	struct desk *d = *state;

	motor_add(d, 104);
	start(d);
	hear(d, MIDI_NOTE, 0, 104, 127);
	surface_replaced(d->surface, d->now_ns);
	wait_ms(d, 1999);
	assert_int_equal(d->sents, 0);
	wait_ms(d, 1);
	assert_int_equal(d->sents, 1);
	hear(d, MIDI_BEND, 0, 0, 8000);
	hear(d, MIDI_NOTE, 0, 104, 127);
	surface_resync(d->surface); /* it was plugged in: nobody was there */
	wait_ms(d, 30);
	assert_int_equal(d->sents, 2);
}

static void
feel(struct desk *d, enum midi_kind kind, uint16_t number, uint16_t value)
{
	const struct midi_event e = {
		.kind = kind, .number = number, .value = value};

	surface_feel(d->surface, &e, d->now_ns);
	surface_run(d->surface, d->now_ns);
}

static void
a_hand_that_is_felt_moves_nothing_and_is_not_fought(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = motor_add(d, 104);
	double before;

	c->takeover = MAPPING_PICKUP;
	c = add(d, MIDI_NOTE, 0, 1, MAPPING_MOMENTARY);
	aim(c, 1, "mute");
	start(d);
	hear(d, MIDI_BEND, 0, 0, 1000);
	wait_ms(d, 1000);
	before = value_of(d, "/strip/1/fader");
	d->sents = 0;
	feel(d, MIDI_NOTE, 1, 127);
	feel(d, MIDI_NOTE, 104, 127);
	feel(d, MIDI_BEND, 0, 16000);
	assert_int_equal(value_of(d, "/strip/1/mute"), 0);
	assert_near(value_of(d, "/strip/1/fader"), before);
	surface_repaint(d->surface);
	wait_ms(d, 5000);
	assert_int_equal(d->sents, 0);
	/* It did not pass the parameter since it was heard. */
	hear(d, MIDI_BEND, 0, 0, 16100);
	assert_near(value_of(d, "/strip/1/fader"), before);
	feel(d, MIDI_NOTE, 104, 0);
	feel(d, MIDI_BEND, 0, 16000);
	wait_ms(d, 299);
	assert_int_equal(d->sents, 0);
	wait_ms(d, 2);
	assert_int_equal(d->sents, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_surface_that_starts_over_lets_go),
		T(what_may_be_lost_is_let_go),
		T(a_latch_is_never_let_go_of),
		T(a_surface_that_is_new_moves_nothing),
		T(a_name_that_moves_lets_go_of_what_is_held),
		T(a_finger_is_inherited),
		T(a_finger_that_is_not_heard_any_more_is_in_doubt),
		T(where_a_fader_stands_is_inherited),
		T(a_finger_stays_on_a_device_that_may_be_another),
		T(a_hand_that_is_felt_moves_nothing_and_is_not_fought),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
