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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_surface_that_starts_over_lets_go),
		T(what_may_be_lost_is_let_go),
		T(a_surface_that_is_new_moves_nothing),
		T(a_name_that_moves_lets_go_of_what_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
