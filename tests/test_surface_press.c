/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buttons that nudge, go through choices, and tell how hard they are hit: what
 * they do, what lights them, and the audio thread with them. */
#include "tests/surface_reflex_rig.h"

static struct mapping_control *
button(struct desk *d, uint16_t number, enum mapping_as as, double by,
	const char *to)
{
	struct mapping_control *c = add(d, MIDI_NOTE, 0, number, as);

	c->by = by;
	c->takeover = MAPPING_JUMP;
	aim(c, 1, to);
	light_same(c, MAPPING_LIGHT_LAMP);
	return c;
}

static void
hit(struct ears *e, uint8_t number, uint8_t velocity)
{
	both_hear_3(e, 0x90, number, velocity);
	wait_ms(e->desk, 100);
}

static void
tap(struct ears *e, uint8_t number)
{
	hit(e, number, 100);
	assert_int_equal(e->count, 1); /* in its block */
	hit(e, number, 0);
	assert_int_equal(e->count, 0);
}

static void
a_press_nudges(void **state)
{
	struct desk *d = *state;
	struct mapping_control *less = button(d, 2, MAPPING_STEP, -1.5, "gain");
	struct ears e = {0};

	button(d, 1, MAPPING_STEP, 1.5, "gain");
	less->has_range = true;
	less->range[0] = -4.0;
	aim(less, 2, "gain");
	start(d);
	ears_open(&e, d);
	hit(&e, 1, 100);
	assert_near(value_of(d, "/strip/1/gain"), 1.5);
	assert_last(d, 0x90, 1, 127);
	hit(&e, 1, 0);
	assert_near(value_of(d, "/strip/1/gain"), 1.5);
	assert_last(d, 0x90, 1, 0);
	tap(&e, 1);
	assert_near(value_of(d, "/strip/1/gain"), 3.0);
	somebody_sets(d, "/strip/1/gain", 11.25);
	tap(&e, 1);
	assert_near(value_of(d, "/strip/1/gain"), 12.0); /* no further */
	/* Each target from where it is, and not out of the range. */
	somebody_sets(d, "/strip/1/gain", 0.0);
	hit(&e, 2, 1);
	assert_int_equal(e.count, 2);
	assert_near(value_of(d, "/strip/1/gain"), -1.5);
	assert_near(value_of(d, "/strip/2/gain"), -1.5);
	hit(&e, 2, 0);
	for (int i = 0; i < 2; i++) {
		hit(&e, 2, 1);
		hit(&e, 2, 0);
	}
	assert_near(value_of(d, "/strip/2/gain"), -4.0);
	ears_close(&e);
}

static void
a_press_goes_to_the_next_choice_and_round(void **state)
{
	static const double on[] = {1, 2, 0, 1}, back[] = {0, 2, 1};
	struct desk *d = *state;
	struct mapping_control *c = button(d, 1, MAPPING_CYCLE, 1, "side");
	struct mapping_control *sides;
	struct ears e = {0};

	button(d, 2, MAPPING_CYCLE, -1, "side")->light.kind = MAPPING_DARK;
	sides = button(d, 3, MAPPING_CYCLE, 1, "side");
	sides->light.kind = MAPPING_DARK;
	sides->has_range = true;
	sides->range[0] = 1.0;
	sides->range[1] = 2.0;
	aim(c, 2, "side"); /* goes along */
	c->light.colors = 1;
	c->light.color[0] = (struct mapping_color){.number = 2.0, .send = 9};
	start(d);
	somebody_sets(d, "/strip/2/side", 2);
	ears_open(&e, d);
	for (int i = 0; i < 4; i++) {
		hit(&e, 1, 100);
		hit(&e, 1, 0);
		assert_near(value_of(d, "/strip/1/side"), on[i]);
		assert_near(value_of(d, "/strip/2/side"), on[i]);
		assert_last(d, 0x90, 1, on[i] == 2 ? 9 : on[i] == 1 ? 127 : 0);
	}
	for (int i = 0; i < 3; i++) {
		tap(&e, 2);
		assert_near(value_of(d, "/strip/1/side"), back[i]);
	}
	/* Between A and B; from outside to the first of them. */
	somebody_sets(d, "/strip/1/side", 0);
	for (int i = 0; i < 4; i++) {
		tap(&e, 3);
		assert_near(value_of(d, "/strip/1/side"), i & 1 ? 2 : 1);
	}
	ears_close(&e);
}

static void
a_text_goes_round_as_well(void **state)
{
	static const char *const routes[] = {"main", "loop", "none", "both"};
	struct desk *d = *state;
	struct ears e = {0};

	button(d, 1, MAPPING_CYCLE, 1, "route");
	start(d);
	ears_open(&e, d);
	for (int i = 0; i < 4; i++) {
		tap(&e, 1);
		assert_string_equal(get(d->rig, "/strip/1/route").s, routes[i]);
	}
	ears_close(&e);
}

/* Two presses in one block: the audio thread does the first, and does not do
 * that again for the second. */
static void
the_second_press_of_a_block_waits_for_the_hand(void **state)
{
	struct desk *d = *state;
	struct ears e = {0};

	button(d, 1, MAPPING_STEP, 1, "gain");
	start(d);
	ears_open(&e, d);
	hit(&e, 1, 100);
	assert_int_equal(e.count, 1);
	both_hear(&e, (const uint8_t[]){0x90, 1, 0}, 3);
	both_hear(&e, (const uint8_t[]){0x90, 1, 100}, 3);
	assert_int_equal(e.count, 0);
	assert_near(value_of(d, "/strip/1/gain"), 2.0);
	ears_close(&e);
}

static void
how_hard_it_is_hit_is_the_value(void **state)
{
	struct desk *d = *state;
	struct ears e = {0};

	button(d, 1, MAPPING_VELOCITY, 0, "filter");
	start(d);
	ears_open(&e, d);
	hit(&e, 1, 127);
	assert_near(value_of(d, "/strip/1/filter"), 1.0);
	assert_last(d, 0x90, 1, 127);
	hit(&e, 1, 0); /* let go: it stays */
	both_hear_3(&e, 0x80, 1, 64);
	assert_near(value_of(d, "/strip/1/filter"), 1.0);
	/* wherever the parameter is meanwhile */
	somebody_sets(d, "/strip/1/filter", 0.9);
	hit(&e, 1, 32);
	assert_near(value_of(d, "/strip/1/filter"), -1.0 + 2 * 32 / 127.0);
	assert_last(d, 0x90, 1, 0);
	ears_close(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_press_nudges),
		T(a_press_goes_to_the_next_choice_and_round),
		T(a_text_goes_round_as_well),
		T(the_second_press_of_a_block_waits_for_the_hand),
		T(how_hard_it_is_hit_is_the_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
